"""The portal on a mission's server. Demo pages and demo data refuse to exist here."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import OIDC_ISSUER, SECOND_FACTOR_ABOVE, SECRET_KEY, env
from .parts.logs import logging_in

if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set.")
if env.bool("PORTAL_DEMO", default=False):
    raise ImproperlyConfigured("PORTAL_DEMO is set: the demo mission does not run under production settings.")
if SECOND_FACTOR_ABOVE not in ("unclassified", "confidential"):
    raise ImproperlyConfigured("SECOND_FACTOR_ABOVE is neither unclassified nor confidential.")
if OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("OIDC_ISSUER does not begin with https://.")
if "EMAIL_URL" not in env.ENVIRON:
    raise ImproperlyConfigured(
        "EMAIL_URL is not set: without a mail server every mail would end in a folder."
    )

DEMO = False
LOGGING = logging_in(env.str("LOG_FORMAT", default="json"))
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The proxy that ends TLS; without it every client would be counted as one.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
# The browser itself then refuses these cookies from anywhere but this host over TLS.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
