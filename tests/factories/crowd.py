"""A mission of any size around one reader: to measure a page with few rows and with many."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from cimic_portal.core import models
from cimic_portal.core.audit.context import stamp
from cimic_portal.core.services.tokens import create_token
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.records import SharedRecord
from tests.factories.cast import Cast, make_cast
from tests.factories.core import (
    AreaFactory,
    DelegationFactory,
    DocumentFactory,
    HoldingFactory,
    OfficeFactory,
    OrganisationFactory,
    PlaceFactory,
    PositionFactory,
    SharingGroupFactory,
    ahead,
    give,
    post_someone,
)
from tests.factories.crowd_assets import Lent
from tests.factories.crowd_exercises import Exercises
from tests.factories.crowd_guidance import Library
from tests.factories.crowd_lessons import Lessons
from tests.factories.crowd_modules import Modules
from tests.factories.crowd_operations import OperationHubs
from tests.factories.crowd_qips import Projects
from tests.factories.crowd_readiness import Ready
from tests.factories.crowd_training import Trained
from tests.factories.liaison import (
    AttendanceFactory,
    CommitmentFactory,
    ContactFactory,
    EngagementFactory,
    EngagementKindFactory,
    TaskingFactory,
    TaskingResultFactory,
)
from tests.factories.training import LessonThemeFactory
from tests.support.pages import signed_in

LISTS = (
    "organisations",
    "operations",
    "documents",
    "engagements",
    "taskings",
    "contacts",
    "commitments",
    "positions",
    "qips",
    "journal",
    "assets",
    "bookings",
    "lessons",
    "guidance_register",
    "guidance_acknowledgements",
    "cases",
    "requirements",
    "exercises",
    "modules",
    "moduledrafts",
    "moduleresults",
    "courses",
    "sessions",
    "training_records",
    "enrolments",
    "qualifications",
)
# Known to everyone of the component, so that each may belong to an office of its own.
OPEN = {"published": True, "audience_components": [Component.MILITARY]}


class Crowd:
    """The hub is one of each noun, at which everything that `grow` adds hangs."""

    def __init__(self) -> None:
        self.size = 0
        self.cast: Cast = make_cast()
        self.reader = post_someone(
            self.cast.team,
            family_name="Reader",
            is_staff=True,
            clearance=Classification.STRICTLY_CONFIDENTIAL,
        )
        self.position = self.reader.holdings.get().position
        models.Position.objects.filter(pk=self.position.pk).update(is_releasing=True)
        own: dict[str, Any] = {"owner_office": self.cast.team, "author": self.reader}
        # Nobody releases or opens further what they wrote themselves.
        team: dict[str, Any] = {"owner_office": self.cast.team, "author": self.cast.colleague}
        self.organisation, self.area, self.place = OrganisationFactory(), AreaFactory(), PlaceFactory()
        self.kind = EngagementKindFactory()
        self.contact = ContactFactory(**team, organisation=self.organisation, published=True)
        self.engagement = EngagementFactory(**team, published=True, area=self.area, place=self.place)
        self.draft = EngagementFactory(**own)
        self.planned = EngagementFactory(**own, state="planned")
        self.submitted = EngagementFactory(**team, state="submitted", approver=self.position)
        self.tasking = TaskingFactory(
            **team, published=True, state="acknowledged", assignee=self.position, issuer=self.position
        )
        self.document = DocumentFactory(**team, state="ready")
        self.commitment = CommitmentFactory(engagement=self.engagement)
        self.operations = OperationHubs(self)
        self.operation = self.operations.asked
        self.projects = Projects(self.cast, self.reader, self.position)
        self.lent = Lent(self.cast, self.reader, self.position, self.operation)
        self.lessons = Lessons(self.cast, self.reader, self.position)
        self.case = self.lessons.case
        self.modules = Modules(self.cast, self.reader, self.position)
        self.library = Library(self.cast, self.reader, self.position)
        self.exercises = Exercises(self.cast, self.reader, self.position)
        self.ready = Ready(self.cast, self.reader, self.operations.draft)
        self.trained = Trained(self.cast, self.reader, self.position)
        # Not begun yet, so that it can be taken back.
        self.holding = HoldingFactory(person=self.cast.outsider, since=ahead(days=9))
        self.notification = self._told("engagement.released", self.engagement, self.cast.colleague)
        self.token = create_token(actor=self.reader, name="laptop", expires_at=ahead(days=9))[0]
        self.saved = models.SavedFilter.objects.create(
            person=self.reader, list_name="documents", name="Ready", query="state=ready"
        )

    def grow(self, size: int) -> None:
        for number in range(self.size, size):
            with transaction.atomic():
                self._one_more(number)
        self.size = size

    def _one_more(self, number: int) -> None:
        someone = post_someone(self.cast.team)
        self._people(someone, number)
        meeting = self._liaison(someone, number)
        self._told("operation.asked", self.operations.grow(self, someone, number), someone)
        self._documents(someone, meeting)
        self._told("booking.requested", self.lent.grow(someone, number), someone)
        self._told("qip.vote", self.projects.grow(someone, number), someone)
        self._told("lesson.action", self.lessons.grow(someone, number), someone)
        self._told("moduledraft.submitted", self.modules.grow(someone, number), someone)
        self._told("guidance.asked", self.library.grow(someone, number), someone)
        self._told("exercise.message", self.exercises.grow(someone, number), someone)
        self.ready.grow(someone, number)
        self._told("enrolment.seat", self.trained.grow(someone, number), someone)
        self._own(someone, number)
        self._grants(someone)
        self._history(someone, number)

    def _people(self, someone: models.Person, number: int) -> None:
        """Posts that the reader holds, deputises for and lets others deputise for."""
        office = OfficeFactory(organisation=self.cast.mission, parent=self.cast.team, area=self.area)
        OfficeFactory(organisation=self.organisation)
        HoldingFactory(person=self.reader, position=PositionFactory(office=office))
        theirs = someone.holdings.get().position
        DelegationFactory(position=theirs, delegator=someone, delegate=self.reader)
        DelegationFactory(position=self.position, delegator=self.reader, delegate=someone)
        group = SharingGroupFactory(office=self.cast.team)
        someone.groups.add(group)
        self.reader.groups.add(group)
        AreaFactory(parent=self.area)
        PlaceFactory(area=self.area)
        EngagementKindFactory(name=f"Kind {number}")

    def _liaison(self, someone: models.Person, number: int) -> Any:
        other, office, theirs = OrganisationFactory(), OfficeFactory(), someone.holdings.get().position
        contact = ContactFactory(
            owner_office=self.cast.team, author=someone, organisation=self.organisation, **OPEN
        )
        meeting = EngagementFactory(
            owner_office=office,
            author=someone,
            area=self.area,
            place=PlaceFactory(area=AreaFactory()),
            kind=EngagementKindFactory(name=f"Kind {number}"),
            approver=theirs,
            released_by=someone,
            **OPEN,
        )
        AttendanceFactory(engagement=self.engagement, contact=contact, organisation=other)
        AttendanceFactory(engagement=self.engagement, person=someone, position=theirs)
        AttendanceFactory(engagement=meeting, contact=self.contact, organisation=self.organisation)
        today = timezone.localdate()
        CommitmentFactory(engagement=self.engagement, organisation=other, due_on=today)
        CommitmentFactory(engagement=meeting, organisation=other, due_on=today)
        own: dict[str, Any] = {"owner_office": self.cast.team, "author": self.reader}
        for state in ("draft", "planned", "returned"):
            EngagementFactory(**own, state=state)
        EngagementFactory(owner_office=self.cast.team, state="submitted", approver=self.position)
        tasking = TaskingFactory(
            owner_office=office,
            assignee=self.position,
            issuer=PositionFactory(),
            organisation=other,
            area=AreaFactory(),
            **OPEN,
        )
        answered = TaskingFactory(
            **own,
            assignee=theirs,
            issuer=self.position,
            state="done",
            closed_at=timezone.now(),
            published=True,
        )
        TaskingResultFactory(tasking=self.tasking, engagement=meeting)
        TaskingResultFactory(tasking=tasking, engagement=self.engagement)
        self._told("engagement.submitted", meeting, someone)
        self._told("tasking.issued", tasking, someone)
        self._told("tasking.done", answered, someone)
        return meeting

    def _documents(self, someone: models.Person, meeting: Any) -> None:
        made = DocumentFactory(owner_office=OfficeFactory(), author=someone, state="ready", **OPEN)
        models.DocumentSource.objects.create(
            document=self.document, record_model=meeting._meta.label, record_id=meeting.pk
        )
        DocumentFactory(
            owner_office=self.cast.team, author=someone, state="ready", copy_of=self.document, published=True
        )
        self._told("document.ready", made, someone)

    def _own(self, someone: models.Person, number: int) -> None:
        """Saved filters, tokens and devices of the reader; jobs that wait."""
        for name in LISTS:
            models.SavedFilter.objects.create(
                person=self.reader, list_name=name, name=f"Filter {number}", query=f"q=word{number}"
            )
        for owner in (self.reader, someone):
            create_token(actor=owner, name=f"laptop {number}", expires_at=ahead(days=9))
        device = signed_in(self.reader).session.session_key
        UserSession.objects.get_or_create(session_key=device, user=self.reader, ip="192.0.2.1")
        models.OutboxEntry.objects.create(kind="test", state=models.OutboxState.DEAD, last_error="refused")
        models.Proposal.objects.create(
            kind=models.ProposalKind.CLEARANCE,
            person=someone,
            clearance=Classification.CONFIDENTIAL,
            reason="Staff officer",
            proposed_by=self.reader,
        )

    def _grants(self, someone: models.Person) -> None:
        for record in (
            self.engagement,
            self.contact,
            self.tasking,
            self.document,
            self.operation,
            self.projects.reviewed,
            self.projects.running,
            self.lent.asset,
            self.lessons.identified,
            self.modules.submitted,
            self.library.signed,
            self.exercises.running.exercise,
        ):
            give(record, someone, by=someone)
            give(record, someone.groups.get(), by=someone)

    def _history(self, someone: models.Person, number: int) -> None:
        """Each hub gets another name and, where it has such a link, points at something else."""
        stamp(someone, "engagement.edit")
        links: list[tuple[Any, str, dict[str, Any]]] = [
            (
                self.engagement,
                "purpose",
                {"place": PlaceFactory(), "approver": someone.holdings.get().position},
            ),
            (self.contact, "name", {"organisation": OrganisationFactory()}),
            (self.tasking, "title", {"organisation": OrganisationFactory(), "area": AreaFactory()}),
            (self.document, "title", {}),
            (self.operation, "title", {"area": AreaFactory(), "approver": someone.holdings.get().position}),
            (self.projects.running, "title", {"partner": OrganisationFactory(), "area": AreaFactory()}),
            (self.library.signed, "title", {"approver": PositionFactory(), "theme": LessonThemeFactory()}),
            (self.lessons.identified, "title", {"area": AreaFactory(), "owner": PositionFactory()}),
            (self.modules.submitted, "title", {}),
            (
                self.exercises.running.exercise,
                "title",
                {"area": AreaFactory(), "theme": LessonThemeFactory(name=f"Past theme {number}")},
            ),
            (self.lent.asset, "name", {"home": PlaceFactory(), "decider": PositionFactory()}),
        ]
        for record, column, others in links:
            rows = type(record)._default_manager.unscoped("the crowd changes what it knows")
            rows.filter(pk=record.pk).update(**{column: f"Hub {number}"}, **others)
        models.Organisation.objects.filter(pk=self.organisation.pk).update(name=f"Hub {number}")
        models.Area.objects.filter(pk=self.area.pk).update(name=f"Hub {number}")
        models.Place.objects.filter(pk=self.place.pk).update(name=f"Hub {number}", area=AreaFactory())

    def _told(self, kind: str, record: SharedRecord, actor: models.Person) -> models.Notification:
        return models.Notification.objects.create(
            person=self.reader,
            position=actor.holdings.get().position,
            kind=kind,
            record_model=record._meta.label,
            record_id=record.pk,
            actor=actor,
        )
