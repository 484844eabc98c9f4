"""The reader's own list of notifications, and the count in the frame."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.models import Notification, Person, ReadEntry
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import make_cast
from tests.factories.liaison import TaskingFactory
from tests.support.outbox import deliver_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def make_tasking(cast, **fields):
    values = {
        "owner_office": cast.hq,
        "author": cast.head_above,
        "assignee": cast.colleague.holdings.get().position,
        "issuer": cast.head_above.holdings.get().position,
        "published": True,
    }
    return TaskingFactory(**{**values, **fields})


@pytest.fixture
def told(cast):
    """Tells the colleague of a tasking and returns the line."""

    def tell(**fields):
        tasking = make_tasking(cast, **fields)
        entry = notify(tasking, "tasking.issued", positions=[tasking.assignee], actor=cast.head_above)
        deliver_waiting("core.tell")
        return Notification.objects.get(entry=entry)

    return tell


@pytest.fixture
def reader(client, cast):
    client.force_login(cast.colleague)
    return client


def test_list_shows_newest_first_with_the_level_of_the_highest(reader, told):
    told(title="First errand")
    told(title="Second errand", classification=Classification.CONFIDENTIAL)
    page = reader.get(reverse("notifications"))
    text = page.content.decode()
    assert text.index("Second errand") < text.index("First errand")
    assert page.context["page_classification"] == Classification.CONFIDENTIAL
    assert page.context["unread_count"] == 2


def test_list_is_empty_for_everybody_else(client, cast, told):
    told(title="First errand")
    for person in (cast.head, cast.outsider, cast.partner):
        client.force_login(person)
        page = client.get(reverse("notifications")).content.decode()
        assert "First errand" not in page and "Nothing was told to you yet" in page


def test_line_of_a_record_that_is_hidden_now_is_gone_everywhere(reader, cast, told):
    line = told(title="First errand", classification=Classification.CONFIDENTIAL)
    Person.objects.filter(pk=cast.colleague.pk).update(clearance=Classification.UNCLASSIFIED)
    # The session ends with the clearance.
    reader.force_login(Person.objects.get(pk=cast.colleague.pk))
    page = reader.get(reverse("notifications"))
    assert "First errand" not in page.content.decode()
    assert page.context["unread_count"] == 0
    assert reader.get(reverse("notification_open", args=[line.pk])).status_code == 404
    assert reader.post(reverse("notifications_read"), {"line": line.pk}).status_code == 404


def test_opening_marks_as_read_and_goes_to_the_record(reader, told):
    line = told()
    answer = reader.get(reverse("notification_open", args=[line.pk]))
    assert answer.status_code == 302
    assert answer.url == reverse("tasking", args=[_reference(line)])
    line.refresh_from_db()
    assert line.read_at is not None


def _reference(line):
    from liaison.models import Tasking

    return Tasking.objects.unscoped("test").get(pk=line.record_id).reference


def test_opening_the_line_of_another_is_not_found(client, cast, told):
    line = told()
    client.force_login(cast.head_above)
    assert client.get(reverse("notification_open", args=[line.pk])).status_code == 404
    line.refresh_from_db()
    assert line.read_at is None


def test_marking_one_and_all(reader, told):
    first, second, third = told(), told(), told()
    assert reader.post(reverse("notifications_read"), {"line": second.pk}).status_code == 302
    unread = Notification.objects.filter(read_at__isnull=True)
    assert set(unread.values_list("pk", flat=True)) == {first.pk, third.pk}
    reader.post(reverse("notifications_read"))
    assert not unread.exists()


@pytest.mark.parametrize("line", ["no number", "-1", "9" * 40, "²"])
def test_marking_what_is_no_line_is_not_found(reader, line):
    assert reader.post(reverse("notifications_read"), {"line": line}).status_code == 404


def test_marking_all_leaves_those_of_others(reader, cast, told):
    told()
    tasking = make_tasking(cast)
    notify(tasking, "tasking.issued", people=[cast.head_above], actor=None)
    deliver_waiting("core.tell")
    reader.post(reverse("notifications_read"))
    assert Notification.objects.get(person=cast.head_above).read_at is None


def test_reading_by_link_changes_nothing(reader, told):
    told()
    assert reader.get(reverse("notifications_read")).status_code == 405
    assert Notification.objects.filter(read_at__isnull=True).count() == 1


def test_list_pages_by_keyset(reader, cast, told):
    tasking = make_tasking(cast, title="Errand")
    Notification.objects.bulk_create(
        Notification(
            person=cast.colleague,
            kind="tasking.issued",
            record_model="liaison.Tasking",
            record_id=tasking.pk,
            position=tasking.assignee,
        )
        for _number in range(55)
    )
    page = reader.get(reverse("notifications"))
    assert len(page.context["lines"]) == 50
    following = reader.get(reverse("notifications") + page.context["pager"]["next_url"])
    assert len(following.context["lines"]) == 5
    shown = {line.notification.pk for one in (page, following) for line in one.context["lines"]}
    assert len(shown) == 55
    assert reader.get(reverse("notifications") + "?cursor=made-up").status_code == 200


def test_count_is_a_fragment_of_the_frame(reader, told):
    told()
    text = reader.get(reverse("notifications_count"), headers={"HX-Request": "true"}).content.decode()
    assert '<a class="button bell"' in text and "<b>1<" in text and "<html" not in text


def test_count_stops_asking_after_sign_out(client):
    answer = client.get(reverse("notifications_count"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Reswap"], answer.content) == (286, "none", b"")


def test_reading_lines_of_confidential_records_is_logged_once(reader, cast, told):
    first = told(classification=Classification.CONFIDENTIAL)
    told(classification=Classification.UNCLASSIFIED)
    reader.get(reverse("notifications"))
    entry = ReadEntry.objects.get(person=cast.colleague)
    assert (entry.surface, entry.records) == ("notifications", [f"tasking:{_reference(first)}"])


def test_old_lines_are_dropped_after_a_year(told):
    from datetime import timedelta

    from cimic_portal.core.services.notifications import drop_old

    old, recent = told(), told()
    Notification.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=366))
    assert drop_old() == 1
    assert [line.pk for line in Notification.objects.all()] == [recent.pk]
