"""The nouns of liaison under /api/v1/."""

from rest_framework.routers import BaseRouter

from liaison.api.commitment import CommitmentViewSet
from liaison.api.contact import ContactViewSet
from liaison.api.engagement import EngagementViewSet
from liaison.api.tasking import TaskingViewSet


def register(router: BaseRouter) -> None:
    """Add liaison's nouns to the router of the API."""
    router.register("engagements", EngagementViewSet, "engagement")
    router.register("contacts", ContactViewSet, "contact")
    router.register("taskings", TaskingViewSet, "tasking")
    router.register("promises", CommitmentViewSet, "commitment")
