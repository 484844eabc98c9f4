"""Forms of the steps of staffing, and of the due diligence assessment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.moment import MomentField
from operations.models import Answer, Concurrence, DiligenceDecision, DueDiligence
from operations.querysets.standing import newest_answer

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation

ANSWERS = [(value, label) for value, label in Answer.choices if value != Answer.PENDING]
USUAL_TIME = timedelta(days=3)


class StaffForm(forms.Form):
    """By when those who are asked answer."""

    answers_due_at = MomentField(
        label=_("Answers are due"), help_text=_("What is overdue is escalated, never taken for consent.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        due = timezone.localtime() + USUAL_TIME
        self.initial.setdefault("answers_due_at", due.replace(minute=0, second=0, microsecond=0))


class AnswerForm(forms.Form):
    """The answer of one participant, through a position of the person's."""

    concurrence = forms.ModelChoiceField(label=_("Answer for"), queryset=Concurrence.objects.none())
    answer = forms.ChoiceField(label=_("Answer"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Comment or reason"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed with a comment or an objection; it stays with the plan."),
    )

    def __init__(self, *args: Any, person: Person, record: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["concurrence"]
        field.queryset = self.rows(person, record)
        only = list(field.queryset[:2])
        if len(only) == 1:
            field.widget = forms.HiddenInput()
            self.initial.setdefault("concurrence", only[0])

    def rows(self, person: Person, operation: Operation) -> Any:
        asked = Concurrence.objects.visible_to(person).current().filter(operation=operation)
        mine = asked.filter(position__in=person.access.positions)
        return mine.select_related("office", "organisation").order_by("pk")


class RecordAnswerForm(AnswerForm):
    """What a participant without people in the portal answered, and how the answer came."""

    how = forms.CharField(
        label=_("How the answer came"),
        max_length=200,
        help_text=_("By whose letter, in which call, on which day."),
    )

    def rows(self, person: Person, operation: Operation) -> Any:
        asked = Concurrence.objects.visible_to(person).current().filter(operation=operation)
        silent = asked.filter(position__isnull=True)
        return silent.select_related("office", "organisation").order_by("pk")


class ApproveForm(forms.Form):
    """The decision, with the answers in view: which of them were seen goes along."""

    answers_seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reasons of the decision"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where somebody objects."),
    )

    def __init__(self, *args: Any, person: Person, record: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["answers_seen"] = newest_answer(record)


class AssessmentForm(forms.Form):
    """Support to security forces outside the UN: who, which risk, what is decided, how it is watched."""

    supported = forms.CharField(
        label=_("Who is supported, with what"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    risk = forms.CharField(
        label=_("Risk of grave violations"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Of humanitarian, human rights or refugee law; who assessed it, on what grounds."),
    )
    mitigation = forms.CharField(
        label=_("Mitigation"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    decision = forms.ChoiceField(
        label=_("Decision"), choices=DiligenceDecision.choices, widget=forms.RadioSelect
    )
    monitoring = forms.CharField(
        label=_("How it is monitored"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, person: Person, record: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stands = DueDiligence.objects.visible_to(person).filter(operation=record).first()
        if stands is not None:
            self.initial.update({name: getattr(stands, name) for name in self.fields})


class MonitoringForm(forms.Form):
    """What was seen while support was given."""

    text = forms.CharField(
        label=_("What was seen"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_violation = forms.BooleanField(
        label=_("A violation, or signs of one"),
        required=False,
        help_text=_("The approving position and all who take part are told at once."),
    )
