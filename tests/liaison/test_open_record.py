"""Opening a record: its news is read, what is shown is logged, the page is as high as what it names."""

import pytest

from cimic_portal.core.models import Notification, ReadEntry
from cimic_portal.core.services.notifications import notify
from tests.factories.core import OrganisationFactory, ago, ahead, give
from tests.factories.liaison import AttendanceFactory, ContactFactory, EngagementFactory, TaskingFactory
from tests.support.outbox import deliver_waiting
from tests.support.pages import body, signed_in

SECRET = "Zephyrin Quatrebarbes"


@pytest.fixture
def report(cast):
    """Unclassified, with a contact who is strictly confidential."""
    contact = ContactFactory(
        name=SECRET,
        owner_office=cast.team,
        author=cast.owner,
        classification=3,
        organisation=OrganisationFactory(),
    )
    made = EngagementFactory(owner_office=cast.team, author=cast.owner, state="draft")
    AttendanceFactory(engagement=made, contact=contact)
    return made


def logged():
    return [set(entry.records) for entry in ReadEntry.objects.order_by("pk")]


def test_what_one_was_told_of_a_record_is_read_when_it_is_opened(cast, report):
    other = EngagementFactory(owner_office=cast.team, author=cast.owner)
    for record in (report, other):
        notify(record, "engagement.returned", people=[cast.colleague, cast.head], actor=None)
    deliver_waiting()
    signed_in(cast.colleague).get(report.get_absolute_url())
    unread = Notification.objects.filter(read_at__isnull=True).values_list("person", "record_id")
    assert set(unread) == {
        (cast.colleague.pk, other.pk),
        (cast.head.pk, report.pk),
        (cast.head.pk, other.pk),
    }


@pytest.mark.parametrize("page", ["", "edit/"])
def test_the_contacts_that_a_report_names_raise_its_page_and_are_logged(cast, report, page):
    contact = report.attendances.visible_to(cast.owner).select_related("contact").get().contact
    shown = body(signed_in(cast.owner).get(f"{report.get_absolute_url()}{page}"))
    assert SECRET in shown
    assert "level-3" in shown
    assert logged() == [{f"contact:{contact.reference}"}]


def test_panels_suggestions_and_taskings_named_are_logged(cast, report):
    contact = report.attendances.visible_to(cast.owner).select_related("contact").get().contact
    client = signed_in(cast.owner)
    assert SECRET in body(client.get(contact.organisation.get_absolute_url()))
    assert SECRET in body(client.get("/liaison/contacts/suggest/?q=Zephyrin"))
    tasking = TaskingFactory(owner_office=cast.team, author=cast.owner, classification=2)
    client.get(f"/liaison/engagements/new/?tasking={tasking.reference}")
    one = {f"contact:{contact.reference}"}
    assert logged() == [one, one, {f"tasking:{tasking.reference}"}]


def test_who_reads_by_name_is_shown_to_those_who_decide_it_and_to_them_alone(cast, report):
    give(report, cast.outsider, by=cast.head)
    assert "Shared by name" in body(signed_in(cast.head).get(report.get_absolute_url()))
    assert "Shared by name" not in body(signed_in(cast.outsider).get(report.get_absolute_url()))


def test_whoever_a_record_is_shared_with_is_told(cast, report):
    sent = {"to": cast.outsider.pk, "to_text": str(cast.outsider), "until": f"{ahead(days=3):%Y-%m-%d}"}
    sent |= {"reason": "They go there next week.", "version": report.version}
    assert signed_in(cast.head).post(f"{report.get_absolute_url()}grant/", sent).status_code == 302
    deliver_waiting()
    assert "shared “" in body(signed_in(cast.outsider).get("/notifications/"))


def test_a_returned_report_is_edited_before_it_is_handed_in_again(cast):
    made = EngagementFactory(
        owner_office=cast.team, author=cast.owner, state="returned", returned_reason="Where?"
    )
    page = body(signed_in(cast.owner).get(made.get_absolute_url()))
    assert f'class="button primary" href="{made.get_absolute_url()}edit/"' in " ".join(page.split())


def test_a_meeting_that_lies_ahead_is_not_the_last_one(cast):
    contact = ContactFactory(owner_office=cast.team, author=cast.owner)
    for when, state in ((ahead(days=20), "planned"), (ago(days=3), "not_held"), (ago(days=90), "draft")):
        made = EngagementFactory(owner_office=cast.team, author=cast.owner, starts_at=when, state=state)
        AttendanceFactory(engagement=made, contact=contact)
    shown = body(signed_in(cast.owner).get("/liaison/contacts/"))
    assert f'datetime="{ago(days=90):%Y-%m-%d}' in shown
    assert f"{ahead(days=20):%Y-%m-%d}" not in shown


def test_a_former_colleague_is_not_one_of_our_own(cast):
    cast.outsider.holdings.update(until=ago(days=2))
    found = signed_in(cast.owner).get(f"/suggest/people/?q={cast.outsider.family_name}").json()
    assert found == {"results": []}


def test_suggested_people_are_told_apart_by_their_posts(cast):
    found = signed_in(cast.owner).get(f"/suggest/everyone/?q={cast.partner.family_name}").json()["results"]
    assert [row["hint"] for row in found] == [str(cast.partner.holdings.get().position)]
