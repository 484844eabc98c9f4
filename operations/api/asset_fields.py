"""Fields of assets and bookings in the API: what is sent."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cimic_portal.core.api.fields import MomentField, RecordField, RowField, VerbSerializer
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.models import Office, Place, Position
from operations.models import Asset, AssetKind, CapacityUnit, Occupancy, Operation
from operations.services.asset_inputs import AssetInput, BookingInput

MAX_ID = 2**63 - 1
MOST_PIECES = 30_000


class TakenSerializer(serializers.ModelSerializer[Occupancy]):
    """A time in which the asset is not free; `ends_at` empty: until further notice.

    `why` is told of times out of service; for what it is booked, the bookings tell those who may know.
    """

    is_out = serializers.SerializerMethodField()
    why = serializers.CharField(source="unavailability.reason", default="", read_only=True)
    unavailability = serializers.IntegerField(source="unavailability_id", read_only=True, allow_null=True)

    class Meta:
        model = Occupancy
        fields = ("starts_at", "ends_at", "is_out", "why", "unavailability")

    def get_is_out(self, row: Occupancy) -> bool:
        return row.unavailability_id is not None


class AssetWriting(SharingFields):
    """A whole asset as it is written."""

    name = serializers.CharField(max_length=120)
    kind = RowField(queryset=AssetKind.objects.filter(is_archived=False))
    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    capabilities = serializers.CharField(max_length=400, required=False, allow_blank=True)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES, default=1)
    capacity = serializers.DecimalField(
        max_digits=9, decimal_places=1, min_value=0, required=False, allow_null=True
    )
    capacity_unit = serializers.ChoiceField(choices=CapacityUnit.choices, required=False, allow_blank=True)
    languages = serializers.CharField(max_length=200, required=False, allow_blank=True)
    home = RowField(queryset=Place.objects.filter(is_archived=False), required=False, allow_null=True)
    decider = RowField(
        queryset=Position.objects.filter(is_archived=False).select_related("office"),
        required=False,
        allow_null=True,
    )
    conditions = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    def input(self) -> AssetInput:
        """What was sent, for the services."""
        data = dict(self.validated_data)
        return AssetInput(sharing=sharing_of(data), **data)


class NewAsset(AssetWriting):
    """An asset of one of the caller's offices."""

    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))


class ChangedAsset(AssetWriting):
    """An asset that replaces what stands there, on the version that was shown."""

    version = serializers.IntegerField(min_value=1)


class Block(VerbSerializer):
    starts_at = MomentField()
    ends_at = MomentField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=200)


class Unblock(VerbSerializer):
    """`unavailability` by its number, as the asset tells it under `taken`."""

    unavailability = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    reason = serializers.CharField(max_length=300)


class Repair(VerbSerializer):
    reason = serializers.CharField(max_length=2000)
    back_at = MomentField(allow_null=True, default=None)


class Moved(VerbSerializer):
    starts_at = MomentField()
    ends_at = MomentField()


class NewBooking(serializers.Serializer[Any]):
    """A request: asset and operation by reference, the task by its key."""

    operation = RecordField(Operation)
    asset = RecordField(Asset)
    task = serializers.UUIDField(required=False, allow_null=True)
    starts_at = MomentField()
    ends_at = MomentField()
    purpose = serializers.CharField(max_length=300)
    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))

    def input(self) -> BookingInput:
        """What was sent, for the services."""
        return BookingInput(**self.validated_data)
