"""The facts of the oracle, read from the database row by row and without the machinery of keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from cimic_portal.core.models import Delegation, Document, Holding, Office, Person
from cimic_portal.core.querysets import shared_models
from cimic_portal.core.sharing.grants import grant_tables
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.oracle import (
    GrantFacts,
    NamedFacts,
    OfficeFacts,
    PersonFacts,
    PostFacts,
    RecordFacts,
    may_see,
)
from cimic_portal.core.sharing.records import SharedRecord
from liaison.models import Attendance, Contact, Engagement, Tasking
from operations.models import Asset, Operation, Participation, PlanWriter, Qip, QipVote
from training.models import (
    Exercise,
    ExerciseSeat,
    Guidance,
    GuidanceReviewer,
    Lesson,
    ModuleDraft,
    RecordOffice,
    TrainingRecord,
)

WHY = "the oracle looks at everything"
Roles = Callable[[Any], tuple[NamedFacts, NamedFacts]]


def _nobody(_record: Any) -> tuple[NamedFacts, NamedFacts]:
    return NamedFacts(), NamedFacts()


def _of_engagement(record: Engagement) -> tuple[NamedFacts, NamedFacts]:
    """Asked: the position that is to release it. Participants: our own people who were there."""
    asked = frozenset({record.approver_id} if record.approver_id else ())
    present = Attendance.objects.unscoped(WHY).filter(engagement=record, person__isnull=False)
    return NamedFacts(positions=asked), NamedFacts(people=frozenset(present.values_list("person", flat=True)))


def _of_tasking(record: Tasking) -> tuple[NamedFacts, NamedFacts]:
    """The issuing position writes it; the one that is tasked reads it once it is issued."""
    return (
        NamedFacts(positions=frozenset({record.issuer_id})),
        NamedFacts(positions=frozenset({record.assignee_id})),
    )


def _of_operation(record: Operation) -> tuple[NamedFacts, NamedFacts]:
    """Who was asked to write reads the draft; participants and the approver once it was staffed."""
    writers = PlanWriter.objects.unscoped(WHY).filter(operation=record).values_list("position", flat=True)
    rows = Participation.objects.unscoped(WHY).filter(operation=record)
    return (
        NamedFacts(positions=frozenset(writers)),
        NamedFacts(
            positions=frozenset({record.approver_id}),
            offices=frozenset(rows.filter(office__isnull=False).values_list("office", flat=True)),
            organisations=frozenset(
                rows.filter(organisation__isnull=False).values_list("organisation", flat=True)
            ),
        ),
    )


def _of_qip(record: Qip) -> tuple[NamedFacts, NamedFacts]:
    """Once it is submitted: the position that leads the review, and those asked to vote."""
    asked = QipVote.objects.unscoped(WHY).filter(qip=record).values_list("position", flat=True)
    chair = {record.chair_id} if record.chair_id else set()
    return NamedFacts(), NamedFacts(positions=frozenset({*asked, *chair}))


def _of_asset(record: Asset) -> tuple[NamedFacts, NamedFacts]:
    """The position that answers requests for it."""
    decider = {record.decider_id} if record.decider_id else set()
    return NamedFacts(), NamedFacts(positions=frozenset(decider))


def _of_lesson(record: Lesson) -> tuple[NamedFacts, NamedFacts]:
    """Asked: the position that releases it. Participant: the one that follows it up."""
    asked = {record.approver_id} if record.approver_id else set()
    owner = {record.owner_id} if record.owner_id else set()
    return NamedFacts(positions=frozenset(asked)), NamedFacts(positions=frozenset(owner))


def _of_guidance(record: Guidance) -> tuple[NamedFacts, NamedFacts]:
    """Asked: the position that keeps it right, the one that decides, and those asked to review."""
    asked = GuidanceReviewer.objects.unscoped(WHY).filter(guidance=record).values_list("position", flat=True)
    approver = {record.approver_id} if record.approver_id else set()
    return NamedFacts(positions=frozenset({*asked, *approver, record.owner_id})), NamedFacts()


def _of_training_record(record: TrainingRecord) -> tuple[NamedFacts, NamedFacts]:
    """The person, and the offices that train them or in which they hold another post; it has no draft."""
    offices = RecordOffice.objects.unscoped(WHY).filter(record=record).values_list("office", flat=True)
    return NamedFacts(people=frozenset({record.person_id}), offices=frozenset(offices)), NamedFacts()


def _of_module_draft(record: ModuleDraft) -> tuple[NamedFacts, NamedFacts]:
    """Asked: the position that publishes it."""
    return NamedFacts(positions=frozenset({record.approver_id} if record.approver_id else ())), NamedFacts()


def _of_exercise(record: Exercise) -> tuple[NamedFacts, NamedFacts]:
    """Who is seated, as player, in control or as observer, once it is scheduled."""
    seats = list(ExerciseSeat.objects.unscoped(WHY).filter(exercise=record))
    return NamedFacts(), NamedFacts(
        people=frozenset(seat.person_id for seat in seats if seat.person_id),
        positions=frozenset(seat.position_id for seat in seats if seat.position_id),
    )


# Whom each shared model names: (asked before publication, participants from it on). By hand, from
# the domain, so that a wrong declaration beside the model shows.
NAMES: dict[type[SharedRecord], Roles] = {
    Document: _nobody,
    Contact: _nobody,
    Engagement: _of_engagement,
    Tasking: _of_tasking,
    Lesson: _of_lesson,
    ModuleDraft: _of_module_draft,
    Guidance: _of_guidance,
    TrainingRecord: _of_training_record,
    Exercise: _of_exercise,
    Operation: _of_operation,
    Qip: _of_qip,
    Asset: _of_asset,
}


@dataclass(frozen=True)
class World:
    """Everything the rule asks about, as of `now`."""

    now: datetime
    offices: dict[int, OfficeFacts]
    people: dict[int, PersonFacts]

    def sees(self, person: int, record: RecordFacts) -> bool:
        return may_see(self.people[person], record, self.offices, self.now)


def world() -> World:
    now = timezone.now()
    return World(now, _offices(now), _people(now))


def _offices(now: datetime) -> dict[int, OfficeFacts]:
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return {
        office.pk: OfficeFacts(
            organisation=office.organisation_id,
            parent=office.parent_id,
            closed=office.closed_on is not None and office.closed_on <= today,
            successor=office.successor_id,
        )
        for office in Office.objects.all()
    }


def _people(now: datetime) -> dict[int, PersonFacts]:
    held: dict[int, set[PostFacts]] = defaultdict(set)
    holders: set[tuple[int, int]] = set()
    for holding in Holding.objects.select_related("position"):
        if holding.since <= now and (holding.until is None or holding.until > now):
            held[holding.person_id].add(_post(holding.position))
            holders.add((holding.position_id, holding.person_id))
    deputised: dict[int, set[PostFacts]] = defaultdict(set)
    for delegation in Delegation.objects.select_related("position"):
        in_force = delegation.since <= now < delegation.until
        if in_force and (delegation.position_id, delegation.delegator_id) in holders:
            deputised[delegation.delegate_id].add(_post(delegation.position))
    return {
        person.pk: PersonFacts(
            person=person.pk,
            component=Component(person.component),
            clearance=Classification(person.clearance),
            active=person.is_active,
            held=tuple(held[person.pk]),
            deputised=tuple(deputised[person.pk]),
            groups=frozenset(group.pk for group in person.groups.all()),
        )
        for person in Person.objects.prefetch_related("groups")
    }


def _post(position: Any) -> PostFacts:
    return PostFacts(position=position.pk, office=position.office_id, is_head=position.is_head)


def facts_of(records: Iterable[SharedRecord]) -> dict[int, RecordFacts]:
    """Facts of records of one model, by id."""
    return {record.pk: _facts(record) for record in records}


def all_facts(model: type[SharedRecord]) -> dict[int, RecordFacts]:
    return facts_of(model._default_manager.unscoped(WHY).order_by("pk"))


def _facts(record: SharedRecord) -> RecordFacts:
    asked, participants = NAMES[type(record)](record)
    return RecordFacts(
        owner_office=record.owner_office_id,
        author=record.author_id,
        classification=Classification(record.classification),
        published=record.published_at is not None,
        components=frozenset(record.audience_components),
        organisations=frozenset(record.audience_organisations),
        asked=asked,
        participants=participants,
        grants=tuple(_grants(record)),
    )


def _grants(record: SharedRecord) -> Iterable[GrantFacts]:
    from django.contrib.auth.models import Group

    for to, named in ((Person(), "person"), (Group(), "group")):
        table, _column = grant_tables(type(record), to)
        column = "user_id" if named == "person" else "group_id"
        rows = table._default_manager.unscoped(WHY).filter(content_object_id=record.pk)
        for holder, expires in rows.values_list(column, "expires_at"):
            yield GrantFacts(expires=expires, **{named: holder})


def visible_ids(model: type[SharedRecord], person: Person) -> set[int]:
    """What the queryset shows; the person's keys are gathered anew."""
    person.__dict__.pop("access", None)
    return set(model._default_manager.visible_to(person).values_list("pk", flat=True))


def disagreements(model: type[SharedRecord], people: Iterable[Person] | None = None) -> list[str]:
    """Pairs in which queryset and oracle differ, named so that the reason can be found."""
    now, facts = world(), all_facts(model)
    wrong = []
    for person in people if people is not None else Person.objects.all():
        shown = visible_ids(model, person)
        expected = {pk for pk, record in facts.items() if now.sees(person.pk, record)}
        wrong += [
            f"{person.family_name} {'sees' if pk in shown else 'is refused'} {model.__name__} {pk}: "
            f"{now.people[person.pk]} {facts[pk]}"
            for pk in shown ^ expected
        ]
    return wrong


def undescribed_models() -> set[type[SharedRecord]]:
    return set(shared_models()) - set(NAMES)
