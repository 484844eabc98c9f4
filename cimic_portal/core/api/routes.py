"""The nouns of core under /api/v1/."""

from rest_framework.routers import BaseRouter

from cimic_portal.core.api.documents import DocumentViewSet
from cimic_portal.core.api.own import NotificationViewSet
from cimic_portal.core.api.reference import (
    AreaViewSet,
    OfficeViewSet,
    OrganisationViewSet,
    PersonViewSet,
    PlaceViewSet,
    PositionViewSet,
)


def register(router: BaseRouter) -> None:
    """Add core's nouns to the router of the API."""
    router.register("organisations", OrganisationViewSet, "organisation")
    router.register("offices", OfficeViewSet, "office")
    router.register("positions", PositionViewSet, "position")
    router.register("people", PersonViewSet, "person")
    router.register("areas", AreaViewSet, "area")
    router.register("places", PlaceViewSet, "place")
    router.register("documents", DocumentViewSet, "document")
    router.register("notifications", NotificationViewSet, "notification")
