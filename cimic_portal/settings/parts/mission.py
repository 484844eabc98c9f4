"""What each mission sets: its name, its clock, its limits."""

import environ

env = environ.Env()

MISSION_NAME = env.str("MISSION_NAME", default="UNMICA")
TIME_ZONE = env.str("MISSION_TIME_ZONE", default="Africa/Bangui")
# The address under which people reach the portal, for links in mail.
PORTAL_URL = env.str("PORTAL_URL", default="http://localhost:8000")
# Demo mail page and demo data exist only where this is true; never in production.
DEMO = False
# Larger area files are refused: an import is read into memory whole, at some fifteen times its size.
AREA_IMPORT_MAX_BYTES = env.int("AREA_IMPORT_MAX_MB", default=64) * 2**20
# Larger pictures are refused, by the size of the file and by what they would need once opened.
PICTURE_MAX_BYTES = env.int("PICTURE_MAX_MB", default=12) * 2**20
PICTURE_MAX_PIXELS = 50_000_000
