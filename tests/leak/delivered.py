"""Surfaces that workers fill: news, mail, and the papers that are made from records."""

from __future__ import annotations

from typing import Any

from django.core import mail
from django.urls import reverse

from cimic_portal.core.models import Document, Notification, OutboxEntry
from cimic_portal.core.services.documents import make_document
from cimic_portal.core.services.mail import mail as send_mail
from cimic_portal.core.services.notifications import TELL, lines, tell
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.stream import announce, give_positions, last_position, topic_of
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.stream.hub import Hub, Listener
from cimic_portal.core.stream.reading import fresh_news
from liaison.models import Engagement
from tests.leak.surfaces import surface
from tests.leak.visitor import Visitor, text_of
from tests.leak.world import KINDS


def _entry(**payload: Any) -> OutboxEntry:
    return enqueue("test.leak", payload)


@surface("mail")
def _mail(visitor: Visitor) -> None:
    """A mail for every line: sent to those only who may see the record, in full only below classified."""
    own = Notification.objects.filter(person=visitor.person)
    records = {(one._meta.label, one.pk): one for one in visitor.world.number_of}
    for line in own:
        record = records[line.record_model, line.record_id]
        mail.outbox.clear()
        send_mail(_entry(notification=line.pk))
        if bool(mail.outbox) != (visitor.enters and visitor.sees(record)):
            visitor.fault(f"mail about {record}: {len(mail.outbox)} sent")
        for message in mail.outbox:
            told = visitor.hear("mail", str(message.message()))
            if told and record.classification > Classification.UNCLASSIFIED:
                visitor.fault(f"mail carries what is classified: {record}")


@surface("news")
def _news(visitor: Visitor) -> None:
    """News of every record for this person: a line is written only where the record may be seen."""
    for record in visitor.world.number_of:
        payload = {
            "record": record._meta.label,
            "id": record.pk,
            "kind": KINDS[type(record)],
            "people": [visitor.person.pk],
            "positions": [],
            "actor": None,
        }
        entry = enqueue(TELL, payload)
        tell(entry)
        told = Notification.objects.filter(entry=entry)
        if told.exists() != (visitor.enters and visitor.sees(record)):
            visitor.fault(f"news of {record}: {told.count()} lines")
        for line in lines(visitor.person, told):
            visitor.hear("news", line.text)
        told.delete()


# Ids only, so no word of a record turns up; who is told of which is compared one by one.
@surface("stream", tells=False)
def _stream(visitor: Visitor) -> None:
    """Live news of every record, on its own page and on that of another: told where both may be seen."""
    records = list(visitor.world.number_of)
    give_positions(1000)
    start = last_position()
    pages = [(one, one) for one in records] + list(zip(records, [*records[1:], records[0]], strict=True))
    for record, page in pages:
        announce(record, topic_of(page), "changed", record.pk)
    news, doors = fresh_news(start)
    topics = frozenset(map(topic_of, records))
    listener = Listener("", visitor.person.pk, visitor.person.access, 0, topics)
    hub = Hub(start, [])
    hub.add(listener)
    for one, (record, page) in zip(news, pages, strict=True):
        hub.deliver([one], doors, asked_at=0)
        told = "" if listener.queue.empty() else listener.queue.get_nowait().data.decode()
        visitor.hear("stream", told)
        if bool(told) != (visitor.enters and visitor.sees(record) and visitor.sees(page)):
            visitor.fault(f"live news of {record} on the page of {page}: {told!r}")


@surface("papers")
def _papers(visitor: Visitor) -> None:
    """A SITREP of each office in both forms, made by a worker with this person's rights, and fetched."""
    visible = visitor.visible(Engagement)
    for office in visitor.world.offices_of(visitor.person):
        for form in ("pdf", "xlsx"):
            document = Document.objects.create(
                kind="sitrep",
                form=form,
                title="SITREP",
                parameters=visitor.world.week(office),
                owner_office=office,
                author=visitor.person,
            )
            make_document(_entry(document=document.pk))
            answer = visitor.client.get(reverse("document_fetch", args=[document.reference]))
            if answer.status_code != 200:
                visitor.fault(f"{form} of {office}: {answer.status_code}")
            text = text_of(answer)
            visitor.hear(f"{form} of {office}", text)
            released = {
                visitor.world.number_of[one]
                for one in visitor.world.records[Engagement]
                if one.owner_office_id == office.pk and one.state == "released"
            }
            visitor.must_tell(f"{form} of {office}", text, released & visible, released)
            _offered_to_all(visitor, document)


def _offered_to_all(visitor: Visitor, document: Document) -> None:
    """Others are given somebody's paper only while they may read all that it tells."""
    for name in visitor.world.cast.everyone():
        if name != visitor.name:
            other = Visitor(visitor.world, name, "papers of others")
            other.get(reverse("document_fetch", args=[document.reference]))
            visitor.faults += other.faults
