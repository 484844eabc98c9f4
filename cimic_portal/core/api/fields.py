"""Fields that every noun of the API uses alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cimic_portal.core.sharing.levels import Classification, Component

if TYPE_CHECKING:
    from cimic_portal.core.sharing.records import SharedRecord


class NamedSerializer(serializers.Serializer[models.Model]):
    """Something else, by number and name: an office, a person, a place."""

    id = serializers.IntegerField(source="pk", read_only=True)
    name = serializers.CharField(source="__str__", read_only=True)


def named(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    """Several others, each as `NamedSerializer` shows it."""
    return [{"id": row.pk, "name": str(row)} for row in rows]


class RowField(serializers.PrimaryKeyRelatedField[Any]):
    """A row of reference data, by its number."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except OverflowError:  # A number in JSON may be beyond all bounds: 1e400.
            self.fail("does_not_exist", pk_value=data)


class MomentField(serializers.DateTimeField):
    """A day and a time, within what a calendar knows in every zone."""

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            return super().enforce_timezone(value)
        except OverflowError:  # The first or the last day of all years, seen from another zone.
            self.fail("overflow")


@extend_schema_field(OpenApiTypes.STR)
class RecordField(serializers.SlugRelatedField[Any]):
    """Another shared record, by its reference: read as it is, written only if the caller may see it."""

    def __init__(self, model: type[SharedRecord], **options: Any) -> None:
        self.model = model
        if not options.get("read_only"):
            # DRF insists on one; which rows it holds is asked for each request.
            options["queryset"] = model._default_manager.none()
        super().__init__(slug_field="reference", **options)

    def get_queryset(self) -> Any:
        return self.model._default_manager.visible_to(self.context["request"].user)


class VerbSerializer(serializers.Serializer[Any]):
    """What every verb carries: the version that was shown."""

    version = serializers.IntegerField(min_value=1)


class ReasonSerializer(VerbSerializer):
    """A verb that is done with a reason."""

    reason = serializers.CharField(max_length=2000)


class SharedSerializer(serializers.ModelSerializer[Any]):
    """Base of the serializers of shared records: what they all carry.

    Subclasses name their own fields in `Meta.fields`, after `SHARED_FIELDS`.
    """

    url = serializers.CharField(
        source="get_absolute_url", read_only=True, help_text="The page of the record."
    )
    owner_office = NamedSerializer(read_only=True)
    author = NamedSerializer(read_only=True)
    classification = serializers.ChoiceField(choices=Classification.choices, read_only=True)
    audience_components = serializers.ListField(
        child=serializers.ChoiceField(choices=Component.choices), read_only=True
    )


SHARED_FIELDS = (
    "reference",
    "url",
    "owner_office",
    "author",
    "classification",
    "audience_components",
    "audience_organisations",
    "published_at",
    "version",
    "created_at",
    "updated_at",
)
