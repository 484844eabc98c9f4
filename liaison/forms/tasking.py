"""Forms of a liaison tasking and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Area, Organisation, Position
from cimic_portal.core.services.audience import Sharing
from liaison.models import Engagement, Priority
from liaison.services.tasking import TaskingInput

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from liaison.models import Tasking


class TaskingForm(AudienceMixin):
    """What a position is asked to do, why, by when."""

    issuer = forms.ModelChoiceField(label=_("Issued as"), queryset=Position.objects.none())
    assignee = PickField(
        reverse_lazy("position_pick"),
        text="title",
        label=_("Position tasked"),
        help_text=_("Whoever holds it, or deputises for it, is told at once."),
    )
    title = forms.CharField(label=_("What"), max_length=200)
    why = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The purpose, so that the officer can decide on the spot."),
    )
    details = forms.CharField(
        label=_("Details"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    organisation = PickField(
        reverse_lazy("organisation_pick"), label=_("Organisation to meet"), required=False
    )
    area = PickField(reverse_lazy("area_pick"), key="pcode", label=_("Area"), required=False)
    due_at = MomentField(label=_("Due"))
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.ROUTINE
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        own = Position.objects.filter(pk__in=person.access.positions).select_related("office")
        tasked = Position.objects.filter(
            is_archived=False,
            office__organisation_id__in=person.access.organisations,
            office__closed_on__isnull=True,
        ).select_related("office")
        self.fields["issuer"].queryset = own  # type: ignore[attr-defined]
        self.fields["assignee"].queryset = tasked  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.filter(is_archived=False)  # type: ignore[attr-defined]
        self.fields["area"].queryset = Area.objects.all()  # type: ignore[attr-defined]
        if len(person.access.positions) == 1:
            self.fields["issuer"].widget = forms.HiddenInput()
            self.initial.setdefault("issuer", next(iter(person.access.positions)))

    def input(self) -> TaskingInput:
        data = self.cleaned_data
        return TaskingInput(
            title=data["title"],
            why=data["why"],
            details=data["details"],
            assignee=data["assignee"].chosen,
            organisation=data["organisation"].chosen,
            area=data["area"].chosen,
            due_at=data["due_at"],
            priority=data["priority"],
            sharing=Sharing(*self.audience_ids()),
        )


class CompleteForm(forms.Form):
    """What came of a tasking: words, and the engagements that answer it."""

    outcome = forms.CharField(
        label=_("Outcome"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    results = forms.ModelMultipleChoiceField(
        label=_("Engagements that answer it"),
        queryset=Engagement.objects.none(),
        required=False,
        to_field_name="reference",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The newest reports of your office."),
    )

    def __init__(self, *args: Any, person: Person, record: Tasking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = (
            Engagement.objects.visible_to(person)
            .filter(owner_office__in=person.access.offices)
            .order_by("-starts_at")
            .values("pk")[:20]
        )
        self.fields["results"].queryset = Engagement.objects.visible_to(person).filter(pk__in=newest)  # type: ignore[attr-defined]
