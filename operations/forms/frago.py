"""Forms of a FRAGO, of what it changes of the frame, and of acknowledgements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.moment import MomentField
from operations.forms.operation_set import ParticipantSet, filled_rows, participant_input, show_problems
from operations.forms.staffing import ApproveForm
from operations.models import Acknowledgement
from operations.schedule.reading import participants_of
from operations.services.inputs import FrameInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person
    from operations.models import Operation, PlanRevision


class FragoForm(forms.Form):
    """What changes, and why."""

    title = forms.CharField(
        label=_("What changes"), max_length=200, help_text=_("One line, as the order will be quoted.")
    )
    reason = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class IssueForm(ApproveForm):
    """The decision on a FRAGO."""


class PeriodForm(forms.Form):
    """From when to when."""

    starts_at = MomentField(label=_("Start"))
    ends_at = MomentField(label=_("End"))


class FrameForms:
    """`main` and `participants`, bound to `data` or filled with what the FRAGO has now."""

    def __init__(self, revision: PlanRevision, person: Person, *, data: Any = None) -> None:
        start, end = revision.period
        rows = [
            {name: getattr(row, name) for name in ("role", "office", "organisation", "position", "note")}
            for row in participants_of(revision, person)
        ]
        self.main = PeriodForm(data, initial={"starts_at": start, "ends_at": end})
        self.participants = ParticipantSet(data, initial=rows, prefix="participants")

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), self.participants.is_valid()])

    def input(self) -> FrameInput:
        """What was entered, for the services. Call after `is_valid()`."""
        rows = filled_rows(self.participants)
        return FrameInput(
            **self.main.cleaned_data,
            participants=tuple(participant_input(form.cleaned_data) for form in rows),
        )

    def show(self, error: InvalidError) -> None:
        """Put the problems that a service found beside their fields and rows."""
        show_problems(self.main, self.participants, error)


class RecordAcknowledgementForm(forms.Form):
    """The word of a participant without people in the portal."""

    acknowledgement = forms.ModelChoiceField(label=_("Whose word"), queryset=Acknowledgement.objects.none())
    how = forms.CharField(
        label=_("How the word came"),
        max_length=200,
        help_text=_("By whose letter, in which call, on which day."),
    )

    def __init__(self, *args: Any, person: Person, record: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Acknowledgement.objects.visible_to(person).pending().filter(operation=record)
        silent = asked.filter(position__isnull=True).select_related("office", "organisation")
        self.fields["acknowledgement"].queryset = silent.order_by("pk")  # type: ignore[attr-defined]
