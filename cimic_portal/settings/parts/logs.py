"""Logs: to the process's own output, where the keeper or the container collects them."""

from typing import Any

from .environment import Environment

env = Environment()

_MOMENT = "%Y-%m-%dT%H:%M:%S%z"


def logging_in(form: str) -> dict[str, Any]:
    """Of warnings and errors, in lines for people (`line`) or for programs (`json`); those tell of each
    request as well."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"numbered": {"()": "cimic_portal.core.logs.Numbered"}},
        "formatters": {
            "line": {
                "()": "cimic_portal.core.logs.PlainFormatter",
                "fmt": "{asctime} {levelname} {name} {request}: {message}",
                "style": "{",
                "datefmt": _MOMENT,
            },
            "json": {
                "()": "cimic_portal.core.logs.JsonLines",
                "fmt": "{asctime}{levelname}{name}{request}{message}",
                "style": "{",
                "datefmt": _MOMENT,
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            },
        },
        "handlers": {
            "output": {"class": "logging.StreamHandler", "formatter": form, "filters": ["numbered"]}
        },
        "root": {"handlers": ["output"], "level": "WARNING"},
        "loggers": {
            # Django's own handlers write to nobody when DEBUG is off.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "cimic_portal.requests": {"level": "INFO" if form == "json" else "WARNING"},
            "cimic_portal.security": {"level": "INFO" if form == "json" else "WARNING"},
        },
    }


LOGGING = logging_in(env.str("LOG_FORMAT", default="line"))
