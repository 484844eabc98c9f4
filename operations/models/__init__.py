"""The nouns of operations."""

from operations.models.acknowledgement import Acknowledgement
from operations.models.asset import (
    Asset,
    AssetGroupGrant,
    AssetKind,
    AssetPersonGrant,
    AssetState,
    CapacityUnit,
)
from operations.models.asset_rules import AssetRules
from operations.models.booking import (
    HELD_BOOKINGS,
    OPEN_BOOKINGS,
    BookedFor,
    Booking,
    BookingState,
)
from operations.models.checklist import ChecklistItem
from operations.models.course import CourseCriterion, CourseOfAction, CourseScore
from operations.models.frame import FrameParticipant, JoiningParty
from operations.models.journal import EntryKind, JournalEntry, ReachedDecision
from operations.models.look import VISIT, OperationLook
from operations.models.objective import Objective
from operations.models.occupancy import Occupancy, Unavailability
from operations.models.operation import (
    BEFORE_APPROVAL,
    ENDED,
    IN_FORCE,
    Operation,
    OperationGroupGrant,
    OperationPersonGrant,
    OperationState,
)
from operations.models.participation import Participation, ParticipationRole, PlanWriter
from operations.models.qip import Qip, QipGroupGrant, QipPersonGrant, QipState
from operations.models.qip_parts import (
    QipAnswer,
    QipBudgetLine,
    QipMilestone,
    QipPayment,
    QipPhoto,
    QipVote,
    VoteChoice,
)
from operations.models.qip_settings import QipCriterion, QipRules, QipSeat
from operations.models.reference import MandateTask, OperationType, Procedure, ProcedureStep
from operations.models.review import Finding, Review
from operations.models.revision import (
    OPEN_REVISIONS,
    PlanRevision,
    PlanRow,
    PlanSection,
    RevisionState,
    SectionKind,
)
from operations.models.risk import Risk, RiskLevel, risk_level
from operations.models.schedule import (
    DecisionPoint,
    OperationTask,
    Phase,
    TaskDependency,
    TaskProgress,
    TaskState,
)
from operations.models.staffing import (
    ANSWERED,
    Answer,
    Concurrence,
    DiligenceDecision,
    DiligenceNote,
    DueDiligence,
)

__all__ = [
    "ANSWERED",
    "BEFORE_APPROVAL",
    "ENDED",
    "HELD_BOOKINGS",
    "IN_FORCE",
    "OPEN_BOOKINGS",
    "OPEN_REVISIONS",
    "VISIT",
    "Acknowledgement",
    "Answer",
    "Asset",
    "AssetGroupGrant",
    "AssetKind",
    "AssetPersonGrant",
    "AssetRules",
    "AssetState",
    "BookedFor",
    "Booking",
    "BookingState",
    "CapacityUnit",
    "ChecklistItem",
    "Concurrence",
    "CourseCriterion",
    "CourseOfAction",
    "CourseScore",
    "DecisionPoint",
    "DiligenceDecision",
    "DiligenceNote",
    "DueDiligence",
    "EntryKind",
    "Finding",
    "FrameParticipant",
    "JoiningParty",
    "JournalEntry",
    "MandateTask",
    "Objective",
    "Occupancy",
    "Operation",
    "OperationGroupGrant",
    "OperationLook",
    "OperationPersonGrant",
    "OperationState",
    "OperationTask",
    "OperationType",
    "Participation",
    "ParticipationRole",
    "Phase",
    "PlanRevision",
    "PlanRow",
    "PlanSection",
    "PlanWriter",
    "Procedure",
    "ProcedureStep",
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
    "ReachedDecision",
    "Review",
    "RevisionState",
    "Risk",
    "RiskLevel",
    "SectionKind",
    "TaskDependency",
    "TaskProgress",
    "TaskState",
    "Unavailability",
    "VoteChoice",
    "risk_level",
]
