"""Forms of a lesson and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Area, Office, Position
from cimic_portal.core.services.audience import Sharing
from operations.models import OperationType
from training.models import LessonTheme
from training.services.lesson import LessonInput, lacking

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Lesson

_LONG = {"rows": 4}
_NEEDED = _("Needed before it is submitted.")


class LessonForm(AudienceMixin):
    """What was seen, what it means, what should be done; what it is about, and who reads it once released."""

    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("One line that tells a planner whether to read on.")
    )
    observation = forms.CharField(
        label=_("What was seen"), max_length=4000, widget=forms.Textarea(attrs=_LONG)
    )
    insight = forms.CharField(
        label=_("What it means"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs=_LONG),
        help_text=_NEEDED,
    )
    recommendation = forms.CharField(
        label=_("What should be done"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs=_LONG),
        help_text=_NEEDED,
    )
    theme = forms.ModelChoiceField(label=_("Theme"), queryset=LessonTheme.objects.none(), required=False)
    kind = forms.ModelChoiceField(
        label=_("Type of operation"),
        queryset=OperationType.objects.none(),
        required=False,
        help_text=_("It is offered to whoever plans one of this type."),
    )
    area = PickField(reverse_lazy("area_pick"), key="pcode", label=_("Area"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        rows = {
            "theme": LessonTheme.objects.filter(is_archived=False),
            "kind": OperationType.objects.filter(is_archived=False),
            "area": Area.objects.all(),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def input(self) -> LessonInput:
        data = self.cleaned_data
        texts = ("title", "observation", "insight", "recommendation", "theme", "kind")
        return LessonInput(**{name: data[name] for name in texts}, area=data["area"].chosen)

    def sharing(self) -> Sharing:
        return Sharing(*self.audience_ids())

    @property
    def is_to_submit(self) -> bool:
        return bool(self.data.get("then") == "submit")

    def clean(self) -> dict[str, Any]:
        """What is to be submitted at once is whole; what is only saved need not be."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_to_submit and not self.errors:
            for name, said in lacking(self.input()).items():
                self.add_error(name, said)
        return cleaned


class NewLessonForm(LessonForm):
    """A new one names its office."""

    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=person.access.offices)  # type: ignore[attr-defined]
        if len(person.access.offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", next(iter(person.access.offices)))


class ActionForm(forms.Form):
    """What is done, by which position, by when."""

    action = forms.CharField(
        label=_("What is to be done"), max_length=4000, widget=forms.Textarea(attrs=_LONG)
    )
    owner = PickField(
        reverse_lazy("post_pick"),
        text="title",
        label=_("Who follows it up"),
        help_text=_("Whoever holds the position, or deputises for it, is told at once."),
    )
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args: Any, person: Person, record: Lesson, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(action=record.action, owner=record.owner, due_on=record.due_on)
        rows = Position.objects.filter(is_archived=False, office__closed_on__isnull=True)
        self.fields["owner"].queryset = rows.select_related("office")  # type: ignore[attr-defined]

    def clean_owner(self) -> Position | None:
        chosen: Position | None = self.cleaned_data["owner"].chosen
        return chosen


class ChangeForm(forms.Form):
    """The proof by which an identified lesson becomes one that is learned."""

    proof = forms.CharField(
        label=_("What has changed, and how one sees that it helps"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("An SOP, a drill, a figure: something that another can look at."),
    )
