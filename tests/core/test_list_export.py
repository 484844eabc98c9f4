"""Lists as files: the rows of the page, all of them, marked and logged."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cimic_portal.core.models import ReadEntry
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.views import export
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory
from tests.factories.liaison import AttendanceFactory, ContactFactory, EngagementFactory
from tests.support.pages import body, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _document(cast: Cast, **fields: Any) -> Any:
    return DocumentFactory(**{"owner_office": cast.team, "author": cast.owner, "state": "ready", **fields})


def _file(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def _csv(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_file(response).decode("utf-8-sig"))))


def _sheet(response: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(_file(response)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_file_holds_the_rows_of_the_list_and_of_every_page_of_it(cast: Cast) -> None:
    for number in range(60):
        _document(cast, title=f"Number {number}")
    _document(cast, title="Failed one", state="failed")
    DocumentFactory(title="Of the partner", owner_office=cast.country_office)
    client = signed_in(cast.owner)
    titles = [row["Title"] for row in _csv(client.get("/documents/export.csv?state=ready"))]
    assert titles == [f"Number {number}" for number in range(59, -1, -1)]
    sheet = _sheet(client.get("/documents/export.xlsx?state=ready&sort=when"))
    assert [row[0] for row in sheet[3:]] == titles[::-1]


def test_the_file_obeys_the_rule_for_each_reader(cast: Cast) -> None:
    _document(cast, title="Draft")
    _document(cast, title="Published", published=True, audience_components=[Component.POLICE])
    seen = {
        cast.owner: {"Draft", "Published"},
        cast.other_component: {"Published"},
        cast.partner: set(),
    }
    for person, titles in seen.items():
        client = signed_in(person)
        assert {row["Title"] for row in _csv(client.get("/documents/export.csv"))} == titles
        assert {row[0] for row in _sheet(client.get("/documents/export.xlsx"))[3:]} == titles


def test_the_file_is_named_and_marked_by_the_highest_level_in_it(cast: Cast) -> None:
    _document(cast, title="Open")
    secret = _document(cast, title="Secret", classification=Classification.CONFIDENTIAL)
    client = signed_in(cast.owner)
    for form in ("csv", "xlsx"):
        response = client.get(f"/documents/export.{form}")
        assert 'filename="Confidential Documents 2' in response.headers["Content-Disposition"]
        assert response.headers["Cache-Control"] == "no-store, private"
        open_ones = client.get(f"/documents/export.{form}?q=open")
        assert 'filename="Unclassified Documents 2' in open_ones.headers["Content-Disposition"]
    sheet = _sheet(client.get("/documents/export.xlsx?q=secret"))
    assert sheet[0][0] == "CONFIDENTIAL"
    assert "Words: secret" in str(sheet[1][0])
    assert {
        (entry.surface, tuple(entry.records)) for entry in ReadEntry.objects.filter(person=cast.owner)
    } == {
        ("csv documents", (f"document:{secret.reference}",)),
        ("xlsx documents", (f"document:{secret.reference}",)),
    }


def test_a_contact_named_in_a_row_counts_for_the_level_and_is_logged(cast: Cast) -> None:
    engagement = EngagementFactory(owner_office=cast.team, author=cast.owner)
    level = Classification.STRICTLY_CONFIDENTIAL
    contact = ContactFactory(
        owner_office=cast.team, author=cast.owner, name="Quiet voice", classification=level
    )
    AttendanceFactory(engagement=engagement, contact=contact)
    client = signed_in(cast.owner)
    response = client.get("/liaison/engagements/export.csv")
    assert "Strictly confidential" in response.headers["Content-Disposition"]
    assert "Quiet voice" in _file(response).decode()
    assert client.get("/liaison/engagements/").context["page_classification"] == 3
    assert ReadEntry.objects.get(surface="csv engagements").records == [f"contact:{contact.reference}"]
    cast.colleague.clearance = Classification.CONFIDENTIAL
    cast.colleague.save()
    hidden = signed_in(cast.colleague)
    response = hidden.get("/liaison/engagements/export.csv")
    assert "Unclassified" in response.headers["Content-Disposition"]
    assert "Quiet voice" not in _file(response).decode()


def test_a_formula_leaves_as_text(cast: Cast) -> None:
    _document(cast, title='=HYPERLINK("http://example.org")')
    rows = _csv(signed_in(cast.owner).get("/documents/export.csv"))
    assert rows[0]["Title"] == '\'=HYPERLINK("http://example.org")'


def test_a_list_too_long_for_a_spreadsheet_is_refused_with_the_way_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_IN_A_BOOK", 2)
    for _ in range(3):
        _document(cast)
    client = signed_in(cast.owner)
    response = client.get("/documents/export.xlsx")
    assert response.status_code == 422
    assert "take the list as CSV" in body(response)
    assert len(_csv(client.get("/documents/export.csv"))) == 3


def test_a_filter_that_cannot_be_read_makes_no_file(cast: Cast) -> None:
    _document(cast)
    for query in ("since=yesterday", "unheard=1", "sort=title;drop"):
        response = signed_in(cast.owner).get(f"/documents/export.csv?{query}")
        assert response.status_code == 422


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    client = signed_in(cast.owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            _file(client.get("/liaison/engagements/export.csv"))
        return len(found)

    def add(number: int) -> None:
        for _ in range(number):
            engagement = EngagementFactory(owner_office=cast.team, author=cast.owner)
            AttendanceFactory(engagement=engagement, organisation=cast.partner_organisation)

    add(1)
    queries()
    few = queries()
    add(20)
    assert queries() == few
