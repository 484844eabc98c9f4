"""Pages of liaison: the form, details, verbs and their refusals, as a person meets them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cimic_portal.core.models import Organisation, ReadEntry
from liaison.models import Commitment, Contact, Engagement, Tasking
from tests.factories.core import PlaceFactory
from tests.factories.liaison import (
    AttendanceFactory,
    CommitmentFactory,
    ContactFactory,
    EngagementFactory,
    EngagementKindFactory,
    TaskingFactory,
    TaskingResultFactory,
)

NEW = "/liaison/engagements/new/"


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def typed(cast, **changes):
    """What a browser sends for one contact with one new person."""
    start = timezone.localtime() - timedelta(hours=3)
    values = {
        "office": cast.team.pk,
        "purpose": "Ford after the flood",
        "kind": EngagementKindFactory().pk,
        "starts_at_0": f"{start:%Y-%m-%d}",
        "starts_at_1": f"{start:%H:%M}",
        "position": "4.36, 18.55",
        "key_points": "Foot traffic only.",
        "atmosphere": "neutral",
        "visibility": "open",
        "classification": "1",
        "audience_components": ["1"],
        "met-TOTAL_FORMS": "1",
        "met-INITIAL_FORMS": "0",
        "met-0-contact_text": "Zephyrin Quatrebarbes",
        "met-0-organisation_text": "Ferry committee",
        "own-TOTAL_FORMS": "0",
        "own-INITIAL_FORMS": "0",
        "promises-TOTAL_FORMS": "1",
        "promises-INITIAL_FORMS": "0",
        "promises-0-side": "ours",
        "promises-0-what": "Send the dates",
        "then": "submit",
    }
    return {**values, **changes}


def test_form_logs_and_submits(cast):
    answer = client_of(cast.owner).post(NEW, typed(cast))
    assert answer.status_code == 302
    engagement = Engagement.objects.visible_to(cast.owner).get()
    assert engagement.state == "submitted"
    assert Contact.objects.visible_to(cast.owner).get().name == "Zephyrin Quatrebarbes"
    assert Commitment.objects.visible_to(cast.owner).get().what == "Send the dates"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"purpose": ""}, "Fill this in"),
        ({"starts_at_0": "2026-13-45"}, "Write the day as"),
        ({"starts_at_0": "0001-01-01"}, "five years back"),
        ({"starts_at_0": "9999-12-31"}, "more than a year ahead"),
        ({"starts_at_0": "9999-12-31", "ends_at_0": "9999-12-31", "ends_at_1": "23:59"}, "year ahead"),
        ({"ends_at_0": "9999-12-31", "ends_at_1": "23:59"}, "log each meeting"),
        ({"starts_at_1": "25:99"}, "Write the time as"),
        ({"position": "184, 22"}, "184"),
        ({"position": "nowhere"}, "position"),
        ({"met-0-contact_text": "", "met-0-organisation_text": ""}, "Name at least one person"),
        ({"met-TOTAL_FORMS": "100000"}, "at most"),
        ({"met-TOTAL_FORMS": "x"}, "Send the form again"),
        ({"classification": "9"}, "values offered"),
        ({"kind": "999999999999999999999"}, "values offered"),
        ({"key_points": "x" * 30_000}, "at most 20000"),
        ({"promises-0-what": "", "promises-0-due_on": "2026-12-01"}, "Say what was promised"),
        ({"met-0-contact": "';--", "met-0-contact_text": "A\x00B"}, "cannot be shown"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(cast, changes, words):
    answer = client_of(cast.owner).post(NEW, typed(cast, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Foot traffic only." in page or "key_points" in changes
    assert not Engagement.objects.visible_to(cast.owner).exists()


def test_contact_named_in_two_rows_is_told(cast):
    known = ContactFactory(owner_office=cast.team, author=cast.owner, published=True)
    rows = {"met-TOTAL_FORMS": "2"}
    for number, role in enumerate(("Mayor", "Chair")):
        rows |= {f"met-{number}-contact": known.reference, f"met-{number}-contact_text": known.name}
        rows |= {f"met-{number}-role": role, f"met-{number}-organisation_text": ""}
    answer = client_of(cast.owner).post(NEW, typed(cast, **rows))
    assert answer.status_code == 422
    assert f"{known} is named in two rows" in answer.content.decode()


@pytest.mark.parametrize("tasking", ["%00", "nothing", "x" * 300])
def test_form_opens_whatever_tasking_is_named(cast, tasking):
    assert client_of(cast.owner).get(f"{NEW}?tasking={tasking}").status_code == 200


def test_incomplete_report_is_kept_as_a_draft(cast):
    answer = client_of(cast.owner).post(NEW, typed(cast, key_points=""), follow=True)
    assert "Saved as a draft" in answer.content.decode()
    assert Engagement.objects.visible_to(cast.owner).get().state == "draft"


def test_edit_form_shows_what_stands_there_and_saves_it(cast):
    client = client_of(cast.owner)
    client.post(NEW, typed(cast, then="save"))
    engagement = Engagement.objects.visible_to(cast.owner).get()
    page = client.get(f"{engagement.get_absolute_url()}edit/").content.decode()
    assert "Zephyrin Quatrebarbes" in page
    contact = Contact.objects.visible_to(cast.owner).get()
    sent = typed(
        cast,
        purpose="Ferry",
        version=engagement.version,
        then="save",
        **{
            "met-INITIAL_FORMS": "1",
            "met-0-contact": contact.reference,
            "promises-0-pk": Commitment.objects.visible_to(cast.owner).get().pk,
            "promises-INITIAL_FORMS": "1",
        },
    )
    assert client.post(f"{engagement.get_absolute_url()}edit/", sent).status_code == 302
    engagement.refresh_from_db()
    assert engagement.purpose == "Ferry"
    stale = client.post(f"{engagement.get_absolute_url()}edit/", sent)
    assert stale.status_code == 409
    assert "Ferry" in stale.content.decode() or "changed" in stale.content.decode()


def test_detail_shows_only_the_contacts_that_the_reader_may_see(cast):
    engagement = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    seen = ContactFactory(owner_office=cast.team, author=cast.owner, published=True, name="Seen Person")
    hidden = ContactFactory(
        owner_office=cast.country_office, author=cast.partner, published=True, name="Hidden Person"
    )
    AttendanceFactory(engagement=engagement, contact=seen)
    AttendanceFactory(engagement=engagement, contact=hidden)
    page = client_of(cast.colleague).get(engagement.get_absolute_url()).content.decode()
    assert "Seen Person" in page
    assert "Hidden Person" not in page


def test_verbs_are_offered_to_those_who_may(cast):
    engagement = EngagementFactory(
        owner_office=cast.team,
        author=cast.owner,
        state="submitted",
        approver=cast.head.holdings.get().position,
    )
    address = engagement.get_absolute_url()
    assert f"{address}release/" in client_of(cast.head).get(address).content.decode()
    own = client_of(cast.owner).get(address).content.decode()
    assert f'href="{address}release/"' not in own
    assert "Nobody releases their own report" in own
    assert client_of(cast.owner).post(f"{address}release/", {"version": 1}).status_code == 403
    assert client_of(cast.partner).get(f"{address}release/").status_code == 404
    assert client_of(cast.head).get(f"{address}no-such-verb/").status_code == 404
    assert client_of(cast.head).post(f"{address}release/", {"version": "x"}).status_code == 409
    assert client_of(cast.head).post(f"{address}return/", {"version": 1, "reason": ""}).status_code == 422
    assert client_of(cast.head).post(f"{address}release/", {"version": 1}).status_code == 302


def test_planned_meeting_is_recorded_as_held_or_not(cast):
    client = client_of(cast.owner)
    ahead = timezone.now() + timedelta(days=1)
    planned = EngagementFactory(owner_office=cast.team, author=cast.owner, state="planned", starts_at=ahead)
    assert client.post(f"{planned.get_absolute_url()}held/", {"version": 1}).status_code == 403
    sent = {"version": 1, "reason": "The road was cut."}
    assert client.post(f"{planned.get_absolute_url()}not-held/", sent).status_code == 302
    past = EngagementFactory(owner_office=cast.team, author=cast.owner, state="planned")
    assert client.post(f"{past.get_absolute_url()}held/", {"version": 1}).status_code == 302


def test_tasking_is_issued_on_a_page_and_answered(cast):
    due = timezone.localtime() + timedelta(days=2)
    sent = {
        "issuer": cast.head_above.holdings.get().position.pk,
        "assignee": cast.owner.holdings.get().position.pk,
        "assignee_text": "x",
        "title": "Meet the committee",
        "why": "Before the rains",
        "due_at_0": f"{due:%Y-%m-%d}",
        "due_at_1": "12:00",
        "priority": "1",
        "classification": "1",
    }
    issuer = client_of(cast.head_above)
    assert issuer.get("/liaison/taskings/new/").status_code == 200
    assert issuer.post("/liaison/taskings/new/", {**sent, "why": ""}).status_code == 422
    assert issuer.post("/liaison/taskings/new/", sent).status_code == 302
    tasking = Tasking.objects.visible_to(cast.owner).get()
    owner = client_of(cast.owner)
    page = owner.get(tasking.get_absolute_url()).content.decode()
    assert "Acknowledge" in page
    assert owner.get(f"{NEW}?tasking={tasking.reference}").content.decode().count("Meet the committee") == 1
    assert owner.post(f"{tasking.get_absolute_url()}acknowledge/", {"version": 1}).status_code == 302
    report = EngagementFactory(owner_office=cast.team, author=cast.owner, purpose="Answering report")
    assert "Answering report" in owner.get(f"{tasking.get_absolute_url()}complete/").content.decode()
    done = {"version": 2, "outcome": "Met", "results": [report.reference]}
    assert owner.post(f"{tasking.get_absolute_url()}complete/", done).status_code == 302
    # The report is still a draft: the office that tasked does not see it, nor that there is one.
    assert "Answering report" not in client_of(cast.auditor).get(tasking.get_absolute_url()).content.decode()


def test_tasking_shows_only_results_that_the_reader_may_see(cast):
    tasking = TaskingFactory(
        owner_office=cast.hq,
        author=cast.head_above,
        assignee=cast.partner.holdings.get().position,
        published=True,
    )
    hidden = EngagementFactory(
        owner_office=cast.team, author=cast.owner, published=True, purpose="Hidden result"
    )
    TaskingResultFactory(tasking=tasking, engagement=hidden)
    page = client_of(cast.partner).get(tasking.get_absolute_url())
    assert page.status_code == 200
    assert "Hidden result" not in page.content.decode()


def test_contact_is_entered_shown_and_corrected(cast):
    client = client_of(cast.owner)
    sent = {"name": "Amara Kone", "office": cast.team.pk, "classification": "1", "organisation_text": "Radio"}
    assert client.post("/liaison/contacts/new/", {**sent, "email": "x"}).status_code == 422
    assert client.post("/liaison/contacts/new/", sent).status_code == 302
    contact = Contact.objects.visible_to(cast.owner).get()
    page = client.get(contact.get_absolute_url()).content.decode()
    assert "Amara Kone" in page
    change = {"name": "Amara Kone", "role": "Mayor", "version": contact.version}
    assert client.post(f"{contact.get_absolute_url()}edit/", change).status_code == 302
    change |= {"organisation_text": "Ferry committee"}
    assert client.post(f"{contact.get_absolute_url()}edit/", change).status_code == 409
    assert not Organisation.objects.filter(name="Ferry committee").exists()
    change |= {"version": 2}
    assert client.post(f"{contact.get_absolute_url()}edit/", change).status_code == 302
    contact.refresh_from_db()
    assert str(contact.organisation) == "Ferry committee"
    assert client_of(cast.partner).get(contact.get_absolute_url()).status_code == 404


def test_promise_is_settled_on_its_page(cast):
    engagement = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    promise = CommitmentFactory(engagement=engagement)
    address = f"{engagement.get_absolute_url()}promises/{promise.pk}/"
    client = client_of(cast.colleague)
    assert client.post(address, {"state": "broken", "note": "", "version": 1}).status_code == 422
    assert client.post(address, {"state": "kept", "note": "", "version": 1}).status_code == 302
    again = client.post(address, {"state": "broken", "note": "Late", "version": 2})
    assert again.status_code == 403
    assert "settled already" in again.content.decode()
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert client_of(cast.partner).get(address).status_code == 404


@pytest.mark.parametrize(
    "route",
    [
        "/suggest/organisations/",
        "/suggest/places/",
        "/suggest/areas/",
        "/suggest/people/",
        "/suggest/everyone/",
        "/suggest/positions/",
        "/liaison/contacts/suggest/",
    ],
)
@pytest.mark.parametrize("query", ["", "a", "Own", "%", "\x00", "x" * 5000])
def test_suggestions_answer_whatever_is_typed(cast, route, query):
    answer = client_of(cast.owner).get(route, {"q": query})
    assert answer.status_code == 200
    assert set(answer.json()) == {"results"}


def test_suggestions_of_contacts_keep_the_rule(cast):
    ContactFactory(owner_office=cast.team, author=cast.owner, published=True, name="Zephyrin")
    assert client_of(cast.colleague).get("/liaison/contacts/suggest/", {"q": "Zeph"}).json()["results"]
    assert not client_of(cast.partner).get("/liaison/contacts/suggest/", {"q": "Zeph"}).json()["results"]


def test_position_is_looked_up(cast):
    PlaceFactory()
    client = client_of(cast.owner)
    found = client.get("/suggest/position/", {"position": "4.36, 18.55"}).json()
    assert found["mgrs"].startswith("34N")
    assert client.get("/suggest/position/", {"position": "nowhere"}).status_code == 422


def test_sitrep_is_asked_for(cast):
    client = client_of(cast.owner)
    day = timezone.localdate()
    sent = {"office": cast.team.pk, "since": day - timedelta(days=6), "last": day, "form": "pdf"}
    assert client.get("/liaison/sitrep/new/").status_code == 200
    assert client.post("/liaison/sitrep/new/", {**sent, "last": "2020-01-01"}).status_code == 422
    assert client.post("/liaison/sitrep/new/", {**sent, "office": cast.police.pk}).status_code == 422
    assert client.post("/liaison/sitrep/new/", sent).status_code == 302


def test_home_says_what_waits(cast):
    TaskingFactory(
        owner_office=cast.hq,
        author=cast.head_above,
        assignee=cast.owner.holdings.get().position,
        published=True,
        title="Meet the committee",
    )
    page = client_of(cast.owner).get("/").content.decode()
    assert "1 thing waits for you" in page
    assert "Meet the committee" in page
    assert "Nothing waits for you" in client_of(cast.outsider).get("/").content.decode()
    refused = client_of(cast.postless).get("/")
    assert refused.status_code == 403
    assert "No current position" in refused.content.decode()


def test_home_carries_the_level_of_what_it_shows(cast):
    tasking = TaskingFactory(
        owner_office=cast.hq,
        author=cast.head_above,
        assignee=cast.owner.holdings.get().position,
        published=True,
        classification=2,
    )
    page = client_of(cast.owner).get("/").content.decode()
    assert "level-2" in page
    assert ReadEntry.objects.get(person=cast.owner, surface="home").records == [
        f"tasking:{tasking.reference}"
    ]
    assert "level-2" not in client_of(cast.outsider).get("/").content.decode()
