"""What each mission sets: its name, its clock, its limits."""

from .environment import Environment

env = Environment()

MISSION_NAME = env.str("MISSION_NAME", default="UNMICA")
TIME_ZONE = env.str("MISSION_TIME_ZONE", default="Africa/Bangui")
# The address under which people reach the portal, for links in mail.
PORTAL_URL = env.str("PORTAL_URL", default="http://localhost:8000")
# Opens /metrics to Prometheus; empty: there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where the process that makes backups says how old they are; empty: it does not run beside the portal.
BACKUP_STATE = env.str("BACKUP_STATE", default="")
# Demo mail page and demo data exist only where this is true; never in production.
DEMO = False
# Larger area files are refused: an import is read into memory whole, at some fifteen times its size.
AREA_IMPORT_MAX_BYTES = env.int("AREA_IMPORT_MAX_MB", default=64) * 2**20
# Larger pictures are refused, by the size of the file and by what they would need once opened.
PICTURE_MAX_BYTES = env.int("PICTURE_MAX_MB", default=12) * 2**20
PICTURE_MAX_PIXELS = 50_000_000
# For so long a process draws the components' marks as it knows them; a change shows everywhere after it.
MARKS_SECONDS: float | None = 60.0
