"""The form of an operation's frame, and of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.geo.errors import PositionError
from cimic_portal.core.geo.position import parse_position
from cimic_portal.core.models import Area, Office, Organisation, Position
from operations.models import OperationType, ParticipationRole, SectionKind
from operations.services.operation_checks import MOST_CORNERS

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation


class CornersField(forms.CharField):
    """Corner points, one to a line, in any form of a position. Cleans to ((longitude, latitude), …)."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20_000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{lat}, {lon}" for lon, lat in value)
        return value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_CORNERS:
            raise forms.ValidationError(_g("Give at most %d corners.") % MOST_CORNERS)
        corners = []
        for number, line in enumerate(lines, start=1):
            try:
                position = parse_position(line)
            except PositionError as error:
                raise forms.ValidationError(
                    _g("Line %(number)d: %(why)s") % {"number": number, "why": error}
                ) from error
            corners.append((float(position.lon), float(position.lat)))
        return tuple(corners)


class OperationForm(AudienceMixin):
    """What is to be done, why, where and when, who approves it, who writes which section."""

    office = forms.ModelChoiceField(label=_("Drafted by"), queryset=Office.objects.none())
    title = forms.CharField(label=_("Title"), max_length=160)
    kind = forms.ModelChoiceField(label=_("Type"), queryset=OperationType.objects.none())
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is different for people when it has succeeded."),
    )
    starts_at = MomentField(label=_("Start"))
    ends_at = MomentField(label=_("End"))
    area = PickField(reverse_lazy("area_pick"), key="pcode", label=_("Area"), required=False)
    boundary = CornersField(
        label=_("Corners of the ground"),
        help_text=_("One to a line, as MGRS or degrees; where the area alone is not exact enough."),
    )
    non_un_support = forms.BooleanField(
        label=_("Supports or acts with host-state or other security forces outside the UN"),
        required=False,
        help_text=_("Then a due diligence assessment is needed before approval."),
    )
    approver = forms.ModelChoiceField(
        label=_("To be approved by"),
        queryset=Position.objects.none(),
        help_text=_("Nobody approves a plan in which they wrote."),
    )

    def __init__(self, *args: Any, person: Person, operation: Operation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        own = Office.objects.filter(pk__in=person.access.offices)
        drafting = Office.objects.filter(pk=operation.owner_office_id) if operation else own
        self._choose("office", drafting)
        self._choose("kind", OperationType.objects.filter(is_archived=False))
        self._choose("approver", Position.objects.heads_above(*drafting))
        self.fields["area"].queryset = Area.objects.all()  # type: ignore[attr-defined]
        if drafting.count() == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", drafting.first())
        if operation is not None and operation.is_published:
            # Who may read what is shared already is changed by a verb with its reason.
            for name in ("classification", "audience_components", "audience_organisations"):
                del self.fields[name]
        for section in SectionKind:
            self.fields[f"writer_{section}"] = self._writer(section)

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _writer(self, section: SectionKind) -> PickField:
        field = PickField(
            reverse_lazy("post_pick"), text="title", required=False, label=_("%s, written by") % section.label
        )
        field.queryset = Position.objects.filter(is_archived=False).select_related("office")
        return field

    @property
    def writer_fields(self) -> list[Any]:
        return [self[f"writer_{section}"] for section in SectionKind]


class ParticipantForm(forms.Form):
    """One who takes part: an office, or an organisation as such."""

    row_label = _("Participant")

    role = forms.ChoiceField(
        label=_("Role"), choices=ParticipationRole.choices, required=False, initial=ParticipationRole.SUPPORT
    )
    office = PickField(reverse_lazy("office_pick"), required=False, label=_("Office"))
    organisation = PickField(
        reverse_lazy("organisation_pick"), required=False, label=_("or organisation as such")
    )
    position = PickField(
        reverse_lazy("post_pick"),
        text="title",
        required=False,
        label=_("Speaks for it"),
        help_text=_("Empty: who heads it."),
    )
    note = forms.CharField(label=_("Contribution"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "office": Office.objects.filter(closed_on__isnull=True).select_related("organisation"),
            "organisation": Organisation.objects.filter(is_archived=False),
            "position": Position.objects.filter(is_archived=False).select_related("office"),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        office, organisation = data.get("office"), data.get("organisation")
        if office and organisation:
            self.add_error("organisation", _g("Name the office or the organisation, not both."))
        elif not office and not organisation and (data.get("position") or data.get("note")):
            self.add_error("office", _g("Name who takes part, or leave the row empty."))
        elif (office or organisation) and not data.get("role"):
            self.add_error("role", _g("Say as what."))
        return data
