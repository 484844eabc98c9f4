"""The text of a version: saved on the one that was shown, brought together where two wrote at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person
from cimic_portal.core.policies import require
from cimic_portal.core.services.merging import MergeNeededError, mark_problems, shown_event
from cimic_portal.core.services.verbs import save_changed_part, verb
from training.models import GuidanceVersion
from training.policies import guidance as policies

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class TextInput:
    """What one form says of a version."""

    text: str
    changes: str = ""
    is_correction: bool = False

    def write(self, version: GuidanceVersion, writer: Person) -> None:
        version.text, version.changes, version.is_correction = self._for(version)
        version.writers = sorted({*version.writers, writer.pk})

    def stands_in(self, version: GuidanceVersion) -> bool:
        return self._for(version) == _written(version)

    def _for(self, version: GuidanceVersion) -> tuple[str, str, bool]:
        # Browsers end lines in their own way; alike they can be compared.
        text = self.text.replace("\r\n", "\n").rstrip()
        changes = self.changes.replace("\r\n", "\n").strip()
        return text, changes, self.is_correction and version.number > 1


def _written(row: Any) -> tuple[str, str, bool]:
    """What the form says of a version, or of one as it was."""
    return row.text, row.changes, row.is_correction


def write_version(
    version_row: GuidanceVersion, data: TextInput, *, actor: Person, version: int
) -> GuidanceVersion:
    """Write the text of a draft, on the version that was shown.

    Where somebody wrote in it since, MergeNeededError holds both texts and a proposal. What stands there
    already is not saved again. Raises RefusedError, InvalidError as well.
    """
    if problems := mark_problems(data.text):
        raise InvalidError({"text": problems})
    with verb("guidance.write_version", actor=actor):
        rows = GuidanceVersion.objects.visible_to(actor).select_related("guidance")
        current = rows.select_for_update(of=("self",)).get(pk=version_row.pk)
        require(policies.can_write_version(actor, current))
        if current.version != version:
            if data.stands_in(current):
                return current
            _meet(current, data, actor=actor, version=version)
        data.write(current, actor)
        save_changed_part(current)
        return current


def _meet(current: GuidanceVersion, data: TextInput, *, actor: Person, version: int) -> None:
    """Raise MergeNeededError unless nobody wrote since `version` was shown."""
    shown = shown_event([current], version, actor)
    if shown is not None and _written(shown) == _written(current):
        return
    mine = GuidanceVersion(number=current.number)
    data.write(mine, actor)
    by, at = _last_writer(current, actor)
    raise MergeNeededError(
        current,
        base=shown.text if shown else "",
        mine=mine.text,
        theirs=current.text,
        by=by,
        at=at,
        beside=_beside(shown, mine, current),
    )


def _beside(shown: Any, mine: GuidanceVersion, theirs: GuidanceVersion) -> dict[str, object]:
    """What was changed alone is taken; what both say of the changes stands one below the other."""
    before = _written(shown) if shown else ("", "", False)
    told = [one.changes for one in (theirs, mine) if one.changes and one.changes != before[1]]
    correction = mine.is_correction if mine.is_correction != before[2] else theirs.is_correction
    return {"changes": "\n".join(dict.fromkeys(told)) or theirs.changes, "is_correction": correction}


def _last_writer(current: GuidanceVersion, actor: Person) -> tuple[Person | None, datetime]:
    """Who saved what stands now, and when, by the trail; nobody where the actor could not read it then."""
    event = shown_event([current], current.version, actor)
    if event is None:
        return None, current.created_at
    who = (event.pgh_context or {}).get("actor")
    return Person.objects.filter(pk=who).first(), event.pgh_created_at
