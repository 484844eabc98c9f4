"""Verbs on absences: enter, withdraw."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import lock_part, save_changed_part, verb
from training.models import Absence, AbsenceKind, TrainingRecord
from training.policies import absence as policies

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY = "absences of a record that the actor reads, while the record is locked"
LATEST = timedelta(days=2 * 366)
# Whoever forgot to enter it may still do so for the last month.
EARLIEST = timedelta(days=31)


def enter_absence(record: TrainingRecord, *, actor: Person, kind: str, since: date, until: date) -> Absence:
    """Say that the person is away from a first to a last day. Raises RefusedError, InvalidError."""
    with verb("absence.enter", actor=actor):
        # Locked, so that two who enter the same days come one after the other.
        rows = TrainingRecord.objects.visible_to(actor).select_for_update(of=("self",))
        current = rows.get(pk=record.pk)
        require(policies.can_enter(actor, current))
        problems = _problems(current, kind, since, until)
        if problems:
            raise InvalidError(problems)
        made: Absence = Absence.objects.create(
            record=current, kind=kind, since=since, until=until, entered_by=actor
        )
        return made


def _problems(record: TrainingRecord, kind: str, since: date, until: date) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    today = timezone.localdate()
    if kind not in AbsenceKind.values:
        problems["kind"] = [_("Choose one.")]
    if since < today - EARLIEST:
        problems["since"] = [_("This lies more than a month back.")]
    if until < since:
        problems["until"] = [_("The last day lies before the first.")]
    elif until > today + LATEST:
        problems["until"] = [_("This lies more than two years ahead. Check the year.")]
    if problems:
        return problems
    same = Absence.objects.unscoped(WHY).filter(record=record).within(since, until).first()
    if same is not None:
        problems["since"] = [_("Away already then: %(absence)s.") % {"absence": same}]
    return problems


def withdraw_absence(absence: Absence, *, actor: Person, version: int) -> Absence:
    """Take back a wrong entry, or leave that was not taken. Raises RefusedError, StaleError."""
    with verb("absence.withdraw", actor=actor):
        current = lock_part(absence, actor=actor, version=version)
        require(policies.can_withdraw(actor, current))
        current.withdrawn_at = timezone.now()
        save_changed_part(current)
        return current
