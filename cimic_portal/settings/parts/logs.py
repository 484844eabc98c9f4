"""Logs: warnings and errors to the process's own output, where the keeper or the container collects them."""

_MOMENT = "%Y-%m-%dT%H:%M:%S%z"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{", "datefmt": _MOMENT}
    },
    "handlers": {"output": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["output"], "level": "WARNING"},
    # Django's own handlers write to nobody when DEBUG is off.
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
