"""The folder into which mail is written where no mail server is set: read for the demo page."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

# Between two messages of one file, as Django writes them.
_LINE = b"-" * 79
MOST_SHOWN = 200


@dataclass(frozen=True)
class Letter:
    """One mail: `name` finds it again, `text` is its plain text."""

    name: str
    sent_at: datetime
    to: str
    subject: str
    message_id: str
    text: str


def letters() -> list[Letter]:
    """The latest mails, newest first, at most 200."""
    found: list[Letter] = []
    for path in _files():
        found += _letters_of(path)
        if len(found) >= MOST_SHOWN:
            break
    return sorted(found, key=lambda letter: letter.sent_at, reverse=True)[:MOST_SHOWN]


def letter(name: str) -> Letter | None:
    """The mail of that name, None when there is none (any more)."""
    file_name = name.rpartition("-")[0]
    path = next((path for path in _files() if path.stem == file_name), None)
    if path is None:
        return None
    return next((one for one in _letters_of(path) if one.name == name), None)


def _files() -> list[Path]:
    """Newest first: their names begin with day and time."""
    return sorted(Path(settings.MAIL_DIR).glob("*.log"), reverse=True)


def _letters_of(path: Path) -> Iterator[Letter]:
    for number, piece in enumerate(path.read_bytes().split(b"\n" + _LINE + b"\n")):
        if piece.strip():
            yield _read(f"{path.stem}-{number}", piece.lstrip())


def _read(name: str, piece: bytes) -> Letter:
    message = email.message_from_bytes(piece, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    return Letter(
        name=name,
        sent_at=_moment(str(message["Date"] or "")),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        text=body.get_content() if body is not None else "",
    )


def _moment(text: str) -> datetime:
    """Aware; mail writes UTC of an unknown place as -0000, which is read as naive."""
    try:
        read = parsedate_to_datetime(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
