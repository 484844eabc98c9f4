"""Drafting an operation: its frame and who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import lock, save_changed, verb
from operations.models import Operation, Participation, PlanWriter
from operations.policies.operation import can_draft, can_edit
from operations.services.operation_checks import check_frame
from operations.services.plan import first_revision

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person
    from operations.services.inputs import OperationInput, ParticipantInput

_SAME_NAME = ("title", "kind", "purpose", "area", "starts_at", "ends_at", "non_un_support", "approver")


def draft_operation(data: OperationInput, *, actor: Person, office: Office) -> Operation:
    """Begin an operation for one of the actor's offices, with an empty plan.

    Raises RefusedError, or InvalidError with the fields of the form.
    """
    require(can_draft(actor))
    if office.pk not in actor.access.offices:
        raise RefusedError(_("You can draft operations only for an office in which you hold a position."))
    with verb("operation.draft", actor=actor):
        check_frame(data, actor=actor, office=office)
        operation = Operation(owner_office=office, author=actor)
        _write(operation, data)
        _write_sharing(operation, data)
        operation.save()
        _write_parts(operation, data)
        first_revision(operation, actor=actor)
        return operation


def edit_operation(operation: Operation, data: OperationInput, *, actor: Person, version: int) -> Operation:
    """Change the frame of a draft. Who may read a published one is changed by `reshare` alone.

    Raises RefusedError, StaleError, InvalidError.
    """
    with verb("operation.edit", actor=actor):
        current = lock(operation, actor=actor, version=version)
        require(can_edit(actor, current))
        check_frame(data, actor=actor, office=current.owner_office, operation=current)
        _write(current, data)
        if not current.is_published:
            _write_sharing(current, data)
        _write_parts(current, data)
        save_changed(current)
        return current


def _write(operation: Operation, data: OperationInput) -> None:
    for name in _SAME_NAME:
        setattr(operation, name, getattr(data, name))
    operation.boundary = [list(corner) for corner in data.boundary]


def _write_sharing(operation: Operation, data: OperationInput) -> None:
    operation.classification = data.sharing.classification
    operation.audience_components = sorted(data.sharing.components)
    operation.audience_organisations = sorted(data.sharing.organisations)


def _write_parts(operation: Operation, data: OperationInput) -> None:
    write_participants(operation, data.participants)
    rows = PlanWriter.objects.unscoped("the writers are named anew")
    stand = {(row.section, row.position_id): row for row in rows.filter(operation=operation)}
    wanted = {(writer.section, writer.position.pk) for writer in data.writers}
    gone = [row.pk for pair, row in stand.items() if pair not in wanted]
    rows.filter(pk__in=gone).delete()
    PlanWriter.objects.bulk_create(
        PlanWriter(operation=operation, section=section, position_id=position)
        for section, position in sorted(wanted - set(stand))
    )


def write_participants(operation: Operation, wanted: tuple[ParticipantInput, ...]) -> None:
    """Who stays keeps its row; the lead changes hands in one step."""
    rows = Participation.objects.unscoped("the participants are named anew").filter(operation=operation)
    stand = {(row.office_id, row.organisation_id): row for row in rows}
    named = {_pair(one): one for one in wanted}
    rows.filter(pk__in=[row.pk for pair, row in stand.items() if pair not in named]).delete()
    # One lead at a time: whoever leads no more steps down first.
    changed = sorted(named.items(), key=lambda item: item[1].role == "lead")
    for pair, one in changed:
        row = stand.get(pair) or Participation(
            operation=operation, office=one.office, organisation=one.organisation
        )
        if (row.role, row.position_id, row.note) != (one.role, one.position and one.position.pk, one.note):
            row.role, row.position, row.note = one.role, one.position, one.note
            row.save()


def _pair(one: ParticipantInput) -> tuple[int | None, int | None]:
    return (
        one.office.pk if one.office else None,
        one.organisation.pk if one.organisation else None,
    )
