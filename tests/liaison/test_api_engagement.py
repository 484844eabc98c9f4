"""Liaison in the API: the same verbs, the same rule, the same words at the fields."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cimic_portal.core.models import Organisation
from tests.factories.core import AreaFactory, OrganisationFactory
from tests.factories.liaison import (
    CommitmentFactory,
    ContactFactory,
    EngagementFactory,
    EngagementKindFactory,
    TaskingFactory,
)

JSON = "application/json"


@pytest.fixture
def api(cast):
    """`api(person)`: a client signed in as that person."""

    def enter(person):
        client = Client()
        client.force_login(person)
        return client

    return enter


def report(cast, **changes):
    values = {
        "office": cast.team.pk,
        "purpose": "Ford after the flood",
        "kind": EngagementKindFactory().pk,
        "starts_at": (timezone.now() - timedelta(hours=2)).isoformat(),
        "location": "Ferry",
        "position": "31M DS 56000 24000",
        "key_points": "Foot traffic only.",
        "atmosphere": "neutral",
        "audience_components": [1, 3],
        "new_contacts": [{"name": "Zephyrin Quatrebarbes", "new_organisation": "Ferry committee"}],
        "promises": [{"side": "ours", "what": "Send the dates"}],
    }
    return {**values, **changes}


def post(client, path, **sent):
    return client.post(f"/api/v1/{path}", sent, content_type=JSON)


def test_report_is_logged_submitted_and_released(cast, api):
    AreaFactory()
    officer, head = api(cast.owner), api(cast.head)
    logged = post(officer, "engagements/", **report(cast))
    assert logged.status_code == 201, logged.json()
    made = logged.json()
    assert (made["state"], made["attendances"][0]["name"]) == ("draft", "Zephyrin Quatrebarbes")
    assert made["promises"][0]["what"] == "Send the dates"
    address = f"engagements/{made['reference']}/"
    submitted = post(officer, f"{address}submit/", version=made["version"]).json()
    assert submitted["state"] == "submitted"
    own = post(officer, f"{address}release/", version=submitted["version"])
    assert own.status_code == 403
    released = post(head, f"{address}release/", version=submitted["version"]).json()
    assert released["state"] == "released"
    assert api(cast.outsider).get(f"/api/v1/{address}").status_code == 200
    assert api(cast.partner).get(f"/api/v1/{address}").status_code == 404


def test_problems_are_told_at_their_fields(cast, api):
    answer = post(api(cast.owner), "engagements/", **report(cast, position="185, 300", purpose=""))
    assert answer.status_code in (400, 422)
    assert set(answer.json()["errors"]) == {"position", "purpose"}


def test_someone_named_in_two_rows_is_told(cast, api):
    known = ContactFactory(owner_office=cast.team, author=cast.owner, published=True).reference
    two = [{"contact": known, "role": "Mayor"}, {"contact": known, "role": "Chair"}]
    ours = [{"person": cast.owner.pk, "role": role} for role in ("Lead", "Notes")]
    for attendees in (two, [*two[:1], *ours]):
        answer = post(api(cast.owner), "engagements/", **report(cast, new_contacts=[], attendees=attendees))
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["attendees"])
    same = report(cast, new_contacts=[], attendees=[*two[:1], *two[:1]])
    assert post(api(cast.owner), "engagements/", **same).status_code == 201


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e300", "99999999999999999999"])
def test_number_beyond_all_bounds_is_told_at_its_field(cast, api, number):
    officer = api(cast.owner)
    sent = json.dumps(report(cast, kind="@")).replace('"@"', number)
    answer = officer.post("/api/v1/engagements/", sent, content_type=JSON)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["kind"])
    contact = ContactFactory(owner_office=cast.team, author=cast.owner, published=True)
    sent = f'{{"version": 1, "organisation": {number}}}'
    answer = officer.patch(f"/api/v1/contacts/{contact.reference}/", sent, content_type=JSON)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["organisation"])


def test_decision_on_an_older_version_is_refused(cast, api):
    engagement = EngagementFactory(
        owner_office=cast.team,
        author=cast.owner,
        state="submitted",
        approver=cast.head.holdings.get().position,
        version=3,
    )
    answer = post(api(cast.head), f"engagements/{engagement.reference}/return/", version=2, reason="Old")
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("application/problem+json")


def test_whole_report_is_replaced_on_the_version_shown(cast, api):
    officer = api(cast.owner)
    made = post(officer, "engagements/", **report(cast)).json()
    contact = made["attendances"][0]["contact"]
    changed = report(
        cast, purpose="Ferry", new_contacts=[], attendees=[{"contact": contact}], version=made["version"]
    )
    answer = officer.put(f"/api/v1/engagements/{made['reference']}/", changed, content_type=JSON)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["purpose"] == "Ferry"
    again = officer.put(f"/api/v1/engagements/{made['reference']}/", changed, content_type=JSON)
    assert again.status_code == 409


def test_hidden_contact_cannot_be_named(cast, api):
    hidden = ContactFactory(owner_office=cast.country_office, author=cast.partner, published=True)
    answer = post(
        api(cast.owner),
        "engagements/",
        **report(cast, new_contacts=[], attendees=[{"contact": hidden.reference}]),
    )
    assert answer.status_code in (400, 422)
    assert hidden.name not in answer.content.decode()


def test_contact_is_entered_and_corrected(cast, api):
    officer = api(cast.owner)
    entered = post(officer, "contacts/", name="Amara Kone", office=cast.team.pk, audience_components=[1])
    assert entered.status_code == 201, entered.json()
    made = entered.json()
    answer = officer.patch(
        f"/api/v1/contacts/{made['reference']}/",
        {"role": "Mayor", "version": made["version"]},
        content_type=JSON,
    )
    assert answer.json()["role"] == "Mayor"
    refused = api(cast.outsider).patch(
        f"/api/v1/contacts/{made['reference']}/", {"role": "x", "version": 2}, content_type=JSON
    )
    assert refused.status_code == 404


def test_partner_enters_no_organisation(cast, api):
    partner = api(cast.partner)
    sent = {"name": "Amara Kone", "office": cast.country_office.pk}
    refused = post(partner, "contacts/", **sent, new_organisation="Ferry committee", confirmed=True)
    assert refused.status_code == 422
    assert refused.json()["errors"]["organisation"] == ["The list of organisations is kept by the mission."]
    assert not Organisation.objects.filter(name="Ferry committee").exists()
    known = OrganisationFactory(name="Radio")
    entered = post(partner, "contacts/", **sent, new_organisation="radio")
    assert entered.json()["organisation"]["id"] == known.pk


def test_audience_is_asked_for_once(cast, api, django_assert_max_num_queries):
    officer = api(cast.owner)
    pks = [OrganisationFactory().pk for _ in range(30)]
    sent = {"name": "Amara Kone", "office": cast.team.pk}
    with django_assert_max_num_queries(40):
        entered = post(officer, "contacts/", **sent, audience_organisations=pks * 2)
    assert entered.json()["audience_organisations"] == pks
    for wrong in ([*pks, 987654], pks * 7, ["x"]):
        answer = post(officer, "contacts/", **sent, audience_organisations=wrong)
        assert answer.status_code == 422
        assert all(name.startswith("audience_organisations") for name in answer.json()["errors"])


def test_tasking_is_issued_and_answered(cast, api):
    position = cast.owner.holdings.get().position
    issued = post(
        api(cast.head_above),
        "taskings/",
        title="Meet the committee",
        why="Before the rains",
        issuer=cast.head_above.holdings.get().position.pk,
        assignee=position.pk,
        due_at=(timezone.now() + timedelta(days=2)).isoformat(),
    )
    assert issued.status_code == 201, issued.json()
    made = issued.json()
    answer = post(api(cast.owner), f"taskings/{made['reference']}/acknowledge/", version=made["version"])
    assert answer.json()["state"] == "acknowledged"
    done = post(
        api(cast.owner),
        f"taskings/{made['reference']}/complete/",
        version=answer.json()["version"],
        outcome="Met",
    )
    assert done.json()["state"] == "done"


def test_verb_on_a_hidden_record_finds_nothing(cast, api):
    tasking = TaskingFactory(owner_office=cast.hq, author=cast.head_above, published=True)
    answer = post(api(cast.outsider), f"taskings/{tasking.reference}/decline/", version=1, reason="x")
    assert answer.status_code == 404


def test_promise_is_settled_on_the_version_of_its_report(cast, api):
    engagement = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    promise = CommitmentFactory(engagement=engagement)
    address = f"promises/{promise.pk}/settle/"
    assert post(api(cast.outsider), address, version=1, state="kept").status_code == 404
    unexplained = post(api(cast.owner), address, version=1, state="broken")
    assert set(unexplained.json()["errors"]) == {"note"}
    settled = post(api(cast.owner), address, version=1, state="kept").json()
    assert (settled["state"], settled["version"]) == ("kept", 2)
    assert post(api(cast.owner), address, version=1, state="kept").status_code == 409
