"""Counts: exact to their cap, in one statement, and never without a scope."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cimic_portal.core.counting import Count, capped_count, capped_counts
from cimic_portal.core.errors import UnscopedQueryError
from cimic_portal.core.models import Document
from tests.factories.core import DocumentFactory, OfficeFactory, post_someone

pytestmark = pytest.mark.django_db


def test_a_count_is_exact_to_its_cap_and_says_so_beyond() -> None:
    person = post_someone(OfficeFactory())
    for _ in range(4):
        DocumentFactory(owner_office=person.holdings.get().position.office)
    DocumentFactory()
    rows = Document.objects.visible_to(person)
    assert capped_count(rows, 5) == Count(4)
    assert capped_count(rows, 4) == Count(4)
    assert capped_count(rows, 3) == Count(3, capped=True)
    assert capped_count(rows.none()) == Count(0)


def test_all_counts_of_a_page_are_one_statement_that_reads_no_further_than_the_cap() -> None:
    person = post_someone(OfficeFactory())
    rows = Document.objects.visible_to(person)
    person.access  # noqa: B018 - gathered once per request
    with CaptureQueriesContext(connection) as queries:
        counted = capped_counts([(rows, 10_000), (rows.filter(state="ready"), 99), (rows.none(), 99)])
    assert counted == [Count(0), Count(0), Count(0)]
    assert len(queries) == 1
    assert "LIMIT 10001" in queries[0]["sql"]
    assert "LIMIT 100" in queries[0]["sql"]


def test_a_count_without_scope_is_refused() -> None:
    with pytest.raises(UnscopedQueryError):
        capped_count(Document.objects.filter(state="ready"))


def test_a_count_reads_as_people_write_it() -> None:
    assert str(Count(1284)) == "1,284"
    assert str(Count(10_000, capped=True)) == "over 10,000"
