"""The nouns of operations under /api/v1/."""

from rest_framework.routers import BaseRouter

from operations.api.journal import JournalViewSet, ReachedViewSet
from operations.api.operation import OperationViewSet
from operations.api.papers import PaperViewSet
from operations.api.plan import PlanViewSet
from operations.api.qip import QipViewSet
from operations.api.review import ReviewViewSet
from operations.api.schedule import PhaseViewSet, TaskViewSet

OF_OPERATION = r"operations/(?P<reference>[0-9A-Z]{10})"


def register(router: BaseRouter) -> None:
    """Add operations' nouns to the router of the API."""
    router.register("operations", OperationViewSet, "operation")
    router.register(OF_OPERATION, PlanViewSet, "plan")
    router.register(OF_OPERATION, ReviewViewSet, "review")
    router.register(f"{OF_OPERATION}/phases", PhaseViewSet, "operation-phase")
    router.register(f"{OF_OPERATION}/tasks", TaskViewSet, "operation-task")
    router.register(f"{OF_OPERATION}/papers", PaperViewSet, "operation-paper")
    router.register(f"{OF_OPERATION}/journal", JournalViewSet, "operation-journal")
    router.register(f"{OF_OPERATION}/reached", ReachedViewSet, "operation-reached")
    router.register("qips", QipViewSet, "qip")
