"""The demo mission's quick impact projects: one committee, twelve projects, every state."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from cimic_portal.core.models import Office, Organisation, Person, Place, Position
from cimic_portal.core.services.attachments import keep_picture
from cimic_portal.core.sharing.levels import Component
from cimic_portal.overview.demo.qip_words import ANSWERS, PROJECTS, Project
from cimic_portal.overview.demo.records import reference
from operations.models import (
    Qip,
    QipAnswer,
    QipBudgetLine,
    QipCriterion,
    QipMilestone,
    QipPayment,
    QipPhoto,
    QipRules,
    QipSeat,
    QipState,
    QipVote,
)
from operations.models.qip import GRANTED

# The chair first: demo people hold it and two of the seats.
COMMITTEE = [
    ("Force HQ U9", "Plans officer"),
    ("Sector North", "Sector commander"),
    ("Police Sector North", "Community policing officer"),
    ("Civil Affairs", "Chief civil affairs"),
    ("Force HQ Engineers", "Force engineer"),
    ("Office of the SRSG", "Special assistant"),
]
LED_BY = ("Sector North CIMIC", "Sector South CIMIC", "Civil Affairs East", "Sector North CIMIC")
_REVIEWED = {QipState.UNDER_REVIEW, QipState.NOT_APPROVED, *GRANTED}


@dataclass(frozen=True)
class _Made:
    """What every project is made with."""

    rng: random.Random
    now: datetime
    criteria: Sequence[QipCriterion]
    seats: Sequence[tuple[Position, Person]]
    partners: Sequence[Organisation]

    def day(self, days: int) -> Any:
        return (self.now + timedelta(days=days)).date()


def make_qips(rng: random.Random, offices: dict[str, Office], places: Sequence[Place]) -> list[Qip]:
    """Twelve projects led by sectors and civil affairs, with votes, milestones, payments and photos."""
    seats = _committee(offices)
    made = _Made(
        rng=rng,
        now=timezone.now(),
        criteria=list(QipCriterion.objects.filter(is_archived=False)),
        seats=seats,
        partners=list(Organisation.objects.filter(component=Component.HUMANITARIAN).order_by("pk")),
    )
    fitting = [place for place in places if place.kind == "settlement"]
    return [
        _project(made, project, offices[LED_BY[number % len(LED_BY)]], rng.choice(fitting), number)
        for number, project in enumerate(PROJECTS)
    ]


def _committee(offices: dict[str, Office]) -> list[tuple[Position, Person]]:
    QipRules.objects.get_or_create(pk=1)
    seats = []
    for number, (office, title) in enumerate(COMMITTEE):
        position = Position.objects.select_related("office__organisation").get(
            office=offices[office], title=title
        )
        QipSeat.objects.create(position=position, is_chair=number == 0)
        seats.append((position, _holder(position)))
    return seats


def _holder(position: Position) -> Person:
    holding = position.holdings.order_by("pk").select_related("person").first()
    assert holding is not None, "every seat of the demo's committee is held"
    return holding.person


def _project(made: _Made, project: Project, office: Office, place: Place, number: int) -> Qip:
    state = QipState(project.state)
    budget = sum((Decimal(amount) for _what, amount in project.lines), Decimal("0.00"))
    submitted = made.now - timedelta(days=project.age) if state not in (QipState.DRAFT,) else None
    # The demo's own liaison officer and her chief write some; the others by whoever holds the first post.
    post = office.positions.order_by("pk")[number % 2]
    fields: dict[str, Any] = {
        "reference": reference(made.rng),
        "title": project.title.format(place=place.name),
        "need": project.need.format(place=place.name),
        "place": place,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "area": place.area,
        "partner": made.rng.choice(made.partners),
        "beneficiaries": project.beneficiaries,
        "beneficiary_count": project.people,
        "starts_on": made.day(20 - project.age),
        "ends_on": made.day(110 - project.age),
        "currency": "USD",
        "budget": budget,
        "state": state,
        "owner_office": office,
        "author": _holder(post),
        "audience_components": [1, 3] if number % 3 else [1, 2, 3, 4],
        "submitted_at": submitted,
        "published_at": submitted,
        "chair": made.seats[0][0] if submitted else None,
        **_reasons(project, state),
    }
    if state in _REVIEWED:
        fields |= {"quorum": 3, "review_version": 1}
    if state in (QipState.NOT_APPROVED, *GRANTED):
        fields |= {"decided_by": made.seats[0][1], "decided_at": made.now - timedelta(days=project.age - 9)}
    if state in GRANTED:
        fields["approved_amount"] = budget
    if state in (QipState.COMPLETED, QipState.CLOSED):
        fields |= {
            "completed_on": made.day(100 - project.age),
            "completed_by": _holder(office.positions.order_by("pk")[0]),
            "result": project.result,
            "reached_count": project.people,
            "handed_to": "The village committee, in writing",
        }
    qip = Qip.objects.create(**fields)
    _parts(made, project, qip)
    return qip


def _reasons(project: Project, state: QipState) -> dict[str, str]:
    field = {
        QipState.RETURNED: "returned_reason",
        QipState.NOT_APPROVED: "decision_reason",
        QipState.CANCELLED: "cancelled_reason",
    }.get(state)
    return {field: project.result} if field else {}


def _parts(made: _Made, project: Project, qip: Qip) -> None:
    if qip.state != QipState.DRAFT:
        QipAnswer.objects.bulk_create(
            QipAnswer(qip=qip, criterion=criterion, is_met=True, evidence=ANSWERS[place % len(ANSWERS)])
            for place, criterion in enumerate(made.criteria)
        )
    QipBudgetLine.objects.bulk_create(
        QipBudgetLine(qip=qip, what=what, amount=Decimal(amount)) for what, amount in project.lines
    )
    if qip.state in _REVIEWED:
        QipVote.objects.bulk_create(_votes(made, project, qip))
    milestones = _milestones(made, project, qip)
    if qip.state in (QipState.UNDER_WAY, QipState.COMPLETED, QipState.CLOSED):
        _payments(made, qip, milestones)
        _photo(made, qip)


def _votes(made: _Made, project: Project, qip: Qip) -> list[QipVote]:
    """As many as the project says, from the last seat on: the chair's people have something to do."""
    votes = []
    for (position, person), choice in zip(reversed(made.seats), project.votes, strict=False):
        if person.pk == qip.author_id:
            continue
        voted_at = made.now - timedelta(days=max(project.age - 8, 1))
        votes.append(
            QipVote(
                qip=qip,
                position=position,
                choice=choice,
                reason="Seen on the ground; the need is real." if choice == "for" else "Others plan there.",
                voter=person,
                voted_at=voted_at,
            )
        )
    named = {vote.position_id for vote in votes}
    for position, person in made.seats:
        if position.pk not in named and person.pk != qip.author_id:
            votes.append(QipVote(qip=qip, position=position))
    return votes


def _milestones(made: _Made, project: Project, qip: Qip) -> list[QipMilestone]:
    done_all = qip.state in (QipState.COMPLETED, QipState.CLOSED)
    rows = []
    for number, what in enumerate(project.milestones):
        due = 40 * (number + 1) - project.age
        done = done_all or (qip.state == QipState.UNDER_WAY and number == 0)
        rows.append(
            QipMilestone(
                qip=qip,
                what=what,
                due_on=made.day(due),
                done_on=made.day(min(due, -1)) if done else None,
                note="Seen and photographed." if done else "",
            )
        )
    return QipMilestone.objects.bulk_create(rows)


def _payments(made: _Made, qip: Qip, milestones: Sequence[QipMilestone]) -> None:
    """A share for each milestone that is done; the last one is the rest."""
    done = [(row, row.done_on) for row in milestones if row.done_on is not None]
    share = (qip.budget / len(milestones)).quantize(Decimal("0.01"))
    for number, (row, paid_on) in enumerate(done):
        last = number + 1 == len(milestones)
        QipPayment.objects.create(
            qip=qip,
            paid_on=paid_on,
            amount=qip.budget - share * number if last else share,
            voucher=f"V-{qip.pk}-{number + 1:02}",
            milestone=row,
            recorded_by=qip.author,
        )


def _photo(made: _Made, qip: Qip) -> None:
    """A drawn picture of the place: the demo has no photographs of real people."""
    sky, ground = (made.rng.randint(120, 200), 180, 220), (150, made.rng.randint(110, 140), 80)
    image = Image.new("RGB", (800, 600), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 380, 800, 600), fill=ground)
    draw.polygon([(220, 300), (400, 190), (580, 300)], fill=(120, 70, 50))
    draw.rectangle((250, 300, 550, 460), fill=(225, 210, 180))
    draw.rectangle((370, 360, 430, 460), fill=(90, 60, 40))
    file = io.BytesIO()
    image.save(file, "PNG")
    QipPhoto.objects.create(
        qip=qip, caption=f"The site at {qip.place}", added_by=qip.author, **vars(keep_picture(file))
    )
