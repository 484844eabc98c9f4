"""The queryset against the oracle: every generated person with every generated record.

Eight offices in three organisations; people of every component and clearance in every kind of post,
with delegations, groups, ended and coming posts; records of every office, level, state and audience,
with grants that live and that have run out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, product
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from cimic_portal.core.audit.readers import ReadersOf
from cimic_portal.core.models import Document, Holding, Office, Person, Position, SharingGroup
from cimic_portal.core.sharing.grants import grant_tables
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.records import SharedRecord
from liaison.models import Attendance, Contact, Engagement, EngagementState, Tasking
from operations.models import Asset, Operation, Participation, PlanWriter, Qip, QipState, QipVote
from tests.factories.core import (
    DelegationFactory,
    HoldingFactory,
    OfficeFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
    SharingGroupFactory,
    ago,
    ahead,
)
from tests.factories.liaison import EngagementKindFactory
from tests.factories.operations import OperationTypeFactory
from tests.factories.operations_assets import AssetKindFactory
from tests.factories.training_guidance import GuidanceKindFactory
from tests.factories.training_module import ModuleFactory
from tests.support import facts
from training.models import (
    Exercise,
    ExerciseRole,
    ExerciseSeat,
    ExerciseState,
    Guidance,
    GuidanceReviewer,
    GuidanceVersion,
    Lesson,
    LessonState,
    ModuleDraft,
    ModuleDraftState,
    TrainingRecord,
)

pytestmark = pytest.mark.django_db

MODELS = [
    Document,
    Contact,
    Engagement,
    Tasking,
    Operation,
    Qip,
    Asset,
    Lesson,
    TrainingRecord,
    Guidance,
    ModuleDraft,
    Exercise,
]
LEVELS = list(Classification)
COMPONENTS = list(Component)


@dataclass
class Generated:
    offices: list[Office] = field(default_factory=list)
    heads: list[Position] = field(default_factory=list)
    staff: list[Position] = field(default_factory=list)
    groups: list[SharingGroup] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def organisations(self) -> list[int]:
        return sorted({office.organisation_id for office in self.offices})


def _offices(made: Generated) -> None:
    mission, partner, state = (
        OrganisationFactory(name=name) for name in ("Mission", "Relief Carana", "Interior ministry")
    )
    hq = OfficeFactory(organisation=mission, name="Headquarters")
    sector = OfficeFactory(organisation=mission, parent=hq, name="Sector")
    team = OfficeFactory(organisation=mission, parent=sector, name="Team")
    police = OfficeFactory(organisation=mission, parent=hq, name="Police")
    closed = OfficeFactory(
        organisation=mission, parent=police, name="Closed", closed_on=date(2026, 1, 1), successor=team
    )
    country = OfficeFactory(organisation=partner, name="Country office")
    base = OfficeFactory(organisation=partner, parent=country, name="Field office")
    ministry = OfficeFactory(organisation=state, name="Ministry")
    made.offices = [hq, sector, team, police, closed, country, base, ministry]
    for office in made.offices:
        made.heads.append(PositionFactory(office=office, is_head=True))
        made.staff.append(PositionFactory(office=office))
    made.groups = [SharingGroupFactory(office=team), SharingGroupFactory(office=country)]


def _people(made: Generated) -> None:
    """Every post with every component and clearance, then the special cases."""
    posts = [*made.heads, *made.staff]
    people = Person.objects.bulk_create(
        Person(
            email=f"p{number}@example.org",
            family_name=f"{component.name} {level.name} at {post.title} {post.office.name}",
            component=component,
            clearance=level,
        )
        for number, (post, component, level) in enumerate(product(posts, COMPONENTS, LEVELS))
    )
    Holding.objects.bulk_create(
        Holding(person=person, position=post, since=ago(days=60))
        for person, (post, _component, _level) in zip(people, product(posts, COMPONENTS, LEVELS), strict=True)
    )
    for person, group in zip(people[::11], cycle(made.groups)):
        person.groups.add(group)
    _special_people(made)
    made.people = list(Person.objects.all())


def _special_people(made: Generated) -> None:
    hq, sector, team, police, _closed, country, _base, ministry = made.staff
    _post("Inactive", team, is_active=False)
    PersonFactory(family_name="Postless", component=Component.MILITARY)
    _post("Left", team, until=ago(days=1))
    _post("Coming", team, since=ahead(days=1))
    _post("Left and returned", team, country, until=ago(days=1)).holdings.filter(position=country).update(
        until=None
    )
    _post("In two organisations", team, country)
    for delegator, delegate_post, name in (
        (made.heads[1], police, "Delegate of a head"),
        (made.heads[4], hq, "Delegate of the closed office's head"),
        (team, country, "Delegate in another organisation"),
        (made.heads[5], country, "Delegate within the partner"),
        (sector, ministry, "Delegate of the mission in the ministry"),
    ):
        _deputise(name, delegator, _post(name, delegate_post))
    _deputise("Postless delegate", team, PersonFactory(family_name="Postless delegate"))
    _deputise("Former delegate", team, _post("Former delegate", police), until=ago(days=1))
    _deputise("Coming delegate", team, _post("Coming delegate", police), since=ahead(days=1))
    _deputise("Delegate of one who left", team, _post("D1", police), left=True)
    second = _post("Delegate of a delegate", police)
    first = _deputise("First delegate", made.heads[2], _post("First delegate", police))
    DelegationFactory(position=made.heads[2], delegator=first, delegate=second)


def _post(name: str, *positions: Position, is_active: bool = True, **period: Any) -> Person:
    person = PersonFactory(family_name=name, is_active=is_active, component=Component.CIVILIAN)
    for position in positions:
        HoldingFactory(person=person, position=position, **period)
    return person


def _deputise(
    name: str, position: Position, delegate: Person, *, left: bool = False, **period: Any
) -> Person:
    delegator = _post(f"Delegator of {name}", position, **({"until": ago(days=1)} if left else {}))
    DelegationFactory(position=position, delegator=delegator, delegate=delegate, **period)
    return delegate


def _audiences(made: Generated) -> list[tuple[list[int], list[int]]]:
    mission, partner, state = made.organisations
    return [
        ([], []),
        ([Component.MILITARY], []),
        ([Component.POLICE, Component.HUMANITARIAN], []),
        (list(Component), []),
        ([], [partner]),
        ([Component.HOST_STATE], [mission, state]),
    ]


def _records(made: Generated, model: type[SharedRecord]) -> None:
    """Offices × levels × states × audiences; authors, roles and grants go round."""
    authors, positions = cycle(made.people[::7]), cycle([*made.heads, *made.staff])
    records = []
    for office, level, published, (components, organisations) in product(
        made.offices, LEVELS, _published(model), _audiences(made)
    ):
        records.append(
            model(
                owner_office=office,
                author=next(authors),
                classification=level,
                published_at=ago(hours=1) if published else None,
                audience_components=components,
                audience_organisations=organisations,
                **_own_fields(model, published, positions),
            )
        )
    _grants(made, model._default_manager.bulk_create(records))


def _published(model: type[SharedRecord]) -> tuple[bool, ...]:
    """An asset has no draft."""
    return (True, True) if model is Asset else (False, True)


def _own_fields(model: type[SharedRecord], published: bool, positions: Iterator[Position]) -> dict[str, Any]:
    """What the database wants of each, and whom it names."""
    own: dict[type[SharedRecord], Callable[[], dict[str, Any]]] = {
        Engagement: lambda: {
            "kind": EngagementKindFactory(),
            "starts_at": ago(days=2),
            "state": EngagementState.RELEASED if published else EngagementState.SUBMITTED,
            "approver": next(positions),
        },
        Tasking: lambda: {"assignee": next(positions), "issuer": next(positions), "due_at": ahead(days=2)},
        Operation: lambda: {
            "kind": OperationTypeFactory(),
            "state": "staffing" if published else "draft",
            "approver": next(positions),
            "starts_at": ahead(days=2),
            "ends_at": ahead(days=3),
        },
        Qip: lambda: {
            "chair": next(positions),
            "state": QipState.SUBMITTED if published else QipState.RETURNED,
        },
        Guidance: lambda: {
            "kind": GuidanceKindFactory(),
            "owner": next(positions),
            "approver": next(positions),
            "state": "withdrawn" if published else "review",
            "state_reason": "Old",
        },
        Asset: lambda: {"kind": AssetKindFactory(), "decider": next(positions)},
        Exercise: lambda: {
            "starts_at": ahead(days=2),
            "ends_at": ahead(days=3),
            "state": ExerciseState.SCHEDULED if published else ExerciseState.DRAFT,
        },
        Lesson: lambda: {
            "approver": next(positions),
            "owner": next(positions),
            "state": LessonState.IDENTIFIED if published else LessonState.SUBMITTED,
        },
        ModuleDraft: lambda: {
            "approver": next(positions),
            "state": ModuleDraftState.PUBLISHED if published else ModuleDraftState.SUBMITTED,
            "module": ModuleFactory() if published else None,
        },
        TrainingRecord: lambda: {"person": PersonFactory()},
    }
    return own[model]() if model in own else {}


def _grants(made: Generated, records: list[SharedRecord]) -> None:
    model = type(records[0])
    content_type = ContentType.objects.get_for_model(model)
    shown = Permission.objects.get(content_type=content_type, codename=f"view_{content_type.model}")
    ends = cycle([ahead(days=1), ago(days=1), ahead(minutes=5)])
    for every, holders in ((3, made.people[::5]), (5, made.groups)):
        table, _named = grant_tables(model, holders[0])
        column = "user" if every == 3 else "group"
        table._default_manager.bulk_create(
            table(
                content_object=record,
                permission=shown,
                expires_at=next(ends),
                reason="Planning",
                grantor=made.people[0],
                **{column: holder},
            )
            for record, holder in zip(records[::every], cycle(holders))
        )
    if model in _NAMED:
        _NAMED[model](made, records)


def _named_in_engagement(made: Generated, records: list[Any]) -> None:
    Attendance.objects.bulk_create(
        Attendance(engagement=record, person=person)
        for record, person in zip(records[::2], cycle(made.people[::3]))
    )


def _named_in_operation(made: Generated, records: list[Any]) -> None:
    Participation.objects.bulk_create(
        Participation(operation=record, role="support", office=office)
        for record, office in zip(records[::2], cycle(made.offices))
    )
    Participation.objects.bulk_create(
        Participation(operation=record, role="informed", organisation_id=organisation)
        for record, organisation in zip(records[::5], cycle(made.organisations))
    )
    PlanWriter.objects.bulk_create(
        PlanWriter(operation=record, section="mission", position=position)
        for record, position in zip(records[::3], cycle([*made.staff, *made.heads]))
    )


def _named_in_guidance(made: Generated, records: list[Any]) -> None:
    for record, position in zip(records[::4], cycle([*made.staff, *made.heads])):
        version = GuidanceVersion.objects.create(guidance=record, number=1, author=made.people[0])
        GuidanceReviewer.objects.create(
            guidance=record, version=version, position=position, due_on=ahead(days=2).date()
        )


def _named_in_exercise(made: Generated, records: list[Any]) -> None:
    named = list(zip(records[::2], cycle([*made.staff, *made.heads]), cycle(made.people[::3])))
    roles = ExerciseRole.objects.bulk_create(
        ExerciseRole(exercise=record, title="Control", component=1, side="control")
        for record, _position, _person in named
    )
    ExerciseSeat.objects.bulk_create(
        ExerciseSeat(
            exercise=record,
            role=role,
            position=position if index % 3 else None,
            person=person if index % 3 != 1 else None,
        )
        for index, ((record, position, person), role) in enumerate(zip(named, roles, strict=True))
    )


def _named_in_qip(made: Generated, records: list[Any]) -> None:
    QipVote.objects.bulk_create(
        QipVote(qip=record, position=position)
        for record, position in zip(records[::2], cycle([*made.staff, *made.heads]))
    )


# Whom the child tables of a model name, for some of its records.
_NAMED: dict[type[SharedRecord], Callable[[Generated, list[Any]], None]] = {
    Engagement: _named_in_engagement,
    Operation: _named_in_operation,
    Guidance: _named_in_guidance,
    Exercise: _named_in_exercise,
    Qip: _named_in_qip,
}


@pytest.fixture(scope="module")
def generated(django_db_setup: None, django_db_blocker: Any) -> Iterator[Generated]:
    """Built once for the module, in a transaction that is rolled back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        made = Generated()
        _offices(made)
        _people(made)
        for model in MODELS:
            _records(made, model)
        yield made
        transaction.set_rollback(True)


def test_every_shared_model_has_its_facts() -> None:
    assert facts.undescribed_models() == set()
    assert set(MODELS) == set(facts.NAMES)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_queryset_shows_what_the_rule_says(model: type[SharedRecord], generated: Generated) -> None:
    assert facts.disagreements(model, generated.people) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_generated_pairs_reach_every_clause(model: type[SharedRecord], generated: Generated) -> None:
    """The comparison would prove nothing if everyone, or no one, saw everything."""
    world, records = facts.world(), facts.all_facts(model)
    pairs = [
        (world.sees(person.pk, record), record) for person in generated.people for record in records.values()
    ]
    seen = sum(sees for sees, _record in pairs)
    assert len(pairs) > 70_000
    assert 0.1 < seen / len(pairs) < 0.6
    assert model is Asset or any(sees and not record.published for sees, record in pairs)
    assert any(sees and record.classification == 3 for sees, record in pairs)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_trail_tells_the_same_readers_as_the_queryset(
    model: type[SharedRecord], generated: Generated
) -> None:
    """Who could read it, asked of this moment: the trail alone must answer as the rule does."""
    now = timezone.now()
    every = model._default_manager.unscoped("the test asks for each person").order_by("pk")
    records = every.in_bulk(list(every.values_list("pk", flat=True))[:: every.count() // 12])
    seen: dict[int, set[int]] = {pk: set() for pk in records}
    for person in generated.people:
        for pk in (
            model._default_manager.visible_to(person).filter(pk__in=records).values_list("pk", flat=True)
        ):
            seen[pk].add(person.pk)
    for pk, record in records.items():
        found = ReadersOf(record, now, now + timedelta(microseconds=1)).found()
        assert {one.person.pk for one in found} == seen[pk], record
