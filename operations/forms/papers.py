"""Which paper of an order is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from operations.models import RevisionState
from operations.policies.papers import FRAGO, ORDER

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import PlanRevision


class PaperForm(forms.Form):
    """A revision that the person reads, as the whole order or as what a FRAGO changes."""

    revision = forms.TypedChoiceField(label=_("Which state of the plan"), coerce=int)
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=[(ORDER, _("The whole order with its annexes")), (FRAGO, _("What the FRAGO changes"))],
        widget=forms.RadioSelect,
        initial=ORDER,
    )
    office = forms.ModelChoiceField(label=_("For the office"), queryset=Office.objects.none())

    def __init__(
        self, *args: Any, person: Person, revisions: Sequence[PlanRevision], chosen: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        revision: Any = self.fields["revision"]
        revision.choices = [
            (row.number, f"{row}, {row.get_state_display()}")
            for row in revisions
            if row.state != RevisionState.DROPPED
        ]
        self.initial.setdefault("revision", chosen)
        if not any(row.is_frago for row in revisions):
            self.fields["paper"].widget = forms.HiddenInput()
        office: Any = self.fields["office"]
        office.queryset = Office.objects.filter(pk__in=person.access.offices).select_related("organisation")
        self.initial.setdefault("office", next(iter(sorted(person.access.offices)), None))
        self._revisions = {row.number: row for row in revisions}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        revision = self._revisions.get(cleaned.get("revision", 0))
        if revision is not None and cleaned.get("paper") == FRAGO and not revision.is_frago:
            self.add_error("paper", _("This is the order itself. Choose the FRAGO, or the whole order."))
        cleaned["revision"] = revision
        return cleaned
