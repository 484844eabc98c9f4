"""Passwords as people choose them, and the sessions that they open."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client

from cimic_portal.core.models import Person
from tests.factories.cast import make_cast
from tests.support import staff
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password", ["only small letters", "7391048255660174", "🦒🦓🦒🦓🦒🦓🦒🦓🦒🦓🦒🦓", "x" * 20 + "é " * 40]
)
def test_any_characters_do(password: str) -> None:
    validate_password(password, staff.person())


def sign_in(email: str, password: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": email, "password": password})
    return client


def test_counts_exactly_as_it_was_typed() -> None:
    person = staff.person()
    exact = "  Blanks before, BIG letters and an end that is far away " + "z" * 120 + " "
    client = sign_in(person.email, staff.PASSWORD)
    sent = {"oldpassword": staff.PASSWORD, "password1": exact, "password2": exact}
    assert client.post("/password/", sent).status_code == 302
    assert Person.objects.get(pk=person.pk).check_password(exact)
    for wrong in (exact.strip(), exact.lower(), exact[:100], exact[:-1]):
        assert sign_in(person.email, wrong).get("/me/").status_code == 302
    assert sign_in(person.email, exact).get("/me/").status_code == 200


def test_fields_hide_and_let_password_managers_work() -> None:
    client = Client()
    pages = [client.get("/sign-in/")]
    client.force_login(staff.person())
    pages.append(client.get("/password/"))
    for page in pages:
        fields = re.findall(r"<input[^>]*password[^>]*>", page.content.decode())
        assert fields
        for field in fields:
            assert 'type="password"' in field
            assert re.search(r'autocomplete="(current|new)-password"', field), field
            assert "onpaste" not in field and "readonly" not in field


def test_each_sign_in_has_a_session_of_its_own() -> None:
    person = staff.person()
    planted = Client()
    planted.get("/sign-in/")
    planted.cookies["sessionid"] = "a" * 32
    planted.post("/sign-in/", {"login": person.email, "password": staff.PASSWORD})
    other = sign_in(person.email, staff.PASSWORD)
    keys = {client.session.session_key for client in (planted, other)}
    assert len(keys) == 2
    assert "a" * 32 not in keys
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize("address", ["/", "/me/", "/documents/", "/liaison/engagements/", "/password/"])
def test_every_page_offers_to_sign_out(address: str) -> None:
    page = signed_in(make_cast().owner).get(address, follow=True).content.decode()
    assert 'action="/sign-out/"' in page or 'href="/sign-out/"' in page
