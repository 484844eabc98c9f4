"""Reference data in the API: organisations, offices, positions, people, areas, places. Reading only."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cimic_portal.core.api.fields import NamedSerializer, named
from cimic_portal.core.api.viewsets import ListedViewSet
from cimic_portal.core.listings.area import area_list
from cimic_portal.core.listings.office import office_list
from cimic_portal.core.listings.organisation import organisation_list
from cimic_portal.core.listings.person import person_list, positions_of
from cimic_portal.core.listings.place import place_list
from cimic_portal.core.listings.position import position_list
from cimic_portal.core.models import Area, Office, Organisation, Person, Place, Position


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    class Meta:
        model = Organisation
        fields = ("id", "name", "short_name", "kind", "component", "is_mission", "is_archived", "website")


class OrganisationViewSet(ListedViewSet):
    """Every body that is met or works with the mission."""

    listing = organisation_list
    serializer_class = OrganisationSerializer


class OfficeSerializer(serializers.ModelSerializer[Office]):
    organisation = NamedSerializer(read_only=True)
    part_of = NamedSerializer(source="parent", read_only=True, allow_null=True)

    class Meta:
        model = Office
        fields = ("id", "name", "short_name", "organisation", "part_of", "component", "closed_on")


class OfficeViewSet(ListedViewSet):
    """Units and sections, each in the tree of its organisation. Closed ones leave the list."""

    listing = office_list
    serializer_class = OfficeSerializer


class PositionSerializer(serializers.ModelSerializer[Position]):
    office = NamedSerializer(read_only=True)
    organisation = NamedSerializer(source="office.organisation", read_only=True)
    held_by = serializers.SerializerMethodField()

    class Meta:
        model = Position
        fields = ("id", "title", "office", "organisation", "is_head", "is_archived", "held_by")

    @extend_schema_field(NamedSerializer(many=True))
    def get_held_by(self, position: Any) -> Any:
        return named(holding.person for holding in position.current_holdings)


class PositionViewSet(ListedViewSet):
    """Posts in offices, and who holds them now."""

    listing = position_list
    serializer_class = PositionSerializer


class PersonSerializer(serializers.ModelSerializer[Person]):
    """Name and posts, no more: what else is known of a person is not for everyone."""

    name = serializers.CharField(source="__str__", read_only=True)
    positions = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = ("id", "name", "component", "positions")

    @extend_schema_field(NamedSerializer(many=True))
    def get_positions(self, person: Any) -> Any:
        return named(positions_of(person))


class PersonViewSet(ListedViewSet):
    """People who hold a position now, by name and post."""

    listing = person_list
    serializer_class = PersonSerializer


class AreaSerializer(serializers.ModelSerializer[Area]):
    part_of = serializers.CharField(source="parent.pcode", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Area
        fields = ("pcode", "name", "level", "part_of", "country", "valid_from", "source")


class AreaViewSet(ListedViewSet):
    """Administrative areas by P-code. Boundaries are served as GeoJSON by the area's page."""

    listing = area_list
    serializer_class = AreaSerializer
    lookup_field = "pcode"
    lookup_value_regex = "[0-9A-Za-z_.-]{1,20}"


class PlaceSerializer(serializers.ModelSerializer[Place]):
    area = serializers.CharField(source="area.pcode", read_only=True, allow_null=True, default=None)
    mgrs = serializers.CharField(source="position.mgrs", read_only=True)

    class Meta:
        model = Place
        fields = ("id", "name", "kind", "latitude", "longitude", "mgrs", "area", "pcode", "is_archived")


class PlaceViewSet(ListedViewSet):
    """Named points, with latitude and longitude (WGS 84) and MGRS."""

    listing = place_list
    serializer_class = PlaceSerializer
