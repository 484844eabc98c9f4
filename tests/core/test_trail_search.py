"""The audit trail, searched by administrators: by record, person, verb and time, and never past the rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cimic_portal.core.audit import search as trail_search
from cimic_portal.core.audit.search import Sought, kinds, search
from cimic_portal.core.models import Document, Holding, Person, ReadEntry
from cimic_portal.core.services.verbs import save_changed, verb
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, HoldingFactory, PersonFactory, PositionFactory
from tests.support.pages import body, link_to, signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/admin/trail/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def pages(cast: Cast) -> Client:
    return signed_in(cast.auditor)


def edit(document: Document, actor: Person, done: str = "document.edit", **fields: Any) -> None:
    with verb(done, actor=actor, reason=f"Because of {done}"):
        for name, value in fields.items():
            setattr(document, name, value)
        save_changed(document)


def written(cast: Cast, office: Any, title: str, **fields: Any) -> Document:
    with verb("document.write", actor=cast.owner):
        made: Document = DocumentFactory(owner_office=office, author=cast.owner, title=title, **fields)
    return made


def asked(pages: Client, **query: str) -> str:
    answer = pages.get(PAGE, query)
    assert answer.status_code == 200
    return words(body(answer))


def found(person: Person, **sought: Any) -> list[str]:
    now = timezone.now()
    period = {"since": now - timedelta(days=2), "until": now + timedelta(days=1)}
    person.refresh_from_db()
    result = search(Sought(**({"kind": Document} | period | sought)), person)
    return [f"{entry.verb} {row}" for row, _pk, entry in result.lines]


class TestReferenceData:
    def test_by_row_person_and_verb(self, pages: Client, cast: Cast) -> None:
        with verb("person.change", actor=cast.auditor, reason="Came with the last rotation"):
            cast.owner.phone = "+236 70 00 00 01"
            cast.owner.save()
        told = asked(pages, record=cast.owner.email)
        for part in (str(cast.owner), str(cast.auditor), "Came with the last rotation", "+236 70 00 00 01"):
            assert part in told
        assert "person.change" in asked(pages, person=cast.auditor.email, verb="change")
        assert "person.change" in asked(pages, verb="person.change")
        for other in ({"verb": "hange"}, {"person": cast.head.email}, {"record": cast.head.email}):
            assert "person.change" not in asked(pages, **other)

    def test_period_is_in_days_of_the_mission(self, pages: Client, cast: Cast) -> None:
        today = timezone.localdate()
        assert str(cast.owner) in asked(pages, record=cast.owner.email)
        days = {"since": today - timedelta(days=9), "until": today - timedelta(days=1)}
        told = asked(pages, record=cast.owner.email, **{name: str(day) for name, day in days.items()})
        assert "Nothing was found" in told

    def test_pages_go_back_without_repeating(self, pages: Client, cast: Cast) -> None:
        for number in range(60):
            with verb("person.change", actor=cast.auditor, reason=f"Change {number:02}"):
                cast.owner.phone = str(number)
                cast.owner.save()
        query = {"record": cast.owner.email, "verb": "change"}
        first = pages.get(PAGE, query)
        assert "Change 59" in words(body(first))
        assert "Change 09" not in words(body(first))
        older = words(body(pages.get(PAGE + link_to(first, "next"))))
        assert "Change 09" in older
        assert "Change 10" not in older
        spoiled = asked(pages, page="spoiled", **query)
        assert "shown from its beginning" in spoiled
        assert "Change 59" in spoiled

    def test_what_was_deleted_is_still_told(self, pages: Client, cast: Cast) -> None:
        with verb("holding.delete", actor=cast.auditor, reason="Entered twice"):
            Holding.objects.filter(person=cast.owner).delete()
        told = asked(pages, kind="core.holding", verb="delete")
        assert "Entered twice" in told
        assert "No. " in told

    def test_many_lines_take_as_many_queries_as_few(self, pages: Client, cast: Cast) -> None:
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(connection) as queries:
                asked(pages, kind="core.holding")
            counts.append(len(queries))
            for _number in range(20):
                HoldingFactory(person=PersonFactory(), position=PositionFactory())
        assert counts[0] == counts[1]


class TestRecords:
    def test_only_what_the_rule_opens_by_whatever_is_asked(self, cast: Cast) -> None:
        """The administrator of headquarters is cleared for the lowest level alone."""
        own = written(cast, cast.hq, "Open order")
        hidden = [
            written(cast, cast.police, "Hidden by office"),
            written(cast, cast.country_office, "Hidden by partner"),
            written(cast, cast.hq, "Hidden by level", classification=Classification.CONFIDENTIAL),
        ]
        for document in (own, *hidden):
            edit(document, cast.owner, "document.release")
        ways: list[dict[str, Any]] = [
            {},
            {"actor": cast.owner.pk},
            {"verb": "release"},
            {"verb": "document.release", "actor": cast.owner.pk},
        ]
        for way in ways:
            assert {line.partition(" ")[2] for line in found(cast.auditor, **way)} == {"Open order"}
        assert found(cast.auditor, record=own.reference)
        for document in hidden:
            assert found(cast.auditor, record=document.reference) == []
        # Whoever may read one finds it.
        assert "document.release Hidden by office" in found(cast.other_component)

    def test_page_tells_nothing_hidden(self, pages: Client, cast: Cast) -> None:
        hidden = written(cast, cast.police, "Qzkw operation")
        edit(hidden, cast.owner, "document.release", title="Qzkw again")
        for query in ({}, {"record": hidden.reference}, {"person": cast.owner.email}, {"verb": "release"}):
            told = asked(pages, kind="core.document", **query)
            assert "Qzkw" not in told
            assert "Nothing was found" in told
            assert "Older" not in told

    def test_rows_of_its_own_day_stay_shut(self, cast: Cast) -> None:
        document = written(cast, cast.hq, "Was secret", classification=Classification.CONFIDENTIAL)
        edit(
            document, cast.owner, "document.reshare", classification=Classification.UNCLASSIFIED, title="Open"
        )
        assert found(cast.auditor) == ["document.reshare Open"]
        told = found(cast.head_above)
        assert [line.partition(" ")[0] for line in told] == ["document.reshare", "document.write"]

    def test_batches_of_hidden_rows_are_gone_through(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(trail_search, "BATCH", 2)
        oldest = written(cast, cast.hq, "Oldest")
        document = written(cast, cast.hq, "Moved here", classification=Classification.UNCLASSIFIED)
        edit(document, cast.owner, owner_office=cast.police)
        for number in range(5):
            edit(document, cast.owner, title=f"Of the police {number}")
        edit(document, cast.owner, owner_office=cast.hq, title="Back")
        assert found(cast.auditor) == [
            "document.edit Back",
            "document.write Back",
            f"document.write {oldest}",
        ]

    def test_reads_of_confidential_ones_are_logged(self, cast: Cast) -> None:
        document = written(cast, cast.hq, "Secret", classification=Classification.CONFIDENTIAL)
        Person.objects.filter(pk=cast.head_above.pk).update(is_staff=True)
        told = asked(signed_in(cast.head_above), kind="core.document")
        assert "Secret" in told
        assert ReadEntry.objects.get(surface="trail").records == [f"document:{document.reference}"]

    def test_many_records_take_as_many_queries_as_few(self, pages: Client, cast: Cast) -> None:
        counts = []
        for _round in range(2):
            for number in range(1 if not counts else 12):
                edit(written(cast, cast.hq, f"Order {number}"), cast.owner)
            with CaptureQueriesContext(connection) as queries:
                asked(pages, kind="core.document")
            counts.append(len(queries))
        assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"kind": "core.readentry"}, "Choose one of the values"),
        ({"kind": "auth.permission"}, "Choose one of the values"),
        ({"person": "nobody@x.example"}, "Nobody in the portal"),
        ({"since": "soon"}, "2026-11-22"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "before the beginning"),
        ({"since": "2020-01-01"}, "a year at a time"),
        ({"since": "9999-12-31", "until": "9999-12-31"}, "earlier day"),
        ({"since": "0001-01-01", "until": "0001-01-02"}, "later day"),
        ({"record": "x\0"}, "(NUL)"),
    ],
)
def test_bad_input_is_told(pages: Client, query: dict[str, str], said: str) -> None:
    answer = pages.get(PAGE, query)
    assert answer.status_code == 422
    assert said in words(body(answer))


def test_every_kind_can_be_searched(pages: Client) -> None:
    for kind in kinds():
        asked(pages, kind=kind._meta.label_lower, record="1")
        asked(pages, kind=kind._meta.label_lower, record="nothing")


def test_first_event_of_a_day_is_found_by_halving(cast: Cast) -> None:
    table = "core_personevent"
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(pgh_id), max(pgh_id) + 1 FROM core_personevent")
        first, beyond = cursor.fetchone()
    assert trail_search._first_since(table, datetime(2020, 1, 1, tzinfo=UTC)) == first
    assert trail_search._first_since(table, timezone.now() + timedelta(days=1)) == beyond
    assert trail_search._first_since("core_placeevent", timezone.now()) == 1


def test_others_are_kept_out(cast: Cast) -> None:
    assert signed_in(cast.head_above).get(PAGE, follow=True).status_code == 403
