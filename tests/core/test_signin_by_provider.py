"""Sign-in by OpenID Connect, against a provider that answers over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import oidc_provider_mock
import pytest
import requests
from django.test import Client

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.levels import Classification
from tests.support import staff

# The provider's own library warns of its future.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
CLAIMS = {
    "known": {"email": "Morel@mission.example", "email_verified": True},
    "strong": {"email": "morel@mission.example", "email_verified": True, "amr": ["pwd", "otp"]},
    "unverified": {"email": "morel@mission.example", "email_verified": False},
    "in words": {"email": "morel@mission.example", "email_verified": "false"},
    "stranger": {"email": "stranger@elsewhere.example", "email_verified": True},
    "nameless": {},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    users = [oidc_provider_mock.User(sub=name, claims=claims) for name, claims in CLAIMS.items()]
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def configured(provider: str, settings: Any) -> None:
    app = {"provider_id": "mission", "name": "Mission", "client_id": "portal", "secret": "known to both"}
    settings.OIDC_ISSUER = provider
    settings.SOCIALACCOUNT_PROVIDERS = {
        "mission_oidc": {"APPS": [{**app, "settings": {"server_url": provider}}]}
    }


@pytest.fixture
def officer() -> Person:
    return staff.person("morel@mission.example")


def begin(client: Client, **query: str) -> str:
    answer = client.get("/sign-in/provider/", query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def agree(address: str, who: str) -> dict[str, str]:
    """What the provider sends the browser back with."""
    answer = requests.post(address, data={"sub": who}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    assert back.path == "/sign-in/provider/answer/"
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def enter(client: Client, who: str, **query: str) -> Any:
    return client.get("/sign-in/provider/answer/", agree(begin(client, **query), who))


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_known_person_is_let_in(client: Client, officer: Person) -> None:
    page = client.get("/sign-in/?next=/me/").content.decode()
    assert 'href="/sign-in/provider/?next=/me/"' in page
    address = begin(client, next="/me/")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["state"] != asked["nonce"]
    answer = client.get("/sign-in/provider/answer/", agree(address, "known"))
    assert answer["Location"] == "/me/"
    assert is_in(client)
    assert officer.socialaccount_set.count() == 0


@pytest.mark.parametrize("who", ["unverified", "in words", "stranger", "nameless"])
def test_whom_the_portal_does_not_know_by_a_verified_address(
    client: Client, officer: Person, who: str
) -> None:
    answer = enter(client, who)
    assert answer.status_code == 403
    assert "no account with the mail address" in answer.content.decode()
    assert not is_in(client)
    assert Person.objects.count() == 1


def test_closed_account(client: Client, officer: Person) -> None:
    Person.objects.filter(pk=officer.pk).update(is_active=False)
    assert enter(client, "known")["Location"] == "/account/closed/"
    assert not is_in(client)


class TestAnswersThatDoNotFit:
    def refused(self, client: Client, query: dict[str, str]) -> None:
        answer = client.get("/sign-in/provider/answer/", query)
        assert answer.status_code == 403
        assert "could not be used" in answer.content.decode()
        assert not is_in(client)

    def test_state_of_nobody(self, client: Client, officer: Person) -> None:
        self.refused(client, {**agree(begin(client), "known"), "state": "invented"})

    def test_state_of_another_browser(self, client: Client, officer: Person) -> None:
        self.refused(client, agree(begin(Client()), "known"))

    def test_answer_that_was_used(self, client: Client, officer: Person) -> None:
        query = agree(begin(client), "known")
        assert client.get("/sign-in/provider/answer/", query).status_code == 302
        client.post("/sign-out/")
        self.refused(client, query)

    def test_nonce_of_another_sign_in(self, client: Client, officer: Person) -> None:
        address = urlsplit(begin(client))
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        forged = address._replace(query=urlencode({**query, "nonce": "of another"}))
        self.refused(client, agree(forged.geturl(), "known"))

    def test_code_of_nobody(self, client: Client, officer: Person) -> None:
        self.refused(client, {**agree(begin(client), "known"), "code": "invented"})

    def test_person_said_no(self, client: Client, officer: Person) -> None:
        address = begin(client)
        state = parse_qs(urlsplit(address).query)["state"][0]
        self.refused(client, {"error": "access_denied", "state": state})

    def test_nothing_at_all(self, client: Client) -> None:
        self.refused(client, {})

    def test_account_is_never_connected(self, client: Client, officer: Person) -> None:
        other = staff.person()
        client.force_login(other)
        answer = enter(client, "known", process="connect")
        assert answer.status_code == 403
        assert other.socialaccount_set.count() == 0


def test_provider_that_is_away_is_told(client: Client, settings: Any) -> None:
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["mission_oidc"]["APPS"]
    app["settings"]["server_url"] = "http://localhost:9"
    answer = client.get("/sign-in/provider/")
    assert answer.status_code == 403
    assert "could not be used" in answer.content.decode()


def test_without_a_provider_there_is_no_such_door(client: Client, settings: Any) -> None:
    settings.OIDC_ISSUER = ""
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "/sign-in/provider/" not in client.get("/sign-in/").content.decode()
    for address in ("/sign-in/provider/", "/sign-in/provider/answer/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "counted"), [("strong", ["mfa", "otp"]), ("strong", []), ("known", ["otp"])], ids=str
)
def test_what_the_provider_says_of_a_second_factor(
    client: Client, officer: Person, settings: Any, who: str, counted: list[str]
) -> None:
    settings.SECOND_FACTOR_ABOVE = "unclassified"
    settings.OIDC_SECOND_FACTOR = counted
    Person.objects.filter(pk=officer.pk).update(clearance=Classification.CONFIDENTIAL)
    assert enter(client, who).status_code == 302
    assert is_in(client) == bool(set(counted) & set(CLAIMS[who].get("amr", [])))
    assert client.get("/me/second-factor/").status_code == 200
