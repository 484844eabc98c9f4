"""A list as a page and as a fragment: what it shows, counts, says and remembers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cimic_portal.core.listing import Selection
from cimic_portal.core.listings.organisation import organisation_list
from cimic_portal.core.models import DocumentState, ReadEntry
from cimic_portal.core.sharing.levels import Classification, Component
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, OrganisationFactory, give
from tests.support.pages import body, link_to, signed_in, table_rows, words

pytestmark = pytest.mark.django_db
URL = "/documents/"
RTL = "تقرير عن زيارة المدرسة في لوراني"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _document(cast: Cast, **fields: Any) -> Any:
    return DocumentFactory(**{"owner_office": cast.team, "author": cast.owner, "state": "ready", **fields})


def test_the_page_shows_and_counts_what_the_reader_may_see_and_nothing_else(cast: Cast) -> None:
    _document(cast, title="Draft of the team")
    _document(cast, title="For the police", published=True, audience_components=[Component.POLICE])
    granted = _document(cast, title="Granted to one")
    give(granted, cast.partner, by=cast.head)
    seen = {
        "owner": {"Draft of the team", "For the police", "Granted to one"},
        "other_component": {"For the police"},
        "partner": {"Granted to one"},
        "outsider": set(),
    }
    for name, titles in seen.items():
        response = signed_in(getattr(cast, name)).get(URL)
        assert len(table_rows(response)) == len(titles), name
        assert f"{len(titles)} you can see" in words(body(response))
        for title in ("Draft of the team", "For the police", "Granted to one"):
            assert (title in body(response)) == (title in titles), (name, title)


def test_the_page_carries_the_highest_level_that_it_shows(cast: Cast) -> None:
    _document(cast, title="Open")
    secret = _document(cast, title="Secret", classification=Classification.STRICTLY_CONFIDENTIAL)
    client = signed_in(cast.owner)
    assert client.get(URL).context["page_classification"] == Classification.STRICTLY_CONFIDENTIAL
    assert client.get(f"{URL}?q=open").context["page_classification"] == Classification.UNCLASSIFIED
    entries = ReadEntry.objects.filter(person=cast.owner)
    assert [(entry.surface, entry.records) for entry in entries] == [
        ("list documents", [f"document:{secret.reference}"])
    ]


def test_the_fragment_is_the_list_and_the_two_level_lines(cast: Cast) -> None:
    _document(cast, title="Secret", classification=Classification.CONFIDENTIAL)
    client = signed_in(cast.owner)
    part = client.get(f"{URL}?q=secret&state=", headers={"HX-Request": "true"})
    assert part.headers["HX-Push-Url"] == f"{URL}?q=secret"
    assert "<html" not in body(part)
    assert body(part).count('class="classification level-2"') == 2
    assert 'id="list"' in body(part)
    assert len(table_rows(part)) == 1
    restored = client.get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in body(restored)


def test_pages_follow_each_other_and_carry_the_filters(cast: Cast) -> None:
    for number in range(120):
        _document(cast, title=f"Number {number:03}")
    _document(cast, title="Other", state=DocumentState.FAILED)
    client = signed_in(cast.owner)
    address, shown, labels = "?state=ready", [], []
    while address:
        response = client.get(URL + address)
        shown += table_rows(response)
        labels.append(response.context["pager"]["label"])
        address = link_to(response, "next")
    assert [row[:10] for row in shown] == [f"Number {number:03}" for number in range(119, -1, -1)]
    assert labels == ["newest first · 1–50", "newest first · 51–100", "newest first · 101–120"]
    back = client.get(URL + link_to(response, "prev"))
    assert back.context["pager"]["label"] == labels[1]


def test_a_handed_on_address_shows_the_first_page_and_says_why(cast: Cast) -> None:
    for _ in range(51):
        _document(cast)
    address = URL + link_to(signed_in(cast.owner).get(URL), "next")
    response = signed_in(cast.colleague).get(address)
    assert response.context["pager"]["label"] == "newest first · 1–50"
    assert "This page address does not fit this list." in body(response)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    client = signed_in(cast.owner)
    _document(cast)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(URL)
        return len(found)

    queries()
    few = queries()
    for _ in range(40):
        _document(cast)
    assert queries() == few <= 12


def test_an_empty_list_says_whether_there_is_nothing_or_nothing_fits(cast: Cast) -> None:
    client = signed_in(cast.owner)
    assert "No documents yet" in body(client.get(URL))
    nothing = body(client.get(f"{URL}?q=water"))
    assert "Nothing matches these filters" in nothing
    assert "No documents yet" not in nothing


def test_text_of_any_direction_and_length_stands_by_itself(cast: Cast) -> None:
    _document(cast, title=RTL)
    _document(cast, title=LONG)
    _document(cast, title="<b>bold</b> & co")
    page = body(signed_in(cast.owner).get(URL))
    assert f'dir="auto">{RTL}</a>' in page
    assert f'dir="auto">{LONG}</a>' in page
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; co" in page
    assert len(table_rows(signed_in(cast.owner).get(f"{URL}?q=المدرسة"))) == 1


def test_tabs_say_where_one_is_and_counts_stop_at_99(cast: Cast) -> None:
    for _ in range(101):
        _document(cast)
    client = signed_in(cast.owner)
    client.post("/lists/documents/filters/new/?state=ready", {"name": "Ready ones"})
    tabs = client.get(f"{URL}?state=ready").context["tabs"]
    assert [(tab.label, tab.current, tab.count) for tab in tabs] == [
        ("All", False, ""),
        ("Mine", False, ""),
        ("Ready ones", True, "over 99"),
    ]
    assert client.get(URL).context["tabs"][0].current


def test_reference_data_is_listed_for_everyone_with_a_post(cast: Cast) -> None:
    OrganisationFactory(name="archived one", is_archived=True)
    rows = table_rows(signed_in(cast.partner).get("/organisations/"))
    assert [row.split(" Other")[0] for row in rows] == ["Mission in Carana", "Relief Carana"]
    assert signed_in(cast.postless).get("/organisations/").status_code == 403
    assert not Selection(organisation_list, cast.postless, {}).rows.exists()
    turned = table_rows(signed_in(cast.partner).get("/organisations/?sort=-name"))
    assert turned == rows[::-1]
