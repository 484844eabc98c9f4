"""Makers of assets and bookings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cimic_portal.core.sharing.records import SharedRecord
from operations import models
from operations.models import BookingState
from operations.services.asset_inputs import BookingInput
from tests.factories.cast import Cast
from tests.factories.core import PersonFactory, SharedRecordFactory, ago, ahead


class AssetKindFactory(DjangoModelFactory):
    class Meta:
        model = models.AssetKind
        django_get_or_create = ("name",)

    name = "Truck"


class AssetFactory(SharedRecordFactory):
    """Published always: an asset has no draft."""

    class Meta:
        model = models.Asset

    name = factory.Sequence("Asset {}".format)
    kind = factory.SubFactory(AssetKindFactory)

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        fields.pop("published", None)
        fields.setdefault("published_at", ago(hours=1))
        if fields.get("state", "in_service") != "in_service":
            fields.setdefault("state_reason", "Broken axle")
        return super()._create(model_class, *args, **fields)


class BookingFactory(DjangoModelFactory):
    """With the operation it is for where `operation` is given."""

    class Meta:
        model = models.Booking

    asset = factory.SubFactory(AssetFactory)
    starts_at = factory.LazyFunction(lambda: ahead(days=5))
    ends_at = factory.LazyFunction(lambda: ahead(days=7))
    purpose = "Carry the ballot boxes"
    requested_by = factory.SubFactory(PersonFactory)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> Any:
        operation, task = fields.pop("operation", None), fields.pop("task_key", None)
        state = fields.get("state", BookingState.REQUESTED)
        if state in (BookingState.CONFIRMED, BookingState.DECLINED):
            fields.setdefault("decided_by", fields["requested_by"])
        if state in (BookingState.DECLINED, BookingState.CANCELLED, BookingState.RELEASED):
            fields.setdefault("reason", "Needed elsewhere")
        booking = super()._create(model_class, *args, **fields)
        if operation is not None:
            models.BookedFor.objects.create(booking=booking, operation=operation, task_key=task)
        return booking


class UnavailabilityFactory(DjangoModelFactory):
    class Meta:
        model = models.Unavailability

    starts_at = factory.LazyFunction(lambda: ahead(days=20))
    ends_at = factory.LazyFunction(lambda: ahead(days=22))
    reason = "500-hour service"
    entered_by = factory.SubFactory(PersonFactory)


def truck_of(office: Any, author: Any, **fields: Any) -> Any:
    """An asset that the military and the police see."""
    given = {"owner_office": office, "author": author, "audience_components": [1, 2, 3], **fields}
    return AssetFactory(**given)


def asked(
    cast: Cast, asset: Any, start: datetime | None = None, end: datetime | None = None, **changed: Any
) -> BookingInput:
    """A request of the team for two days."""
    fields = {
        "asset": asset,
        "starts_at": start or ahead(days=5),
        "ends_at": end or ahead(days=7),
        "purpose": "Carry the ballot boxes",
        "office": cast.team,
    }
    return BookingInput(**(fields | changed))
