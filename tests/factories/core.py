"""Makers of core's rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from factory.django import DjangoModelFactory

from cimic_portal.core import models
from cimic_portal.core.sharing.grants import Grant, grant_tables
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.records import OneRow, SharedRecord

PASSWORD = "walk-the-long-road"


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def rules_are(model: type[OneRow], **values: Any) -> Any:
    """The one row of the mission's rules, with these values and else as shipped."""
    model._default_manager.all().delete()
    return model._default_manager.create(**values)


def ahead(**span: float) -> datetime:
    return timezone.now() + timedelta(**span)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organisation

    name = factory.Sequence("Organisation {}".format)


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = models.Office

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Office {}".format)
    component = Component.MILITARY


class PositionFactory(DjangoModelFactory):
    class Meta:
        model = models.Position

    office = factory.SubFactory(OfficeFactory)
    title = factory.Sequence("Position {}".format)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.Person
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@example.org".format)
    given_name = factory.Sequence("Given{}".format)
    family_name = factory.Sequence("Family{}".format)
    component = Component.MILITARY
    clearance = Classification.STRICTLY_CONFIDENTIAL
    password = factory.django.Password(PASSWORD)


class HoldingFactory(DjangoModelFactory):
    class Meta:
        model = models.Holding

    person = factory.SubFactory(PersonFactory)
    position = factory.SubFactory(PositionFactory)
    since = factory.LazyFunction(lambda: ago(days=60))


class DelegationFactory(DjangoModelFactory):
    class Meta:
        model = models.Delegation

    position = factory.SubFactory(PositionFactory)
    delegator = factory.SubFactory(PersonFactory)
    delegate = factory.SubFactory(PersonFactory)
    since = factory.LazyFunction(lambda: ago(days=30))
    until = factory.LazyFunction(lambda: ahead(days=30))
    reason = "On leave"


class SharingGroupFactory(DjangoModelFactory):
    class Meta:
        model = models.SharingGroup

    name = factory.Sequence("Group {}".format)
    office = factory.SubFactory(OfficeFactory)


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = models.Area
        django_get_or_create = ("pcode",)

    pcode = "CN"
    name = "Carana"
    level = 0
    country = "CRN"


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = models.Area

    parent = factory.SubFactory(CountryFactory)
    pcode = factory.Sequence("CN{:04}".format)
    name = factory.Sequence("Area {}".format)
    level = 1
    country = "CRN"


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = models.Place

    name = factory.Sequence("Place {}".format)
    latitude = "4.360000"
    longitude = "18.550000"


class SharedRecordFactory(DjangoModelFactory):
    """`published=True` stands for a publication an hour ago; give `published_at` for another time."""

    class Meta:
        abstract = True

    owner_office = factory.SubFactory(OfficeFactory)
    author = factory.SubFactory(PersonFactory)

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        if "published" in fields:
            fields.setdefault("published_at", ago(hours=1) if fields.pop("published") else None)
        record: SharedRecord = super()._create(model_class, *args, **fields)
        return record


class DocumentFactory(SharedRecordFactory):
    class Meta:
        model = models.Document

    kind = "sitrep"
    form = "pdf"
    title = factory.Sequence("Document {}".format)


def post_someone(office: models.Office, *, head: bool = False, **person: Any) -> models.Person:
    """A new person in a new position of the office."""
    position = PositionFactory(office=office, is_head=head)
    holder: models.Person = HoldingFactory(position=position, person=PersonFactory(**person)).person
    return holder


def give(record: SharedRecord, to: Any, *, by: models.Person, expires_at: datetime | None = None) -> Grant:
    """A grant as `grant()` leaves it, without the policy; may lie in the past."""
    table, named = grant_tables(type(record), to)
    content_type = ContentType.objects.get_for_model(type(record))
    permission = Permission.objects.get(content_type=content_type, codename=f"view_{content_type.model}")
    made: Grant = table._default_manager.create(
        content_object_id=record.pk,
        permission=permission,
        expires_at=expires_at or ahead(days=7),
        reason="Planning together",
        grantor=by,
        **named,
    )
    return made
