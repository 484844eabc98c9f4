"""Whatever is done in whatever order: the keys say what the oracle says, after every step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cimic_portal.core.models import Delegation, Document, Holding, Office, Person, Position
from cimic_portal.core.services.grants import grant, revoke
from cimic_portal.core.sharing.grants import grant_tables
from cimic_portal.core.sharing.keys import gather_access
from cimic_portal.core.sharing.levels import Classification, Component
from liaison.models import Attendance, Engagement, EngagementState
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DelegationFactory, DocumentFactory, HoldingFactory, ago, ahead, give
from tests.factories.liaison import EngagementFactory
from tests.support import facts

pytestmark = pytest.mark.django_db

LEVEL = st.sampled_from(Classification)
COMPONENTS = st.lists(st.sampled_from(Component), unique=True, max_size=3)
PICK = st.integers(min_value=0, max_value=50)
WHY = facts.WHY


class Portal(RuleBasedStateMachine):
    """A small mission in which anything may happen next."""

    cast: Cast

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cast = make_cast()
        self.offices = list(Office.objects.order_by("pk"))
        self.document = DocumentFactory(owner_office=self.cast.team, author=self.cast.owner)
        self.engagement = EngagementFactory(owner_office=self.cast.team, author=self.cast.owner)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def _office(self, pick: int) -> Office:
        return Office.objects.get(pk=self.offices[pick % len(self.offices)].pk)

    def _person(self, pick: int) -> Person:
        people = list(Person.objects.order_by("pk"))
        return people[pick % len(people)]

    def _position(self, pick: int) -> Position:
        positions = list(Position.objects.order_by("pk"))
        return positions[pick % len(positions)]

    def _record(self, pick: int) -> Any:
        record = (self.document, self.engagement)[pick % 2]
        record.refresh_from_db()
        return record

    # What happens to records.

    @rule(pick=PICK, published=st.booleans())
    def publish(self, pick: int, published: bool) -> None:
        record = self._record(pick)
        record.published_at = timezone.now() if published else None
        if isinstance(record, Engagement):
            record.state = EngagementState.RELEASED if published else EngagementState.DRAFT
        record.save()

    @rule(pick=PICK, components=COMPONENTS, organisations=st.booleans(), level=LEVEL)
    def share(self, pick: int, components: list[int], organisations: bool, level: int) -> None:
        record = self._record(pick)
        record.audience_components = components
        record.audience_organisations = [self.cast.partner_organisation.pk] if organisations else []
        record.classification = level
        record.save()

    @rule(pick=PICK, office=PICK, author=PICK)
    def hand_over(self, pick: int, office: int, author: int) -> None:
        rows = type(self._record(pick)).objects.unscoped(WHY).filter(pk=self._record(pick).pk)
        rows.update(owner_office=self._office(office), author=self._person(author))

    @rule(position=PICK, asked=st.booleans())
    def ask_for_release(self, position: int, asked: bool) -> None:
        rows = Engagement.objects.unscoped(WHY).filter(pk=self.engagement.pk)
        rows.update(approver=self._position(position) if asked else None)

    @rule(person=PICK)
    def attend(self, person: int) -> None:
        who = self._person(person)
        present = Attendance.objects.unscoped(WHY).filter(engagement=self.engagement, person=who)
        if not present.delete()[0]:
            Attendance.objects.create(engagement=self.engagement, person=who)

    @rule(pick=PICK, person=PICK, to_group=st.booleans(), live=st.booleans())
    def give_grant(self, pick: int, person: int, to_group: bool, live: bool) -> None:
        record = self._record(pick)
        to = self.cast.group if to_group else self._person(person)
        if live and not to_group and record.classification <= to.clearance:
            owner = self._owner_of(record)
            if owner is not None and owner != to:
                grant(
                    record, to, actor=owner, expires_at=ahead(days=1), reason="Plan", version=record.version
                )
                return
        self._take_back(record, to)
        give(record, to, by=self.cast.owner, expires_at=ahead(days=1) if live else ago(days=1))

    @rule(pick=PICK, person=PICK)
    def revoke_grant(self, pick: int, person: int) -> None:
        record, to = self._record(pick), self._person(person)
        table, named = grant_tables(type(record), to)
        given = table.objects.unscoped(WHY).filter(content_object_id=record.pk, **named).first()
        owner = self._owner_of(record)
        if given is not None and owner is not None:
            revoke(record, given, actor=owner, reason="Done", version=record.version)

    def _owner_of(self, record: Any) -> Person | None:
        """Someone who may grant: of the owner office, and cleared."""
        for person in Person.objects.order_by("pk"):
            post = facts.world().people[person.pk]
            held = {p.office for p in post.held} if post.active else set()
            if record.owner_office_id in held and person.clearance >= record.classification:
                return person
        return None

    def _take_back(self, record: Any, to: Any) -> None:
        table, named = grant_tables(type(record), to)
        table.objects.unscoped(WHY).filter(content_object_id=record.pk, **named).delete()

    @rule(pick=PICK, number=st.integers(min_value=0, max_value=2000))
    def forge_keys(self, pick: int, number: int) -> None:
        table = type(self._record(pick))._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET reader_keys = reader_keys || %s", [[number]])

    # What happens to people and posts.

    @rule(person=PICK, position=PICK)
    def appoint_or_relieve(self, person: int, position: int) -> None:
        now = timezone.now()
        holding = Holding.objects.filter(
            person=self._person(person), position=self._position(position), until=None
        ).first()
        if holding is None:
            HoldingFactory(person=self._person(person), position=self._position(position), since=now)
        else:
            Holding.objects.filter(pk=holding.pk).update(until=now)

    @rule(position=PICK)
    def make_head(self, position: int) -> None:
        chosen = self._position(position)
        Position.objects.filter(office=chosen.office).update(is_head=False)
        Position.objects.filter(pk=chosen.pk).update(is_head=True)

    @rule(position=PICK, office=PICK)
    def move_position(self, position: int, office: int) -> None:
        Position.objects.filter(pk=self._position(position).pk, is_head=False).update(
            office=self._office(office)
        )

    @rule(delegator=PICK, delegate=PICK, position=PICK)
    def delegate(self, delegator: int, delegate: int, position: int) -> None:
        one, other = self._person(delegator), self._person(delegate)
        if one != other:
            DelegationFactory(position=self._position(position), delegator=one, delegate=other)

    @rule()
    def end_delegations(self) -> None:
        Delegation.objects.update(until=timezone.now())

    @rule(person=PICK, level=LEVEL, component=st.sampled_from(Component), active=st.booleans())
    def change_person(self, person: int, level: int, component: int, active: bool) -> None:
        Person.objects.filter(pk=self._person(person).pk).update(
            clearance=level, component=component, is_active=active
        )

    @rule(person=PICK)
    def join_or_leave_group(self, person: int) -> None:
        who = self._person(person)
        (who.groups.remove if who.groups.exists() else who.groups.add)(self.cast.group)

    @rule(office=PICK, successor=PICK, closed=st.booleans())
    def close_or_open(self, office: int, successor: int, closed: bool) -> None:
        Office.objects.filter(pk=self._office(office).pk).update(
            closed_on=date(2026, 1, 1) if closed else None, successor=self._office(successor)
        )

    @rule(office=PICK, parent=PICK)
    def reparent(self, office: int, parent: int) -> None:
        """Under any office, even of another organisation or one below: forms refuse it, SQL does not."""
        child, above = self._office(office), self._office(parent)
        Office.objects.filter(pk=child.pk).update(parent=None if child == above else above)

    @invariant()
    def keys_say_what_the_oracle_says(self) -> None:
        if hasattr(self, "cast"):
            assert _disagreements() == []


def _disagreements() -> list[str]:
    """As `facts.disagreements`, with the keys compared here: one query a person instead of one a model."""
    world = facts.world()
    access = {person: gather_access(person) for person in world.people}
    wrong = []
    for model in (Document, Engagement):
        keys = dict(model.objects.unscoped(WHY).values_list("pk", "reader_keys"))
        for pk, record in facts.all_facts(model).items():
            for person, theirs in access.items():
                opens = record.classification <= theirs.clearance and bool(theirs.keys & set(keys[pk]))
                if opens != world.sees(person, record):
                    wrong.append(f"{opens}: {model.__name__} {record} {world.people[person]}")
    return wrong


def test_keys_equal_the_oracle_after_every_verb() -> None:
    run_state_machine_as_test(
        Portal,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.long
def test_keys_equal_the_oracle_after_many_verbs() -> None:
    run_state_machine_as_test(
        Portal,
        settings=settings(
            max_examples=150,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
