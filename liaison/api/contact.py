"""Contacts in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import SHARED_FIELDS, NamedSerializer, RowField, SharedSerializer
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.api.viewsets import SharedViewSet
from cimic_portal.core.models import Office
from liaison.api.fields import NewContactInput
from liaison.listings.contact import contact_list
from liaison.models import Contact
from liaison.services.contact import add_contact, change_contact
from liaison.services.inputs import NewContact

DETAILS = ("name", "form_of_address", "role", "phone", "email", "languages", "notes")


class ContactSerializer(SharedSerializer):
    organisation = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Contact
        fields = (*SHARED_FIELDS, *DETAILS, "organisation")


class ContactWriting(NewContactInput, SharingFields):
    """A new contact, with who may read it."""

    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))


class ContactChange(serializers.ModelSerializer[Contact]):
    """What is corrected; fields that are not sent stay as they are."""

    serializer_related_field = RowField
    version = serializers.IntegerField(min_value=1)

    class Meta:
        model = Contact
        fields = (*DETAILS, "organisation", "version")


class ContactViewSet(SharedViewSet):
    """People outside the mission."""

    listing = contact_list
    serializer_class = ContactSerializer

    @extend_schema(request=ContactWriting, responses={201: ContactSerializer})
    def create(self, request: Request) -> Response:
        """Enter a contact for one of the caller's offices."""
        sent = ContactWriting(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        office, sharing = data.pop("office"), sharing_of(data)
        entered = add_contact(NewContact(**data), actor=self.person, office=office, sharing=sharing)
        self.kwargs["reference"] = entered.reference
        return self.answer(status.HTTP_201_CREATED)

    @extend_schema(request=ContactChange, responses=ContactSerializer)
    def partial_update(self, request: Request, **_kwargs: Any) -> Response:
        """Correct what is known of a contact."""
        shown = self.get_object()
        sent = ContactChange(data=request.data, partial=True, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        changes = dict(sent.validated_data)
        if "version" not in changes:
            raise serializers.ValidationError({"version": ["Send the version that you were shown."]})
        version = changes.pop("version")
        change_contact(shown, changes, actor=self.person, version=version)
        return self.answer()
