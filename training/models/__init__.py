"""What training keeps."""

from training.models.absence import Absence, AbsenceKind
from training.models.case import CaseStudy
from training.models.course import Course, CoursePhase, Session, SessionState
from training.models.enrolment import OPEN_ENROLMENTS, Enrolment, EnrolmentState, Result
from training.models.exercise import (
    MARK,
    Exercise,
    ExerciseForm,
    ExerciseGroupGrant,
    ExercisePersonGrant,
    ExerciseState,
)
from training.models.exercise_entry import ExerciseEntry
from training.models.exercise_inject import (
    DeliveryState,
    ExerciseInject,
    InjectAddressee,
    InjectDecision,
    InjectDelivery,
    InjectExpectation,
    InjectResponse,
    Stance,
    clock_words,
)
from training.models.exercise_parts import (
    ExerciseObjective,
    ExerciseRole,
    ExerciseRun,
    ExerciseSeat,
    Rating,
    RunState,
    Side,
)
from training.models.exercise_review import ExerciseFinding, ExerciseObservation, ExerciseReview
from training.models.guidance import (
    Guidance,
    GuidanceConcern,
    GuidanceGroupGrant,
    GuidanceKind,
    GuidancePersonGrant,
    GuidanceState,
)
from training.models.guidance_acknowledgement import GuidanceAcknowledgement
from training.models.guidance_review import CommentState, GuidanceComment, GuidanceReviewer, ReviewAnswer
from training.models.guidance_version import GuidanceVersion, VersionState
from training.models.lesson import Lesson, LessonGroupGrant, LessonPersonGrant, LessonSource, LessonState
from training.models.module import Module, ModuleEdition, ModuleKind, ModuleLanguage
from training.models.module_content import Content, Page, PagePicture, Question
from training.models.module_draft import (
    ModuleDraft,
    ModuleDraftGroupGrant,
    ModuleDraftPersonGrant,
    ModuleDraftState,
    ModulePicture,
)
from training.models.module_learning import ModuleAttempt, ModuleProgress, ModuleResult
from training.models.module_package import ModulePackage
from training.models.qualification import Proof, Qualification, Way
from training.models.record import (
    Reads,
    RecordOffice,
    TrainingRecord,
    TrainingRecordGroupGrant,
    TrainingRecordPersonGrant,
)
from training.models.reminder import Reminder
from training.models.requirement import (
    LONGEST_DAYS,
    TARGETS,
    CountedFrom,
    OperationRequirement,
    Requirement,
    Whom,
)
from training.models.rules import TrainingRules
from training.models.theme import LessonTheme

__all__ = [
    "LONGEST_DAYS",
    "MARK",
    "OPEN_ENROLMENTS",
    "TARGETS",
    "Absence",
    "AbsenceKind",
    "CaseStudy",
    "CommentState",
    "Content",
    "CountedFrom",
    "Course",
    "CoursePhase",
    "DeliveryState",
    "Enrolment",
    "EnrolmentState",
    "Exercise",
    "ExerciseEntry",
    "ExerciseFinding",
    "ExerciseForm",
    "ExerciseGroupGrant",
    "ExerciseInject",
    "ExerciseObjective",
    "ExerciseObservation",
    "ExercisePersonGrant",
    "ExerciseReview",
    "ExerciseRole",
    "ExerciseRun",
    "ExerciseSeat",
    "ExerciseState",
    "Guidance",
    "GuidanceAcknowledgement",
    "GuidanceComment",
    "GuidanceConcern",
    "GuidanceGroupGrant",
    "GuidanceKind",
    "GuidancePersonGrant",
    "GuidanceReviewer",
    "GuidanceState",
    "GuidanceVersion",
    "InjectAddressee",
    "InjectDecision",
    "InjectDelivery",
    "InjectExpectation",
    "InjectResponse",
    "Lesson",
    "LessonGroupGrant",
    "LessonPersonGrant",
    "LessonSource",
    "LessonState",
    "LessonTheme",
    "Module",
    "ModuleAttempt",
    "ModuleDraft",
    "ModuleDraftGroupGrant",
    "ModuleDraftPersonGrant",
    "ModuleDraftState",
    "ModuleEdition",
    "ModuleKind",
    "ModuleLanguage",
    "ModulePackage",
    "ModulePicture",
    "ModuleProgress",
    "ModuleResult",
    "OperationRequirement",
    "Page",
    "PagePicture",
    "Proof",
    "Qualification",
    "Question",
    "Rating",
    "Reads",
    "RecordOffice",
    "Reminder",
    "Requirement",
    "Result",
    "ReviewAnswer",
    "RunState",
    "Session",
    "SessionState",
    "Side",
    "Stance",
    "TrainingRecord",
    "TrainingRecordGroupGrant",
    "TrainingRecordPersonGrant",
    "TrainingRules",
    "VersionState",
    "Way",
    "Whom",
    "clock_words",
]
