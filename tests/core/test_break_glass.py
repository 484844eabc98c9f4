"""Breaking the glass: one record, one administrator, one page, half an hour; told, and in the trail."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cimic_portal.core import tasks
from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import BrokenGlass, Document, Notification, OutboxEntry, Person, ReadEntry
from cimic_portal.core.services.glass import break_glass, mend_glass
from cimic_portal.core.services.notifications import lines
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db
TITLE = "Zebra crossing"
WHY = "The only copy of the evacuation list"
ASK = "/admin/glass/"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def hidden(cast: Cast) -> Document:
    """Of the team, above the administrator's clearance."""
    return DocumentFactory(
        title=TITLE, owner_office=cast.team, author=cast.owner, classification=Classification.CONFIDENTIAL
    )


@pytest.fixture
def pages(cast: Cast) -> Client:
    cast.auditor.set_password(PASSWORD)
    cast.auditor.save()
    return signed_in(cast.auditor)


def prove(client: Client) -> Any:
    return client.post(f"/me/confirm/?next={ASK}", {"password": PASSWORD})


def broken(cast: Cast, record: Document) -> BrokenGlass:
    return break_glass(record.reference, actor=cast.auditor, proven=True, reason=WHY)


def deliver_all() -> None:
    for entry in OutboxEntry.objects.order_by("pk"):
        tasks.deliver(entry.pk)


def test_password_is_asked_for_then_the_record_opens_on_its_page_until_closed(
    pages: Client, hidden: Document
) -> None:
    form = {"reference": hidden.reference.lower(), "reason": WHY}
    for answer in (pages.get(ASK), pages.post(ASK, form)):
        assert answer["Location"].startswith("/me/confirm/")
    assert not BrokenGlass.objects.exists()
    pages.get(ASK)
    assert prove(pages).status_code == 302
    assert TITLE not in pages.get(ASK).content.decode()
    answer = pages.post(ASK, form)
    page = f"{ASK}{hidden.reference}/"
    assert answer["Location"] == page
    shown = pages.get(page).content.decode()
    assert TITLE in shown
    assert 'class="classification level-2"' in shown
    assert "reader_keys" not in shown
    assert pages.post(page)["Location"] == ASK
    assert pages.get(page).status_code == 404


def test_nothing_else_opens(pages: Client, cast: Cast, hidden: Document) -> None:
    broken(cast, hidden)
    for address in (
        f"/documents/{hidden.reference}/",
        f"/documents/{hidden.reference}/file/",
        f"/api/v1/documents/{hidden.reference}/",
        f"/admin/core/document/{hidden.reference}/change/",
    ):
        assert pages.get(address).status_code == 404, address
    for address in ("/documents/", "/api/v1/documents/", "/admin/core/document/", "/notifications/"):
        answer = pages.get(address)
        assert answer.status_code == 200
        assert TITLE not in answer.content.decode(), address


def test_others_do_not_look_through_it(cast: Cast, hidden: Document) -> None:
    broken(cast, hidden)
    page = f"{ASK}{hidden.reference}/"
    Person.objects.filter(pk=cast.outsider.pk).update(is_staff=True)
    assert signed_in(Person.objects.get(pk=cast.outsider.pk)).get(page).status_code == 404
    assert signed_in(cast.partner).get(page, follow=True).status_code == 403
    Person.objects.filter(pk=cast.auditor.pk).update(is_staff=False)
    assert signed_in(Person.objects.get(pk=cast.auditor.pk)).get(page, follow=True).status_code == 403


def test_it_ends_by_itself(pages: Client, cast: Cast, hidden: Document) -> None:
    glass = broken(cast, hidden)
    assert glass.until - glass.since == timedelta(minutes=30)
    assert pages.get(f"{ASK}{hidden.reference}/").status_code == 200
    then = timezone.now() - timedelta(minutes=31)
    BrokenGlass.objects.update(since=then, until=then + timedelta(minutes=30))
    assert pages.get(f"{ASK}{hidden.reference}/").status_code == 404


def test_asked_again_it_is_not_longer_and_the_database_takes_no_longer_one(
    cast: Cast, hidden: Document
) -> None:
    glass = broken(cast, hidden)
    assert broken(cast, hidden) == glass
    assert BrokenGlass.objects.get().until == glass.until
    with pytest.raises(IntegrityError), transaction.atomic():
        BrokenGlass.objects.update(until=glass.until + timedelta(seconds=1))


def test_owners_are_told_who_and_why(cast: Cast, hidden: Document) -> None:
    broken(cast, hidden)
    deliver_all()
    told = Notification.objects.filter(kind="record.glass_broken")
    assert {one.person for one in told} == {cast.head}
    [line] = lines(cast.head, told)
    assert str(cast.auditor) in line.text
    assert WHY in line.text
    assert TITLE in line.text


def test_each_look_is_in_the_trail_whatever_the_level(pages: Client, cast: Cast) -> None:
    plain = DocumentFactory(title=TITLE, owner_office=cast.country_office, author=cast.partner)
    glass = broken(cast, plain)
    for _look in range(2):
        pages.get(f"{ASK}{plain.reference}/")
    reads = ReadEntry.objects.filter(person=cast.auditor, surface="broken glass")
    assert [entry.records for entry in reads] == [[f"document:{plain.reference}"]] * 2
    event = glass.events.unscoped("of the test").get()
    assert event.pgh_context["verb"] == "record.break_glass"
    assert (event.pgh_context["actor"], event.pgh_context["reason"]) == (cast.auditor.pk, WHY)
    mend_glass(glass, actor=cast.auditor)
    out = StringIO()
    call_command("who_could_read", plain.reference, stdout=out)
    assert f"{cast.auditor} <{cast.auditor.email}>" in out.getvalue()
    assert "glass broken" in out.getvalue()


def test_only_proven_administrators_with_a_reason(cast: Cast, hidden: Document) -> None:
    wanted = {"reference": hidden.reference, "proven": True, "reason": WHY}
    for changes, error, words in (
        ({"actor": cast.outsider}, RefusedError, "Only administrators"),
        ({"proven": False}, RefusedError, "second factor"),
        ({"reason": " "}, InvalidError, "Say why"),
        ({"reference": "2222222222"}, InvalidError, "No record has this reference"),
        ({"reference": "\0"}, InvalidError, "No record has this reference"),
    ):
        given: dict[str, Any] = {"actor": cast.auditor} | wanted | changes
        with pytest.raises(error, match=words):
            break_glass(given.pop("reference"), **given)
    own = DocumentFactory(owner_office=cast.hq, author=cast.auditor)
    with pytest.raises(InvalidError, match="open its own page"):
        break_glass(own.reference, actor=cast.auditor, proven=True, reason=WHY)
    assert not BrokenGlass.objects.exists()


def test_bad_input_is_told_beside_its_field(pages: Client) -> None:
    pages.get(ASK)
    prove(pages)
    for form, words in (
        ({"reference": "2222222222", "reason": WHY}, "No record has this reference"),
        ({"reference": "", "reason": WHY}, "Fill this in"),
        ({"reference": "22222\x0022222", "reason": WHY}, "errorlist"),
        ({"reference": "2" * 40, "reason": "x" * 300}, "errorlist"),
    ):
        answer = pages.post(ASK, form)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_where_a_second_factor_is_asked_for_it_takes_one(
    pages: Client, settings: Any, hidden: Document
) -> None:
    settings.SECOND_FACTOR_ABOVE = "unclassified"
    assert pages.get(ASK)["Location"].startswith("/me/second-factor/")
    session = pages.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "type": "totp", "id": 1}
    ]
    session.save()
    assert pages.post(ASK, {"reference": hidden.reference, "reason": WHY}).status_code == 302
    assert TITLE in pages.get(f"{ASK}{hidden.reference}/").content.decode()
