"""A second factor: set up, asked for, required above a level, lost and taken away."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

import cimic_portal.core.tasks  # noqa: F401 - the handlers of the outbox
from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import ApiToken, OutboxEntry, Person, SecondFactor
from cimic_portal.core.services.delivery import deliver
from cimic_portal.core.services.factors import reset_factors
from cimic_portal.core.services.tokens import create_token
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.stream.reading import guests
from tests.core.test_audit_every_change import trail_of
from tests.factories.cast import Cast, make_cast
from tests.factories.core import ahead
from tests.support import staff

pytestmark = pytest.mark.django_db
SET_UP = "/me/second-factor/"


def code(secret: str, later: int = 0) -> str:
    return f"{hotp_value(secret, int(time.time()) // 30 + later):06}"


def wrong(secret: str) -> str:
    """A code that is none of those which count now."""
    counted = {code(secret, later) for later in (-2, -1, 0, 1, 2)}
    return next(f"{number:06}" for number in range(9) if f"{number:06}" not in counted)


def sign_in(client: Client, person: Person, **meta: str) -> Any:
    return client.post("/sign-in/", {"login": person.email, "password": staff.PASSWORD}, **meta)


def second_step(client: Client, given: str, **meta: str) -> Any:
    return client.post("/sign-in/second-factor/", {"code": given}, **meta)


def confirm(client: Client, ahead_to: str) -> Any:
    """Open a page that asks for the password first."""
    asked = client.get(ahead_to)
    assert asked["Location"].startswith("/me/confirm/"), asked["Location"]
    return client.post("/me/confirm/", {"password": staff.PASSWORD, "next": ahead_to}, follow=True)


def set_up_app(client: Client) -> str:
    """The secret of the app that the person has from now on."""
    page = confirm(client, SET_UP + "app/")
    secret = client.session[SECRET_SESSION_KEY]
    assert secret in page.content.decode()
    made = client.post(SET_UP + "app/", {"code": code(secret)})
    assert made["Location"] == SET_UP + "codes/", made.content.decode()
    return secret


def letters() -> list[str]:
    mail.outbox.clear()
    for entry in OutboxEntry.objects.filter(queue="mail").order_by("pk"):
        deliver(entry.pk)
    return [f"{letter.subject}\n{letter.body}" for letter in mail.outbox]


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_ABOVE = "unclassified"


@pytest.fixture
def officer() -> Person:
    person = staff.person("morel@mission.example")
    Person.objects.filter(pk=person.pk).update(clearance=Classification.CONFIDENTIAL)
    return Person.objects.get(pk=person.pk)


class TestApp:
    def test_is_set_up_and_asked_for(self, client: Client, officer: Person) -> None:
        sign_in(client, officer)
        secret = set_up_app(client)
        elsewhere = Client()
        assert sign_in(elsewhere, officer)["Location"] == "/sign-in/second-factor/"
        assert elsewhere.get("/me/").status_code == 302
        assert "authenticator app" in elsewhere.get("/sign-in/second-factor/").content.decode()
        assert "not right" in second_step(elsewhere, wrong(secret)).content.decode()
        assert second_step(elsewhere, code(secret, 1))["Location"] == "/"
        assert elsewhere.get("/me/").status_code == 200
        assert "In use since" in elsewhere.get(SET_UP).content.decode()

    def test_code_is_taken_once(self, client: Client, officer: Person) -> None:
        sign_in(client, officer)
        secret = set_up_app(client)
        used = code(secret, 1)
        first, second = Client(), Client()
        for device in (first, second):
            sign_in(device, officer)
        assert second_step(first, used)["Location"] == "/"
        assert "used before" in second_step(second, f"{used[:3]} {used[3:]}").content.decode()

    def test_secret_is_not_readable_in_the_database_nor_in_the_trail(
        self, client: Client, officer: Person
    ) -> None:
        sign_in(client, officer)
        secret = set_up_app(client)
        rows = list(Authenticator.objects.values_list("type", "data"))
        assert {kind for kind, _data in rows} == {"totp", "recovery_codes"}
        assert secret not in str(rows)
        events = list(trail_of(SecondFactor).values())
        assert {event["type"] for event in events} == {"totp", "recovery_codes"}
        assert {event["pgh_context"]["verb"] for event in events} == {"factor.add"}
        assert {event["pgh_context"]["actor"] for event in events} == {officer.pk}
        assert not any("data" in event for event in events)

    def test_is_useless_under_another_key_and_breaks_no_page(
        self, client: Client, officer: Person, settings: Any
    ) -> None:
        sign_in(client, officer)
        secret = set_up_app(client)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another"
        again = Client()
        sign_in(again, officer)
        assert second_step(again, code(secret, 1)).status_code == 302
        settings.SECRET_KEY_FALLBACKS = []
        other = Client()
        sign_in(other, officer)
        assert "not right" in second_step(other, code(secret, -1)).content.decode()

    def test_wrong_code_sets_nothing_up(self, client: Client, officer: Person) -> None:
        sign_in(client, officer)
        confirm(client, SET_UP + "app/")
        answer = client.post(SET_UP + "app/", {"code": wrong(client.session[SECRET_SESSION_KEY])})
        assert "not right" in answer.content.decode()
        assert not SecondFactor.objects.exists()

    def test_removing_it_is_told_and_ends_the_other_sessions(self, client: Client, officer: Person) -> None:
        sign_in(client, officer)
        secret = set_up_app(client)
        elsewhere = Client()
        sign_in(elsewhere, officer)
        second_step(elsewhere, code(secret, 1))
        assert "no longer open" in client.get(SET_UP + "app/remove/").content.decode()
        client.post(SET_UP + "app/remove/")
        assert elsewhere.get("/me/").status_code == 302
        assert client.get("/me/").status_code == 200
        assert not SecondFactor.objects.exists()
        added, removed = letters()
        assert "Added: authenticator app" in added
        assert "Removed: authenticator app" in removed
        assert secret not in added + removed


class TestRecoveryCodes:
    @pytest.fixture
    def codes(self, client: Client, officer: Person) -> list[str]:
        sign_in(client, officer)
        set_up_app(client)
        return re.findall(r'class="code">(\d{8})<', client.get(SET_UP + "codes/").content.decode())

    def test_are_shown_once(self, client: Client, codes: list[str]) -> None:
        assert len(codes) == 10
        again = client.get(SET_UP + "codes/").content.decode()
        assert "not shown again" in again
        assert codes[0] not in again

    def test_each_opens_once_and_its_owner_is_told(self, codes: list[str], officer: Person) -> None:
        first, second = Client(), Client()
        for device in (first, second):
            sign_in(device, officer)
        assert second_step(first, codes[0])["Location"] == "/"
        assert "not right" in second_step(second, codes[0]).content.decode()
        assert "one of your recovery codes" in letters()[-1]
        assert "9 codes are left" in first.get(SET_UP).content.decode()

    def test_few_left_is_a_warning(self, client: Client, codes: list[str]) -> None:
        row = SecondFactor.objects.get(type="recovery_codes")
        row.data["used_mask"] = 0b0111111110
        row.save()
        assert "2 recovery codes are left" in client.get(SET_UP).content.decode()

    def test_new_ones_replace_them(self, client: Client, codes: list[str], officer: Person) -> None:
        assert "ten new codes" in client.get(SET_UP + "codes/new/").content.decode()
        client.post(SET_UP + "codes/new/")
        fresh = re.findall(r'class="code">(\d{8})<', client.get(SET_UP + "codes/").content.decode())
        assert len(fresh) == 10
        assert not set(fresh) & set(codes)
        device = Client()
        sign_in(device, officer)
        assert "not right" in second_step(device, codes[1]).content.decode()
        assert client.get("/me/").status_code == 200


@pytest.mark.usefixtures("required")
class TestRequired:
    def test_nothing_but_the_set_up_is_reached_without(self, client: Client) -> None:
        cast = make_cast()
        client.force_login(cast.owner)
        for address in ("/", "/me/", "/organisations/", "/admin/", "/me/tokens/new/", "/password/"):
            assert client.get(address)["Location"] == SET_UP, address
        fragment = client.get("/organisations/", headers={"HX-Request": "true"})
        assert fragment["HX-Redirect"] == SET_UP
        assert client.get("/notifications/count/").status_code == 286
        api = client.get("/api/v1/me/")
        assert api.status_code == 403
        assert "second factor" in api.content.decode()
        assert guests([client.session.session_key]) == {}
        page = client.get(SET_UP).content.decode()
        assert "set one up to go on" in page
        assert reverse("positions") not in page

    def test_setting_one_up_opens_the_portal(self, client: Client, officer: Person) -> None:
        assert sign_in(client, officer)["Location"] == "/"
        assert client.get("/me/")["Location"] == SET_UP
        secret = set_up_app(client)
        assert client.get("/me/").status_code == 200
        again = Client()
        sign_in(again, officer)
        second_step(again, code(secret, 1))
        assert again.get("/me/").status_code == 200

    def test_removing_the_last_one_shuts_it_again(self, client: Client, officer: Person) -> None:
        sign_in(client, officer)
        set_up_app(client)
        client.post(SET_UP + "app/remove/")
        assert client.get("/me/")["Location"] == SET_UP

    @pytest.mark.parametrize(
        ("above", "who", "asked"),
        [
            ("unclassified", {"clearance": Classification.UNCLASSIFIED}, False),
            ("unclassified", {"clearance": Classification.CONFIDENTIAL}, True),
            ("confidential", {"clearance": Classification.CONFIDENTIAL}, False),
            ("confidential", {"clearance": Classification.STRICTLY_CONFIDENTIAL}, True),
            ("confidential", {"is_staff": True}, True),
            ("off", {"clearance": Classification.STRICTLY_CONFIDENTIAL, "is_staff": True}, False),
        ],
    )
    def test_of_whom(
        self, client: Client, settings: Any, above: str, who: dict[str, Any], asked: bool
    ) -> None:
        settings.SECOND_FACTOR_ABOVE = above
        person = staff.person()
        Person.objects.filter(pk=person.pk).update(**who)
        sign_in(client, person)
        assert client.get("/me/").status_code == (302 if asked else 200)

    def test_tokens_made_without_one_are_not_in_force(self, client: Client) -> None:
        cast = make_cast()

        def status(text: str) -> int:
            return Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"}).status_code

        _token, without = create_token(actor=cast.owner, name="laptop", expires_at=ahead(days=1))
        _token, proven = create_token(
            actor=cast.owner, name="laptop", expires_at=ahead(days=1), with_second_factor=True
        )
        assert (status(without), status(proven)) == (401, 200)

    def test_token_made_in_a_proven_session_is_in_force(self, client: Client, officer: Person) -> None:
        cast = make_cast()
        cast.owner.set_password(staff.PASSWORD)
        cast.owner.save()
        sign_in(client, cast.owner)
        set_up_app(client)
        last_day = ahead(days=9).date()
        client.post(reverse("token_create"), {"name": "laptop", "scope": "read", "last_day": last_day})
        assert ApiToken.objects.get().with_second_factor


class TestReset:
    @pytest.fixture
    def cast(self) -> Cast:
        return make_cast()

    def test_by_an_administrator(self, client: Client, officer: Person, cast: Cast) -> None:
        sign_in(client, officer)
        set_up_app(client)
        create_token(actor=officer, name="laptop", expires_at=ahead(days=1))
        office = Client()
        office.force_login(cast.auditor)
        data = {"action": "reset_second_factor", "_selected_action": [officer.pk]}
        office.post(reverse("admin:core_person_changelist"), data)
        assert not SecondFactor.objects.exists()
        assert client.get("/me/").status_code == 302
        assert ApiToken.objects.get().revoked_at is not None
        removed = trail_of(SecondFactor).filter(pgh_label="delete")
        assert {event.pgh_context["verb"] for event in removed} == {"person.reset_factors"}
        assert {event.pgh_context["actor"] for event in removed} == {cast.auditor.pk}
        assert "An administrator did this" in letters()[-1]
        assert sign_in(Client(), officer)["Location"] == "/"

    def test_never_by_others_nor_of_oneself(self, cast: Cast) -> None:
        SecondFactor.objects.create(user=cast.owner, type="totp", data={})
        for actor in (cast.head_above, cast.owner):
            with pytest.raises(RefusedError):
                reset_factors(cast.owner, actor=actor)
        SecondFactor.objects.create(user=cast.auditor, type="totp", data={})
        office = Client()
        office.force_login(cast.auditor)
        data = {"action": "reset_second_factor", "_selected_action": [cast.auditor.pk]}
        assert office.post(reverse("admin:core_person_changelist"), data).status_code == 403
        assert SecondFactor.objects.count() == 2


class TestLimits:
    def test_sixth_wrong_code_shuts_even_the_right_one_out(self, client: Client, officer: Person) -> None:
        sign_in(client, officer)
        secret = set_up_app(client)
        device = Client()
        sign_in(device, officer)
        for _ in range(5):
            assert "not right" in second_step(device, wrong(secret)).content.decode()
        assert "Too many failed attempts" in second_step(device, code(secret, 1)).content.decode()
        assert device.get("/me/").status_code == 302

    def test_guessing_from_everywhere_is_limited(self, client: Client, officer: Person) -> None:
        sign_in(client, officer)
        secret = set_up_app(client)
        device = Client()
        sign_in(device, officer)
        for network in range(6):
            for _ in range(5):
                second_step(device, wrong(secret), REMOTE_ADDR=f"203.0.113.{network}")
        answer = second_step(device, code(secret, 1), REMOTE_ADDR="198.51.100.7")
        assert "Too many failed attempts" in answer.content.decode()

    def test_wrong_passwords_on_the_way_to_the_admin(self, client: Client) -> None:
        office = staff.person()
        Person.objects.filter(pk=office.pk).update(is_staff=True)
        asked = client.get("/admin/login/", follow=True).redirect_chain[-1][0]
        guess = {"login": office.email, "password": "wrong wrong wrong", "next": "/admin/login/"}
        for _ in range(5):
            assert "do not belong together" in client.post(asked, guess).content.decode()
        answer = client.post(asked, {**guess, "password": staff.PASSWORD})
        assert "Too many failed attempts" in answer.content.decode()
        assert client.get("/admin/").status_code == 302

    def test_wrong_codes_on_the_way_to_the_admin(self, client: Client, required: None) -> None:
        office = staff.person()
        Person.objects.filter(pk=office.pk).update(is_staff=True)
        sign_in(client, office)
        secret = set_up_app(client)
        assert client.get("/admin/").status_code == 200
        device = Client()
        asked = device.get("/admin/login/", follow=True).redirect_chain[-1][0]
        step = device.post(asked, {"login": office.email, "password": staff.PASSWORD, "next": "/admin/"})
        assert step["Location"].startswith("/sign-in/second-factor/")
        for _ in range(5):
            second_step(device, wrong(secret))
        assert "Too many failed attempts" in second_step(device, code(secret, 1)).content.decode()
        assert device.get("/admin/").status_code == 302
        office_hours = Client()
        sign_in(office_hours, office, REMOTE_ADDR="198.51.100.7")
        second_step(office_hours, code(secret, 1), REMOTE_ADDR="198.51.100.7")
        assert office_hours.get("/admin/").status_code == 200


class TestNonsense:
    @pytest.mark.parametrize("credential", ["", "x", "1", "[]", "{}", '{"id": 1}', '{"response": {}}'])
    def test_from_a_key_is_told(self, client: Client, officer: Person, credential: str) -> None:
        sign_in(client, officer)
        set_up_app(client)
        client.get(SET_UP + "keys/add/")
        assert client.post(SET_UP + "keys/add/", {"credential": credential}).status_code == 200
        device = Client()
        sign_in(device, officer)
        device.get("/sign-in/second-factor/")
        assert device.post("/sign-in/second-factor/", {"credential": credential}).status_code == 200
        assert SecondFactor.objects.filter(type="webauthn").count() == 0

    @pytest.mark.parametrize("given", ["", "\0", "x" * 5000, "\uff11\uff12\uff13\uff14\uff15\uff16"])
    def test_from_a_person_is_told(self, client: Client, officer: Person, given: str) -> None:
        sign_in(client, officer)
        set_up_app(client)
        device = Client()
        sign_in(device, officer)
        assert second_step(device, given).status_code == 200
        assert device.get("/me/").status_code == 302

    def test_second_step_without_the_first(self, client: Client) -> None:
        assert client.get("/sign-in/second-factor/")["Location"].startswith("/sign-in/")
