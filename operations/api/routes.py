"""The nouns of operations under /api/v1/."""

from rest_framework.routers import BaseRouter

from operations.api.asset import AssetViewSet, BookingViewSet
from operations.api.operation import OperationViewSet
from operations.api.plan import PlanViewSet
from operations.api.qip import QipViewSet
from operations.api.schedule import PhaseViewSet, TaskViewSet

OF_OPERATION = r"operations/(?P<reference>[0-9A-Z]{10})"


def register(router: BaseRouter) -> None:
    """Add operations' nouns to the router of the API."""
    router.register("operations", OperationViewSet, "operation")
    router.register(OF_OPERATION, PlanViewSet, "plan")
    router.register(f"{OF_OPERATION}/phases", PhaseViewSet, "operation-phase")
    router.register(f"{OF_OPERATION}/tasks", TaskViewSet, "operation-task")
    router.register("qips", QipViewSet, "qip")
    router.register("assets", AssetViewSet, "asset")
    router.register("bookings", BookingViewSet, "booking")
