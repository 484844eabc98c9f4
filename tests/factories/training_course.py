"""Makers of courses, sessions, training records and what stands on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cimic_portal.core.models import Person
from tests.factories.core import OfficeFactory, PersonFactory, SharedRecordFactory, ago, ahead, post_someone
from training import models
from training.services.record import open_to, record_of


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = models.Course
        django_get_or_create = ("code",)

    code = factory.Sequence("CRS-{}".format)
    title = factory.Sequence("Course {}".format)
    authority = "Training centre of the mission"
    validity_months = 12


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = models.Session

    course = factory.SubFactory(CourseFactory)
    starts_at = factory.LazyFunction(lambda: ahead(days=10))
    ends_at = factory.LazyAttribute(lambda one: one.starts_at + (ahead(days=2) - ahead(days=1)))
    seats = 2
    room = "Training hall"


class TrainingRecordFactory(SharedRecordFactory):
    """Of somebody new, for an office that is named; `record_for` makes one as the portal does."""

    class Meta:
        model = models.TrainingRecord

    person = factory.SubFactory(PersonFactory)


class RecordOfficeFactory(DjangoModelFactory):
    class Meta:
        model = models.RecordOffice

    record = factory.SubFactory(TrainingRecordFactory)
    why = models.Reads.COURSE


def record_for(person: Person | None = None) -> models.TrainingRecord:
    return record_of(person or post_someone(OfficeFactory()))


def seat_for(person: Person | None = None, **fields: Any) -> models.Enrolment:
    """An enrolment as it stands; the columns of the session follow the state."""
    session = fields.pop("session", None) or SessionFactory()
    state = fields.setdefault("state", models.EnrolmentState.ENROLLED)
    record = fields.pop("record", None) or record_for(person)
    fields.setdefault("nominated_by", record.person)
    open_to(record, session.course.office)
    made = models.Enrolment.objects.create(
        record=record, session=session, during=(session.starts_at, session.ends_at), **fields
    )
    if state in ("enrolled", "attended", "absent"):
        session.taken += 1
    elif state == "waiting":
        session.waiting += 1
    session.save()
    return made


class QualificationFactory(DjangoModelFactory):
    """Confirmed, where nothing else is said."""

    class Meta:
        model = models.Qualification

    record = factory.LazyFunction(record_for)
    course = factory.SubFactory(CourseFactory)
    issued_on = factory.LazyFunction(lambda: ago(days=30).date())
    expires_on = factory.LazyAttribute(lambda one: one.course.expiry(one.issued_on))
    way = models.Way.SESSION
    entered_by = factory.SelfAttribute("record.person")
    confirmed_at = factory.LazyFunction(timezone.now)
    confirmed_by = factory.SelfAttribute("record.person")


class ProofFactory(DjangoModelFactory):
    class Meta:
        model = models.Proof

    qualification = factory.SubFactory(QualificationFactory)
    record = factory.SelfAttribute("qualification.record")
    sha256 = "0" * 64
    preview_sha256 = "0" * 64
    content_type = "image/jpeg"
    size = 1000
    width = 100
    height = 100
    caption = "Certificate"
    added_by = factory.SelfAttribute("record.person")


def day(text: str) -> date:
    return date.fromisoformat(text)
