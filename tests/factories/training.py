"""Makers of training's rows."""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cimic_portal.core.sharing.records import SharedRecord
from tests.factories.core import PersonFactory, PositionFactory, SharedRecordFactory, ago, ahead
from training import models


class LessonThemeFactory(DjangoModelFactory):
    class Meta:
        model = models.LessonTheme
        django_get_or_create = ("name",)

    name = "Planning together"


class LessonFactory(SharedRecordFactory):
    """Published means identified, where no other state is asked for."""

    class Meta:
        model = models.Lesson

    title = factory.Sequence("Lesson {}".format)
    observation = "Trucks waited at the crossing"

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        if fields.get("published") or fields.get("published_at"):
            fields.setdefault("state", models.LessonState.IDENTIFIED)
        state = fields.get("state", models.LessonState.OBSERVED)
        if state in ("submitted", "changed") and "approver" not in fields:
            fields["approver"] = PositionFactory()
        if state in ("action", "changed", "learned"):
            fields.setdefault("owner", PositionFactory())
            fields.setdefault("due_on", ahead(days=30).date())
        if state in ("changed", "learned"):
            fields.setdefault("changed_by", PersonFactory())
        if state == "learned":
            fields.setdefault("learned_at", ago(minutes=5))
        if state not in ("observed", "submitted", "dropped"):
            fields.setdefault("published_at", timezone.now())
        return super()._create(model_class, *args, **fields)


class LessonSourceFactory(DjangoModelFactory):
    class Meta:
        model = models.LessonSource

    lesson = factory.SubFactory(LessonFactory)
    operation = factory.SubFactory("tests.factories.operations.OperationFactory")


class CaseStudyFactory(DjangoModelFactory):
    class Meta:
        model = models.CaseStudy

    title = factory.Sequence("Case {}".format)
    mission = "UNX"
    country = "Carana"
    since_year = 2001
    until_year = 2005
    summary = "A mission that learned"
    story = "## The beginning\n\nIt began."
    worked = "- One table"
    hampered = "- Distance"
    advice = "1. Count interpreters"
