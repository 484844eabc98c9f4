"""Forms of guidance as a whole: its facts, who must acknowledge it, its first text, and the steps on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Office, Position
from cimic_portal.core.services.audience import Sharing
from cimic_portal.core.sharing.levels import Component
from training.models import Guidance, GuidanceConcern, GuidanceKind, LessonTheme
from training.services.guidance import MOST_DAYS, MOST_MONTHS, Concerned, GuidanceInput
from training.services.guidance_force import signed_words
from training.services.guidance_text import TextInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person

LONGEST_TEXT = 60_000
# More than any document concerns one by one; a form with more was not filled in by hand.
MOST_ROWS = 60
_FACTS = ("title", "number", "kind", "theme", "owner", "approver", "review_months", "acknowledge_days")


def text_field() -> forms.CharField:
    return forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 24, "data-rich": ""}),
        help_text=_(
            "A line that begins with # is a heading, with - a point of a list; **bold**, *emphasis*; "
            "columns of a table stand between | signs."
        ),
    )


def post_field(label: Any, **options: Any) -> PickField:
    field = PickField(reverse_lazy("post_pick"), text="title", label=label, **options)
    field.queryset = Position.objects.filter(
        is_archived=False, office__closed_on__isnull=True
    ).select_related("office")
    return field


class FactsForm(forms.Form):
    """What is true of all versions. `offices`: those of which a position can keep it."""

    title = forms.CharField(label=_("Title"), max_length=160)
    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        required=False,
        help_text=_("The mission’s own, such as SOP 2026/07."),
    )
    kind = forms.ModelChoiceField(label=_("Kind"), queryset=GuidanceKind.objects.none())
    theme = forms.ModelChoiceField(label=_("Theme"), queryset=LessonTheme.objects.none(), required=False)
    owner = forms.ModelChoiceField(
        label=_("Kept right by"),
        queryset=Position.objects.none(),
        help_text=_("The position of the owner office that answers for it and reviews it."),
    )
    approver = post_field(
        _("Brought into force by"),
        help_text=_("Decides on each version. Nobody decides on what they wrote themselves."),
    )
    review_months = forms.IntegerField(
        label=_("Reviewed every (months)"), min_value=1, max_value=MOST_MONTHS, initial=12
    )
    components = forms.TypedMultipleChoiceField(
        label=_("Everybody of these components"),
        choices=Component.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    acknowledge_days = forms.IntegerField(
        label=_("Days to acknowledge"), min_value=1, max_value=MOST_DAYS, initial=14
    )

    def __init__(self, *args: Any, offices: frozenset[int] | set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What stands there already may have left the list since.
        kept = {name: self.initial.get(name) for name in ("kind", "theme", "owner")}
        rows: dict[str, Any] = {
            "kind": GuidanceKind.objects.filter(Q(is_archived=False) | Q(pk=_pk(kept["kind"]))),
            "theme": LessonTheme.objects.filter(Q(is_archived=False) | Q(pk=_pk(kept["theme"]))),
            "owner": Position.objects.filter(
                Q(office__in=offices, is_archived=False) | Q(pk=_pk(kept["owner"]))
            ).select_related("office"),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]


def _pk(row: Any) -> int | None:
    found: int | None = getattr(row, "pk", row)
    return found


class NewGuidanceForm(FactsForm, AudienceMixin):
    """A new document: its facts, its first text, and who may read it once it is in force."""

    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())
    text = text_field()

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, offices=person.access.offices, **kwargs)
        self.for_person(person)
        self.fields["audience_components"].help_text = _("Once its first version is in force.")
        self.fields["office"].queryset = Office.objects.filter(pk__in=person.access.offices)  # type: ignore[attr-defined]
        if len(person.access.offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", next(iter(person.access.offices)))

    def sharing(self) -> Sharing:
        return Sharing(*self.audience_ids())


class ConcernForm(forms.Form):
    """An office with all below it, or one position."""

    row_label = _("Office or position")

    office = PickField(reverse_lazy("office_pick"), required=False, label=_("Office, with all below it"))
    position = post_field(_("or one position"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Office.objects.filter(closed_on__isnull=True).select_related("organisation")
        self.fields["office"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("office") and data.get("position"):
            self.add_error("position", _now("Name the office or the position, not both."))
        return data


ConcernSet = formset_factory(ConcernForm, extra=2, can_delete=True, max_num=MOST_ROWS, validate_max=True)


class GuidanceForms:
    """`main` with the rows of who must acknowledge, as one: validates together, gives one input."""

    def __init__(self, main: FactsForm, data: Any, rows: list[dict[str, Any]]) -> None:
        self.main = main
        self.concerned: BaseFormSet[Any] = ConcernSet(data, initial=rows, prefix="concerned")

    @property
    def formsets(self) -> list[BaseFormSet[Any]]:
        return [self.concerned]

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), self.concerned.is_valid()])

    def input(self) -> GuidanceInput:
        data = self.main.cleaned_data
        given = {name: data[name] for name in _FACTS if name != "approver"}
        return GuidanceInput(**given, approver=data["approver"].chosen, concerned=self._concerned())

    def _concerned(self) -> Concerned:
        rows = [
            form.cleaned_data
            for form in self.concerned.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        return Concerned(
            tuple(self.main.cleaned_data["components"]),
            tuple(row["office"].chosen for row in rows if row.get("office")),
            tuple(row["position"].chosen for row in rows if row.get("position")),
        )

    def text(self) -> TextInput:
        return TextInput(self.main.cleaned_data["text"])

    def show(self, error: InvalidError) -> None:
        """Put the problems that a service found beside their fields."""
        for name, messages in error.fields.items():
            for message in messages:
                self.main.add_error(name if name in self.main.fields else None, message)


def facts_of(guidance: Guidance, person: Person) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the form of a document begins with: its facts, and the rows of who must acknowledge it."""
    found = GuidanceConcern.objects.visible_to(person).filter(guidance=guidance)
    rows = list(found.select_related("office", "position__office"))
    first = {name: getattr(guidance, name) for name in _FACTS}
    first["components"] = [row.component for row in rows if row.component is not None]
    named = [row for row in rows if row.component is None]
    return first, [{"office": row.office, "position": row.position} for row in named]


class AcknowledgeForm(forms.Form):
    """The tick by which one signs."""

    have_read = forms.BooleanField(label=_("I have read it"), required=False)

    def __init__(self, *args: Any, person: Person, record: Guidance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["have_read"].label = signed_words(record)


class ConfirmForm(forms.Form):
    """What the review looked at."""

    reason = forms.CharField(
        label=_("What was looked at"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )


class WithdrawForm(forms.Form):
    """Why, and what replaces it."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    replaced_by = forms.ModelChoiceField(
        label=_("Replaced by"),
        queryset=Guidance.objects.none(),
        to_field_name="reference",
        required=False,
        help_text=_("Readers of this one are led to it, as far as they may read it."),
    )

    def __init__(self, *args: Any, person: Person, record: Guidance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Guidance.objects.visible_to(person).in_force().exclude(pk=record.pk)
        self.fields["replaced_by"].queryset = rows  # type: ignore[attr-defined]
