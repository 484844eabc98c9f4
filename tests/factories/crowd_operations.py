"""The operations of a crowd: one in each state that a page needs, and as many more as asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone

from operations.models import (
    Acknowledgement,
    Concurrence,
    DiligenceNote,
    DueDiligence,
    MandateTask,
    PlanRevision,
    PlanWriter,
    Procedure,
    ProcedureStep,
    ReachedDecision,
)
from operations.services.plan import copy_revision
from tests.factories.core import (
    AreaFactory,
    OfficeFactory,
    OrganisationFactory,
    PlaceFactory,
    PositionFactory,
    ahead,
)
from tests.factories.crowd_schedule import ScheduleHubs
from tests.factories.operations import (
    FindingFactory,
    JournalEntryFactory,
    OperationFactory,
    OperationTypeFactory,
    ParticipationFactory,
    ReviewFactory,
    RiskFactory,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from tests.factories.crowd import Crowd

STATES = ("staffing", "approved", "active", "suspended", "completed")


class OperationHubs:
    """Attributes named after the state: `staffing`, `approved` …; `draft` is the reader's own."""

    def __init__(self, crowd: Crowd) -> None:
        team: dict[str, Any] = {"owner_office": crowd.cast.team, "author": crowd.cast.colleague}
        fields = {**team, "area": crowd.area, "non_un_support": True, "approver": crowd.position}
        for state in STATES:
            setattr(self, state, OperationFactory(**fields, state=state))
        self.draft = OperationFactory(owner_office=crowd.cast.team, author=crowd.reader)
        # Everybody has answered, so that it can be decided on.
        self.decided = OperationFactory(**team, approver=crowd.position, state="staffing", round=1)
        RiskFactory(revision=PlanRevision.objects.unscoped("the crowd").get(operation=self.decided))
        self.asked: Any = self.staffing  # type: ignore[attr-defined]
        type(self.asked)._default_manager.unscoped("a round of staffing").filter(pk=self.asked.pk).update(
            round=1
        )
        _ask(self.asked, position=crowd.position, office=crowd.cast.team)
        _ask(self.asked, organisation=OrganisationFactory())
        DueDiligence.objects.create(
            operation=self.asked, decision="proceed", assessed_by=crowd.cast.colleague
        )
        self.schedule = ScheduleHubs(self.draft, self.active)  # type: ignore[attr-defined]
        self.note = DiligenceNote.objects.create(
            operation=self.active,  # type: ignore[attr-defined]
            noted_by=crowd.reader,
            text="Seen",
        )

        self.entry = self._entered(crowd.reader, 1)
        self.reached = self._reached(crowd, self.entry)
        self.amended = _amended({**team, "approver": crowd.position}, "draft")
        self.to_issue = _amended({**team, "approver": crowd.position}, "submitted")
        self.in_force: Any = self.approved  # type: ignore[attr-defined]
        _acknowledge(self.in_force, position=crowd.position, office=crowd.cast.team)
        _acknowledge(self.in_force, organisation=OrganisationFactory())
        # One whose review is being written, and one whose review is finished.
        open_again = {"finished_by": None, "finished_at": None, "changed_by": crowd.reader}
        self.review = ReviewFactory(operation=self.completed, **open_again)  # type: ignore[attr-defined]
        self.finding = FindingFactory(operation=self.review.operation, author=crowd.reader)
        self.reviewed = OperationFactory(**team, approver=crowd.position, state="completed")
        ReviewFactory(operation=self.reviewed)

    def _entered(self, person: Person, number: int, **more: Any) -> Any:
        position = person.holdings.get().position
        return JournalEntryFactory(
            operation=self.active,  # type: ignore[attr-defined]
            author=person,
            position=position,
            number=number,
            place=PlaceFactory(area=AreaFactory()),
            **more,
        )

    def _reached(self, crowd: Crowd, entry: Any) -> Any:
        return ReachedDecision.objects.create(
            operation=self.active,  # type: ignore[attr-defined]
            decision_key=uuid4(),
            title="Close the ford",
            condition="High water",
            decider=crowd.position,
            entry=entry,
            reached_at=timezone.now(),
        )

    def _journal(self, crowd: Crowd, someone: Person, number: int) -> None:
        """Two more entries, one of them struck and corrected by the other, and a decision point reached."""
        struck = {"struck_at": timezone.now(), "struck_by": someone, "struck_reason": "Wrong"}
        task = {"task_key": self.schedule.task.key, "task_title": f"Task {number}"}
        wrong = self._entered(someone, 10 + 2 * number, **struck)
        right = self._entered(someone, 11 + 2 * number, corrects=wrong, **task)
        self._reached(crowd, right)
        ParticipationFactory(
            operation=self.active,  # type: ignore[attr-defined]
            office=OfficeFactory(),
            position=someone.holdings.get().position,
        )

    def grow(self, crowd: Crowd, someone: Person, number: int) -> Any:
        """One more participant, answer and note at each hub, and further operations around it."""
        office, theirs = OfficeFactory(), someone.holdings.get().position
        for hub in (self.asked, self.draft):
            ParticipationFactory(operation=hub, office=office, position=theirs)
        PlanWriter.objects.create(operation=self.draft, section=f"s{number}", position=theirs)
        _ask(self.asked, office=office, position=theirs)
        _acknowledge(self.in_force, office=office, position=theirs)
        Concurrence.objects.create(
            operation=self.asked,
            round=1,
            office=OfficeFactory(),
            answer="objects",
            reason="The road",
            answered_by=someone,
            answered_at=timezone.now(),
            due_at=ahead(days=1),
        )
        DiligenceNote.objects.create(operation=self.asked, noted_by=someone, text=f"Seen {number}")
        FindingFactory(operation=self.review.operation, author=someone, owner=theirs)
        self.schedule.grow(someone, number)
        self._journal(crowd, someone, number)
        kind = OperationTypeFactory(name=f"Type {number}")
        MandateTask.objects.create(code=f"T-{number}", text="Protect")
        procedure = Procedure.objects.create(name=f"Procedure {number}", kind=kind)
        ProcedureStep.objects.create(procedure=procedure, text="Look")
        other = OperationFactory(
            owner_office=OfficeFactory(),
            author=someone,
            area=crowd.area,
            kind=kind,
            approver=PositionFactory(),
            state="staffing",
            round=1,
            audience_components=[1],
            staffed_at=timezone.now(),
        )
        ParticipationFactory(operation=other, office=OfficeFactory(), role="lead")
        _ask(other, office=crowd.cast.team, position=crowd.position)
        OperationFactory(
            owner_office=OfficeFactory(),
            author=someone,
            approver=crowd.position,
            state="staffing",
            area=AreaFactory(),
        )
        return other


def _revision(operation: Any) -> PlanRevision:
    return PlanRevision.objects.unscoped("the crowd").get(operation=operation, state="in_force")


def _amended(fields: dict[str, Any], state: str) -> Any:
    """An order in force with a FRAGO in this state."""
    operation: Any = OperationFactory(**fields, state="active")
    copy_revision(_revision(operation), author=fields["author"], is_frago=True, title="T", state=state)
    return operation


def _acknowledge(operation: Any, **whom: Any) -> None:
    Acknowledgement.objects.create(operation=operation, revision=_revision(operation), **whom)


def _ask(operation: Any, **whom: Any) -> None:
    Concurrence.objects.create(operation=operation, round=1, due_at=ahead(days=1), **whom)
