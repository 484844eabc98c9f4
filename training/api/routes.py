"""The nouns of training under /api/v1/."""

from rest_framework.routers import BaseRouter

from training.api.case import CaseStudyViewSet
from training.api.course import CourseViewSet, SessionViewSet
from training.api.exercise import ExerciseViewSet
from training.api.exercise_plan import (
    InjectViewSet,
    ObjectiveViewSet,
    RoleViewSet,
    RunViewSet,
    SeatViewSet,
)
from training.api.figures import FigureViewSet
from training.api.guidance import GuidanceAcknowledgementViewSet, GuidanceViewSet
from training.api.lesson import LessonViewSet
from training.api.module import ModuleDraftViewSet, ModuleResultViewSet, ModuleViewSet
from training.api.readiness import (
    OfficeReadinessViewSet,
    OperationReadinessViewSet,
    PersonReadinessViewSet,
)
from training.api.record import EnrolmentViewSet, QualificationViewSet, TrainingRecordViewSet
from training.api.requirement import RequirementViewSet

OF_EXERCISE = r"exercises/(?P<reference>[0-9A-Z]{10})"


def register(router: BaseRouter) -> None:
    """Add training's nouns to the router of the API."""
    router.register("lessons", LessonViewSet, "lesson")
    router.register("exercises", ExerciseViewSet, "exercise")
    router.register(f"{OF_EXERCISE}/objectives", ObjectiveViewSet, "exercise-objective")
    router.register(f"{OF_EXERCISE}/roles", RoleViewSet, "exercise-role")
    router.register(f"{OF_EXERCISE}/runs", RunViewSet, "exercise-run")
    router.register(f"{OF_EXERCISE}/injects", InjectViewSet, "exercise-inject")
    router.register(f"{OF_EXERCISE}/seats", SeatViewSet, "exercise-seat")
    router.register("cases", CaseStudyViewSet, "case")
    router.register("modules", ModuleViewSet, "module")
    router.register("module-drafts", ModuleDraftViewSet, "moduledraft")
    router.register("module-results", ModuleResultViewSet, "moduleresult")
    router.register("guidance", GuidanceViewSet, "guidance")
    router.register("guidance-acknowledgements", GuidanceAcknowledgementViewSet, "guidance-acknowledgement")
    router.register("requirements", RequirementViewSet, "requirement")
    router.register("readiness/offices", OfficeReadinessViewSet, "office-readiness")
    router.register("readiness/operations", OperationReadinessViewSet, "operation-readiness")
    router.register("readiness/people", PersonReadinessViewSet, "person-readiness")
    router.register("figures", FigureViewSet, "figure")
    router.register("courses", CourseViewSet, "course")
    router.register("sessions", SessionViewSet, "session")
    router.register("training-records", TrainingRecordViewSet, "training_record")
    router.register("seats", EnrolmentViewSet, "enrolment")
    router.register("qualifications", QualificationViewSet, "qualification")
