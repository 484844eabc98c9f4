"""Tokens for programs: made, shown once and ended on one's own page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import ApiToken
from cimic_portal.core.services.people import set_password
from cimic_portal.core.services.tokens import MOST_IN_FORCE, create_token, revoke_token
from tests.factories.cast import Cast, make_cast
from tests.factories.core import HoldingFactory, ago, ahead

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def owner(client: Client, cast: Cast) -> Client:
    client.force_login(cast.owner)
    return client


def form(**changes: Any) -> dict[str, Any]:
    return {
        "name": "laptop Lorani",
        "scope": "read",
        "last_day": timezone.localdate() + timedelta(days=30),
    } | changes


def text_in(page: str) -> str:
    found = re.search(r'value="(cimic_[\w-]{43})"', page)
    assert found, page
    return found[1]


def status(text: str) -> int:
    return Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"}).status_code


def test_is_shown_once_and_works(owner: Client, cast: Cast) -> None:
    made = owner.post(reverse("token_create"), form(scope="write"))
    text = text_in(made.content.decode())
    assert "no-store" in made["Cache-Control"]
    assert status(text) == 200
    page = owner.get("/me/").content.decode()
    assert text not in page
    assert "laptop Lorani" in page
    assert "Read and write" in page


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "0001-01-01"])
def test_day_out_of_the_calendar_is_told(owner: Client, day: str) -> None:
    answer = owner.post(reverse("token_create"), form(last_day=day))
    assert answer.status_code == 422
    assert 'name="last_day"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_ends_with_the_password(owner: Client, cast: Cast) -> None:
    text = text_in(owner.post(reverse("token_create"), form()).content.decode())
    _other, kept = create_token(actor=cast.colleague, name="laptop", expires_at=ahead(days=1))
    set_password(cast.owner, "new words for me 7")
    assert (status(text), status(kept)) == (401, 200)


def test_is_ended_by_its_owner(owner: Client, cast: Cast) -> None:
    text = text_in(owner.post(reverse("token_create"), form()).content.decode())
    token = ApiToken.objects.get()
    assert owner.post(reverse("token_end", args=[token.pk]))["Location"] == "/me/"
    assert status(text) == 401
    assert owner.post(reverse("token_end", args=[token.pk])).status_code == 404


def test_those_of_others_are_not_there(client: Client, cast: Cast) -> None:
    token, text = create_token(actor=cast.owner, name="laptop", expires_at=ahead(days=1))
    client.force_login(cast.head_above)
    assert client.post(reverse("token_end", args=[token.pk])).status_code == 404
    assert "laptop" not in client.get("/me/").content.decode()
    with pytest.raises(RefusedError):
        revoke_token(token, actor=cast.head_above)
    assert status(text) == 200
    revoke_token(token, actor=cast.auditor)
    assert status(text) == 401


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"last_day": "2020-01-01"}, {"last_day": "2199-01-01"}, {"last_day": "soon"}],
)
def test_bad_input_is_told(owner: Client, changes: dict[str, str]) -> None:
    answer = owner.post(reverse("token_create"), form(**changes))
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_there_are_only_so_many(cast: Cast) -> None:
    for number in range(MOST_IN_FORCE):
        create_token(actor=cast.owner, name=str(number), expires_at=ahead(days=1))
    with pytest.raises(InvalidError):
        create_token(actor=cast.owner, name="one more", expires_at=ahead(days=1))
    ApiToken.objects.filter(name="0").update(expires_at=ago(minutes=1))
    create_token(actor=cast.owner, name="one more", expires_at=ahead(days=1))


def test_own_page_of_someone_without_a_position(client: Client, cast: Cast) -> None:
    token, text = create_token(actor=cast.postless, name="laptop", expires_at=ahead(days=1))
    assert status(text) == 403
    client.force_login(cast.postless)
    page = client.get("/me/").content.decode()
    assert "You hold no position at present" in page
    assert reverse("token_create") not in page
    assert client.get(reverse("token_create")).status_code == 403
    client.post(reverse("token_end", args=[token.pk]))
    assert status(text) == 401
    HoldingFactory(person=cast.postless, position=cast.owner.holdings.get().position)
    assert client.get(reverse("token_create")).status_code == 200
