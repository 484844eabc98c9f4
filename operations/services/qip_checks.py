"""What must be true of a proposal, told at the field."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.services.audience import sharing_problems
from operations.models import QipAnswer, QipCriterion, QipMilestone, QipRules

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Qip
    from operations.services.qip_inputs import QipInput

Problems = dict[str, list[str]]
LATEST = timedelta(days=3 * 366)
# As many digits as an amount is kept with.
LARGEST = Decimal("9999999999.99")
PLACES = Decimal("0.01")


def amount_problem(amount: Decimal) -> str:
    """Why this is no amount of money; empty when it is one."""
    if not amount.is_finite() or amount <= 0:
        return _("An amount is more than zero.")
    if amount > LARGEST:
        return _("This amount is too large.")
    if amount != amount.quantize(PLACES):
        return _("An amount has two decimal places at most.")
    return ""


def amount_text(amount: Decimal) -> str:
    """As pages show it: with two places, and in groups of thousands."""
    return number_format(amount, 2, force_grouping=True)


def check_input(data: QipInput, *, actor: Person) -> None:
    """Raise InvalidError with every problem at once. A draft may be incomplete, but not wrong."""
    problems: Problems = sharing_problems(actor, data.sharing.classification)
    problems |= _dates(data)
    for number, line in enumerate(data.lines):
        if problem := amount_problem(line.amount):
            problems[f"lines.{number}.amount"] = [problem]
    if not problems and sum((line.amount for line in data.lines), Decimal(0)) > LARGEST:
        problems["lines"] = [_("The sum is too large.")]
    if problems:
        raise InvalidError(problems)


def _dates(data: QipInput) -> Problems:
    problems: Problems = {}
    latest = timezone.localdate() + LATEST
    if data.starts_on and data.ends_on and data.ends_on < data.starts_on:
        problems["ends_on"] = [_("The end lies before the start.")]
    for name in ("starts_on", "ends_on"):
        day = getattr(data, name)
        if day is not None and day > latest:
            problems[name] = [_("This lies more than three years ahead. Check the year.")]
    for number, milestone in enumerate(data.milestones):
        if milestone.due_on > latest:
            problems[f"milestones.{number}.due_on"] = [
                _("This lies more than three years ahead. Check the year.")
            ]
    return problems


def check_complete(qip: Qip) -> None:
    """What a proposal needs before it goes to the committee. Raises InvalidError."""
    problems: Problems = {}
    if qip.place_id is None and qip.position is None and not qip.location.strip():
        problems["place"] = [_("Say where it is.")]
    if qip.partner_id is None:
        problems["partner"] = [_("Name the implementing partner.")]
    if not qip.beneficiaries.strip():
        problems["beneficiaries"] = [_("Say who benefits.")]
    for name, message in (
        ("starts_on", _("Say when the work is to start.")),
        ("ends_on", _("Say when the work is to end.")),
    ):
        if getattr(qip, name) is None:
            problems[name] = [message]
    if not problems and qip.ends_on is not None and qip.ends_on < timezone.localdate():
        problems["ends_on"] = [_("The planned end has passed.")]
    problems |= _budget(qip) | _criteria(qip)
    milestones = QipMilestone.objects.unscoped("parts of the locked proposal").filter(qip=qip)
    if not milestones.exists():
        problems["milestones"] = [_("Name at least one milestone, so that progress can be seen.")]
    if problems:
        raise InvalidError(problems)


def _budget(qip: Qip) -> Problems:
    rules = QipRules.in_force()
    if qip.budget <= 0:
        return {"lines": [_("Give the budget, line by line.")]}
    if qip.currency != rules.currency:
        return {
            "lines": [
                _("The ceiling is set in %(currency)s now; give the budget in it anew.")
                % {"currency": rules.currency}
            ]
        }
    if qip.budget > rules.ceiling:
        words = {
            "budget": amount_text(qip.budget),
            "ceiling": amount_text(rules.ceiling),
            "currency": rules.currency,
        }
        return {
            "lines": [
                _("The budget of %(currency)s %(budget)s is over the ceiling of %(currency)s %(ceiling)s.")
                % words
            ]
        }
    return {}


def _criteria(qip: Qip) -> Problems:
    """Every criterion in force is answered, one by one, with evidence."""
    answered = {
        answer.criterion_id: answer
        for answer in QipAnswer.objects.unscoped("parts of the locked proposal").filter(qip=qip)
    }
    problems: Problems = {}
    for criterion in QipCriterion.objects.filter(is_archived=False):
        answer = answered.get(criterion.pk)
        if answer is None:
            problems[f"answers.{criterion.pk}.is_met"] = [
                _("Answer the criterion “%(name)s”.") % {"name": criterion}
            ]
        elif not answer.evidence.strip():
            problems[f"answers.{criterion.pk}.evidence"] = [
                _("Give the evidence for “%(name)s”.") % {"name": criterion}
            ]
    return problems
