"""What a noun of the API gets from `SharedViewSet` and `verb_route`, shown on documents."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from rest_framework import serializers
from rest_framework.routers import SimpleRouter

from cimic_portal.core.api.documents import DocumentViewSet
from cimic_portal.core.api.fields import ReasonSerializer, RecordField, VerbSerializer
from cimic_portal.core.api.viewsets import verb_route
from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Document, ReadEntry, Scope
from cimic_portal.core.services.tokens import create_token
from cimic_portal.core.services.verbs import lock, save_changed, verb
from cimic_portal.core.sharing.levels import Classification, Component
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, ahead

pytestmark = pytest.mark.django_db


class RowSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=3)


class RenameSerializer(VerbSerializer):
    title = serializers.CharField(max_length=20)
    rows = RowSerializer(many=True, required=False)
    like = RecordField(Document, required=False)


def rename(document: Document, *, actor: Any, version: int, title: str, **more: Any) -> None:
    """Give it another title."""
    if title == "forbidden":
        raise RefusedError("Not this title.")
    if title == "strange":
        raise InvalidError({"title": ["Strange title."]})
    if title == "broken":
        raise ValueError("inner workings")
    with verb("document.rename", actor=actor):
        current = lock(document, actor=actor, version=version)
        current.title = title
        save_changed(current)


def give_away(document: Document, *, actor: Any, version: int, reason: str) -> None:
    """Take it out of the actor's sight."""
    with verb("document.give_away", actor=actor, reason=reason):
        current = lock(document, actor=actor, version=version)
        current.classification = Classification.STRICTLY_CONFIDENTIAL
        save_changed(current)


def race(document: Document, *, actor: Any, version: int) -> None:
    """Somebody else took it away meanwhile."""
    Document.objects.unscoped("a race").filter(pk=document.pk).update(classification=3)
    with verb("document.race", actor=actor):
        lock(document, actor=actor, version=version)


class RenamableViewSet(DocumentViewSet):
    rename = verb_route("rename", rename, RenameSerializer)
    give_away = verb_route("give-away", give_away, ReasonSerializer)
    race = verb_route("race", race)


router = SimpleRouter()
router.register("documents", RenamableViewSet, "document")
urlpatterns = [
    path("api/v1/", include((router.urls, "api"))),
    path("", include("cimic_portal.urls")),
]
handler500 = "cimic_portal.core.views.errors.server_error"


@pytest.fixture(autouse=True)
def with_verbs(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def document(cast: Cast) -> Document:
    return DocumentFactory(
        title="SITREP",
        owner_office=cast.team,
        author=cast.owner,
        classification=Classification.CONFIDENTIAL,
        audience_components=[Component.MILITARY],
    )


@pytest.fixture
def owner(client: Client, cast: Cast) -> Client:
    client.force_login(cast.owner)
    client.raise_request_exception = False
    return client


def do(client: Client, document: Document, name: str = "rename", prefer: str = "", **sent: Any) -> Any:
    url = f"/api/v1/documents/{document.reference}/{name}/"
    shown = {"version": document.version, **sent}
    return client.post(url, shown, content_type="application/json", headers={"prefer": prefer})


def test_verb_answers_with_the_record_as_it_is_then(owner: Client, document: Document) -> None:
    answer = do(owner, document, title="SITREP 47")
    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["version"]) == ("SITREP 47", 2)


def test_verb_answers_in_short_when_asked(owner: Client, document: Document) -> None:
    answer = do(owner, document, prefer="respond-async, return=minimal", title="SITREP 47")
    assert answer.status_code == 200
    assert answer.json() == {"reference": document.reference, "version": 2}
    assert answer["Preference-Applied"] == "return=minimal"


def test_older_version_is_refused_with_what_changed(owner: Client, document: Document) -> None:
    do(owner, document, title="SITREP 47")
    answer = do(owner, document, title="SITREP 48")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert any("SITREP 47" in line for line in answer.json()["changes"])


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"title"}),
        ({"title": "x" * 21}, {"title"}),
        ({"title": "strange"}, {"title"}),
        ({"title": "a", "version": 0}, {"version"}),
        ({"title": "a", "version": "new"}, {"version"}),
        ({"title": "a", "rows": [{"name": "ok"}, {"name": "long"}]}, {"rows.1.name"}),
        ({"title": "a", "rows": "none"}, {"rows.record"}),
        ({"title": "a", "like": "2222222222"}, {"like"}),
    ],
)
def test_bad_input_is_told_at_its_field(
    owner: Client, document: Document, sent: dict[str, Any], errors: set[str]
) -> None:
    answer = do(owner, document, **sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"].keys() == errors
    assert all(isinstance(line, str) for lines in answer.json()["errors"].values() for line in lines)


def test_hidden_record_is_told_like_one_that_is_not_there(
    owner: Client, cast: Cast, document: Document
) -> None:
    hidden = DocumentFactory(owner_office=cast.country_office, author=cast.partner)
    there = do(owner, document, title="a", like=hidden.reference)
    gone = do(owner, document, title="a", like="2222222222")
    words = there.json()["errors"]["like"][0].replace(hidden.reference, "")
    assert words == gone.json()["errors"]["like"][0].replace("2222222222", "")
    assert do(owner, document, title="a", like=document.reference).status_code == 200


def test_refusal_carries_its_reason(owner: Client, document: Document) -> None:
    answer = do(owner, document, title="forbidden")
    assert (answer.status_code, answer.json()["detail"]) == (403, "Not this title.")


def test_unexpected_failure_tells_nothing(owner: Client, document: Document) -> None:
    answer = do(owner, document, title="broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert answer["Content-Type"] == "application/problem+json"
    assert "inner workings" not in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "kind", "answered"),
    [
        (b"{", "application/json", (400, "bad_request")),
        (b"\xff", "application/json", (400, "bad_request")),
        (b"[" * 200_000, "application/json", (400, "bad_request")),
        (b"[1]", "application/json", (422, "invalid")),
        (b"<x/>", "application/xml", (415, "unsupported_media_type")),
        (b"title=a", "application/x-www-form-urlencoded", (415, "unsupported_media_type")),
    ],
)
def test_unreadable_body(
    owner: Client, document: Document, body: bytes, kind: str, answered: tuple[int, str]
) -> None:
    answer = owner.generic("POST", f"/api/v1/documents/{document.reference}/rename/", body, kind)
    assert (answer.status_code, answer.json()["code"]) == answered


@pytest.mark.parametrize("prefer", ["", "return=minimal"])
def test_record_that_left_ones_sight_by_the_verb_is_not_shown_again(
    client: Client, cast: Cast, document: Document, prefer: str
) -> None:
    type(cast.colleague).objects.filter(pk=cast.colleague.pk).update(clearance=Classification.CONFIDENTIAL)
    cast.colleague.refresh_from_db()
    client.force_login(cast.colleague)
    answer = do(client, document, "give-away", prefer, reason="Names were added.")
    assert (answer.status_code, answer.content) == (204, b"")


def test_record_that_left_ones_sight_before_the_verb_is_not_there(
    client: Client, cast: Cast, document: Document
) -> None:
    type(cast.colleague).objects.filter(pk=cast.colleague.pk).update(clearance=Classification.CONFIDENTIAL)
    cast.colleague.refresh_from_db()
    client.force_login(cast.colleague)
    answer = do(client, document, "race")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_reads_of_confidential_records_are_in_the_trail(owner: Client, document: Document) -> None:
    open_one = DocumentFactory(owner_office=document.owner_office, author=document.author)
    owner.get("/api/v1/documents/")
    owner.get(f"/api/v1/documents/{document.reference}/")
    owner.get(f"/api/v1/documents/{open_one.reference}/")
    entries = list(ReadEntry.objects.order_by("pk").values_list("surface", "records"))
    name = f"document:{document.reference}"
    assert entries == [("api documents", [name]), ("api documents", [name])]


def test_outsiders_find_neither_the_record_nor_its_verbs(
    client: Client, cast: Cast, document: Document
) -> None:
    client.force_login(cast.partner)
    assert client.get("/api/v1/documents/").json()["results"] == []
    assert client.get(f"/api/v1/documents/{document.reference}/").status_code == 404
    assert do(client, document, title="a").status_code == 404
    assert client.get(f"/api/v1/documents/{document.reference}/file/").status_code == 404


def test_trail_tells_by_which_token_a_change_came(client: Client, cast: Cast, document: Document) -> None:
    token, text = create_token(actor=cast.owner, name="laptop", scope=Scope.WRITE, expires_at=ahead(days=1))
    assert token.scopes == [Scope.READ, Scope.WRITE]
    answer = client.post(
        f"/api/v1/documents/{document.reference}/rename/",
        {"version": 1, "title": "By token"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    )
    assert answer.status_code == 200
    event = document.events.unscoped("looks at the stamp").order_by("-pgh_id").first()
    assert event.pgh_context["actor"] == cast.owner.pk
    assert event.pgh_context["surface"].endswith(token.prefix)
    assert text not in str(event.pgh_context)
