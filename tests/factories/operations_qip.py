"""Makers of quick impact projects."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from cimic_portal.core.sharing.records import SharedRecord
from operations import models
from operations.models import QipState
from tests.factories.cast import Cast
from tests.factories.core import OrganisationFactory, PersonFactory, SharedRecordFactory, ago

_PUBLISHED = {QipState.SUBMITTED, QipState.UNDER_REVIEW, *models.qip.GRANTED, QipState.NOT_APPROVED}


class QipCriterionFactory(DjangoModelFactory):
    class Meta:
        model = models.QipCriterion
        django_get_or_create = ("name",)

    name = "Quick impact"


class QipFactory(SharedRecordFactory):
    """Published where its state asks for it; what was granted names the amount and who decided."""

    class Meta:
        model = models.Qip

    title = factory.Sequence("Project {}".format)
    need = "Water"
    currency = "USD"
    budget = Decimal("900.00")

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        state = fields.get("state", QipState.DRAFT)
        if fields.get("published") and "state" not in fields:
            state = fields["state"] = QipState.SUBMITTED
        if state in _PUBLISHED and "published" not in fields:
            fields.setdefault("published_at", ago(hours=1))
        if state in models.qip.GRANTED:
            fields.setdefault("approved_amount", fields.get("budget", cls.budget))
            fields.setdefault("decided_by", PersonFactory())
        if state == QipState.UNDER_REVIEW:
            fields.setdefault("quorum", 2)
            fields.setdefault("review_version", 1)
        return super()._create(model_class, *args, **fields)


class QipVoteFactory(DjangoModelFactory):
    class Meta:
        model = models.QipVote


class QipMilestoneFactory(DjangoModelFactory):
    class Meta:
        model = models.QipMilestone

    what = factory.Sequence("Milestone {}".format)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=20))


class QipPaymentFactory(DjangoModelFactory):
    class Meta:
        model = models.QipPayment

    amount = Decimal("10.00")
    paid_on = factory.LazyFunction(timezone.localdate)
    voucher = factory.Sequence("V-{}".format)


class QipPhotoFactory(DjangoModelFactory):
    class Meta:
        model = models.QipPhoto

    caption = factory.Sequence("Photo {}".format)
    content_type = "image/png"
    size = 10
    width = 4
    height = 3
    sha256 = "0" * 64
    preview_sha256 = "0" * 64


def post_of(person: Any) -> Any:
    """The position a person of the cast holds."""
    return person.holdings.get().position


def make_committee(cast: Cast, *, quorum: int = 2) -> models.QipRules:
    """Head above chairs; head, the police officer and the usual author's own position sit on it."""
    rules, _new = models.QipRules.objects.update_or_create(
        pk=1, defaults={"quorum": quorum, "ceiling": Decimal("1000.00"), "currency": "USD", "nearby_km": 10}
    )
    models.QipSeat.objects.all().delete()
    for person in (cast.head_above, cast.head, cast.other_component, cast.owner):
        models.QipSeat.objects.create(position=post_of(person), is_chair=person == cast.head_above)
    return rules


def whole_qip(cast: Cast, **fields: Any) -> Any:
    """A proposal of the owner with everything that the committee needs."""
    criterion = QipCriterionFactory()
    models.QipCriterion.objects.exclude(pk=criterion.pk).update(is_archived=True)
    today = timezone.localdate()
    given = {
        "owner_office": cast.team,
        "author": cast.owner,
        "title": "Well in Kona",
        "location": "Market square",
        "latitude": Decimal("4.360000"),
        "longitude": Decimal("18.550000"),
        "partner": OrganisationFactory(),
        "beneficiaries": "The quarter",
        "starts_on": today,
        "ends_on": today + timedelta(days=60),
        **fields,
    }
    qip = QipFactory(**given)
    models.QipAnswer.objects.create(qip=qip, criterion=criterion, is_met=True, evidence="Two months")
    models.QipBudgetLine.objects.create(qip=qip, what="Pump", amount=qip.budget)
    QipMilestoneFactory(qip=qip)
    return qip


def reviewed_qip(cast: Cast, votes: dict[str, str] | None = None, **fields: Any) -> Any:
    """Under review, with the committee's seats; `votes`: the choice of people of the cast by name."""
    make_committee(cast)
    qip = whole_qip(cast, state=QipState.UNDER_REVIEW, chair=post_of(cast.head_above), **fields)
    for name in ("head_above", "head", "other_component"):
        person, choice = getattr(cast, name), (votes or {}).get(name, "")
        cast_by = {"choice": choice, "reason": "So", "voter": person, "voted_at": timezone.now()}
        QipVoteFactory(qip=qip, position=post_of(person), **(cast_by if choice else {}))
    return qip


def running_qip(cast: Cast, state: str = QipState.UNDER_WAY, **fields: Any) -> Any:
    """Approved by the head above, with an open milestone."""
    make_committee(cast)
    return whole_qip(cast, state=state, chair=post_of(cast.head_above), decided_by=cast.head_above, **fields)


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> BytesIO:
    """A small picture file."""
    file = BytesIO()
    Image.new("RGB", size, (30, 90, 160)).save(file, kind, **options)
    file.seek(0)
    file.name = f"picture.{kind.lower()}"
    return file
