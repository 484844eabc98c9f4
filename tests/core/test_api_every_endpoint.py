"""Every endpoint of the API, found in its own schema: who is let in, and how errors are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework import serializers

from cimic_portal.core.models import Scope
from cimic_portal.core.services.tokens import create_token
from tests.factories.cast import Cast, make_cast
from tests.factories.core import ahead

pytestmark = pytest.mark.django_db

# Keys that fit each address and name nothing.
KEYS = {
    "reference": "2222222222",
    "id": "99999999",
    "finding": "99999999",
    "pcode": "XX999999",
    "section": "mission",
    "row": "00000000-0000-0000-0000-000000000000",
    "photo": "99999999",
    "step": "99999999",
    "key": "none",
}
METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> list[tuple[str, str]]:
    """(method, path template) of every operation."""
    schema = SchemaGenerator().get_schema(public=True)
    found = [(method, path) for path, item in schema["paths"].items() for method in item if method in METHODS]
    return [*found, ("get", "/api/schema/")]


OPERATIONS = operations()
PATHS = sorted({path for _method, path in OPERATIONS})


def address(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda name: KEYS[name[1]], path)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def call(client: Client, method: str, path: str, **headers: str) -> Any:
    client.raise_request_exception = False
    return client.generic(method.upper(), address(path), b"{}", "application/json", headers=headers)


def assert_problem(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert {"type", "title", "status", "code", "request"} <= told.keys()
    assert (told["status"], told["code"]) == (status, code)
    assert told["request"] == answer["X-Request-ID"]
    assert "no-store" in answer["Cache-Control"]


class TestEveryEndpoint:
    def test_there_are_some(self) -> None:
        assert len(OPERATIONS) > 15

    @pytest.mark.parametrize(("method", "path"), OPERATIONS)
    def test_asks_who_calls(self, client: Client, method: str, path: str) -> None:
        answer = call(client, method, path)
        assert_problem(answer, 401, "not_signed_in")
        assert answer["WWW-Authenticate"].startswith("Bearer")

    @pytest.mark.parametrize(("method", "path"), OPERATIONS)
    def test_refuses_an_invented_token(self, client: Client, method: str, path: str) -> None:
        answer = call(client, method, path, Authorization="Bearer cimic_invented")
        assert_problem(answer, 401, "not_signed_in")

    def test_refuses_people_without_a_position(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.postless)
        for method, path in OPERATIONS:
            assert_problem(call(client, method, path), 403, "refused")

    def test_refuses_people_who_were_switched_off(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.inactive)
        for method, path in OPERATIONS:
            assert_problem(call(client, method, path), 401, "not_signed_in")

    def test_refuses_to_write_with_a_token_for_reading(self, client: Client, cast: Cast) -> None:
        _token, text = create_token(actor=cast.owner, name="laptop", expires_at=ahead(days=1))
        for method, path in OPERATIONS:
            if method != "get":
                answer = call(client, method, path, Authorization=f"Bearer {text}")
                assert_problem(answer, 403, "refused")

    def test_writing_from_a_browser_needs_the_proof_of_origin(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.owner)
        for method, path in OPERATIONS:
            if method != "get":
                assert_problem(call(client, method, path), 403, "refused")

    @pytest.mark.parametrize("path", [path for path in PATHS if "{" in path])
    def test_knows_nothing_of_what_is_not_there(self, client: Client, cast: Cast, path: str) -> None:
        client.force_login(cast.owner)
        for method, other in OPERATIONS:
            if other == path:
                assert_problem(call(client, method, path), 404, "not_found")

    @pytest.mark.parametrize("path", PATHS)
    def test_names_the_methods_it_answers_to(self, client: Client, cast: Cast, path: str) -> None:
        client.force_login(cast.owner)
        known = {method for method, other in OPERATIONS if other == path}
        for method in set(METHODS) - known:
            answer = call(client, method, path)
            assert_problem(answer, 405, "method_not_allowed")
            assert {name.lower() for name in answer["Allow"].split(", ")} >= known

    def test_options_tell_the_methods_and_nothing_else(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.owner)
        for path in set(PATHS) - {"/api/schema/"}:
            answer = call(client, "options", path)
            assert answer.status_code == 200, path
            assert set(answer.json()) == {"methods"}

    @pytest.mark.parametrize("path", [path for path in PATHS if "{" not in path and "schema" not in path])
    def test_lists_answer_and_refuse_unknown_filters(self, client: Client, cast: Cast, path: str) -> None:
        client.force_login(cast.owner)
        assert client.get(path).status_code == 200
        if path not in {"/api/v1/me/", "/api/v1/notifications/", "/api/v1/figures/"}:
            assert_problem(client.get(path, {"no_such_filter": "1"}), 422, "invalid")
            assert_problem(client.get(path, {"limit": "0"}), 422, "invalid")
        if path not in {"/api/v1/me/", "/api/v1/figures/"}:
            assert_problem(client.get(path, {"cursor": "invented"}), 400, "cursor")

    def test_only_json_is_spoken(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.owner)
        assert_problem(client.get("/api/v1/me/", headers={"Accept": "text/csv"}), 406, "not_acceptable")


def test_schema_is_valid_and_describes_every_error(client: Client, cast: Cast) -> None:
    schema = SchemaGenerator().get_schema(public=True)
    validate_schema(schema)
    for path in schema["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    client.force_login(cast.owner)
    assert client.get(reverse("api:schema")).status_code == 200


def moments() -> Iterator[tuple[str, serializers.DateTimeField]]:
    """Every moment that the API takes, by its serializer and name; what is shown is not taken."""
    kinds = [serializers.Serializer]
    for kind in kinds:
        kinds += kind.__subclasses__()
        for name, field in kind._declared_fields.items():
            takes = not field.read_only and not kind.__name__.endswith("Shown")
            if isinstance(field, serializers.DateTimeField) and takes:
                yield f"{kind.__name__}.{name}", field


def test_every_moment_that_is_taken_lies_within_the_calendar():
    SchemaGenerator().get_schema(public=True)
    found = dict(moments())
    assert len(found) > 15
    for name, field in found.items():
        for told in ("0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
            with pytest.raises(serializers.ValidationError):
                field.run_validation(told)
                pytest.fail(name)


def test_too_many_requests_are_told_to_wait(client: Client, cast: Cast, monkeypatch: Any) -> None:
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    client.force_login(cast.owner)
    for _ in range(2):
        assert client.get("/api/v1/me/").status_code == 200
    answer = client.get("/api/v1/me/")
    assert_problem(answer, 429, "too_many_requests")
    assert 0 < int(answer["Retry-After"]) <= 60


def test_me_tells_posts_in_person_and_deputised(client: Client, cast: Cast) -> None:
    client.force_login(cast.delegate)
    told = client.get("/api/v1/me/").json()
    assert told["clearance"] == cast.delegate.clearance
    assert [post["id"] for post in told["positions"]] == list(cast.delegate.access.held)
    assert {post["id"] for post in told["acts_for"]} == cast.delegate.access.positions
    assert len(told["acts_for"]) == 2


def test_people_are_told_by_name_and_post_only(client: Client, cast: Cast) -> None:
    client.force_login(cast.partner)
    page = client.get("/api/v1/people/", {"limit": "200"})
    names = {row["name"] for row in page.json()["results"]}
    assert str(cast.owner) in names
    assert str(cast.inactive) not in names
    assert str(cast.postless) not in names
    text = page.content.decode()
    assert "@" not in text
    assert "clearance" not in text
    row = client.get(f"/api/v1/people/{cast.owner.pk}/").json()
    assert row["positions"] == [
        {"id": p.pk, "name": str(p)} for p in cast.owner.access and _posts(cast.owner)
    ]


def _posts(person: Any) -> list[Any]:
    return [holding.position for holding in person.holdings.all()]


class TestTokens:
    @pytest.fixture
    def text(self, cast: Cast) -> str:
        return create_token(actor=cast.owner, name="laptop", expires_at=ahead(days=1))[1]

    def me(self, client: Client, text: str, kind: str = "Bearer") -> Any:
        return client.get("/api/v1/me/", headers={"Authorization": f"{kind} {text}"})

    def test_acts_as_its_person_and_remembers_its_use(self, client: Client, cast: Cast, text: str) -> None:
        assert self.me(client, text).json()["id"] == cast.owner.pk
        assert self.me(client, text, "bearer").status_code == 200
        token = cast.owner.tokens.get()
        assert timezone.now() - token.last_used_at < timezone.timedelta(minutes=1)
        assert "sessionid" not in client.cookies

    def test_is_kept_as_a_digest_only(self, cast: Cast, text: str) -> None:
        token = cast.owner.tokens.get()
        assert text not in str(vars(token))
        assert text.startswith(token.prefix)
        assert len(token.prefix) < len(text) / 3
        assert token.scopes == [Scope.READ]

    @pytest.mark.parametrize(
        "change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}], ids=["revoked", "expired"]
    )
    def test_that_ended_is_refused(
        self, client: Client, cast: Cast, text: str, change: dict[str, object]
    ) -> None:
        cast.owner.tokens.update(**change)
        assert_problem(self.me(client, text), 401, "not_signed_in")

    def test_of_a_person_switched_off_is_refused(self, client: Client, cast: Cast, text: str) -> None:
        type(cast.owner).objects.filter(pk=cast.owner.pk).update(is_active=False)
        assert_problem(self.me(client, text), 401, "not_signed_in")

    def test_does_not_open_pages(self, client: Client, cast: Cast, text: str) -> None:
        assert client.get("/me/", headers={"Authorization": f"Bearer {text}"}).status_code == 302
