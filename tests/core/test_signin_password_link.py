"""Choosing a password by a link that comes by mail, works once and tells nobody who has an account."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cimic_portal.core.models import OutboxEntry, Person
from cimic_portal.core.services import people
from cimic_portal.core.tasks import deliver
from tests.support import staff

pytestmark = pytest.mark.django_db
NEW = "new words for me 7"
CHOSEN = {"password1": NEW, "password2": NEW}


@pytest.fixture
def officer() -> Person:
    return staff.person("morel@mission.example")


def ask(client: Client, email: str, **meta: str):
    return client.post("/password/new/", {"email": email}, **meta)


def delivered() -> list[mail.EmailMessage]:
    """What the workers send of all that waits."""
    for entry in OutboxEntry.objects.order_by("pk"):
        deliver(entry.pk)
    return mail.outbox


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://localhost:8000(/password/link/\S+)", message.body)
    assert found, message.body
    return found[1]


def choose(client: Client, link: str, chosen: dict[str, str] = CHOSEN):
    """Follow the link; the key moves from the address into the session before the form is shown."""
    moved = client.get(link)
    if moved.status_code != 302:
        return moved
    assert "set-password" in moved["Location"]
    assert client.get(moved["Location"]).status_code == 200
    return client.post(moved["Location"], chosen)


def test_the_way_to_a_link_is_open_to_everyone(client: Client) -> None:
    page = client.get("/password/new/")
    assert page.status_code == 200
    assert "Forgotten password" in page.content.decode()
    assert 'name="email"' in page.content.decode()


def test_link_sets_a_password_once(client: Client, officer: Person) -> None:
    assert ask(client, "Morel@mission.example")["Location"] == "/password/new/sent/"
    assert client.get("/password/new/sent/").status_code == 200
    [message] = delivered()
    assert message.to == ["morel@mission.example"]
    link = link_in(message)
    done = choose(client, link)
    assert done["Location"] == "/password/link/done/"
    assert client.get("/password/link/done/").status_code == 200
    assert Person.objects.get().check_password(NEW)
    assert "no longer works" in choose(Client(), link).content.decode()
    assert "Your password was changed" in delivered()[-1].subject


def test_link_leads_to_the_portal_whatever_host_was_asked(
    client: Client, officer: Person, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ask(client, officer.email, HTTP_HOST="evil.example")
    [message] = delivered()
    assert "evil.example" not in str(message.message())
    assert link_in(message)


def test_answer_is_the_same_for_unknown_and_closed_accounts(client: Client, officer: Person) -> None:
    Person.objects.filter(pk=officer.pk).update(is_active=False)
    for email in ("nobody@mission.example", officer.email):
        assert ask(client, email)["Location"] == "/password/new/sent/"
    assert not OutboxEntry.objects.exists()


def test_outbox_holds_no_link(client: Client, officer: Person) -> None:
    ask(client, officer.email)
    assert OutboxEntry.objects.get().payload == {"person": officer.pk}


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"email": "other@mission.example"},
        {"last_login": timezone.now()},
        {"password": "x"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_link_is_void_after_a_change(client: Client, officer: Person, change: dict[str, object]) -> None:
    ask(client, officer.email)
    link = link_in(delivered()[0])
    Person.objects.filter(pk=officer.pk).update(**change)
    assert "no longer works" in choose(client, link).content.decode()


def test_link_is_void_after_two_days(client: Client, officer: Person, monkeypatch) -> None:
    ask(client, officer.email)
    link = link_in(delivered()[0])
    later = people.link_tokens._now() + timedelta(hours=49)
    monkeypatch.setattr(people.LinkTokens, "_now", lambda self: later)
    assert "no longer works" in choose(client, link).content.decode()


@pytest.mark.parametrize("link", ["/password/link/1-c/", "/password/link/zzzzzz-cafe12-deadbeef/"])
def test_invented_link_is_told_so(client: Client, link: str) -> None:
    assert "no longer works" in choose(client, link).content.decode()


def test_weak_password_is_refused_at_the_field(client: Client, officer: Person) -> None:
    ask(client, officer.email)
    page = choose(client, link_in(delivered()[0]), {"password1": "short", "password2": "short"})
    assert "at least 12 characters" in page.content.decode()
    assert Person.objects.get().check_password(staff.PASSWORD)


def test_asking_is_limited_for_one_address(client: Client, officer: Person) -> None:
    codes = [ask(client, officer.email, REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(6)]
    assert codes == [302] * 5 + [429]
    assert len(delivered()) == 5


def test_new_account_is_welcomed(officer: Person) -> None:
    officer.set_unusable_password()
    officer.save()
    people.send_password_link(officer, actor=officer)
    [message] = delivered()
    assert "Your account" in message.subject
    assert choose(Client(), link_in(message))["Location"] == "/password/link/done/"
    assert len(delivered()) == 1
