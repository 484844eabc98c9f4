"""The operation's form with its participants, as one: validates together, gives one input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import BaseFormSet, formset_factory

from cimic_portal.core.services.audience import Sharing
from operations.forms.operation import OperationForm, ParticipantForm
from operations.models import Participation, PlanWriter, SectionKind
from operations.services.inputs import OperationInput, ParticipantInput, WriterInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person
    from operations.models import Operation

# More than any operation has; a form with more was not filled in by hand.
MOST_ROWS = 80
ParticipantSet = formset_factory(
    ParticipantForm, extra=2, can_delete=True, max_num=MOST_ROWS, validate_max=True
)
_SAME_NAME = (
    "title",
    "kind",
    "purpose",
    "starts_at",
    "ends_at",
    "area",
    "boundary",
    "non_un_support",
    "approver",
    "classification",
    "audience_components",
    "audience_organisations",
)


class OperationForms:
    """`main` and `participants`, bound to `data` or filled from `operation`."""

    def __init__(
        self,
        person: Person,
        *,
        data: Any = None,
        operation: Operation | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        first = initial or {}
        main = first if operation is None else _main_initial(operation, person)
        rows = first.get("participants", []) if operation is None else _row_initial(operation, person)
        self.main = OperationForm(data, initial=main, person=person, operation=operation)
        self.participants: BaseFormSet[Any] = ParticipantSet(data, initial=rows, prefix="participants")

    @property
    def formsets(self) -> list[BaseFormSet[Any]]:
        return [self.participants]

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), self.participants.is_valid()])

    def _filled(self) -> list[Any]:
        return filled_rows(self.participants)

    def input(self) -> OperationInput:
        """What was entered, for the services. Call after `is_valid()`."""
        data = self.main.cleaned_data
        sharing = Sharing(*self.main.audience_ids()) if "classification" in self.main.fields else Sharing()
        return OperationInput(
            title=data["title"],
            kind=data["kind"],
            purpose=data["purpose"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            area=data["area"].chosen,
            boundary=data["boundary"],
            non_un_support=data["non_un_support"],
            approver=data["approver"],
            sharing=sharing,
            participants=tuple(participant_input(form.cleaned_data) for form in self._filled()),
            writers=tuple(
                WriterInput(section, data[f"writer_{section}"].chosen)
                for section in SectionKind.values
                if data[f"writer_{section}"].chosen
            ),
        )

    def show(self, error: InvalidError) -> None:
        """Put the problems that a service found beside their fields and rows."""
        show_problems(self.main, self.participants, error)


def filled_rows(participants: BaseFormSet[Any]) -> list[Any]:
    """The rows that name somebody and were not removed."""
    return [
        form
        for form in participants.forms
        if (data := getattr(form, "cleaned_data", None))
        and not data.get("DELETE")
        and (data.get("office") or data.get("organisation"))
    ]


def show_problems(main: Any, participants: BaseFormSet[Any], error: InvalidError) -> None:
    """Put each problem beside its field; those of a row are named `participants.<number>.<field>`."""
    for name, messages in error.fields.items():
        form: Any = main
        field: str | None = name
        if name.startswith("participants."):
            _, number, field = name.split(".")
            form = filled_rows(participants)[int(number)]
        elif name == "participants":
            # Of the rows as a whole: it stands on top, and a row that was removed can be seen again.
            field = None
            _bring_back(participants)
        for message in messages:
            form.add_error(field if field in form.fields else None, message)


def _bring_back(participants: BaseFormSet[Any]) -> None:
    for form in participants.forms:
        if form.is_bound and f"{form.prefix}-DELETE" in form.data:
            form.data = {name: value for name, value in form.data.items() if name != f"{form.prefix}-DELETE"}


def participant_input(row: dict[str, Any]) -> ParticipantInput:
    """One valid row, for the services."""
    return ParticipantInput(
        role=row["role"],
        office=row["office"].chosen,
        organisation=row["organisation"].chosen,
        position=row["position"].chosen,
        note=row["note"],
    )


def _main_initial(operation: Operation, person: Person) -> dict[str, Any]:
    initial = {name: getattr(operation, name) for name in _SAME_NAME}
    initial["office"] = operation.owner_office
    writers = PlanWriter.objects.visible_to(person).filter(operation=operation)
    for writer in writers.select_related("position__office"):
        initial[f"writer_{writer.section}"] = writer.position
    return initial


def _row_initial(operation: Operation, person: Person) -> list[dict[str, Any]]:
    rows = Participation.objects.visible_to(person).filter(operation=operation).order_by("pk")
    named = rows.select_related("office", "organisation", "position__office")
    return [
        {name: getattr(row, name) for name in ("role", "office", "organisation", "position", "note")}
        for row in named
    ]
