"""The nouns of liaison. Import them from here."""

from .attendance import Attendance
from .commitment import Commitment, CommitmentSide, CommitmentState
from .contact import Contact, ContactGroupGrant, ContactPersonGrant
from .engagement import (
    Atmosphere,
    Engagement,
    EngagementGroupGrant,
    EngagementPersonGrant,
    EngagementState,
    Visibility,
)
from .kind import EngagementKind
from .tasking import Priority, Tasking, TaskingGroupGrant, TaskingPersonGrant, TaskingResult, TaskingState

__all__ = [
    "Atmosphere",
    "Attendance",
    "Commitment",
    "CommitmentSide",
    "CommitmentState",
    "Contact",
    "ContactGroupGrant",
    "ContactPersonGrant",
    "Engagement",
    "EngagementGroupGrant",
    "EngagementKind",
    "EngagementPersonGrant",
    "EngagementState",
    "Priority",
    "Tasking",
    "TaskingGroupGrant",
    "TaskingPersonGrant",
    "TaskingResult",
    "TaskingState",
    "Visibility",
]
