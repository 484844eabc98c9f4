"""Entering the portal, being limited on the way, and sessions that end when they must."""

from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.levels import Classification
from tests.support import staff

pytestmark = pytest.mark.django_db
ME = "/me/"
NEW_PASSWORD = {
    "oldpassword": staff.PASSWORD,
    "password1": "new words for me 7",
    "password2": "new words for me 7",
}


def sign_in(client: Client, email: str, password: str = staff.PASSWORD, **meta: str):
    return client.post("/sign-in/", {"login": email, "password": password, "next": ME}, **meta)


@pytest.fixture
def officer() -> Person:
    return staff.person("morel@mission.example")


def is_in(client: Client) -> bool:
    return client.get(ME).status_code == 200


def test_every_page_asks_for_sign_in_and_returns_to_it(client: Client, officer: Person) -> None:
    answer = client.get("/me/?tab=2")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/me/%3Ftab%3D2"
    assert sign_in(client, "Morel@Mission.example")["Location"] == ME
    assert is_in(client)


def test_fragment_after_the_session_ended_opens_the_sign_in_page(client: Client) -> None:
    answer = client.get("/me/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/me/?a=1"})
    assert answer["HX-Redirect"] == "/sign-in/?next=/me/%3Fa%3D1"


def test_posting_after_the_session_ended_does_not_return_to_the_posting_address(client: Client) -> None:
    assert client.post("/me/sessions/1/end/")["Location"] == "/sign-in/?next=/"


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_sign_in_never_leads_to_another_host(
    client: Client, officer: Person, next_page: str, settings: object
) -> None:
    settings.LOGIN_REDIRECT_URL = ME
    answer = client.post("/sign-in/", {"login": officer.email, "password": staff.PASSWORD, "next": next_page})
    assert answer["Location"] == ME


@pytest.mark.parametrize("key", [r"\000aaaaaaaaaaaaaa", r"\377aaaaaaaaaaaaaa", "x" * 5000])
def test_damaged_cookie_is_no_session(client: Client, key: str) -> None:
    cookie = f'{settings.SESSION_COOKIE_NAME}="{key}"'
    assert client.get("/sign-in/", headers={"Cookie": cookie}).status_code == 200
    assert client.get("/me/", headers={"Cookie": cookie})["Location"] == "/sign-in/?next=/me/"


def test_wrong_password_and_unknown_address_are_told_alike(client: Client, officer: Person) -> None:
    wrong = sign_in(client, officer.email, "not this one at all")
    unknown = sign_in(client, "nobody@mission.example")
    assert wrong.status_code == unknown.status_code == 200
    for answer in (wrong, unknown):
        assert "do not belong together" in answer.content.decode()


def test_nobody_signs_up_and_no_other_route_of_allauth_is_open(client: Client) -> None:
    for path in ("/accounts/signup/", "/signup/", "/accounts/login/", "/account/email/", "/accounts/email/"):
        assert client.get(path).status_code == 404


def test_closed_account_is_told_so_only_with_its_password(client: Client, officer: Person) -> None:
    Person.objects.filter(pk=officer.pk).update(is_active=False)
    assert sign_in(client, officer.email)["Location"] == "/account/closed/"
    assert "This account is closed" in client.get("/account/closed/").content.decode()
    assert "do not belong together" in sign_in(client, officer.email, "guess guess guess").content.decode()
    assert not is_in(client)


def test_an_address_that_was_changed_opens_nothing(client: Client, officer: Person) -> None:
    EmailAddress.objects.create(user=officer, email="old@mission.example", verified=True, primary=True)
    assert sign_in(client, "old@mission.example").status_code == 200
    assert not is_in(client)


class TestLimits:
    def guess(self, client: Client, email: str, times: int, **meta: str) -> str:
        page = ""
        for _ in range(times):
            page = sign_in(client, email, "wrong wrong wrong", **meta).content.decode()
        return page

    def test_sixth_failure_is_refused_even_with_the_right_password(
        self, client: Client, officer: Person
    ) -> None:
        assert "Too many failed attempts" not in self.guess(client, officer.email, 5)
        assert "Too many failed attempts" in sign_in(client, officer.email).content.decode()
        assert not is_in(client)

    def test_guessing_from_afar_does_not_lock_the_owner_out(self, client: Client, officer: Person) -> None:
        self.guess(Client(), officer.email, 6, REMOTE_ADDR="203.0.113.9")
        sign_in(client, officer.email, REMOTE_ADDR="198.51.100.7")
        assert is_in(client)

    def test_whoever_commands_a_network_of_ipv6_is_one_client(self, client: Client, officer: Person) -> None:
        for number in range(5):
            self.guess(Client(), officer.email, 1, REMOTE_ADDR=f"2001:db8:1:2:{number}::1")
        answer = sign_in(client, officer.email, REMOTE_ADDR="2001:db8:1:2:ffff::9")
        assert "Too many failed attempts" in answer.content.decode()
        sign_in(client, officer.email, REMOTE_ADDR="2001:db8:1:3::1")
        assert is_in(client)

    def test_guessing_from_everywhere_is_limited_for_the_account(
        self, client: Client, officer: Person
    ) -> None:
        for network in range(20):
            self.guess(Client(), officer.email, 5, REMOTE_ADDR=f"203.0.113.{network}")
        answer = sign_in(client, officer.email, REMOTE_ADDR="198.51.100.7")
        assert "Too many failed attempts" in answer.content.decode()

    def test_one_address_is_limited_over_all_accounts(self, client: Client, officer: Person) -> None:
        for number in range(30):
            self.guess(client, f"victim{number}@mission.example", 1)
        assert "Too many failed attempts" in sign_in(client, officer.email).content.decode()

    def test_forged_forwarding_header_does_not_change_who_is_counted(
        self, client: Client, officer: Person
    ) -> None:
        for number in range(5):
            self.guess(client, officer.email, 1, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        answer = sign_in(client, officer.email, HTTP_X_FORWARDED_FOR="192.0.2.200")
        assert "Too many failed attempts" in answer.content.decode()

    def test_behind_a_proxy_only_its_own_entry_counts(
        self, client: Client, officer: Person, settings: object
    ) -> None:
        settings.TRUSTED_PROXY_COUNT = 1
        for number in range(5):
            forged = f"203.0.113.{number}, 198.51.100.66"
            self.guess(client, officer.email, 1, HTTP_X_FORWARDED_FOR=forged)
        refused = sign_in(client, officer.email, HTTP_X_FORWARDED_FOR="1.1.1.1, 198.51.100.66")
        assert "Too many failed attempts" in refused.content.decode()
        sign_in(client, officer.email, HTTP_X_FORWARDED_FOR="198.51.100.67")
        assert is_in(client)

    def test_new_password_lifts_the_limit(self, client: Client, officer: Person) -> None:
        signed_in = Client()
        sign_in(signed_in, officer.email)
        self.guess(client, officer.email, 5)
        signed_in.post(
            "/password/",
            {
                "oldpassword": staff.PASSWORD,
                "password1": "new words for me 7",
                "password2": "new words for me 7",
            },
        )
        sign_in(client, officer.email, "new words for me 7")
        assert is_in(client)

    def test_many_requests_from_one_address_are_told_to_wait(self, client: Client, officer: Person) -> None:
        answers = [sign_in(client, "a", "b").status_code for _ in range(121)]
        assert answers[:120] == [200] * 120
        assert answers[120] == 429

    def test_admin_has_no_door_of_its_own(self, client: Client, officer: Person) -> None:
        assert client.get("/admin/")["Location"] == "/sign-in/?next=/admin/"
        assert client.get("/admin/login/")["Location"] == "/sign-in/?next=/admin/login/"
        posted = client.post("/admin/login/", {"username": officer.email, "password": staff.PASSWORD})
        assert posted["Location"].startswith("/sign-in/")
        assert not is_in(client)
        client.force_login(officer)
        assert client.get("/admin/").status_code == 302
        assert client.get("/admin/login/").status_code == 403
        Person.objects.filter(pk=officer.pk).update(is_staff=True)
        assert client.get("/admin/login/")["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200


class TestSessionsEnd:
    @pytest.fixture(autouse=True)
    def signed_in(self, client: Client, officer: Person) -> None:
        sign_in(client, officer.email)
        assert is_in(client)

    @pytest.mark.parametrize("clearance", [Classification.CONFIDENTIAL, Classification.STRICTLY_CONFIDENTIAL])
    def test_when_the_clearance_changes(
        self, client: Client, officer: Person, clearance: Classification
    ) -> None:
        Person.objects.filter(pk=officer.pk).update(clearance=clearance)
        assert not is_in(client)

    def test_when_the_password_changes_elsewhere_but_not_here(self, client: Client, officer: Person) -> None:
        elsewhere = Client()
        sign_in(elsewhere, officer.email)
        answer = client.post(
            "/password/",
            {
                "oldpassword": staff.PASSWORD,
                "password1": "new words for me 7",
                "password2": "new words for me 7",
            },
        )
        assert answer["Location"] == ME
        assert is_in(client)
        assert not is_in(elsewhere)
        assert Person.objects.get(pk=officer.pk).password_changed_at is not None

    def test_at_the_next_request_when_the_person_is_closed(self, client: Client, officer: Person) -> None:
        Person.objects.filter(pk=officer.pk).update(is_active=False)
        assert not is_in(client)

    def test_on_another_device_when_the_person_says_so(self, client: Client, officer: Person) -> None:
        elsewhere, third = Client(), Client()
        sign_in(elsewhere, officer.email)
        sign_in(third, officer.email)
        found = [
            s for s in client.get(ME).context["sessions"] if s.session_key == elsewhere.session.session_key
        ]
        client.post(reverse("end_session", args=[found[0].pk]))
        assert not is_in(elsewhere)
        assert is_in(third)
        client.post(reverse("end_session", args=[0]))
        assert not is_in(third)
        assert is_in(client)

    def test_never_those_of_somebody_else(self, client: Client) -> None:
        other, theirs = staff.person(), Client()
        sign_in(theirs, other.email)
        session = theirs.get(ME).context["sessions"][0]
        assert client.post(reverse("end_session", args=[session.pk])).status_code == 404
        assert is_in(theirs)

    def test_on_its_own_when_it_ran_out_or_the_password_changed(
        self, client: Client, officer: Person
    ) -> None:
        elsewhere, third = Client(), Client()
        for device in (elsewhere, third):
            sign_in(device, officer.email)
        assert len(client.get(ME).context["sessions"]) == 3
        Session.objects.filter(pk=third.session.session_key).update(expire_date=timezone.now())
        stale = elsewhere.session
        stale[HASH_SESSION_KEY] = "of the password before"
        stale.save()
        shown = client.get(ME).context["sessions"]
        assert [device.session_key for device in shown] == [client.session.session_key]
        assert UserSession.objects.filter(user=officer).count() == 1

    def test_twelve_hours_after_the_sign_in_however_much_is_done(self, client: Client) -> None:
        session = client.session
        began = timezone.now() - timedelta(hours=11, minutes=59)
        for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
            record["at"] = began.timestamp()
        session["something"] = "written just now"
        session.save()
        assert is_in(client)
        ends = Session.objects.get(pk=session.session_key).expire_date
        assert abs(ends - began - timedelta(hours=12)) < timedelta(seconds=1)

    def test_on_sign_out(self, client: Client) -> None:
        assert client.get("/sign-out/").status_code == 200
        assert is_in(client)
        client.post("/sign-out/")
        assert not is_in(client)


def test_lost_post_counts_from_the_next_request(client: Client, officer: Person) -> None:
    client.force_login(officer)
    officer.holdings.update(until=timezone.now() - timedelta(minutes=1))
    assert client.get("/me/sessions/0/end/").status_code == 405
    answer = client.get("/password/")
    assert answer.status_code == 200
    assert "You hold no position at present" in client.get(ME).content.decode()


def test_password_needs_the_current_one_and_has_to_be_good(client: Client, officer: Person) -> None:
    client.force_login(officer)

    def change(old: str, new: str) -> str:
        return client.post(
            "/password/", {"oldpassword": old, "password1": new, "password2": new}
        ).content.decode()

    assert "not your current password" in change("wrong wrong wrong", "new words for me 7")
    assert "at least 12 characters" in change(staff.PASSWORD, "short")
    assert "too common" in change(staff.PASSWORD, "administrator")
