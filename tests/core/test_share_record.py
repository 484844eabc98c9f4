"""Opening one record to someone, ending that, and changing its circle of readers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Person
from cimic_portal.core.policies import can_grant, can_reshare
from cimic_portal.core.services.reshare import reshare
from liaison.models import Engagement
from tests.factories.cast import make_cast
from tests.factories.liaison import ContactFactory, EngagementFactory


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def report(cast):
    return EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def sees(person, record):
    return Engagement.objects.visible_to(Person.objects.get(pk=person.pk)).filter(pk=record.pk).exists()


def test_granting_belongs_to_the_owner_office_and_its_heads(cast, report):
    allowed = {name for name, person in cast.everyone().items() if can_grant(person, report)}
    assert allowed == {"owner", "colleague", "head", "head_above", "delegate"}


def test_resharing_belongs_to_the_releasing_position(cast, report):
    assert {name for name, person in cast.everyone().items() if can_reshare(person, report)} == {"head"}


def test_own_report_is_widened_up_the_chain(cast):
    own = EngagementFactory(owner_office=cast.team, author=cast.head, published=True)
    assert {name for name, person in cast.everyone().items() if can_reshare(person, own)} == {"head_above"}


def test_page_opens_a_record_to_one_person_and_ends_it(cast, report):
    address = report.get_absolute_url()
    owner, outsider = client_of(cast.owner), client_of(cast.outsider)
    assert outsider.get(address).status_code == 404
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    sent = {"to_text": "Outsider", "to": cast.outsider.pk, "until": until, "reason": "Plans with us"}
    assert owner.post(f"{address}grant/", {**sent, "version": report.version}).status_code == 302
    assert outsider.get(address).status_code == 200
    page = owner.get(f"{address}revoke/").content.decode()
    report.refresh_from_db()
    given = page.split('name="given" value="')[1].split('"')[0]
    ended = owner.post(f"{address}revoke/", {"given": given, "reason": "Done", "version": report.version})
    assert ended.status_code == 302
    assert outsider.get(address).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"to_text": "", "to": ""},
        {"to_text": "Nobody of that name", "to": ""},
        {"to": "999999999999999999999", "to_text": "x"},
        {"until": "2020-01-01"},
        {"until": "yesterday"},
        {"reason": ""},
    ],
)
def test_bad_grant_is_told_and_opens_nothing(cast, report, wrong):
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    sent = {"to_text": "Outsider", "to": cast.outsider.pk, "until": until, "reason": "x", **wrong}
    answer = client_of(cast.owner).post(
        f"{report.get_absolute_url()}grant/", {**sent, "version": report.version}
    )
    assert answer.status_code == 422
    assert not sees(cast.outsider, report)


def test_reader_by_audience_cannot_open_it_to_others(cast):
    report = EngagementFactory(
        owner_office=cast.team, author=cast.owner, published=True, audience_components=[3]
    )
    answer = client_of(cast.outsider).get(f"{report.get_absolute_url()}grant/")
    assert answer.status_code == 403


def test_resharing_counts_at_once(cast, report):
    changed = reshare(
        report,
        classification=1,
        components=[3],
        organisations=[],
        reason="Civil affairs plans with it",
        actor=cast.head,
        version=report.version,
    )
    assert sees(cast.outsider, report)
    assert changed.version == report.version + 1


def test_resharing_needs_a_reason_and_a_clearance(cast, report):
    with pytest.raises(InvalidError) as caught:
        reshare(
            report,
            classification=1,
            components=[],
            organisations=[],
            reason=" ",
            actor=cast.head,
            version=report.version,
        )
    assert set(caught.value.fields) == {"reason"}
    with pytest.raises(RefusedError):
        reshare(
            report,
            classification=1,
            components=[3],
            organisations=[],
            reason="x",
            actor=cast.colleague,
            version=report.version,
        )


def test_contact_is_opened_to_one_person_on_its_page(cast):
    contact = ContactFactory(owner_office=cast.team, author=cast.owner, published=True)
    address, outsider = contact.get_absolute_url(), client_of(cast.outsider)
    assert outsider.get(f"{address}grant/").status_code == 404
    assert "Plans with us" not in client_of(cast.owner).get(f"{address}grant/").content.decode()
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    sent = {"to_text": "Outsider", "to": cast.outsider.pk, "until": until, "reason": "Plans with us"}
    answer = client_of(cast.owner).post(f"{address}grant/", {**sent, "version": contact.version})
    assert answer.status_code == 302
    assert outsider.get(address).status_code == 200
    assert outsider.get(f"{address}grant/").status_code == 403
