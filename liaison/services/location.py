"""Where an engagement took place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cimic_portal.core.models import area_at

if TYPE_CHECKING:
    from liaison.models import Engagement
    from liaison.services.inputs import EngagementInput


def place_engagement(engagement: Engagement, data: EngagementInput) -> None:
    """Take place and coordinates from the input; the area follows from the coordinates.

    A place without coordinates of its own in the form lends its own.
    """
    latitude, longitude = data.latitude, data.longitude
    if latitude is None and data.place is not None:
        latitude, longitude = data.place.latitude, data.place.longitude
    engagement.place = data.place
    engagement.location = data.location
    engagement.latitude, engagement.longitude = latitude, longitude
    engagement.area = None
    if latitude is not None and longitude is not None:
        engagement.area = area_at(latitude, longitude)
