"""The text of a section: saved on the version that was shown, brought together where two wrote at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.audit.part_snapshots import visible_part_events
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import save_changed_part, verb
from cimic_portal.core.texts.merge import Merged, has_marks, merge
from operations.models import PlanRevision, PlanSection
from operations.policies.plan import can_write_section
from operations.services.plan import lock_revision

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

LONGEST_TEXT = 60_000
MOST_LINES = 2_000


class MergeNeededError(StaleError):
    """Somebody saved the section meanwhile. Nothing was saved, and nothing is lost.

    `section` is what stands now, `base` what both came from, `mine` what was sent, `merged` the proposal.
    """

    def __init__(self, section: PlanSection, base: str, mine: str, merged: Merged) -> None:
        super().__init__(
            [
                _("%(section)s was saved by %(person)s; its version is now %(version)d.")
                % {"section": section, "person": section.changed_by, "version": section.version}
            ]
        )
        self.section, self.base, self.mine, self.merged = section, base, mine, merged


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
                raise _merge_needed(section, base or "", sent)
        section.text, section.changed_by = sent, actor
        save_changed_part(section)
        return section


def _check(text: str, lines: int) -> None:
    problems = []
    if len(text) > LONGEST_TEXT:
        problems.append(_("A section holds at most %d characters.") % LONGEST_TEXT)
    if lines > MOST_LINES:
        problems.append(_("A section holds at most %d lines.") % MOST_LINES)
    if has_marks(text):
        problems.append(_("Decide at the marked places which words stand, and take the marks out."))
    if problems:
        raise InvalidError({"text": problems})


def _shown_text(revision: PlanRevision, kind: str, version: int, number: int, actor: Person) -> str | None:
    """The text that this version had, as far as the person could read it then."""
    rows = PlanSection.objects.visible_to(actor).filter(
        revision__operation=revision.operation_id, revision__number=number, kind=kind
    )
    found = [
        event.text
        for event in visible_part_events(list(rows.select_related("revision__operation")), actor)
        if event.version == version
    ]
    return found[-1] if found else None


def _merge_needed(section: PlanSection, base: str, mine: str) -> MergeNeededError:
    merged = merge(
        base,
        mine,
        section.text,
        mine_name=_("your words"),
        theirs_name=_("saved meanwhile by %s") % section.changed_by,
        end_name=_("decide, then take the three marked lines out"),
    )
    return MergeNeededError(section, base, mine, merged)
