"""The portal on one's own machine: `make run`."""

from urllib.parse import urlsplit

from .base import *  # noqa: F403
from .base import PORTAL_URL, SECRET_KEY, env

# The keeper of `make run` makes a key of its own for each data folder.
SECRET_KEY = SECRET_KEY or "development-only-key-never-used-in-production"
# The demo mission is entered with a password alone.
SECOND_FACTOR_ABOVE = env.str("SECOND_FACTOR_ABOVE", default="off")
DEMO = env.bool("PORTAL_DEMO", default=True)
# Browsers keep cookies by host, not by port: two portals side by side need names of their own.
SESSION_COOKIE_NAME = f"session-{urlsplit(PORTAL_URL).port or 80}"
CSRF_COOKIE_NAME = f"csrf-{urlsplit(PORTAL_URL).port or 80}"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
