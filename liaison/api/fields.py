"""Fields that liaison's nouns share in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cimic_portal.core.api.fields import RecordField, RowField
from cimic_portal.core.models import Organisation, Person
from liaison.models import CommitmentSide, Contact
from liaison.services.inputs import Attendee, NewContact, Promise

# As on the form: more is not one meeting any more.
MOST_ROWS = 60


class NewContactInput(serializers.Serializer[Any]):
    """Someone not known yet; `confirmed` when someone of a similar name is."""

    name = serializers.CharField(max_length=160)
    form_of_address = serializers.CharField(max_length=40, required=False, allow_blank=True)
    role = serializers.CharField(max_length=120, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=60, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    languages = serializers.CharField(max_length=120, required=False, allow_blank=True)
    notes = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    organisation = RowField(queryset=Organisation.objects.all(), required=False, allow_null=True)
    new_organisation = serializers.CharField(max_length=200, required=False, allow_blank=True)
    confirmed = serializers.BooleanField(default=False)


class AttendeeInput(serializers.Serializer[Any]):
    """One of: a known contact, one of our own people, an organisation as such."""

    contact = RecordField(Contact, required=False, allow_null=True)
    person = RowField(queryset=Person.objects.filter(is_active=True), required=False, allow_null=True)
    organisation = RowField(queryset=Organisation.objects.all(), required=False, allow_null=True)
    role = serializers.CharField(max_length=120, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("person") and (attrs.get("contact") or attrs.get("organisation")):
            raise serializers.ValidationError({"person": ["Name one person of ours, or one who was met."]})
        if not any(attrs.get(name) for name in ("contact", "person", "organisation")):
            raise serializers.ValidationError({"contact": ["Name who took part."]})
        return attrs


class PromiseInput(serializers.Serializer[Any]):
    """A commitment as entered; `id` when it stood in the report before."""

    id = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    side = serializers.ChoiceField(choices=CommitmentSide.choices)
    what = serializers.CharField(max_length=300)
    organisation = RowField(queryset=Organisation.objects.all(), required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)


def attendees_of(rows: list[dict[str, Any]]) -> tuple[Attendee, ...]:
    return tuple(Attendee(**row) for row in rows)


def new_contacts_of(rows: list[dict[str, Any]]) -> tuple[NewContact, ...]:
    return tuple(NewContact(**row) for row in rows)


def promises_of(rows: list[dict[str, Any]]) -> tuple[Promise, ...]:
    return tuple(Promise(pk=row.pop("id", None), **row) for row in rows)
