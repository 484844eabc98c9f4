"""Twelve people and ten records of each noun, each record with a word of its own in every field.

A word such as `qzkw017xpurpose` says to which item it belongs: `Item.needs` are the records that a
reader must see to be told it. Where it turns up for somebody who may not see them all, it leaked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.db import models
from django.utils import timezone

from cimic_portal.core import store
from cimic_portal.core.models import (
    Area,
    Document,
    DocumentSource,
    DocumentState,
    Notification,
    Office,
    Person,
    Place,
)
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.oracle import RecordFacts
from cimic_portal.core.sharing.records import SharedRecord
from liaison.models import (
    Attendance,
    Commitment,
    CommitmentSide,
    Contact,
    Engagement,
    EngagementState,
    Tasking,
    TaskingResult,
)
from operations.models import (
    Asset,
    Booking,
    Operation,
    Qip,
    QipAnswer,
    QipBudgetLine,
    QipMilestone,
    QipPayment,
    QipPhoto,
    QipState,
    QipVote,
)
from tests.factories.cast import Cast, make_cast
from tests.factories.core import (
    AreaFactory,
    DocumentFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    PositionFactory,
    ago,
    ahead,
    give,
)
from tests.factories.liaison import ContactFactory, EngagementFactory, TaskingFactory
from tests.factories.operations import OperationFactory, OperationTypeFactory
from tests.factories.operations_assets import AssetFactory, AssetKindFactory
from tests.factories.operations_qip import (
    QipCriterionFactory,
    QipFactory,
    QipMilestoneFactory,
    QipPaymentFactory,
    QipPhotoFactory,
    QipVoteFactory,
    post_of,
)
from tests.factories.training import LessonFactory, LessonThemeFactory
from tests.factories.training_course import TrainingRecordFactory
from tests.factories.training_exercise import ExerciseFactory
from tests.factories.training_guidance import GuidanceFactory
from tests.factories.training_module import ModuleDraftFactory
from tests.leak.asset_rows import add_assets
from tests.leak.guidance_rows import add_guidance, own_guidance
from tests.leak.module_rows import add_modules, own_module_draft
from tests.leak.plans import add_plans
from tests.leak.readiness_rows import add_readiness
from tests.leak.training_rows import add_training
from tests.support import facts
from training.models import (
    Enrolment,
    Exercise,
    Guidance,
    GuidanceComment,
    GuidanceVersion,
    InjectDelivery,
    Lesson,
    LessonSource,
    LessonState,
    ModuleDraft,
    Qualification,
    TrainingRecord,
)

EACH = 10
WORD = re.compile(r"qzkw(\d{3})x[a-z_]+")
# Not words for people, or of a form that the database checks.
_FIXED = {
    "reference",
    "kind",
    "form",
    "sha256",
    "preview_sha256",
    "content_type",
    "currency",
    "record_model",
    "digest",
}
_AUDIENCES: list[list[int]] = [
    [],
    [Component.MILITARY],
    [Component.POLICE, Component.HUMANITARIAN],
    [Component.HUMANITARIAN],
    list(Component),
]
KINDS = {
    Contact: "tasking.issued",
    Engagement: "engagement.submitted",
    Tasking: "tasking.issued",
    Qip: "qip.submitted",
    Document: "document.ready",
    Operation: "operation.approved",
    Asset: "booking.overdue",
    Lesson: "lesson.action",
    ModuleDraft: "moduledraft.submitted",
    Guidance: "guidance.in_force",
    TrainingRecord: "enrolment.seat",
    Exercise: "exercise.message",
}


@dataclass(frozen=True)
class Item:
    """Something that can be told.

    `then`: what the record was when the word was written; `level`: its own, where it is narrower.
    """

    number: int
    needs: tuple[SharedRecord, ...]
    then: RecordFacts | None = None
    level: int = Classification.UNCLASSIFIED
    # Whose people are told as soon as they see the first of `needs`.
    owners: tuple[int, ...] = ()


@dataclass
class LeakWorld:
    cast: Cast
    area: Area
    place: Place
    items: dict[int, Item] = field(default_factory=dict)
    records: dict[type[SharedRecord], list[Any]] = field(default_factory=dict)
    number_of: dict[SharedRecord, int] = field(default_factory=dict)
    promises: dict[int, Commitment] = field(default_factory=dict)
    notes: list[Any] = field(default_factory=list)
    findings: list[Any] = field(default_factory=list)
    # Entries of journals by the number of their item, and decision points that are reached.
    entries: dict[int, Any] = field(default_factory=dict)
    reached: list[Any] = field(default_factory=list)
    file_of: dict[Document, int] = field(default_factory=dict)
    photos: dict[QipPhoto, int] = field(default_factory=dict)
    # Milestones and payments, each with the route of its own page.
    project_parts: list[tuple[Any, str]] = field(default_factory=list)
    bookings: dict[Booking, int] = field(default_factory=dict)
    outs: list[Any] = field(default_factory=list)
    # Versions of guidance and comments on them, and the numbers of signed words.
    versions: dict[GuidanceVersion, int] = field(default_factory=dict)
    comments: dict[GuidanceComment, int] = field(default_factory=dict)
    signatures: list[int] = field(default_factory=list)
    # Seats and qualifications by the number of their item.
    seats: dict[int, Enrolment] = field(default_factory=dict)
    held: dict[int, Qualification] = field(default_factory=dict)
    # Messages of exercises, delivered or held back, by the number of their item.
    messages: dict[int, InjectDelivery] = field(default_factory=dict)
    # Who passed modules, each with the number of its record.
    passed: list[tuple[Any, int]] = field(default_factory=list)
    _told: dict[int, set[int]] = field(default_factory=dict)

    def new_item(
        self,
        *needs: SharedRecord,
        then: RecordFacts | None = None,
        level: int = Classification.UNCLASSIFIED,
        owners: tuple[int, ...] = (),
    ) -> int:
        number = len(self.items) + 1
        self.items[number] = Item(number, needs, then, level, owners)
        return number

    def may_be_told(self, person: Person) -> set[int]:
        """Numbers of the items that the oracle lets this person be told."""
        if person.pk not in self._told:
            self._judge()
        return self._told[person.pk]

    def sees(self, person: Person, record: SharedRecord) -> bool:
        return self.number_of[record] in self.may_be_told(person)

    def visible(self, person: Person, model: type[SharedRecord]) -> set[int]:
        return {self.number_of[one] for one in self.records[model]} & self.may_be_told(person)

    def offices_of(self, person: Person) -> list[Office]:
        """Offices for which the person may have papers made."""
        return list(Office.objects.filter(pk__in=person.access.offices).order_by("pk"))

    def week(self, office: Office) -> dict[str, Any]:
        """Parameters of a paper on the last seven days."""
        today = timezone.localdate()
        return {"office": office.pk, "since": str(today - timedelta(days=6)), "last": str(today)}

    def _judge(self) -> None:
        world = facts.world()
        known = {
            (model, pk): record for model in self.records for pk, record in facts.all_facts(model).items()
        }
        for person in self.cast.everyone().values():
            self._told[person.pk] = {
                item.number
                for item in self.items.values()
                if item.level <= person.clearance
                and (
                    all(world.sees(person.pk, known[type(one), one.pk]) for one in item.needs)
                    or _owns(world, person, item, known)
                )
                and (item.then is None or world.sees(person.pk, item.then))
            }


def _owns(world: facts.World, person: Person, item: Item, known: dict[Any, RecordFacts]) -> bool:
    """Sees the first of what it needs, and would read the draft of one of the owners."""
    if not item.owners:
        return False
    first = known[type(item.needs[0]), item.needs[0].pk]
    drafts = (
        RecordFacts(
            owner_office=office, author=0, classification=Classification.UNCLASSIFIED, published=False
        )
        for office in item.owners
    )
    return world.sees(person.pk, first) and any(world.sees(person.pk, draft) for draft in drafts)


def mark(number: int) -> str:
    """The beginning of the words of an item: nothing that chance would write."""
    return f"qzkw{number:03}x"


def words(model: type[models.Model], number: int) -> dict[str, str]:
    """A word for every field that holds free text."""
    texts = [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, (models.CharField, models.TextField))
        and not one.choices
        and one.name not in _FIXED
        and not one.remote_field
    ]
    made = {one.name: f"{mark(number)}{one.name}" for one in texts}
    return {name: f"{word}@carana.example" if name == "email" else word for name, word in made.items()}


def build() -> LeakWorld:
    cast = make_cast()
    for name, level in (
        ("group_member", Classification.CONFIDENTIAL),
        ("other_component", Classification.UNCLASSIFIED),
        ("partner", Classification.CONFIDENTIAL),
    ):
        getattr(cast, name).clearance = level
        getattr(cast, name).save()
    world = LeakWorld(cast, area=AreaFactory(), place=PlaceFactory())
    for model, make in (
        (Contact, ContactFactory),
        (Engagement, EngagementFactory),
        (Tasking, TaskingFactory),
        (Document, DocumentFactory),
        (Operation, OperationFactory),
        (Qip, QipFactory),
        (Asset, AssetFactory),
        (Lesson, LessonFactory),
        (Guidance, GuidanceFactory),
        (TrainingRecord, TrainingRecordFactory),
        (ModuleDraft, ModuleDraftFactory),
        (Exercise, ExerciseFactory),
    ):
        world.records[model] = [_record(world, model, make, index) for index in range(EACH)]
    _parts(world)
    add_plans(world)
    _projects(world)
    add_assets(world)
    add_guidance(world)
    add_readiness(world)
    add_training(world)
    add_modules(world)
    _exercises(world)
    _files(world)
    _grants(world)
    _past(world)
    _notifications(world)
    for person in cast.everyone().values():
        # Asked before the grants were given.
        person.__dict__.pop("access", None)
    return world


def _exercises(world: LeakWorld) -> None:
    from tests.leak.exercise import add_exercise_parts

    add_exercise_parts(world)


def _record(world: LeakWorld, model: type[SharedRecord], make: Any, index: int) -> SharedRecord:
    """Offices, levels, publication and audience turn at different rates, so that they all meet."""
    cast = world.cast
    offices = [
        (cast.team, cast.owner),
        (cast.sector, cast.outsider),
        (cast.hq, cast.head_above),
        (cast.police, cast.other_component),
        (cast.country_office, cast.partner),
    ]
    office, author = offices[index % len(offices)]
    published = index % 4 != 1
    number = len(world.items) + 1
    record: SharedRecord = make(
        owner_office=office,
        author=author,
        classification=[1, 1, 2, 3, 1, 2, 1][index % 7],
        published=published,
        audience_components=_AUDIENCES[(index + index // 5) % len(_AUDIENCES)],
        audience_organisations=[cast.partner_organisation.pk] if index % 6 == 5 else [],
        **(words(model, number) | _OWN[model](world, index, published)),
    )
    world.number_of[record] = world.new_item(record)
    return record


def _own_contact(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    return {"organisation": OrganisationFactory()}


def _own_engagement(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    cast = world.cast
    unpublished = (EngagementState.SUBMITTED, EngagementState.DRAFT, EngagementState.RETURNED)
    approver = cast.head.holdings.get().position
    return {
        "state": EngagementState.RELEASED if published else unpublished[index % 3],
        "approver": approver if index % 3 == 0 else None,
        "starts_at": ago(days=1, minutes=index),
        "area": world.area,
        "place": world.place if index % 2 else None,
    }


def _own_tasking(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    cast = world.cast
    own = cast.owner.holdings.get().position
    return {
        "assignee": own if index % 3 == 0 else PositionFactory(office=cast.police),
        "issuer": cast.head_above.holdings.get().position,
        "organisation": OrganisationFactory(),
        "area": world.area,
        "due_at": ahead(days=2, minutes=index),
    }


def _own_operation(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    cast = world.cast
    shared = ("staffing", "approved", "active", "completed")
    return {
        "state": shared[index % 4] if published else "draft",
        "area": world.area,
        "approver": cast.head_above.holdings.get().position,
        "non_un_support": True,
        "starts_at": ahead(days=2, minutes=index),
    }


def _own_qip(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    cast = world.cast
    states = (QipState.UNDER_REVIEW, QipState.UNDER_WAY, QipState.COMPLETED, QipState.NOT_APPROVED)
    drafts = (QipState.DRAFT, QipState.RETURNED, QipState.CANCELLED)
    return {
        "state": states[index % 4] if published else drafts[index % 3],
        "chair": post_of(cast.head_above) if index % 3 == 0 else None,
        "partner": OrganisationFactory(),
        "area": world.area,
        # All of them lie near one another, so that each page would like to tell of the others.
        "latitude": Decimal("4.360000") + index * Decimal("0.000500"),
        "longitude": Decimal("18.550000"),
    }


def _own_asset(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    decider = post_of(world.cast.head_above) if index % 4 == 0 else None
    return {"kind": AssetKindFactory(), "decider": decider, "home": world.place}


def _own_lesson(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    """All of a type and area that operations have, so that each plan would like to offer them."""
    cast = world.cast
    shared = (LessonState.IDENTIFIED, LessonState.ACTION, LessonState.CHANGED, LessonState.LEARNED)
    drafts = (LessonState.OBSERVED, LessonState.SUBMITTED, LessonState.DROPPED)
    return {
        "state": shared[index % 4] if published else drafts[index % 3],
        "approver": post_of(cast.head_above) if index % 3 == 0 else None,
        "owner": post_of(cast.owner) if index % 2 else post_of(cast.other_component),
        "kind": OperationTypeFactory(),
        "theme": LessonThemeFactory(),
        "area": world.area,
    }


def _own_training_record(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    return {"person": PersonFactory()}


def _own_exercise(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    shared = ("scheduled", "running", "ended", "paused")
    state = shared[index % 4] if published else "draft"
    return {"state": state, "ended_at": ago(minutes=5) if state == "ended" else None, "area": world.area}


def _own_document(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    cast = world.cast
    return {"state": DocumentState.READY, "made_at": ago(hours=1), "parameters": world.week(cast.team)}


_OWN = {
    Contact: _own_contact,
    Engagement: _own_engagement,
    Tasking: _own_tasking,
    Operation: _own_operation,
    Qip: _own_qip,
    Asset: _own_asset,
    Lesson: _own_lesson,
    Guidance: own_guidance,
    TrainingRecord: _own_training_record,
    ModuleDraft: own_module_draft,
    Exercise: _own_exercise,
    Document: _own_document,
}


def _parts(world: LeakWorld) -> None:
    """Attendances with contacts of any visibility, own people, promises, results of taskings."""
    contacts, engagements = world.records[Contact], world.records[Engagement]
    own = cycle([world.cast.owner, world.cast.group_member, world.cast.outsider])
    for index, engagement in enumerate(engagements):
        for contact in (contacts[index], contacts[(index + 4) % EACH]):
            number = world.new_item(engagement, contact)
            Attendance.objects.create(engagement=engagement, contact=contact, **words(Attendance, number))
        if index % 2 == 0:
            number = world.new_item(engagement)
            Attendance.objects.create(engagement=engagement, person=next(own), **words(Attendance, number))
        number = world.new_item(engagement)
        world.promises[number] = Commitment.objects.create(
            engagement=engagement, side=CommitmentSide.OURS, **words(Commitment, number)
        )
        tasking = world.records[Tasking][(index * 3 + 1) % EACH]
        TaskingResult.objects.create(tasking=tasking, engagement=engagement)
    for index, lesson in enumerate(world.records[Lesson]):
        operation = world.records[Operation][(index * 3 + 2) % EACH]
        LessonSource.objects.create(lesson=lesson, operation=operation)


def _projects(world: LeakWorld) -> None:
    """Each project with every part; a third of the photos are classified higher than their project."""
    criterion, seats = QipCriterionFactory(), cycle([world.cast.owner, world.cast.outsider])
    for index, qip in enumerate(world.records[Qip]):

        def words_of(model: type[models.Model], qip: Qip = qip) -> dict[str, Any]:
            return {"qip": qip, **words(model, world.new_item(qip))}

        QipAnswer.objects.create(criterion=criterion, is_met=True, **words_of(QipAnswer))
        QipBudgetLine.objects.create(amount=1, **words_of(QipBudgetLine))
        milestone = QipMilestoneFactory(**words_of(QipMilestone))
        world.project_parts.append((milestone, "qip_milestone"))
        cast_by = {"choice": "for", "voter": world.cast.head, "voted_at": timezone.now()}
        QipVoteFactory(position=post_of(next(seats)), **cast_by, **words_of(QipVote))
        if qip.is_granted:
            struck = {"struck_at": timezone.now()} if index % 2 else {"struck_reason": ""}
            payment = QipPaymentFactory(recorded_by=world.cast.head, **{**words_of(QipPayment), **struck})
            if payment.struck_at is None:
                world.project_parts.append((payment, "qip_payment_strike"))
        _photo(world, qip, index)


def _photo(world: LeakWorld, qip: Qip, index: int) -> None:
    level = min(qip.classification + 1, 3) if index % 3 == 0 else qip.classification
    number = world.new_item(qip, level=level)
    kept = store.attachments.keep(f"{mark(number)}photo".encode())
    photo = QipPhotoFactory(
        qip=qip,
        added_by=world.cast.head,
        classification=level,
        sha256=kept.sha256,
        preview_sha256=kept.sha256,
        **{"caption": f"{mark(number)}caption"},
    )
    world.photos[photo] = number


def _files(world: LeakWorld) -> None:
    """Each document has a file that tells of its sources; every third is a released copy."""
    for index, document in enumerate(world.records[Document]):
        sources = [world.records[Engagement][index], world.records[Contact][(index + 3) % EACH]]
        copied = index % 3 == 0
        number = world.new_item(document, *([] if copied else sources))
        kept = store.documents.keep(f"{mark(number)}file".encode())
        changed: dict[str, Any] = {"sha256": kept.sha256, "size": kept.size}
        if copied:
            changed["copy_of"] = world.records[Document][(index + 1) % EACH]
        else:
            DocumentSource.objects.bulk_create(
                DocumentSource(document=document, record_model=one._meta.label, record_id=one.pk)
                for one in sources
            )
        Document.objects.unscoped(facts.WHY).filter(pk=document.pk).update(**changed)
        world.file_of[document] = number


def _grants(world: LeakWorld) -> None:
    cast = world.cast
    for records in world.records.values():
        give(records[1], cast.outsider, by=cast.head)
        give(records[7], cast.outsider, by=cast.head, expires_at=ago(minutes=5))
        give(records[7], cast.group, by=cast.head)
        give(records[2], cast.inactive, by=cast.head)


def _past(world: LeakWorld) -> None:
    """What stood there before, at a higher level: told only to those who could have read it then."""
    past = (
        (Engagement, "key_points"),
        (Tasking, "details"),
        (Contact, "notes"),
        (Qip, "need"),
        (Lesson, "proof"),
        (Guidance, "state_reason"),
    )
    for model, name in past:
        for record in world.records[model][4:9]:
            rows = model._default_manager.unscoped(facts.WHY).filter(pk=record.pk)
            now, level = getattr(record, name), record.classification
            rows.update(classification=Classification.STRICTLY_CONFIDENTIAL)
            (then,) = facts.facts_of(model._default_manager.unscoped(facts.WHY).filter(pk=record.pk)).values()
            number = world.new_item(record, then=then)
            rows.update(**{name: f"{mark(number)}{name}"})
            rows.update(**{name: now, "classification": level})


def _notifications(world: LeakWorld) -> None:
    """Everyone was told of everything once; what they may not see now is not shown any more.

    They have read it: the bell stands on every page, and is judged where it is the matter.
    """
    about = {"read_at": timezone.now()}
    Notification.objects.bulk_create(
        Notification(
            person=person, kind=KINDS[model], record_model=model._meta.label, record_id=record.pk, **about
        )
        for person in world.cast.everyone().values()
        for model, records in world.records.items()
        for record in records
    )


def found_in(text: str) -> set[int]:
    """Numbers of the items whose words stand in a text."""
    return {int(number) for number in WORD.findall(text.lower())}


def references_in(text: str, records: Iterable[SharedRecord]) -> Iterator[SharedRecord]:
    return (record for record in records if record.reference in text)
