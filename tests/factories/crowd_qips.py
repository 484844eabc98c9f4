"""Quick impact projects in the crowd: one in each state for the reader, and many around it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.levels import Component
from operations import models
from tests.factories.cast import Cast
from tests.factories.core import (
    AreaFactory,
    OfficeFactory,
    OrganisationFactory,
    PlaceFactory,
    PositionFactory,
)
from tests.factories.operations_qip import (
    QipCriterionFactory,
    QipFactory,
    QipMilestoneFactory,
    QipPaymentFactory,
    QipPhotoFactory,
    QipVoteFactory,
    whole_qip,
)

SPOT = {"latitude": Decimal("4.360000"), "longitude": Decimal("18.550000")}


class Projects:
    """The reader chairs the committee, sits on it, and is of the office that leads the projects."""

    def __init__(self, cast: Cast, reader: Person, position: Position) -> None:
        self.cast, self.reader, self.position = cast, reader, position
        rules, _new = models.QipRules.objects.update_or_create(
            pk=1, defaults={"quorum": 1, "ceiling": Decimal("1000.00")}
        )
        self.rules = rules
        models.QipSeat.objects.create(position=position, is_chair=True)
        team: dict[str, Any] = {"author": cast.colleague, "chair": position}
        self.running = whole_qip(cast, **team, state="under_way", published=True)
        self.milestone = models.QipMilestone.objects.unscoped("the crowd").get(qip=self.running)
        self.payment = QipPaymentFactory(qip=self.running, recorded_by=cast.colleague)
        self.photo = QipPhotoFactory(qip=self.running, added_by=cast.colleague)
        self.draft = whole_qip(cast, author=reader)
        self.submitted = whole_qip(cast, **team, state="submitted")
        self.approved = whole_qip(cast, **team, state="approved")
        self.completed = whole_qip(cast, **team, state="completed")
        self.reviewed = self._reviewed("")
        self.voted, self.voted_down = self._reviewed("for"), self._reviewed("against")
        self.criterion = models.QipCriterion.objects.get(is_archived=False)
        self.seat = models.QipSeat.objects.get(position=position)

    def _reviewed(self, choice: str) -> Any:
        qip = whole_qip(
            self.cast, author=self.cast.colleague, chair=self.position, state="under_review", quorum=1
        )
        QipVoteFactory(qip=qip, position=self.position)
        if choice:
            other = self.cast.head.holdings.get()
            cast_by = {"choice": choice, "reason": "So", "voter": other.person}
            QipVoteFactory(qip=qip, position=other.position, voted_at=qip.created_at, **cast_by)
        return qip

    def grow(self, someone: Person, number: int) -> Any:
        """One more of every part of the hubs, and one more project, place and seat around them."""
        theirs = someone.holdings.get().position
        criterion = QipCriterionFactory(name=f"Criterion {number}", is_archived=True)
        for qip in (self.running, self.reviewed, self.draft):
            models.QipAnswer.objects.create(qip=qip, criterion=criterion, is_met=True, evidence="Seen")
            models.QipBudgetLine.objects.create(qip=qip, what=f"Line {number}", amount=1)
            QipMilestoneFactory(qip=qip)
        milestone = QipMilestoneFactory(qip=self.running)
        QipPaymentFactory(qip=self.running, recorded_by=someone, milestone=milestone)
        QipPhotoFactory(qip=self.running, added_by=someone)
        models.QipSeat.objects.create(position=theirs)
        for qip in (self.reviewed, self.voted, self.voted_down):
            QipVoteFactory(qip=qip, position=PositionFactory())
        PlaceFactory(kind="school")
        shared = {
            "owner_office": OfficeFactory(),
            "author": someone,
            "audience_components": [Component.MILITARY],
        }
        other = QipFactory(
            **shared,
            **SPOT,
            state="under_review",
            chair=self.position,
            place=PlaceFactory(),
            area=AreaFactory(),
            partner=OrganisationFactory(),
        )
        QipVoteFactory(qip=other, position=self.position)
        QipFactory(owner_office=self.cast.team, author=self.reader, state="returned")
        QipMilestoneFactory(
            qip=QipFactory(owner_office=self.cast.team, author=someone, state="under_way"),
            due_on=other.created_at.date(),
        )
        return other
