"""Makers of operations' rows."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from cimic_portal.core.sharing.records import SharedRecord
from operations import models
from operations.services.plan import first_revision
from tests.factories.core import PersonFactory, PositionFactory, SharedRecordFactory, ago, ahead


class OperationTypeFactory(DjangoModelFactory):
    class Meta:
        model = models.OperationType
        django_get_or_create = ("name",)

    name = "Joint patrol"


class OperationFactory(SharedRecordFactory):
    """With its first revision, whose state follows that of the operation."""

    class Meta:
        model = models.Operation

    title = factory.Sequence("Operation {}".format)
    purpose = "So that people can go to market"
    kind = factory.SubFactory(OperationTypeFactory)
    starts_at = factory.LazyFunction(lambda: ahead(days=5))
    ends_at = factory.LazyFunction(lambda: ahead(days=12))
    approver = factory.SubFactory(PositionFactory)

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        state = fields.get("state", models.OperationState.DRAFT)
        if state not in ("draft", "cancelled"):
            fields.setdefault("published", True)
        if state not in ("draft", "staffing", "cancelled"):
            fields.setdefault("approved_at", ago(minutes=30))
            fields.setdefault("order_number", 1)
            fields.setdefault("approved_by", PersonFactory())
        operation: Any = super()._create(model_class, *args, **fields)
        revision = first_revision(operation, actor=operation.author)
        revision.state = {"draft": "draft", "staffing": "staffed", "cancelled": "dropped"}.get(
            state, "in_force"
        )
        revision.published_at = operation.published_at if state != "draft" else None
        revision.save()
        return operation  # type: ignore[no-any-return]


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = models.Participation

    operation = factory.SubFactory(OperationFactory)
    role = models.ParticipationRole.SUPPORT


class RiskFactory(DjangoModelFactory):
    class Meta:
        model = models.Risk

    text = factory.Sequence("Risk {}".format)
    civilians = "Market closes for a day"
    likelihood = 2
    impact = 3


class ReviewFactory(DjangoModelFactory):
    """Finished, so that the operation can be closed."""

    class Meta:
        model = models.Review

    operation = factory.SubFactory(OperationFactory, state="completed")
    expected = "Quiet market days"
    happened = "One road closed"
    why = "Rain"
    next_steps = "Ask for gravel"
    changed_by = factory.SubFactory(PersonFactory)
    finished_by = factory.SelfAttribute("changed_by")
    finished_at = factory.LazyFunction(lambda: ago(minutes=5))


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = models.Finding

    operation = factory.SubFactory(OperationFactory, state="completed")
    observation = factory.Sequence("Trucks waited {} hours".format)
    recommendation = "Open the crossing earlier"
    author = factory.SubFactory(PersonFactory)


class JournalEntryFactory(DjangoModelFactory):
    """By whoever is named, in a position of theirs; numbered in turn."""

    class Meta:
        model = models.JournalEntry

    text = factory.Sequence("Entry {}".format)
    happened_at = factory.LazyFunction(lambda: ago(minutes=10))
    author = factory.SubFactory(PersonFactory)
    position = factory.SubFactory(PositionFactory)
    number = factory.Sequence(lambda number: number + 1)
