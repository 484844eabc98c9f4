"""Assets and bookings in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import SHARED_FIELDS, NamedSerializer, ReasonSerializer, SharedSerializer
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from cimic_portal.core.models import Person
from operations.api import asset_fields as fields
from operations.listings.asset import asset_list
from operations.listings.booking import booking_list
from operations.models import Asset, BookedFor, Booking, Occupancy
from operations.services import asset as assets
from operations.services import booking as bookings


class AssetSerializer(SharedSerializer):
    """An asset as a list shows it."""

    kind = NamedSerializer(read_only=True)
    home = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Asset
        fields: ClassVar[tuple[str, ...]] = (
            *SHARED_FIELDS,
            "name",
            "kind",
            "number",
            "capabilities",
            "quantity",
            "capacity",
            "capacity_unit",
            "languages",
            "home",
            "conditions",
            "state",
            "state_reason",
            "back_at",
        )


class AssetWhole(AssetSerializer):
    """One asset with who decides on it, and when it is taken from now on."""

    decider = NamedSerializer(read_only=True, allow_null=True)
    taken = serializers.SerializerMethodField()

    class Meta(AssetSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (*AssetSerializer.Meta.fields, "decider", "taken")

    @extend_schema_field(fields.TakenSerializer(many=True))
    def get_taken(self, asset: Asset) -> Any:
        person: Person = self.context["request"].user
        rows = Occupancy.objects.visible_to(person).filter(asset=asset).from_now()
        return fields.TakenSerializer(rows.select_related("unavailability"), many=True).data


class AssetViewSet(SharedViewSet):
    """What offices hold and lend: vehicles, plant, aircraft, teams, stores."""

    listing = asset_list
    serializer_class = AssetWhole
    joins = (*SharedViewSet.joins, "decider__office")

    def get_serializer_class(self) -> Any:
        return AssetSerializer if self.action == "list" else AssetWhole

    @extend_schema(request=fields.NewAsset, responses={201: AssetWhole})
    def create(self, request: Request) -> Response:
        """Enter an asset of one of the caller's offices."""
        sent = fields.NewAsset(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        office = sent.validated_data.pop("office")
        entered = assets.register_asset(sent.input(), actor=self.person, office=office)
        self.kwargs["reference"] = entered.reference
        return self.answer(status.HTTP_201_CREATED)

    @extend_schema(request=fields.ChangedAsset, responses=AssetWhole)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Change what is said of an asset; all of it is sent. Who may read it stays."""
        shown = self.get_object()
        sent = fields.ChangedAsset(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        version = sent.validated_data.pop("version")
        assets.edit_asset(shown, sent.input(), actor=self.person, version=version)
        return self.answer()

    block = verb_route("block", assets.block_asset, fields.Block)
    unblock = verb_route("unblock", assets.unblock_asset, fields.Unblock)
    repair = verb_route("repair", assets.send_to_repair, fields.Repair)
    send_back = verb_route("return", assets.return_to_service, attribute="send_back")
    withdraw = verb_route("withdraw", assets.withdraw_asset, ReasonSerializer)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """A booking; `operation` and `task` only where the caller may see the operation."""

    asset = serializers.SlugRelatedField(slug_field="reference", read_only=True)  # type: ignore[var-annotated]
    asset_name = serializers.CharField(source="asset.name", read_only=True)
    operation = serializers.SerializerMethodField()
    task = serializers.SerializerMethodField()
    office = NamedSerializer(read_only=True)
    requested_by = NamedSerializer(read_only=True)
    decider = NamedSerializer(read_only=True, allow_null=True)
    decided_by = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Booking
        fields = (
            "id",
            "version",
            "asset",
            "asset_name",
            "operation",
            "task",
            "starts_at",
            "ends_at",
            "purpose",
            "office",
            "requested_by",
            "requested_at",
            "decider",
            "due_at",
            "state",
            "decided_by",
            "decided_at",
            "reason",
            "freed_at",
        )

    def _use(self, booking: Any) -> BookedFor | None:
        use: BookedFor | None = booking.shown_use
        return use

    def get_operation(self, booking: Booking) -> str | None:
        """The reference of the operation."""
        use = self._use(booking)
        return use.operation.reference if use else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_task(self, booking: Booking) -> Any:
        """The key of the task in the operation's plan."""
        use = self._use(booking)
        return use.task_key if use else None


class BookingViewSet(SharedViewSet):
    """Bookings of assets: asked for, confirmed, given back."""

    listing = booking_list
    serializer_class = BookingSerializer
    joins = ("requested_by", "decided_by")
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"

    def get_queryset(self) -> Any:
        return Booking.objects.visible_to(self.person)

    @extend_schema(request=fields.NewBooking, responses={201: BookingSerializer})
    def create(self, request: Request) -> Response:
        """Ask for an asset for an operation; what the caller's own office holds is booked at once."""
        sent = fields.NewBooking(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        operation = sent.validated_data.pop("operation")
        made = bookings.request_asset(operation, sent.input(), actor=self.person)
        self.kwargs["id"] = str(made.pk)
        return self.answer(status.HTTP_201_CREATED)

    confirm = verb_route("confirm", bookings.confirm_booking)
    decline = verb_route("decline", bookings.decline_booking, ReasonSerializer)
    move = verb_route("move", bookings.move_booking, fields.Moved)
    cancel = verb_route("cancel", bookings.cancel_booking, ReasonSerializer)
    release = verb_route("release", bookings.release_booking, ReasonSerializer)
