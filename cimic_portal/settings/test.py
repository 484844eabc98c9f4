"""The portal under test."""

from .base import *  # noqa: F403

SECRET_KEY = "test-key"  # noqa: S105
DEMO = True
# Tests of the second factor switch it on.
SECOND_FACTOR_ABOVE = "off"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
# Hashing that is slow by design costs the suite minutes and proves nothing here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Files are looked up when they are asked for: each test client would scan them all.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Pages cost the same number of queries each time; whoever changes a mark looks again.
MARKS_SECONDS = None
# Served by nobody here; the browser tests start a server of their own.
CONTENT_ORIGIN = "http://content.test"
