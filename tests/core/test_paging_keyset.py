"""Paging: complete, without repeats, bound to its reader, and never by OFFSET."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cimic_portal.core.models import Document, Office, Person
from cimic_portal.core.ordering import By
from cimic_portal.core.paging import CursorError, Keyset, Page, binding
from tests.factories.core import DocumentFactory, OfficeFactory, post_someone

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
ORDERINGS: list[tuple[str, ...]] = [
    ("-id",),
    ("title",),
    ("-title",),
    ("made_at",),
    ("-made_at",),
    ("title", "-made_at"),
    ("-size", "title"),
    ("owner_office__name", "-made_at"),
]
# Few different values, so that ties and empty ones are common.
facts = st.tuples(
    st.sampled_from(["a", "B", "é", "مدرسة"]), st.none() | st.integers(0, 3), st.integers(0, 2), st.booleans()
)


def _all() -> Any:
    return Document.objects.unscoped("paging is tested apart from the rule")


def _made(rows: list[tuple[str, int | None, int, bool]], author: Person, offices: list[Office]) -> list[int]:
    documents = [
        Document(
            title=title,
            made_at=None if hour is None else START + timedelta(hours=hour, microseconds=1),
            size=size,
            owner_office=offices[second],
            author=author,
            kind="sitrep",
            form="pdf",
        )
        for title, hour, size, second in rows
    ]
    return [document.pk for document in Document.objects.bulk_create(documents)]


def _pks(page: Page[Document]) -> list[int]:
    return [document.pk for document in page.rows]


class PagingTest(TestCase):
    """Hypothesis draws the rows, the page size, the order, and what arrives between two pages."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.offices = [OfficeFactory(name="North"), OfficeFactory(name="South")]
        cls.author = post_someone(cls.offices[0])

    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        rows=st.lists(facts, max_size=12),
        arriving=st.lists(st.lists(facts, max_size=2), max_size=6),
        size=st.integers(1, 5),
        ordering=st.sampled_from(ORDERINGS),
        few=st.booleans(),
    )
    def test_paging_is_complete_and_without_repeats_while_rows_arrive(
        self, rows: Any, arriving: Any, size: int, ordering: Any, few: bool
    ) -> None:
        with transaction.atomic():
            initial = _made(rows, self.author, self.offices)
            seen: list[int] = []
            position = None
            while True:
                page = Keyset(_all(), ordering).page(position, size, few=few)
                assert len(page.rows) <= size
                seen += _pks(page)
                position = page.next
                if position is None:
                    break
                if arriving:
                    _made(arriving.pop(), self.author, self.offices)
            assert len(seen) == len(set(seen))
            assert set(initial) <= set(seen)
            in_order = list(Keyset(_all(), ordering).ordered().values_list("pk", flat=True))
            assert seen == [pk for pk in in_order if pk in set(seen)]
            transaction.set_rollback(True)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        rows=st.lists(facts, min_size=1, max_size=12),
        size=st.integers(1, 5),
        ordering=st.sampled_from(ORDERINGS),
        few=st.booleans(),
    )
    def test_the_way_back_shows_the_same_pages(self, rows: Any, size: int, ordering: Any, few: bool) -> None:
        with transaction.atomic():
            _made(rows, self.author, self.offices)
            keyset = Keyset(_all(), ordering)
            page = keyset.page(None, size, few=few)
            there = [(page.first, _pks(page))]
            while page.next is not None:
                page = keyset.page(page.next, size, few=few)
                there.append((page.first, _pks(page)))
            back = [there[-1]]
            while page.previous is not None:
                page = keyset.page(page.previous, size, few=few)
                back.append((page.first, _pks(page)))
            assert back == there[::-1]
            transaction.set_rollback(True)


@pytest.fixture
def reader(db: None) -> Person:
    return post_someone(OfficeFactory())


def _walk(keyset: Keyset[Document], size: int) -> Page[Document]:
    page = keyset.page(None, size)
    assert page.next is not None
    return keyset.page(page.next, size)


def test_empty_values_come_last_both_ways(reader: Person) -> None:
    empty = DocumentFactory(made_at=None)
    DocumentFactory(made_at=START)
    for name in ("made_at", "-made_at"):
        assert Keyset(_all(), [name]).page(None, 5).rows[-1] == empty


def test_a_page_emptied_meanwhile_leads_back_to_a_whole_first_page(reader: Person) -> None:
    kept = [DocumentFactory() for _ in range(6)]
    keyset = Keyset(_all(), ["id"])
    second = _walk(keyset, 3)
    _all().filter(pk__in=[kept[0].pk, kept[1].pk]).delete()
    back = keyset.page(second.previous, 3)
    assert _pks(back) == [kept[2].pk, kept[3].pk, kept[4].pk]
    assert (back.first, back.previous) == (1, None)


def test_no_page_is_read_by_offset_and_deep_ones_start_at_their_row(reader: Person) -> None:
    for _ in range(7):
        DocumentFactory()
    with CaptureQueriesContext(connection) as queries:
        _walk(Keyset(_all(), ["-id"]), 3)
    assert all("OFFSET" not in query["sql"] for query in queries)
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        _walk(Keyset(_all(), ["title"]), 3)
    assert '("core_document"."title", "core_document"."id") > (' in queries[1]["sql"]


def test_few_rows_are_gathered_and_many_are_walked(reader: Person) -> None:
    keyset = Keyset(_all(), ["-made_at"])
    assert "ORDER BY GREATEST(" in str(keyset.ordered(few=True).query)
    assert "GREATEST" not in str(keyset.ordered().query)


@pytest.mark.parametrize("ordering", [*ORDERINGS, (By("low", expression=Lower("title")),)], ids=str)
def test_a_sealed_position_opens_unchanged(reader: Person, ordering: Any) -> None:
    for hour in (None, 1, 2):
        DocumentFactory(title="' OR 1=1 --", made_at=hour and START + timedelta(hours=hour, microseconds=7))
    keyset = Keyset(_all(), ordering)
    position = keyset.page(None, 2).next
    assert keyset.unseal(keyset.seal(position, "b"), "b") == position


def test_a_cursor_serves_one_person_and_one_query(reader: Person) -> None:
    for _ in range(3):
        DocumentFactory()
    keyset = Keyset(_all(), ["-id"])
    own = binding(reader.pk, "documents -when", [("state", "ready")])
    sealed = keyset.seal(keyset.page(None, 2).next, own)
    others = [
        binding(reader.pk + 1, "documents -when", [("state", "ready")]),
        binding(reader.pk, "documents when", [("state", "ready")]),
        binding(reader.pk, "documents -when", [("state", "failed")]),
        binding(reader.pk, "documents -when", []),
    ]
    assert keyset.unseal(sealed, own) is not None
    for other in others:
        with pytest.raises(CursorError):
            keyset.unseal(sealed, other)


@pytest.mark.parametrize("text", ["x", "a:b:c", "\x00", "W10:1:2", "9" * 5000, "é", "..", ":::"])
def test_a_made_up_cursor_is_refused(reader: Person, text: str) -> None:
    with pytest.raises(CursorError):
        Keyset(_all(), ["-id"]).unseal(text, "b")


def test_a_cursor_of_another_order_is_refused(reader: Person) -> None:
    for _ in range(3):
        DocumentFactory(made_at=START)
    sealed = Keyset(_all(), ["-id"]).seal(Keyset(_all(), ["-id"]).page(None, 2).next, "b")
    for ordering in (["title", "id"], ["made_at", "title"]):
        with pytest.raises(CursorError):
            Keyset(_all(), ordering).unseal(sealed, "b")
