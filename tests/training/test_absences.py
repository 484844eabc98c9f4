"""When somebody is away: who says so, who reads it, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from tests.factories.training_readiness import away, in_days, with_records
from tests.support.pages import body, signed_in, words
from training.models import Absence
from training.policies import absence as policies
from training.services.absence import enter_absence, withdraw_absence
from training.services.record import record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(cast: Any) -> Any:
    with_records(cast)
    return record_of(cast.owner)


def test_the_person_and_the_office_enter_it(cast, record):
    allowed = {name for name, person in cast.everyone().items() if policies.can_enter(person, record)}
    assert allowed == {"owner", "colleague", "head", "head_above", "delegate"}


def test_it_is_read_with_the_record(cast, record):
    absence = away(cast.owner)
    readers = {
        name
        for name, person in cast.everyone().items()
        if Absence.objects.visible_to(person).filter(pk=absence.pk).exists()
    }
    assert readers == {"owner", "colleague", "head", "head_above", "delegate"}


@pytest.mark.parametrize(
    ("kind", "days", "fields"),
    [
        ("leave", (5, 4), {"until"}),
        ("leave", (-40, 4), {"since"}),
        ("leave", (5, 5000), {"until"}),
        ("prison", (5, 4), {"kind", "until"}),
        ("leave", (12, 15), {"since"}),
        ("travel", (5, 10), {"since"}),
    ],
)
def test_what_cannot_be_is_refused(cast, record, kind, days, fields):
    away(cast.owner, 10, 12)
    since, until = map(in_days, days)
    with pytest.raises(InvalidError) as refused:
        enter_absence(record, actor=cast.owner, kind=kind, since=since, until=until)
    assert set(refused.value.fields) == fields


def test_one_that_was_withdrawn_makes_room(cast, record):
    absence = away(cast.owner, 10, 12)
    with pytest.raises(StaleError):
        withdraw_absence(absence, actor=cast.owner, version=2)
    withdraw_absence(absence, actor=cast.head, version=1)
    with pytest.raises(RefusedError):
        withdraw_absence(absence, actor=cast.head, version=2)
    made = enter_absence(record, actor=cast.owner, kind="leave", since=in_days(11), until=in_days(11))
    assert list(Absence.objects.visible_to(cast.owner).standing()) == [made]


def test_on_pages(cast, record):
    client = signed_in(cast.owner)
    address = reverse("absence_enter", args=[record.reference])
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"kind": "leave", "since": in_days(9), "until": in_days(3)})
    assert wrong.status_code == 422
    assert f'value="{in_days(3)}"' in body(wrong)
    answer = client.post(address, {"kind": "leave", "since": in_days(3), "until": in_days(9)}, follow=True)
    assert "Absence entered" in words(body(answer))
    absence = Absence.objects.visible_to(cast.owner).get()
    step = reverse("absence_withdraw", args=[record.reference, absence.pk])
    assert client.get(step).status_code == 200
    assert signed_in(cast.outsider).get(step).status_code == 404
    answer = client.post(step, {"version": 1}, follow=True)
    assert "Absence withdrawn" in words(body(answer))
    assert "No leave or duty travel" in words(body(answer))


def test_in_the_api(cast, record):
    client = signed_in(cast.owner)
    address = f"/api/v1/readiness/people/{record.reference}/"
    sent = {"kind": "travel", "since": str(in_days(3)), "until": str(in_days(2))}
    assert client.post(f"{address}away/", sent, "application/json").status_code == 422
    sent["until"] = str(in_days(4))
    made = client.post(f"{address}away/", sent, "application/json")
    assert made.status_code == 201
    assert client.get(f"{address}absences/").json() == [made.json()]
    given = {"absence": made.json()["id"], "version": 1}
    assert signed_in(cast.outsider).post(f"{address}back/", given, "application/json").status_code == 404
    assert client.post(f"{address}back/", given, "application/json").status_code == 204
    assert client.get(f"{address}absences/").json() == []
