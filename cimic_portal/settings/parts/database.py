"""Postgres: one engine everywhere; the embedded one or a server, told by DATABASE_URL."""

from .environment import Environment

env = Environment()

# PORTAL_ROLE=owner: commands that build tables (manage.py sets it for them). All else runs as the app.
_AS_OWNER = env.str("PORTAL_ROLE", default="app") == "owner" and "DATABASE_OWNER_URL" in env.ENVIRON
_DATABASE = env.db_url(
    "DATABASE_OWNER_URL" if _AS_OWNER else "DATABASE_URL", default="postgres://portal_app@/portal"
)
# A socket's folder stands behind the question mark, as in libpq; Django wants it as the host.
_DATABASE["HOST"] = _DATABASE.get("OPTIONS", {}).pop("host", _DATABASE["HOST"])
# A secret of its own wins over one that stands in the address.
_DATABASE["PASSWORD"] = env.str(
    "DATABASE_OWNER_PASSWORD" if _AS_OWNER else "DATABASE_PASSWORD", default=_DATABASE["PASSWORD"]
)
# The release step would rather give up than make the running portal wait: Postgres's own limits.
_LIMITS = {
    "lock_timeout": env.str("MIGRATE_LOCK_TIMEOUT", default=""),
    "statement_timeout": env.str("MIGRATE_STATEMENT_TIMEOUT", default=""),
}
if _AS_OWNER and any(_LIMITS.values()):
    _DATABASE.setdefault("OPTIONS", {})["options"] = " ".join(
        f"-c {name}={value}" for name, value in _LIMITS.items() if value
    )

DATABASES = {
    "default": {
        **_DATABASE,
        "ENGINE": "django.db.backends.postgresql",
        # Persistent connections double the request rate under WSGI.
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
    }
}
# The role that owns the tables and migrates; the portal itself runs as the other one.
DATABASE_OWNER_ROLE = env.str("DATABASE_OWNER_ROLE", default="portal_owner")
DATABASE_APP_ROLE = env.str("DATABASE_APP_ROLE", default="portal_app")
