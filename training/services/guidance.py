"""Verbs on guidance as a whole: write, change, begin anew, withdraw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person
from cimic_portal.core.policies import require
from cimic_portal.core.services.audience import Sharing, not_cleared, sharing_problems
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import (
    lock,
    need_reason,
    save_changed,
    save_changed_part,
    verb,
)
from training.models import Guidance, GuidanceConcern, GuidanceState, GuidanceVersion, VersionState
from training.policies import guidance as policies
from training.querysets.guidance import OPEN_VERSIONS
from training.services.guidance_text import TextInput

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Position
    from training.models import GuidanceKind, LessonTheme

WHY = "a verb keeps the versions of its document together"
MOST_MONTHS, MOST_DAYS = 60, 90


@dataclass(frozen=True)
class Concerned:
    """Who must acknowledge: components, offices with all below them, positions."""

    components: tuple[int, ...] = ()
    offices: tuple[Office, ...] = ()
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True)
class GuidanceInput:
    """What one form says of a document as a whole."""

    title: str
    kind: GuidanceKind
    owner: Position
    approver: Position
    number: str = ""
    theme: LessonTheme | None = None
    review_months: int = 12
    acknowledge_days: int = 14
    concerned: Concerned = field(default_factory=Concerned)

    def write(self, guidance: Guidance) -> None:
        guidance.title, guidance.number = self.title.strip(), self.number.strip()
        guidance.kind, guidance.theme = self.kind, self.theme
        guidance.owner, guidance.approver = self.owner, self.approver
        guidance.review_months, guidance.acknowledge_days = self.review_months, self.acknowledge_days


def post_problems(position: Position, classification: int, *, beside: Collection[int] = ()) -> list[str]:
    """Why a position cannot be named: nobody holds it, or nobody in it is cleared; nothing where it can.

    `beside`: ids of the people whose own work it is.
    """
    holders = list(Person.objects.acting_for(position, beside=beside))
    if not holders:
        return [_("Nobody holds %(position)s now who could do it.") % {"position": position}]
    uncleared = not_cleared(holders, classification)
    return uncleared if len(uncleared) == len(holders) else []


def _problems(
    data: GuidanceInput, office: Office, classification: int, actor: Person, own: int | None = None
) -> dict[str, list[str]]:
    """What is wrong with the facts. A number is compared with the documents that the actor sees."""
    problems: dict[str, list[str]] = {}
    if data.owner.office_id != office.pk:
        problems["owner"] = [_("Choose a position of %(office)s.") % {"office": office}]
    if not 1 <= data.review_months <= MOST_MONTHS:
        problems["review_months"] = [_("Between 1 and %(most)d months.") % {"most": MOST_MONTHS}]
    if not 1 <= data.acknowledge_days <= MOST_DAYS:
        problems["acknowledge_days"] = [_("Between 1 and %(most)d days.") % {"most": MOST_DAYS}]
    if uncleared := post_problems(data.approver, classification):
        problems["approver"] = uncleared
    alike = Guidance.objects.visible_to(actor).filter(number__iexact=data.number.strip()).exclude(pk=own or 0)
    if data.number.strip() and (taken := alike.exclude(state=GuidanceState.WITHDRAWN).first()):
        problems["number"] = [_("This is the number of “%(title)s”.") % {"title": taken}]
    return problems


def write_guidance(
    data: GuidanceInput,
    text: TextInput,
    *,
    actor: Person,
    office: Office,
    sharing: Sharing | None = None,
) -> Guidance:
    """Begin a document with its first draft; the office reads it until it is sent into review.

    Raises RefusedError, InvalidError.
    """
    wanted = sharing or Sharing()
    require(policies.can_write(actor))
    problems = sharing_problems(actor, wanted.classification)
    if office.pk not in actor.access.offices:
        problems["office"] = [_("Choose one of your own offices.")]
    problems |= _problems(data, office, wanted.classification, actor)
    if problems:
        raise InvalidError(problems)
    with verb("guidance.write", actor=actor):
        guidance = Guidance(
            owner_office=office,
            author=actor,
            classification=wanted.classification,
            audience_components=sorted(wanted.components),
            audience_organisations=sorted(wanted.organisations),
        )
        data.write(guidance)
        guidance.save()
        _set_concerned(guidance, data.concerned)
        version = GuidanceVersion(guidance=guidance, number=1, author=actor)
        text.write(version, actor)
        version.save()
        return guidance


def edit_guidance(guidance: Guidance, data: GuidanceInput, *, actor: Person, version: int) -> Guidance:
    """Change what is true of all versions, and who must acknowledge. Raises RefusedError, StaleError."""
    with verb("guidance.edit", actor=actor):
        current = lock(guidance, actor=actor, version=version)
        require(policies.can_edit(actor, current))
        problems = _problems(data, current.owner_office, current.classification, actor, current.pk)
        if data.approver.pk != current.approver_id and _is_before_approver(current):
            problems["approver"] = [_("A version waits for its decision. Take it back first.")]
        if problems:
            raise InvalidError(problems)
        data.write(current)
        save_changed(current)
        _set_concerned(current, data.concerned)
        return current


def _is_before_approver(guidance: Guidance) -> bool:
    rows = GuidanceVersion.objects.unscoped(WHY).filter(guidance=guidance)
    return rows.filter(state__in=(VersionState.REVIEW, VersionState.APPROVED)).exists()


def _set_concerned(guidance: Guidance, concerned: Concerned) -> None:
    """Rows that stay are left alone; who is new among them is asked by the next sweep."""
    wanted: set[tuple[int | None, int | None, int | None]] = {
        *((component, None, None) for component in concerned.components),
        *((None, office.pk, None) for office in concerned.offices),
        *((None, None, position.pk) for position in concerned.positions),
    }
    rows = GuidanceConcern.objects.unscoped(WHY).filter(guidance=guidance)
    standing = {(row.component, row.office_id, row.position_id): row for row in rows}
    for names, row in standing.items():
        if names not in wanted:
            row.delete()
    for component, office, position in sorted(wanted - standing.keys(), key=str):
        GuidanceConcern.objects.create(
            guidance=guidance, component=component, office_id=office, position_id=position
        )


def begin_version(guidance: Guidance, *, actor: Person, version: int) -> GuidanceVersion:
    """Begin a new version with the text in force; readers go on with that one until it is replaced."""
    with verb("guidance.begin_version", actor=actor):
        current = lock(guidance, actor=actor, version=version)
        require(policies.can_begin_version(actor, current))
        rows = GuidanceVersion.objects.unscoped(WHY).filter(guidance=current).order_by("-number")
        last, in_force = rows[0], rows.in_force().get()
        return GuidanceVersion.objects.create(
            guidance=current, number=last.number + 1, text=in_force.text, author=actor, writers=[actor.pk]
        )


def confirm_guidance(guidance: Guidance, *, actor: Person, version: int, reason: str) -> Guidance:
    """Reviewed, still right: the next review is due a whole cycle from today."""
    need_reason(reason, _("Say what was looked at."))
    with verb("guidance.confirm", actor=actor, reason=reason):
        current = lock(guidance, actor=actor, version=version)
        require(policies.can_confirm(actor, current))
        today = timezone.localdate()
        current.reviewed_on, current.reviewed_by = today, actor
        current.review_due_on = months_after(today, current.review_months)
        save_changed(current)
        notify(current, "guidance.confirmed", positions=[current.owner], actor=actor)
        return current


def withdraw_guidance(
    guidance: Guidance,
    *,
    actor: Person,
    version: int,
    reason: str,
    replaced_by: Guidance | None = None,
) -> Guidance:
    """Take it out of force, with the reason and what replaces it; it stays readable.

    `replaced_by`: one that the actor sees. Raises RefusedError, InvalidError, StaleError.
    """
    need_reason(reason, _("Say why it is withdrawn."))
    with verb("guidance.withdraw", actor=actor, reason=reason):
        current = lock(guidance, actor=actor, version=version)
        require(policies.can_withdraw(actor, current))
        if replaced_by is not None and (replaced_by.pk == current.pk or not replaced_by.is_in_force):
            raise InvalidError({"replaced_by": [_("Choose another document, one that is in force.")]})
        was_in_force = current.is_in_force
        current.state, current.state_reason = GuidanceState.WITHDRAWN, reason
        current.replaced_by = replaced_by
        save_changed(current)
        _end_versions(current)
        if was_in_force:
            notify(
                current, "guidance.withdrawn", people=[current.author], positions=[current.owner], actor=actor
            )
        return current


def _end_versions(guidance: Guidance) -> None:
    """The one in force ends, and what is being written is dropped."""
    rows = GuidanceVersion.objects.unscoped(WHY).filter(guidance=guidance)
    for row in rows.filter(state__in=("in_force", *OPEN_VERSIONS)):
        row.state = VersionState.WITHDRAWN if row.state == VersionState.IN_FORCE else VersionState.DROPPED
        row.ended_on = timezone.localdate()
        save_changed_part(row)


def months_after(day: date, months: int) -> date:
    """The same day of the month, so many months later; the last of it where it has none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for wanted in range(day.day, 27, -1):
        try:
            return date(year, month, wanted)
        except ValueError:
            continue
    return date(year, month, min(day.day, 28))
