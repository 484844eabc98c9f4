"""Saved filters: one's own, at most twenty, and they keep the question, not the answer."""

from __future__ import annotations

from typing import Any

import pytest

from cimic_portal.core.models import SavedFilter
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory
from tests.support.pages import body, signed_in

pytestmark = pytest.mark.django_db
NEW = "/lists/documents/filters/new/?state=ready&sort=when&q="


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _saved(person: Any, name: str = "Ready ones") -> SavedFilter:
    return SavedFilter.objects.create(person=person, list_name="documents", name=name, query="state=ready")


def test_filters_are_saved_in_their_own_words_and_shown_as_a_tab(cast: Cast) -> None:
    client = signed_in(cast.owner)
    assert "State: Ready" in body(client.get(NEW))
    response = client.post(NEW, {"name": "  Ready   ones "})
    assert response.headers["Location"] == "/documents/?state=ready"
    saved = SavedFilter.objects.get()
    assert (saved.person, saved.list_name, saved.name, saved.query) == (
        cast.owner,
        "documents",
        "Ready ones",
        "state=ready",
    )
    assert "Ready ones" in body(client.get("/documents/"))
    assert "Ready ones" not in body(signed_in(cast.colleague).get("/documents/"))
    assert "Ready ones" not in body(client.get("/organisations/"))


def test_a_name_is_wanted_and_taken_once(cast: Cast) -> None:
    client = signed_in(cast.owner)
    _saved(cast.owner)
    refused = {
        "": "Fill this in",
        "ready ONES": "of this name here already",
        "x" * 41: "at most 40 characters",
    }
    for name, words in refused.items():
        response = client.post(NEW, {"name": name})
        assert response.status_code == 422
        assert words in body(response)
    elsewhere = "/lists/organisations/filters/new/?kind=other"
    assert client.post(elsewhere, {"name": "Ready ones"}).status_code == 302
    assert SavedFilter.objects.count() == 2


def test_at_most_twenty_are_kept_for_a_list(cast: Cast) -> None:
    for number in range(20):
        _saved(cast.owner, f"Number {number}")
    client = signed_in(cast.owner)
    response = client.post(NEW, {"name": "One more"})
    assert response.status_code == 422
    assert "You keep 20 filters here already." in body(response)
    assert client.get("/documents/").status_code == 200
    assert signed_in(cast.colleague).post(NEW, {"name": "One more"}).status_code == 302


def test_what_cannot_be_read_is_not_saved(cast: Cast) -> None:
    client = signed_in(cast.owner)
    for query in ("state=nonsense", "unheard=1", "since=x"):
        assert client.post(f"/lists/documents/filters/new/?{query}", {"name": "A"}).status_code == 422
    assert client.post("/lists/unheard/filters/new/?state=ready", {"name": "A"}).status_code == 404
    assert not SavedFilter.objects.exists()


def test_one_renames_and_deletes_ones_own(cast: Cast) -> None:
    saved, client = _saved(cast.owner), signed_in(cast.owner)
    _saved(cast.owner, "Second")
    assert client.post(f"/lists/filters/{saved.pk}/rename/", {"name": "SECOND"}).status_code == 422
    assert client.post(f"/lists/filters/{saved.pk}/rename/", {"name": "First"}).status_code == 302
    assert "First" in body(client.get("/lists/documents/filters/"))
    assert client.get(f"/lists/filters/{saved.pk}/delete/").status_code == 200
    assert SavedFilter.objects.filter(pk=saved.pk).exists()
    assert client.post(f"/lists/filters/{saved.pk}/delete/").status_code == 302
    assert not SavedFilter.objects.filter(pk=saved.pk).exists()


def test_a_foreign_filter_does_not_exist(cast: Cast) -> None:
    saved, client = _saved(cast.owner, "Hidden name"), signed_in(cast.colleague)
    for verb in ("rename", "delete"):
        address = f"/lists/filters/{saved.pk}/{verb}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "Mine now"}).status_code == 404
    assert "Hidden name" not in body(client.get("/lists/documents/filters/"))
    saved.refresh_from_db()
    assert saved.name == "Hidden name"


def test_a_saved_filter_that_has_lost_its_sense_stays_harmless(cast: Cast) -> None:
    """Its office was closed, or the list has dropped the filter."""
    DocumentFactory(owner_office=cast.team, author=cast.owner, state="ready")
    SavedFilter.objects.create(
        person=cast.owner, list_name="documents", name="Old one", query="office=999&gone=1&since=x"
    )
    client = signed_in(cast.owner)
    tab = client.get("/documents/").context["tabs"][-1]
    assert (tab.label, tab.count) == ("Old one", "")
    assert "Nothing is listed while a filter cannot be read" in body(client.get(tab.url))
