"""What training keeps."""

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
from training.models.lesson import Lesson, LessonGroupGrant, LessonPersonGrant, LessonSource, LessonState
from training.models.qualification import Proof, Qualification, Way
from training.models.record import (
    Reads,
    RecordOffice,
    TrainingRecord,
    TrainingRecordGroupGrant,
    TrainingRecordPersonGrant,
)
from training.models.rules import TrainingRules
from training.models.theme import LessonTheme

__all__ = [
    "MARK",
    "OPEN_ENROLMENTS",
    "CaseStudy",
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
    "Proof",
    "Qualification",
    "Rating",
    "Reads",
    "RecordOffice",
    "Result",
    "RunState",
    "Session",
    "SessionState",
    "Side",
    "Stance",
    "TrainingRecord",
    "TrainingRecordGroupGrant",
    "TrainingRecordPersonGrant",
    "TrainingRules",
    "Way",
    "clock_words",
]
