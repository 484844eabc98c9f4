"""Two people who write in one text at the same time: neither overwrites the other, the later one decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cimic_portal.core.audit.part_snapshots import visible_part_events
from cimic_portal.core.errors import StaleError
from cimic_portal.core.texts.merge import has_marks, merge

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import Part


class MergeNeededError(StaleError):
    """Somebody saved the text meanwhile. Nothing was saved, and nothing is lost.

    `row` is what stands now and `theirs` its text, saved by `by` at `at`; `base` what both came from, `mine`
    what was sent, `merged` the proposal. `beside`: what else the form holds, brought together already.
    """

    def __init__(
        self,
        row: Any,
        *,
        base: str,
        mine: str,
        theirs: str,
        by: Person | None,
        at: datetime,
        beside: Mapping[str, object] | None = None,
    ) -> None:
        told = {"text": row, "person": by or _("somebody"), "version": row.version}
        super().__init__([_("%(text)s was saved by %(person)s; its version is now %(version)d.") % told])
        self.row, self.base, self.mine, self.theirs = row, base, mine, theirs
        self.by, self.at, self.beside = by, at, beside or {}
        self.merged = merge(
            base,
            mine,
            theirs,
            mine_name=_("your words"),
            theirs_name=_("saved meanwhile by %s") % told["person"],
            end_name=_("decide, then take the three marked lines out"),
        )


def mark_problems(text: str) -> list[str]:
    """What to say of a text in which a place is left that nobody has decided."""
    if has_marks(text):
        return [_("Decide at the marked places which words stand, and take the marks out.")]
    return []


def shown_event(parts: Sequence[Part], version: int, actor: Person) -> Any:
    """The row as it was when this version was shown, as far as the person could read it then; or None."""
    found = [event for event in visible_part_events(parts, actor) if event.version == version]
    return found[-1] if found else None
