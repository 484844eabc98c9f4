"""The nouns of training under /api/v1/."""

from rest_framework.routers import BaseRouter

from training.api.case import CaseStudyViewSet
from training.api.exercise import ExerciseViewSet
from training.api.lesson import LessonViewSet


def register(router: BaseRouter) -> None:
    """Add training's nouns to the router of the API."""
    router.register("lessons", LessonViewSet, "lesson")
    router.register("exercises", ExerciseViewSet, "exercise")
    router.register("cases", CaseStudyViewSet, "case")
