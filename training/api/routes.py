"""The nouns of training under /api/v1/."""

from rest_framework.routers import BaseRouter

from training.api.case import CaseStudyViewSet
from training.api.guidance import GuidanceAcknowledgementViewSet, GuidanceViewSet
from training.api.lesson import LessonViewSet


def register(router: BaseRouter) -> None:
    """Add training's nouns to the router of the API."""
    router.register("lessons", LessonViewSet, "lesson")
    router.register("cases", CaseStudyViewSet, "case")
    router.register("guidance", GuidanceViewSet, "guidance")
    router.register("guidance-acknowledgements", GuidanceAcknowledgementViewSet, "guidance-acknowledgement")
