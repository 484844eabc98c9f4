"""What every answer carries, whatever it is."""

import os
import string
import subprocess
import sys

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from cimic_portal import urls as portal
from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import Person
from tests.support import staff

pytestmark = pytest.mark.django_db

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise {
        "refused": RefusedError("The releasing position is vacant."),
        "stale": StaleError(["Title: was “a”, is “b”"]),
        "invalid": InvalidError({"reason": ["Say why."]}),
        "broken": ValueError("inner workings"),
        "suspicious": SuspiciousOperation("odd"),
    }[how]


urlpatterns = [path("fail/<slug:how>/", fail), path("api/fail/<slug:how>/", fail), path("", include(portal))]
handler400, handler403, handler404, handler500 = (
    portal.handler400,
    portal.handler403,
    portal.handler404,
    portal.handler500,
)


@pytest.fixture(autouse=True)
def with_failing_pages(settings: object) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def admin() -> Person:
    return staff.person(is_staff=True)


def assert_guarded(answer: HttpResponse) -> None:
    for header, value in EXPECTED.items():
        assert answer[header] == value, header
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/sign-in/", 200),
        ("/sign-out/", 302),
        ("/account/closed/", 200),
        ("/me/", 302),
        ("/no/such/page/", 404),
        ("/admin/", 302),
    ],
)
def test_pages_without_sign_in(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert_guarded(answer)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/me/", 200),
        ("/password/", 200),
        ("/sign-out/", 200),
        ("/sign-in/", 302),
        ("/no/such/page/", 404),
        ("/admin/", 200),
        ("/fail/refused/", 403),
        ("/fail/stale/", 409),
        ("/fail/invalid/", 422),
        ("/fail/suspicious/", 400),
        ("/fail/broken/", 500),
    ],
)
def test_pages_of_an_administrator(client: Client, admin: Person, address: str, status: int) -> None:
    client.force_login(admin)
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == status
    assert_guarded(answer)


def test_refusals_say_what_happened_and_unexpected_failures_tell_a_number(
    client: Client, admin: Person
) -> None:
    client.force_login(admin)
    client.raise_request_exception = False
    assert "The releasing position is vacant." in client.get("/fail/refused/").content.decode()
    assert "Title: was “a”, is “b”" in client.get("/fail/stale/").content.decode()
    broken = client.get("/fail/broken/")
    assert broken["X-Request-ID"] in broken.content.decode()
    assert "inner workings" not in broken.content.decode()


def test_way_back_never_leads_elsewhere(client: Client, admin: Person) -> None:
    client.force_login(admin)
    page = client.get("/fail/refused/", headers={"Referer": "https://evil.example/x"}).content.decode()
    assert "evil.example" not in page
    assert (
        'href="http://testserver/me/"'
        in client.get("/fail/refused/", headers={"Referer": "http://testserver/me/"}).content.decode()
    )


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/no/such/", 404, "not_found"),
        ("/api/fail/broken/", 500, "server_error"),
        ("/api/fail/suspicious/", 400, "bad_request"),
    ],
)
def test_failures_outside_the_views_of_the_api_are_problem_details(
    client: Client, admin: Person, address: str, status: int, code: str
) -> None:
    client.force_login(admin)
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["request"] == answer["X-Request-ID"]
    assert_guarded(answer)


def test_old_form_is_told_what_to_do(admin: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    answer = client.post("/me/sessions/0/end/")
    assert answer.status_code == 403
    assert "This was not sent" in answer.content.decode()
    assert_guarded(answer)


def test_unknown_host_is_refused(client: Client) -> None:
    answer = client.get("/sign-in/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert_guarded(answer)


def test_cookies_are_closed_to_scripts_and_to_other_sites(client: Client) -> None:
    client.get("/sign-in/")
    client.post("/sign-in/", {"login": staff.person().email, "password": staff.PASSWORD, "next": "/me/"})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_production_settings_pass_the_deployment_check() -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cimic_portal.settings.production",
        "SECRET_KEY": string.ascii_letters,
        "PORTAL_DEMO": "0",
        "EMAIL_URL": "smtp://localhost:25",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    report = [line for line in done.stderr.splitlines() if "(security." in line or "(csp." in line]
    assert not report
    wanted = "SESSION_COOKIE_SECURE, p.CSRF_COOKIE_SECURE, p.SESSION_COOKIE_NAME, p.TRUSTED_PROXY_COUNT"
    told = subprocess.run(
        [sys.executable, "-c", f"from cimic_portal.settings import production as p; print(p.{wanted})"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["True", "True", "__Host-session", "1"]
