"""Forms of a booking: what is looked for, what is asked for, other times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.models import Office
from operations.models import Asset, AssetKind

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person
    from operations.models import Booking, OperationTask


class FindForm(forms.Form):
    """For which task and time, and what kind of asset."""

    task = forms.TypedChoiceField(label=_("For the task"), required=False, empty_value=None)
    kind = forms.ModelChoiceField(
        label=_("Kind"), queryset=AssetKind.objects.none(), required=False, empty_label=_("Every kind")
    )
    q = forms.CharField(label=_("What it can do, or its name"), required=False, max_length=80)
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("To"))

    def __init__(self, data: Any, *, tasks: Sequence[OperationTask]) -> None:
        super().__init__(data)
        by_key = {str(task.key): task.key for task in tasks}
        field: Any = self.fields["task"]
        field.choices = [("", _g("No task in particular")), *((str(one.key), one.title) for one in tasks)]
        field.coerce = by_key.__getitem__
        kinds: Any = self.fields["kind"]
        kinds.queryset = AssetKind.objects.filter(is_archived=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _g("The end lies before the start."))
        return data


class RequestForm(forms.Form):
    """Which asset, and what for. Times and task stand in FindForm."""

    asset = forms.ModelChoiceField(
        label=_("Asset"),
        queryset=Asset.objects.none(),
        to_field_name="reference",
        error_messages={
            "required": _("Choose an asset."),
            "invalid_choice": _("There is no such asset that you can see."),
        },
    )
    purpose = forms.CharField(
        label=_("What for"),
        max_length=300,
        help_text=_(
            "The office that holds it reads this, also where it may not know of the operation. "
            "Write nothing that is classified higher than the asset."
        ),
    )
    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())

    def __init__(self, data: Any, *, person: Person, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        assets: Any = self.fields["asset"]
        assets.queryset = Asset.objects.visible_to(person).select_related("owner_office")
        offices: Any = self.fields["office"]
        offices.queryset = Office.objects.filter(pk__in=person.access.offices)
        only = list(offices.queryset[:2])
        if len(only) == 1:
            offices.widget = forms.HiddenInput()
            self.initial.setdefault("office", only[0])

    def show(self, error: InvalidError, find: FindForm) -> None:
        """Put what a service found beside the fields, wherever they stand."""
        for name, messages in error.fields.items():
            for message in messages:
                if name in find.fields:
                    find.add_error(name, message)
                else:
                    self.add_error(name if name in self.fields else None, message)


class MoveForm(forms.Form):
    """Other times of a booking."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("To"))

    def __init__(self, *args: Any, person: Person, record: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"starts_at": record.starts_at, "ends_at": record.ends_at}
