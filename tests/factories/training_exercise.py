"""Makers of exercises and their parts."""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import SharedRecord
from tests.factories.core import SharedRecordFactory, ago, ahead
from training import models


class ExerciseFactory(SharedRecordFactory):
    """Published means scheduled, where no other state is asked for."""

    class Meta:
        model = models.Exercise

    title = factory.Sequence("Exercise {}".format)
    purpose = "Evacuate together"
    scenario = "## The river rises"
    starts_at = factory.LazyFunction(lambda: ahead(days=2))
    ends_at = factory.LazyFunction(lambda: ahead(days=2, hours=3))

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        if fields.get("published") or fields.get("published_at"):
            fields.setdefault("state", models.ExerciseState.SCHEDULED)
        state = fields.get("state", "draft")
        if state in ("ended", "evaluated", "closed"):
            fields.setdefault("ended_at", ago(minutes=5))
        if state == "cancelled":
            fields.setdefault("state_reason", "The road is closed")
        if state not in ("draft", "cancelled") and "published" not in fields:
            fields.setdefault("published_at", timezone.now())
        return super()._create(model_class, *args, **fields)


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = models.ExerciseObjective

    exercise = factory.SubFactory(ExerciseFactory)
    number = factory.Sequence(lambda number: number % 30000 + 1)
    what = "Civilians are warned in time"
    measure = "Within ten minutes"


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = models.ExerciseRole

    exercise = factory.SubFactory(ExerciseFactory)
    title = factory.Sequence("Role {}".format)
    component = Component.MILITARY


class RunFactory(DjangoModelFactory):
    """With a clock where a state is asked for that has one."""

    class Meta:
        model = models.ExerciseRun

    exercise = factory.SubFactory(ExerciseFactory)
    number = factory.Sequence(lambda number: number % 30000 + 1)
    team = factory.Sequence("Team {}".format)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> Any:
        state = fields.get("state", "ready")
        if state != "ready":
            fields.setdefault("started_at", ago(minutes=40))
        if state == "paused":
            fields.setdefault("paused_at", ago(minutes=5))
        if state == "ended":
            fields.setdefault("ended_at", ago(minutes=5))
        return super()._create(model_class, *args, **fields)


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = models.ExerciseSeat


class InjectFactory(DjangoModelFactory):
    class Meta:
        model = models.ExerciseInject

    exercise = factory.SubFactory(ExerciseFactory)
    number = factory.Sequence(lambda number: number % 30000 + 1)
    title = "The bridge is closed"
    text = "Engineers report water over the bridge."


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = models.InjectDelivery

    state = "delivered"
    second = 600


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = models.ExerciseObservation

    seen = "Warned late"
    rating = "partly"
    second = 600


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = models.ExerciseFinding

    exercise = factory.SubFactory(ExerciseFactory, state="ended")
    observation = "One radio is not enough"
    recommendation = "Two radios"


class EntryFactory(DjangoModelFactory):
    class Meta:
        model = models.ExerciseEntry

    role = "Commander"
    side = "player"
    component = Component.MILITARY
    first_on = factory.LazyFunction(lambda: ago(days=2).date())
    last_on = factory.LazyFunction(lambda: ago(days=1).date())
