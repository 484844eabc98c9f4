"""What pages and API hand to the services of quick impact projects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from cimic_portal.core.services.audience import Sharing

if TYPE_CHECKING:
    from cimic_portal.core.models import Organisation, Place
    from operations.models import QipCriterion


@dataclass(frozen=True)
class Answer:
    """A criterion answered; `is_met` None where it was left open."""

    criterion: QipCriterion
    is_met: bool | None = None
    evidence: str = ""


@dataclass(frozen=True)
class BudgetLine:
    what: str
    amount: Decimal


@dataclass(frozen=True)
class Milestone:
    what: str
    due_on: date


@dataclass(frozen=True)
class QipInput:
    """Everything one form says about a proposal. Amounts with two places, in the mission's currency."""

    title: str
    need: str
    place: Place | None = None
    location: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    partner: Organisation | None = None
    beneficiaries: str = ""
    beneficiary_count: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    sharing: Sharing = field(default_factory=Sharing)
    answers: tuple[Answer, ...] = ()
    lines: tuple[BudgetLine, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class PaymentInput:
    """A payment as its voucher says. `milestone` by number, of the same project."""

    paid_on: date
    amount: Decimal
    voucher: str
    milestone: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Completion:
    """The completion report."""

    completed_on: date
    result: str
    reached_count: int | None = None
    handed_to: str = ""
    lessons: str = ""
