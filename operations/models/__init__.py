"""The nouns of operations. Import them from here."""

from .qip import Qip, QipGroupGrant, QipPersonGrant, QipState
from .qip_parts import (
    QipAnswer,
    QipBudgetLine,
    QipMilestone,
    QipPayment,
    QipPhoto,
    QipVote,
    VoteChoice,
)
from .qip_settings import QipCriterion, QipRules, QipSeat

__all__ = [
    "Qip",
    "QipAnswer",
    "QipBudgetLine",
    "QipCriterion",
    "QipGroupGrant",
    "QipMilestone",
    "QipPayment",
    "QipPersonGrant",
    "QipPhoto",
    "QipRules",
    "QipSeat",
    "QipState",
    "QipVote",
    "VoteChoice",
]
