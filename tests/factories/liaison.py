"""Makers of liaison's rows."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from cimic_portal.core.sharing.records import SharedRecord
from liaison import models
from tests.factories.core import PositionFactory, SharedRecordFactory, ago, ahead


class EngagementKindFactory(DjangoModelFactory):
    class Meta:
        model = models.EngagementKind
        django_get_or_create = ("name",)

    name = "Meeting"


class ContactFactory(SharedRecordFactory):
    class Meta:
        model = models.Contact

    name = factory.Sequence("Contact {}".format)


class EngagementFactory(SharedRecordFactory):
    class Meta:
        model = models.Engagement

    purpose = factory.Sequence("Engagement {}".format)
    kind = factory.SubFactory(EngagementKindFactory)
    starts_at = factory.LazyFunction(lambda: ago(days=1))

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        # Published when released: the database insists.
        if fields.get("published") or fields.get("published_at"):
            fields.setdefault("state", models.EngagementState.RELEASED)
        return super()._create(model_class, *args, **fields)


class TaskingFactory(SharedRecordFactory):
    class Meta:
        model = models.Tasking

    title = factory.Sequence("Tasking {}".format)
    why = "To know"
    assignee = factory.SubFactory(PositionFactory)
    issuer = factory.SubFactory(PositionFactory)
    due_at = factory.LazyFunction(lambda: ahead(days=3))


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = models.Attendance

    engagement = factory.SubFactory(EngagementFactory)


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Commitment

    engagement = factory.SubFactory(EngagementFactory)
    side = models.CommitmentSide.OURS
    what = factory.Sequence("Promise {}".format)


class TaskingResultFactory(DjangoModelFactory):
    class Meta:
        model = models.TaskingResult

    tasking = factory.SubFactory(TaskingFactory)
    engagement = factory.SubFactory(EngagementFactory)
