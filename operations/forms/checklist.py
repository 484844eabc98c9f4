"""Forms of checklists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from operations.models import ChecklistItem, Procedure
from operations.services.checklists import DONE, NOT_APPLICABLE, OPEN

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation

STATES = [(DONE, _("Done")), (NOT_APPLICABLE, _("Does not apply")), (OPEN, _("Open"))]


def proposed(person: Person, operation: Operation) -> Any:
    """Procedures that are not taken in yet: those for its type first, then those for all, then the rest."""
    taken = ChecklistItem.objects.visible_to(person).filter(operation=operation).values("procedure")
    fits = Case(
        When(kind=operation.kind_id, then=Value(0)),
        When(kind__isnull=True, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Procedure.objects.filter(is_archived=False, steps__isnull=False).exclude(pk__in=taken).distinct()
    return rows.annotate(fits=fits).order_by("fits", "name").select_related("kind")


class TakeForm(forms.Form):
    """Which procedure; those for this type of operation stand first."""

    procedure = forms.ModelChoiceField(label=_("Procedure"), queryset=Procedure.objects.none())

    def __init__(self, *args: Any, person: Person, operation: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["procedure"]
        field.queryset = proposed(person, operation)
        field.label_from_instance = lambda row: f"{row} ({row.kind})" if row.kind else str(row)


class SettleForm(forms.Form):
    """Whether a step is done, or why it does not apply."""

    state = forms.ChoiceField(label=_("This step is"), choices=STATES, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Does not apply, because"), max_length=300, required=False)
