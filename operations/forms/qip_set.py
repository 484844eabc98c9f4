"""The proposal form with its rows, as one: validates together, gives one input, shows all errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm, BaseFormSet, formset_factory

from cimic_portal.core.services.audience import Sharing
from operations.forms.qip import AnswerForm, LineForm, MilestoneForm, QipForm
from operations.models import QipAnswer, QipBudgetLine, QipCriterion, QipMilestone
from operations.services.qip_inputs import Answer, BudgetLine, Milestone, QipInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person
    from operations.models import Qip

# More rows than any small project has.
MOST_ROWS = 60
_LineSet = formset_factory(LineForm, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True)
_MilestoneSet = formset_factory(MilestoneForm, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True)
_SAME_NAME = (
    "title",
    "need",
    "place",
    "location",
    "partner",
    "beneficiaries",
    "beneficiary_count",
    "starts_on",
    "ends_on",
    "classification",
    "audience_components",
    "audience_organisations",
)


class QipForms:
    """`main`, `answers` (a form for each criterion), `lines` and `milestones`, bound or filled from `qip`."""

    def __init__(
        self,
        person: Person,
        *,
        data: Any = None,
        qip: Qip | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        main = (initial or {}) if qip is None else _main_initial(qip)
        self.main = QipForm(data, initial=main, person=person)
        known = {} if qip is None else _answers(qip, person)
        self.criteria = list(QipCriterion.objects.filter(is_archived=False))
        self.answers = [
            AnswerForm(data, prefix=f"criterion-{one.pk}", initial=known.get(one.pk)) for one in self.criteria
        ]
        for one, answer in self.asked:
            answer.row_name = one.name  # type: ignore[attr-defined]
        lines = [] if qip is None else _rows_of(QipBudgetLine, qip, person, "what", "amount")
        milestones = [] if qip is None else _rows_of(QipMilestone, qip, person, "what", "due_on")
        self.lines: BaseFormSet[Any] = _LineSet(data, initial=lines, prefix="lines")
        self.milestones: BaseFormSet[Any] = _MilestoneSet(data, initial=milestones, prefix="milestones")

    @property
    def asked(self) -> list[tuple[QipCriterion, AnswerForm]]:
        """Each criterion with its form, for the page."""
        return list(zip(self.criteria, self.answers, strict=True))

    @property
    def formsets(self) -> list[Any]:
        """What the summary of errors looks through."""
        return [_Rows(self.answers), self.lines, self.milestones]

    def is_valid(self) -> bool:
        forms = [self.main.is_valid(), *(form.is_valid() for form in self.answers)]
        return all([*forms, self.lines.is_valid(), self.milestones.is_valid()])

    def input(self) -> QipInput:
        """What was entered, for the services. Call after `is_valid()`."""
        data = self.main.cleaned_data
        position = data["position"]
        return QipInput(
            title=data["title"],
            need=data["need"],
            place=data["place"].chosen,
            location=data["location"],
            latitude=position.lat if position else None,
            longitude=position.lon if position else None,
            partner=data["partner"].chosen,
            beneficiaries=data["beneficiaries"],
            beneficiary_count=data["beneficiary_count"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            sharing=Sharing(*self.main.audience_ids()),
            answers=tuple(
                Answer(criterion, form.cleaned_data["is_met"], form.cleaned_data["evidence"])
                for criterion, form in self.asked
            ),
            lines=tuple(BudgetLine(row["what"], row["amount"]) for _form, row in _filled(self.lines)),
            milestones=tuple(
                Milestone(row["what"], row["due_on"]) for _form, row in _filled(self.milestones)
            ),
        )

    def show(self, error: InvalidError) -> None:
        """Put the problems that a service found beside their fields."""
        for name, messages in error.fields.items():
            form, field = self._field_of(name)
            for message in messages:
                form.add_error(field if field in form.fields else None, message)

    def _field_of(self, name: str) -> tuple[BaseForm, str | None]:
        head, _dot, rest = name.partition(".")
        if head == "answers":
            pk, _dot, field = rest.partition(".")
            by_pk = dict(zip((one.pk for one in self.criteria), self.answers, strict=True))
            return by_pk.get(int(pk), self.main), field
        formset = {"lines": self.lines, "milestones": self.milestones}.get(head)
        if formset is None:
            return self.main, name
        if not rest:
            return (formset.forms or [self.main])[0], None
        number, _dot, field = rest.partition(".")
        return [form for form, _row in _filled(formset)][int(number)], field


class _Rows:
    """Forms that stand in no formset, as the summary of errors reads them: each is named by its criterion."""

    def __init__(self, forms: list[Any]) -> None:
        self.forms = forms

    def non_form_errors(self) -> list[str]:
        return []


def _filled(formset: BaseFormSet[Any]) -> Iterator[tuple[BaseForm, dict[str, Any]]]:
    for form in formset.forms:
        data = getattr(form, "cleaned_data", None)
        if data and not data.get("DELETE") and data.get("what"):
            yield form, data


def _main_initial(qip: Qip) -> dict[str, Any]:
    initial = {name: getattr(qip, name) for name in _SAME_NAME}
    return {**initial, "office": qip.owner_office, "position": qip.position}


def _answers(qip: Qip, person: Person) -> dict[int, dict[str, Any]]:
    rows = QipAnswer.objects.visible_to(person).filter(qip=qip)
    return {
        row.criterion_id: {"is_met": "yes" if row.is_met else "no", "evidence": row.evidence} for row in rows
    }


def _rows_of(model: Any, qip: Qip, person: Person, *names: str) -> list[dict[str, Any]]:
    return list(model.objects.visible_to(person).filter(qip=qip).order_by("pk").values(*names))
