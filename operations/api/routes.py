"""The nouns of operations under /api/v1/."""

from rest_framework.routers import BaseRouter

from operations.api.qip import QipViewSet


def register(router: BaseRouter) -> None:
    """Add operations' nouns to the router of the API."""
    router.register("qips", QipViewSet, "qip")
