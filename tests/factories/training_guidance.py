"""Makers of guidance, its versions and what is asked about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cimic_portal.core.sharing.records import SharedRecord
from tests.factories.core import PersonFactory, PositionFactory, SharedRecordFactory
from training import models


class GuidanceKindFactory(DjangoModelFactory):
    class Meta:
        model = models.GuidanceKind
        django_get_or_create = ("name",)

    name = "Policy"


class GuidanceFactory(SharedRecordFactory):
    """Published means in force, where no other state is asked for. Versions are made beside it."""

    class Meta:
        model = models.Guidance

    title = factory.Sequence("Guidance {}".format)
    kind = factory.SubFactory(GuidanceKindFactory)

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        if fields.get("published") or fields.get("published_at"):
            fields.setdefault("state", models.GuidanceState.IN_FORCE)
        if fields.get("state") == models.GuidanceState.IN_FORCE:
            today = timezone.localdate()
            fields.setdefault("published_at", timezone.now())
            fields = {
                "in_force_number": 1,
                "in_force_since": today,
                "asked_from": 1,
                "review_due_on": today + timedelta(days=300),
                **fields,
            }
        if fields.get("state") == models.GuidanceState.WITHDRAWN:
            fields.setdefault("state_reason", "Out of date")
        if "owner" not in fields:
            fields["owner"] = PositionFactory(office=fields["owner_office"])
        return super()._create(model_class, *args, **fields)


class GuidanceVersionFactory(DjangoModelFactory):
    """In force where nothing else is asked for."""

    class Meta:
        model = models.GuidanceVersion

    guidance = factory.SubFactory(GuidanceFactory, published=True)
    number = 1
    text = "## Purpose\n\nSo that everybody knows.\n\n## Rules\n\n- Ask first."
    author = factory.SubFactory(PersonFactory)
    state = models.VersionState.IN_FORCE

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> Any:
        state = fields["state"]
        fields.setdefault("writers", [fields["author"].pk])
        if state in ("in_force", "superseded", "withdrawn"):
            fields.setdefault("published_at", timezone.now())
        if state in ("approved", "in_force", "superseded"):
            fields.setdefault("decided_by", PersonFactory())
            fields.setdefault("effective_on", timezone.localdate())
        return super()._create(model_class, *args, **fields)


class GuidanceReviewerFactory(DjangoModelFactory):
    class Meta:
        model = models.GuidanceReviewer

    version = factory.SubFactory(GuidanceVersionFactory, state="review")
    guidance = factory.SelfAttribute("version.guidance")
    position = factory.SubFactory(PositionFactory)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class GuidanceCommentFactory(DjangoModelFactory):
    class Meta:
        model = models.GuidanceComment

    version = factory.SubFactory(GuidanceVersionFactory, state="review")
    text = "Say who decides"
    author = factory.SubFactory(PersonFactory)


class GuidanceAcknowledgementFactory(DjangoModelFactory):
    class Meta:
        model = models.GuidanceAcknowledgement

    version = factory.SubFactory(GuidanceVersionFactory)
    person = factory.SubFactory(PersonFactory)
    position = factory.SubFactory(PositionFactory)
    office = factory.SelfAttribute("position.office")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class GuidanceConcernFactory(DjangoModelFactory):
    class Meta:
        model = models.GuidanceConcern

    guidance = factory.SubFactory(GuidanceFactory, published=True)
