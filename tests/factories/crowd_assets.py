"""Assets in the crowd: one that the reader's office holds, one broken, one of others, with bookings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.levels import Component
from operations.models import BookingState
from tests.factories.cast import Cast
from tests.factories.core import OfficeFactory, PlaceFactory, PositionFactory, ago, ahead
from tests.factories.operations_assets import (
    AssetFactory,
    AssetKindFactory,
    BookingFactory,
    UnavailabilityFactory,
)


class Lent:
    """The reader decides on the team's asset, has confirmed one booking, and asks for one of others."""

    def __init__(self, cast: Cast, reader: Person, position: Position, operation: Any) -> None:
        self.cast, self.reader, self.position, self.operation = cast, reader, position, operation
        team: dict[str, Any] = {"owner_office": cast.team, "author": cast.colleague}
        self.asset = AssetFactory(**team, decider=position, home=PlaceFactory())
        self.broken = AssetFactory(**team, state="under_repair")
        self.other = AssetFactory(
            owner_office=OfficeFactory(), author=cast.outsider, audience_components=[Component.MILITARY]
        )
        theirs = {"office": cast.sector, "requested_by": cast.outsider, "operation": operation}
        self.waiting = BookingFactory(asset=self.asset, decider=position, due_at=ahead(days=1), **theirs)
        self.confirmed = BookingFactory(asset=self.asset, state=BookingState.CONFIRMED, **theirs)
        self.asked = BookingFactory(
            asset=self.other,
            office=cast.team,
            requested_by=reader,
            operation=operation,
            decider=PositionFactory(),
        )
        self.out = UnavailabilityFactory(asset=self.asset, entered_by=cast.colleague)

    def grow(self, someone: Person, number: int) -> Any:
        """Another asset of another kind and office, and more of everything at the hub."""
        kind = AssetKindFactory(name=f"Kind {number}")
        office = OfficeFactory()
        other = AssetFactory(
            owner_office=office,
            author=someone,
            kind=kind,
            home=PlaceFactory(),
            audience_components=[Component.MILITARY],
        )
        start = ago(days=20) + timedelta(days=number)
        theirs = {"office": office, "requested_by": someone, "operation": self.operation}
        for asset in (self.asset, other):
            BookingFactory(
                asset=asset,
                state=BookingState.CONFIRMED,
                starts_at=start,
                ends_at=start + timedelta(hours=9),
                **theirs,
            )
            BookingFactory(asset=asset, decider=self.position, due_at=ahead(days=1), **theirs)
            later = ahead(days=40 + number)
            UnavailabilityFactory(
                asset=asset, entered_by=someone, starts_at=later, ends_at=later + timedelta(hours=5)
            )
        return other
