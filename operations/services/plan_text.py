"""The text of a section: saved on the version that was shown, brought together where two wrote at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.merging import MergeNeededError, mark_problems, shown_event
from cimic_portal.core.services.verbs import save_changed_part, verb
from operations.models import PlanRevision, PlanSection
from operations.policies.plan import can_write_section
from operations.services.plan import lock_revision

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

LONGEST_TEXT = 60_000
MOST_LINES = 2_000


def save_section(
    revision: PlanRevision,
    kind: str,
    text: str,
    *,
    actor: Person,
    version: int,
    shown_in: int | None = None,
) -> PlanSection:
    """Save the text of a section in the revision that is being written.

    `version` is the one that was shown, in revision number `shown_in` (none: in this one). Where the
    text has changed since, MergeNeededError holds both texts and a proposal. A text that stands there
    already is not saved again. Raises RefusedError, InvalidError as well.
    """
    lines = [line.rstrip() for line in text.splitlines()]
    sent = "\n".join(lines).strip("\n")
    _check(sent, len(lines))
    with verb("plan.save_section", actor=actor):
        current = lock_revision(revision, actor=actor)
        require(can_write_section(actor, current, kind))
        section = (
            PlanSection.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .get(revision=current, kind=kind)
        )
        if section.text == sent:
            return section
        is_shown = version == section.version and shown_in in (None, current.number)
        if not is_shown:
            base = _shown_text(current, kind, version, shown_in or current.number, actor)
            if base != section.text:
                raise MergeNeededError(
                    section,
                    base=base or "",
                    mine=sent,
                    theirs=section.text,
                    by=section.changed_by,
                    at=section.changed_at,
                )
        section.text, section.changed_by = sent, actor
        save_changed_part(section)
        return section


def _check(text: str, lines: int) -> None:
    problems = []
    if len(text) > LONGEST_TEXT:
        problems.append(_("A section holds at most %d characters.") % LONGEST_TEXT)
    if lines > MOST_LINES:
        problems.append(_("A section holds at most %d lines.") % MOST_LINES)
    problems += mark_problems(text)
    if problems:
        raise InvalidError({"text": problems})


def _shown_text(revision: PlanRevision, kind: str, version: int, number: int, actor: Person) -> str | None:
    """The text that this version had, as far as the person could read it then."""
    rows = PlanSection.objects.visible_to(actor).filter(
        revision__operation=revision.operation_id, revision__number=number, kind=kind
    )
    shown = shown_event(list(rows.select_related("revision__operation")), version, actor)
    return shown.text if shown else None
