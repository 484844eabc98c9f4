"""What other sites may ask of the portal, and what an answer says of itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory
from tests.factories.liaison import EngagementFactory
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db
PAGES = ("/", "/sign-in/", "/me/", "/liaison/engagements/", "/no/such/page/", "/healthz")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def answers(cast: Cast, **headers: str) -> dict[str, Any]:
    client = signed_in(cast.owner)
    more = ("/api/v1/me/", "/api/v1/none/", "/liaison/engagements/export.csv", "/api/docs/")
    return {address: client.get(address, headers=headers) for address in (*PAGES, *more)}


def test_no_other_origin_may_read(cast: Cast) -> None:
    for address, answer in answers(cast, Origin="https://evil.example").items():
        assert not [name for name in answer.headers if name.startswith("Access-Control")], address
    asked = Client().options(
        "/api/v1/me/", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert "Access-Control-Allow-Origin" not in asked.headers


def test_text_says_its_encoding(cast: Cast) -> None:
    for address, answer in answers(cast).items():
        kind = answer.headers["Content-Type"]
        if kind.startswith("text/"):
            assert "charset=utf-8" in kind.lower(), address
        else:
            assert kind in {"application/json", "application/problem+json"}, address


def test_verbs_on_pages_take_post_alone(cast: Cast) -> None:
    """Asked for by GET, a verb shows its form and does nothing."""
    engagement = EngagementFactory(owner_office=cast.team, author=cast.owner)
    document = DocumentFactory(owner_office=cast.team, author=cast.owner)
    client = signed_in(cast.owner)
    for address in (
        f"{engagement.get_absolute_url()}submit/",
        f"{engagement.get_absolute_url()}discard/",
        f"{document.get_absolute_url()}share/",
        "/sign-out/",
        "/me/sessions/0/end/",
    ):
        assert client.get(address).status_code in {200, 403, 404, 405}, address
    version = engagement.version
    engagement.refresh_from_db()
    assert (engagement.state, engagement.version) == ("draft", version)
    assert client.get("/me/").status_code == 200
