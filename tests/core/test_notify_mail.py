"""The mail of a notification: what it says, to whom, and what it never says."""

import pytest
from django.core import mail

from cimic_portal.core.models import Notification, OutboxEntry, Person
from cimic_portal.core.services.mail import message_id
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import make_cast
from tests.factories.liaison import TaskingFactory
from tests.support.outbox import deliver_waiting

pytestmark = pytest.mark.django_db

TITLE = "Meet the mayor of Lorani"
WHY = "Because of the bridge"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def tasking(cast):
    return TaskingFactory(
        title=TITLE,
        why=WHY,
        owner_office=cast.hq,
        author=cast.head_above,
        assignee=cast.colleague.holdings.get().position,
        issuer=cast.head_above.holdings.get().position,
        published=True,
    )


@pytest.fixture
def told(tasking):
    """Tells the colleague; the mail still waits."""
    notify(tasking, "tasking.issued", positions=[tasking.assignee], actor=tasking.author)
    deliver_waiting("core.tell")
    return Notification.objects.get()


def everything_in(message):
    return message.message().as_string() + message.subject + message.body + str(message.alternatives)


def test_mail_about_an_unclassified_record_has_title_and_link(tasking, told, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    deliver_waiting()
    (message,) = mail.outbox
    assert message.to == [told.person.email]
    assert TITLE in message.subject and TITLE in message.body
    assert f"https://portal.example.org/notifications/{told.pk}/" in message.body
    assert WHY not in everything_in(message)
    html = message.alternatives[0][0]
    assert "<img" not in html and "<style" not in html and "src=" not in html


@pytest.mark.parametrize("level", [Classification.CONFIDENTIAL, Classification.STRICTLY_CONFIDENTIAL])
def test_mail_about_a_classified_record_has_no_content(tasking, told, level):
    tasking.classification = level
    tasking.save()
    deliver_waiting()
    (message,) = mail.outbox
    text = everything_in(message)
    for word in (TITLE, "mayor", WHY, tasking.reference, str(tasking.assignee), tasking.author.family_name):
        assert word not in text
    assert f"/notifications/{told.pk}/" in message.body


def test_level_counts_at_the_moment_of_sending(tasking, told):
    """It was unclassified when it was told, and is raised before the mail goes out."""
    tasking.classification = Classification.CONFIDENTIAL
    tasking.save()
    deliver_waiting()
    assert TITLE not in everything_in(mail.outbox[0])


def test_no_mail_to_whoever_may_no_longer_see_it(tasking, told):
    tasking.classification = Classification.STRICTLY_CONFIDENTIAL
    tasking.save()
    Person.objects.filter(pk=told.person.pk).update(clearance=Classification.CONFIDENTIAL)
    deliver_waiting()
    assert mail.outbox == []
    assert not OutboxEntry.objects.filter(state="waiting").exists()


def test_no_mail_to_a_person_who_was_switched_off(told):
    Person.objects.filter(pk=told.person.pk).update(is_active=False)
    deliver_waiting()
    assert mail.outbox == []


def test_one_mail_for_each_person(cast, tasking):
    notify(tasking, "tasking.issued", people=[cast.head_above, cast.colleague], actor=None)
    deliver_waiting()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [cast.head_above.email, cast.colleague.email]
    )


def test_kind_that_is_not_worth_a_mail_sends_none(cast, tasking):
    notify(tasking, "tasking.acknowledged", people=[cast.head_above], actor=None)
    deliver_waiting()
    assert Notification.objects.count() == 1
    assert mail.outbox == []


def test_message_id_stays_and_differs_per_entry(told, settings):
    settings.DEFAULT_FROM_EMAIL = "CIMIC portal <portal@mission.example>"
    entry = OutboxEntry.objects.get(kind="core.mail")
    deliver_waiting()
    name = mail.outbox[0].message()["Message-ID"]
    assert name == message_id(entry.pk)
    assert name.endswith("@mission.example>") and str(entry.pk) not in name.partition("@")[0][:8]
    assert message_id(entry.pk) != message_id(entry.pk + 1)


@pytest.mark.parametrize("title", ["Line\r\nBcc: everyone@example.org", "Tab\there\x00", "L" * 200])
def test_title_cannot_break_the_header(tasking, told, title):
    type(tasking).objects.unscoped("test").filter(pk=tasking.pk).update(
        title=title.replace("\x00", "\x01")[:200]
    )
    deliver_waiting()
    message = mail.outbox[0].message()
    assert "Bcc" not in message and "\n" not in mail.outbox[0].subject
    assert len(mail.outbox[0].subject) <= 150


def test_html_is_escaped(tasking, told):
    type(tasking).objects.unscoped("test").filter(pk=tasking.pk).update(title="<b>bold</b> & co")
    deliver_waiting()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; co" in mail.outbox[0].alternatives[0][0]
    assert "<b>bold</b> & co" in mail.outbox[0].body
