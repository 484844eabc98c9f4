"""Settings shared by every way of running the portal.

Values come from the environment; `docs/howto/configure.md` lists each variable.
One file per integration stands in `parts/`.
"""

from pathlib import Path

from .parts.api import *  # noqa: F403
from .parts.audit import *  # noqa: F403
from .parts.database import *  # noqa: F403
from .parts.environment import Environment
from .parts.grants import *  # noqa: F403
from .parts.jobs import *  # noqa: F403
from .parts.logs import *  # noqa: F403
from .parts.mail import *  # noqa: F403
from .parts.mission import *  # noqa: F403
from .parts.modules import *  # noqa: F403
from .parts.security import *  # noqa: F403
from .parts.signin import *  # noqa: F403
from .parts.stream import *  # noqa: F403

env = Environment()

BASE_DIR = Path(__file__).resolve().parents[2]
# Where the portal keeps files: uploads, made documents, demo mail, embedded services.
DATA_DIR = Path(env.str("PORTAL_DATA", default=str(BASE_DIR / ".portal"))).resolve()

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

ROOT_URLCONF = "cimic_portal.urls"
WSGI_APPLICATION = "cimic_portal.wsgi.application"
ASGI_APPLICATION = "cimic_portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "cimic_portal.core",
    "cimic_portal.overview",
    "operations",
    "liaison",
    "training",
    "cimic_portal.core.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "allauth.socialaccount",
    "guardian",
    "django.forms",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "cimic_portal.core.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages travel compressed, padded by chance; tokens against forgery are masked anew each time.
    "django.middleware.gzip.GZipMiddleware",
    "cimic_portal.core.middleware.DamagedCookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cimic_portal.core.middleware.SignedInMiddleware",
    "cimic_portal.core.middleware.DomainErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cimic_portal.core.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "cimic_portal.core.templatetags.figures",
                "cimic_portal.core.templatetags.lists",
                "cimic_portal.core.templatetags.marks",
                "cimic_portal.core.templatetags.moments",
                "cimic_portal.core.templatetags.texts",
            ],
        },
    },
]
FORM_RENDERER = "cimic_portal.core.forms.renderer.PortalRenderer"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["cimic_portal.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("PORTAL_STATIC", default=str(DATA_DIR / "static")))
# Front-end libraries are installed by npm; only the named files are served.
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor/leaflet", BASE_DIR / "node_modules" / "leaflet" / "dist")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
