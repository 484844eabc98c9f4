"""Personal data whose time has run out is anonymised, in the trail too, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from cimic_portal.core.audit.seal import faults, seal
from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import (
    ApiToken,
    Forgotten,
    ForgottenRow,
    Holding,
    Notification,
    Person,
    RetentionDecision,
    RetentionRules,
    SavedFilter,
)
from cimic_portal.core.retention import retention_of
from cimic_portal.core.services.forgetting import (
    decide,
    due_rows,
    forget,
    forget_decided,
    open_rows,
    preview,
    visible_due,
)
from cimic_portal.core.sharing.levels import Component
from liaison.models import Attendance, Contact
from tests.factories.cast import make_cast
from tests.factories.core import DelegationFactory, HoldingFactory, PersonFactory, ahead, rules_are
from tests.factories.liaison import AttendanceFactory, ContactFactory, EngagementFactory
from tests.factories.training_course import (
    ProofFactory,
    QualificationFactory,
    TrainingRecordFactory,
    seat_for,
)
from tests.support.database import owner_role
from training.models import Proof

pytestmark = pytest.mark.django_db

TOKEN = "Zzyzxqua"


def months_ago(months: int) -> datetime:
    """By the calendar of the database, which counts months."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - make_interval(months => %s)", [months])
        (moment,) = cursor.fetchone()
    return moment  # type: ignore[no-any-return]


@pytest.fixture
def administrator() -> Person:
    person: Person = PersonFactory(is_staff=True, component=Component.CIVILIAN)
    HoldingFactory(person=person)
    return person


def met(contact: Contact, at: datetime) -> Attendance:
    attendance: Attendance = AttendanceFactory(
        engagement=EngagementFactory(owner_office=contact.owner_office, starts_at=at),
        contact=contact,
        role=f"Chief of {TOKEN}",
    )
    return attendance


@pytest.fixture
def contact() -> Contact:
    """Last met 25 months ago; renamed once."""
    contact: Contact = ContactFactory(
        name=f"Old {TOKEN}",
        form_of_address=TOKEN,
        role=TOKEN,
        phone=TOKEN,
        email=f"{TOKEN}@example.org",
        languages=TOKEN,
        notes=f"About {TOKEN}",
    )
    Contact.objects.unscoped("test").filter(pk=contact.pk).update(name=f"New {TOKEN}")
    met(contact, months_ago(25))
    return contact


@pytest.fixture
def leaver() -> Person:
    """Without a post for 25 months, with whatever the portal keeps for people."""
    person: Person = PersonFactory(
        given_name=TOKEN,
        family_name=TOKEN,
        form_of_address=TOKEN,
        phone=TOKEN,
        languages=TOKEN,
        email=f"{TOKEN.lower()}@example.org",
        joined_at=months_ago(40),
    )
    HoldingFactory(person=person, since=months_ago(40), until=months_ago(25))
    DelegationFactory(delegator=person, reason=f"Surgery of {TOKEN}")
    ApiToken.objects.create(
        person=person,
        name=f"laptop {TOKEN}",
        prefix="cimic_x",
        digest="d",
        scopes=["read"],
        expires_at=ahead(days=1),
    )
    SavedFilter.objects.create(person=person, list_name="contacts", name=TOKEN, query=f"q={TOKEN}")
    UserSession.objects.create(user=person, ip="192.0.2.7", user_agent=TOKEN, session_key="s" * 32)
    Notification.objects.create(person=person, kind="x", record_model="core.Document", record_id=1)
    return person


def places_of(word: str) -> list[str]:
    """Every column of every table in which the word stands, in whatever case."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])
            if cursor.fetchone():
                found.append(f"{table}.{column}")
    return found


def pks(kind: str) -> set[int]:
    return set(due_rows(retention_of(kind)).values_list("pk", flat=True))


class TestDue:
    def test_contact_from_the_moment_on(self) -> None:
        """The clock of the database stands still within a transaction, so the boundary can be met."""
        then = months_ago(24)
        on_time, early = ContactFactory(), ContactFactory()
        met(on_time, then)
        met(early, then + timedelta(microseconds=1))
        assert pks("contact") == {on_time.pk}

    def test_time_is_what_the_mission_says(self) -> None:
        """On pages and in the procedure of the database, at once."""
        old, recent = ContactFactory(), ContactFactory()
        met(old, months_ago(13))
        met(recent, months_ago(11))
        assert pks("contact") == set()
        rules_are(RetentionRules, months=12)
        assert pks("contact") == {old.pk}
        decide("contact", None, actor=PersonFactory(is_staff=True), reason="Time has run out")
        assert [entry.row_id for entry in forget_decided()] == [old.pk]

    def test_contact_counts_from_the_last_engagement(self, contact: Contact) -> None:
        met(contact, months_ago(3))
        assert contact.pk not in pks("contact")

    def test_contact_never_met_counts_from_the_last_change(self) -> None:
        old, new = ContactFactory(), ContactFactory()
        Contact.objects.unscoped("test").filter(pk=old.pk).update(updated_at=months_ago(24))
        assert pks("contact") == {old.pk}
        assert new.pk not in pks("contact")

    def test_person_from_the_end_of_the_last_post(self) -> None:
        due, later, posted = (PersonFactory(joined_at=months_ago(60)) for _ in range(3))
        HoldingFactory(person=due, since=months_ago(40), until=months_ago(24))
        HoldingFactory(person=later, since=months_ago(40), until=months_ago(24) + timedelta(microseconds=1))
        HoldingFactory(person=posted, since=months_ago(40))
        assert pks("person") == {due.pk}

    def test_person_with_a_post_to_come_is_not_due(self, leaver: Person) -> None:
        assert leaver.pk in pks("person")
        HoldingFactory(person=leaver, since=ahead(days=9))
        assert leaver.pk not in pks("person")

    def test_person_switched_off_counts_from_that_day(self) -> None:
        person = PersonFactory(joined_at=months_ago(60))
        HoldingFactory(person=person, since=months_ago(50))
        Person.objects.filter(pk=person.pk).update(is_active=False)
        assert person.pk not in pks("person")
        with owner_role(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_personevent SET pgh_created_at = now() - interval '24 months'"
                " WHERE pgh_obj_id = %s",
                [person.pk],
            )
        assert person.pk in pks("person")


class TestForget:
    def test_contact_is_found_nowhere(self, contact: Contact, administrator: Person) -> None:
        before = places_of(TOKEN)
        assert {"liaison_contact.name", "liaison_contactevent.name", "liaison_attendanceevent.role"} <= set(
            before
        )
        assert decide("contact", None, actor=administrator, reason="Time has run out") == 1
        (entry,) = forget_decided()
        assert places_of(TOKEN) == []
        contact.refresh_from_db()
        assert contact.name == f"Contact {contact.pk} (anonymised)"
        assert contact.version == 2
        assert Attendance.objects.unscoped("test").filter(contact=contact).count() == 1
        assert (entry.kind, entry.row_id, entry.decision.decided_by) == ("contact", contact.pk, administrator)
        assert entry.changed_rows == 1 + 3 + 1 + 2
        assert "liaison_contact.name" in entry.changed_fields
        assert forget_decided() == []

    def test_the_seal_of_the_trail_stays_whole(self, contact: Contact, administrator: Person) -> None:
        seal()
        decide("contact", None, actor=administrator, reason="Time has run out")
        forget_decided()
        changed = ForgottenRow.objects.filter(table="liaison_contactevent").exclude(before=F("since"))
        assert changed.count() == 2
        assert list(faults()) == []
        with owner_role(), connection.cursor() as cursor:
            cursor.execute("UPDATE liaison_contactevent SET name = 'Another'")
        assert [fault.words for fault in faults()] == [
            "liaison_contactevent: at least one of 2 rows was changed"
        ]

    def test_person_is_found_nowhere(self, leaver: Person, administrator: Person) -> None:
        assert "core_savedfilterevent.query" in places_of(TOKEN)
        decide("person", [leaver.pk], actor=administrator, reason="Left")
        assert len(forget_decided()) == 1
        assert places_of(TOKEN) == []
        leaver.refresh_from_db()
        assert str(leaver) == f"Person {leaver.pk} (anonymised)"
        assert not leaver.is_active
        assert not leaver.has_usable_password()
        assert Holding.objects.filter(person=leaver).count() == 1
        for model in (ApiToken, SavedFilter, Notification):
            assert not model._default_manager.filter(person=leaver).exists()
        assert not UserSession.objects.filter(user=leaver).exists()

    def test_reasons_in_the_training_record_go_too(self, leaver: Person, administrator: Person) -> None:
        enrolment = seat_for(
            record=TrainingRecordFactory(person=leaver), state="withdrawn", reason=f"Illness of {TOKEN}"
        )
        proof = ProofFactory(
            record=enrolment.record,
            qualification=QualificationFactory(record=enrolment.record, reason=f"Seen by {TOKEN}"),
            caption=f"Diploma of {TOKEN}",
        )
        decide("person", [leaver.pk], actor=administrator, reason="Left")
        forget_decided()
        assert places_of(TOKEN) == []
        enrolment.refresh_from_db()
        assert enrolment.reason == "(anonymised)"
        assert not Proof.objects.unscoped("test").filter(pk=proof.pk).exists()

    def test_others_are_left_alone(self, contact: Contact, administrator: Person) -> None:
        other = ContactFactory(name="Somebody else", phone="1")
        decide("contact", None, actor=administrator, reason="Time has run out")
        forget_decided()
        other.refresh_from_db()
        assert (other.name, other.phone) == ("Somebody else", "1")


class TestReview:
    def test_nothing_happens_without_a_decision(self, contact: Contact) -> None:
        assert forget_decided() == []
        contact.refresh_from_db()
        assert contact.name == f"New {TOKEN}"

    def test_mission_may_do_without(self, contact: Contact) -> None:
        rules_are(RetentionRules, is_reviewed=False)
        (entry,) = forget_decided()
        assert entry.decision.decided_by is None

    def test_kept_for_longer(self, contact: Contact, administrator: Person) -> None:
        until = timezone.localdate() + timedelta(days=30)
        assert decide("contact", None, actor=administrator, reason="Case is open", keep_until=until) == 1
        assert forget_decided() == []
        assert [due.kept for due in preview() if due.retention.kind == "contact"] == [1]
        assert not open_rows(retention_of("contact")).exists()

    def test_kept_until_a_day_that_is_past_waits_again(self, contact: Contact) -> None:
        RetentionDecision.objects.create(
            kind="contact", row_id=contact.pk, reason="x", keep_until=timezone.localdate() - timedelta(days=1)
        )
        assert open_rows(retention_of("contact")).count() == 1

    @pytest.mark.parametrize(("reason", "days"), [(" ", None), ("Because", 0)])
    def test_wrong_input_is_refused(self, administrator: Person, reason: str, days: int | None) -> None:
        until = None if days is None else timezone.localdate() + timedelta(days=days)
        with pytest.raises(InvalidError):
            decide("contact", None, actor=administrator, reason=reason, keep_until=until)

    def test_only_administrators_decide(self, contact: Contact) -> None:
        with pytest.raises(RefusedError):
            decide("contact", None, actor=contact.author, reason="Because")

    def test_nobody_decides_about_themselves(self, leaver: Person) -> None:
        Person.objects.filter(pk=leaver.pk).update(is_staff=True)
        leaver.refresh_from_db()
        assert decide("person", [leaver.pk], actor=leaver, reason="Because") == 0

    def test_hidden_contact_is_counted_and_not_named(self, administrator: Person) -> None:
        cast = make_cast()
        hidden = ContactFactory(owner_office=cast.team, author=cast.owner)
        met(hidden, months_ago(30))
        retention = retention_of("contact")
        rows = open_rows(retention)
        assert rows.count() == 1
        assert list(visible_due(retention, rows, administrator)) == []
        assert decide("contact", [hidden.pk], actor=administrator, reason="Guessed") == 0
        assert [row.pk for row in visible_due(retention, rows, cast.owner)] == [hidden.pk]


class TestCommand:
    def said(self, *options: str) -> str:
        out = StringIO()
        call_command("forget", *options, stdout=out)
        return out.getvalue()

    def test_preview_names_nobody(self, contact: Contact) -> None:
        words = self.said("--preview")
        assert "Contacts: 1 due" in words
        assert "free texts" in words
        assert TOKEN not in words

    def test_decide_run_and_report(self, contact: Contact, administrator: Person) -> None:
        assert "Nothing was anonymised" in self.said()
        said = self.said("--decide", "contact", "--by", administrator.email, "--reason", "Due")
        assert "1" in said
        assert "Contacts: 1" in self.said()
        report = self.said("--report")
        assert str(administrator) in report
        assert "liaison_contact.name" in report
        assert TOKEN not in report

    @pytest.mark.parametrize(
        "options",
        [
            ("--decide", "stone", "--by", "a@example.org", "--reason", "x"),
            ("--decide", "contact", "--reason", "x"),
            ("--decide", "contact", "--by", "nobody@example.org", "--reason", "x"),
        ],
    )
    def test_wrong_options_are_refused_in_plain_words(self, options: tuple[str, ...]) -> None:
        with pytest.raises(CommandError):
            self.said(*options)

    def test_whoever_is_no_administrator_is_refused(self, contact: Contact) -> None:
        with pytest.raises(CommandError, match="administrator"):
            self.said("--decide", "contact", "--by", contact.author.email, "--reason", "x")


class TestDatabase:
    """What the database itself refuses, whoever asks."""

    def refused(self, kind: str, pk: int, words: str) -> None:
        with pytest.raises(InternalError, match=words), transaction.atomic():
            forget(kind, pk)

    def test_without_a_decision(self, contact: Contact) -> None:
        self.refused("contact", contact.pk, "Nobody decided")

    def test_row_that_is_not_due(self) -> None:
        contact = ContactFactory()
        RetentionDecision.objects.create(kind="contact", row_id=contact.pk, reason="x")
        self.refused("contact", contact.pk, "is not due")

    def test_kept_row(self, contact: Contact) -> None:
        RetentionDecision.objects.create(kind="contact", row_id=contact.pk, reason="x")
        RetentionDecision.objects.create(
            kind="contact", row_id=contact.pk, reason="x", keep_until=timezone.localdate()
        )
        self.refused("contact", contact.pk, "Nobody decided")

    def test_decision_from_an_earlier_time(self, contact: Contact) -> None:
        RetentionDecision.objects.create(kind="contact", row_id=contact.pk, reason="x")
        with owner_role(), connection.cursor() as cursor:
            cursor.execute("UPDATE core_retentiondecision SET decided_at = now() - interval '2 months'")
        assert forget_decided() == []
        self.refused("contact", contact.pk, "since")

    def test_unknown_kind(self) -> None:
        RetentionDecision.objects.create(kind="other", row_id=1, reason="x")
        with pytest.raises(InternalError, match="is not due"), connection.cursor() as cursor:
            cursor.execute("SELECT core_forget('other', 1)")

    def test_twice(self, contact: Contact, administrator: Person) -> None:
        decide("contact", None, actor=administrator, reason="Due")
        forget_decided()
        self.refused("contact", contact.pk, "already")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE liaison_contactevent SET name = 'x'",
            "UPDATE core_forgotten SET kind = 'x'",
            "DELETE FROM core_forgotten",
            "DELETE FROM core_retentiondecision",
            "UPDATE core_retentiondecision SET keep_until = NULL",
            "INSERT INTO core_forgotten SELECT * FROM core_forgotten",
        ],
    )
    def test_setting_of_the_procedure_gives_the_portal_nothing(
        self, contact: Contact, statement: str
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.forgetting = 'on'")
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                cursor.execute(statement)

    def test_setting_lets_nobody_past_other_triggers(self, contact: Contact) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.forgetting = 'on'")
            with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
                cursor.execute("UPDATE liaison_attendance SET role = 'x'")

    def test_trail_is_closed_again_afterwards(self, contact: Contact, administrator: Person) -> None:
        decide("contact", None, actor=administrator, reason="Due")
        forget_decided()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('portal.forgetting', true)")
            assert cursor.fetchone()[0] in {None, ""}

    def test_entry_stands_in_the_trail_of_the_row(self, contact: Contact, administrator: Person) -> None:
        decide("contact", None, actor=administrator, reason="Due")
        forget_decided()
        last: Any = contact.events.unscoped("test").order_by("-pgh_id").first()  # type: ignore[attr-defined]
        assert last.pgh_context["verb"] == "contact.forget"
        assert Forgotten.objects.count() == 1
