"""What stands in the logs: what went wrong where, by the number that the trail has too, and nobody's data."""

from __future__ import annotations

import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from cimic_portal.core.audit.context import current_origin

# PostgreSQL repeats the row that it refuses, or the values of the statement.
_ROWS = re.compile(
    r"^(?:DETAIL|CONTEXT|STATEMENT|QUERY):.*(?:\n(?![A-Z]+:|Traceback|\s*File ).*)*", re.MULTILINE
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def without_data(text: str) -> str:
    """The text without rows that the database quotes, and without addresses of mail."""
    return _MAIL.sub("…@…", _ROWS.sub("(a row is left out here)", text))


class Numbered(logging.Filter):
    """Gives each record the number of the request, or of the entry of the outbox, in which it was written.

    It is that of the audit trail and of the header X-Request-ID.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = current_origin().request or "-"
        return True


class PlainFormatter(logging.Formatter):
    """A line for people."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """What was told stands in one line, so that nobody writes one that looks like another."""
        told = without_data(super().formatMessage(record))
        return told.replace("\r", "\\r").replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        return without_data(super().format(record))


class JsonLines(JsonFormatter):
    """An object in a line for programs: time, level, logger, request, message, and what was told besides."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        told = super().process_log_record(log_data)
        return {key: without_data(value) if isinstance(value, str) else value for key, value in told.items()}
