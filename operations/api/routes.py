"""The nouns of operations under /api/v1/."""

from rest_framework.routers import BaseRouter

from operations.api.operation import OperationViewSet
from operations.api.plan import PlanViewSet
from operations.api.qip import QipViewSet


def register(router: BaseRouter) -> None:
    """Add operations' nouns to the router of the API."""
    router.register("operations", OperationViewSet, "operation")
    router.register(r"operations/(?P<reference>[0-9A-Z]{10})", PlanViewSet, "plan")
    router.register("qips", QipViewSet, "qip")
