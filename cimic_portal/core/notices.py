"""What people are told: each app adds its kinds of notification at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.errors import ProgrammingMistakeError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Tone = Literal["draft", "waiting", "running", "done", "refused"]


@dataclass(frozen=True)
class NotificationKind:
    """One kind of news about a record.

    kind: `noun.event`, such as "tasking.issued"; kept in the database.
    line: as the list shows it, with any of {title} (the record), {position} (the one addressed) and
    {actor} (who did it). It is composed when it is shown, from what the reader may see then.
    plain: the same without any content, for mail about a classified record: "A tasking was issued
    to a position of yours". It is never formatted, so it cannot carry content.
    tone: the colour of its mark.
    by_mail: whether it goes out by mail as well.
    about: how a part that the news is about is named; put after the line for each that the reader may see.
    joins: the links that these words follow.
    opens_part: whether it leads to that part, where the reader may see it, and not to the record.
    note: words that were written with the news, by the id that it carries; put after the line.
    """

    kind: str
    line: StrOrPromise
    plain: StrOrPromise
    tone: Tone = "running"
    by_mail: bool = True
    about: Callable[[Any], str] = str
    joins: tuple[str, ...] = ()
    opens_part: bool = False
    note: Callable[[int], str] | None = None


_kinds: dict[str, NotificationKind] = {}


def add_kind(kind: NotificationKind) -> None:
    """Make a kind known."""
    if _kinds.setdefault(kind.kind, kind) != kind:
        raise ProgrammingMistakeError(f"Two kinds of notification are named {kind.kind!r}.")


def kind_of(name: str) -> NotificationKind | None:
    """The kind of that name; None when no app knows it (any more)."""
    return _kinds.get(name)


def all_kinds() -> list[NotificationKind]:
    return list(_kinds.values())


CORE_KINDS = (
    NotificationKind(
        "document.ready",
        _("“{title}” is ready"),
        _("A document that you asked for is ready."),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "document.failed",
        _("“{title}” could not be made"),
        _("A document that you asked for could not be made."),
        tone="refused",
        by_mail=False,
    ),
    NotificationKind(
        "document.released",
        _("{actor} released a copy of “{title}”"),
        _("A copy of a document of yours was released."),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "record.shared",
        _("{actor} shared “{title}” with you"),
        _("A record was shared with you by name."),
    ),
)
