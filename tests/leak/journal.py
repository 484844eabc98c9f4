"""The execution of operations: journal, decisions, who is who, what is new, SITREP; and its live news."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import Document
from cimic_portal.core.services.documents import make_document
from cimic_portal.core.services.outbox import enqueue
from operations.models import Operation
from operations.reports.operation_sitrep import KIND
from tests.factories.core import ago, ahead
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor, text_of

PAGES = ("operation_journal", "operation_changes", "operation_who", "operation_live", "tasks_live")
FILES = ("journal", "journal_csv", "journal_xlsx")


def _entries(visitor: Visitor, operation: Any) -> set[int]:
    return {number for number, entry in visitor.world.entries.items() if entry.operation_id == operation.pk}


@surface("journal of an operation", *PAGES)
def _pages(visitor: Visitor) -> None:
    """The page and the part that follows live; an entry that is sent is answered like the page."""
    for operation in visitor.some(visitor.world.records[Operation]):
        expected = _entries(visitor, operation) if visitor.sees(operation) else set()
        address = reverse("operation_journal", args=[operation.reference])
        for headers in ({}, {"HX-Request": "true"}):
            answer = visitor.must_open(address, operation, answer=visitor.get(address, **headers))
            visitor.must_tell(address, answer.said, expected, _entries(visitor, operation))
        sent = {"text": "Typed", "kind": "gossip", "corrects": "1"}
        visitor.must_open(address, operation, answer=visitor.post(address, sent))
        for route in PAGES[1:]:
            visitor.must_open(reverse(route, args=[operation.reference]), operation)


@surface("one entry of a journal", "journal_entry", "journal_strike")
def _one_entry(visitor: Visitor) -> None:
    for number, entry in visitor.some(visitor.world.entries.items()):
        key = [entry.operation.reference, entry.number]
        answer = visitor.must_open(reverse("journal_entry", args=key), entry.operation)
        told = {number} if visitor.sees(entry.operation) else set()
        visitor.must_tell("journal_entry", answer.said, told, {number})
        address = reverse("journal_strike", args=key)
        visitor.must_open(address, entry.operation)
        visitor.must_open(address, entry.operation, answer=visitor.post(address, {"reason": ""}))


@surface("decision that is due", "decision_take")
def _decision(visitor: Visitor) -> None:
    for reached in visitor.some(visitor.world.reached):
        address = reverse("decision_take", args=[reached.operation.reference, reached.pk])
        visitor.must_open(address, reached.operation)
        sent = {"version": STALE, "decision": "Close", "reason": "Why"}
        visitor.must_open(address, reached.operation, answer=visitor.post(address, sent))


@surface("all journals", *FILES)
def _all_journals(visitor: Visitor) -> None:
    """The list and its files, whole, by word, and narrowed to an operation by its reference."""
    every = set(visitor.world.entries)
    expected = every & visitor.world.may_be_told(visitor.person)
    for name in FILES[1:]:
        visitor.must_tell(name, visitor.get(reverse(name)).said, expected, every)
    visitor.get(reverse("journal"))
    for operation in visitor.some(visitor.world.records[Operation]):
        answer = visitor.get(f"{reverse('journal')}?operation={operation.reference}")
        told = _entries(visitor, operation) if visitor.sees(operation) else set()
        if visitor.enters:
            visitor.must_tell("journal", answer.said, told, _entries(visitor, operation))


@surface(
    "journal in the API",
    *(f"api:operation-journal-{what}" for what in ("list", "detail", "strike")),
    "api:operation-reached-list",
    "api:operation-reached-decide",
)
def _api(visitor: Visitor) -> None:
    for operation in visitor.some(visitor.world.records[Operation]):
        address = reverse("api:operation-journal-list", args=[operation.reference])
        answer = visitor.must_open(address, operation)
        told = _entries(visitor, operation) if visitor.sees(operation) else set()
        visitor.must_tell(address, answer.said, told, _entries(visitor, operation))
        visitor.must_open(address, operation, answer=visitor.post_json(address, {"text": ""}))
        visitor.must_open(reverse("api:operation-reached-list", args=[operation.reference]), operation)
    for entry in visitor.some(visitor.world.entries.values()):
        key = [entry.operation.reference, entry.pk]
        visitor.must_open(reverse("api:operation-journal-detail", args=key), entry.operation)
        address = reverse("api:operation-journal-strike", args=key)
        visitor.must_open(address, entry.operation, answer=visitor.post_json(address, {}))
    for reached in visitor.some(visitor.world.reached):
        address = reverse("api:operation-reached-decide", args=[reached.operation.reference, reached.pk])
        visitor.must_open(address, reached.operation, answer=visitor.post_json(address, {}))


@surface("SITREP of an operation", "operation_sitrep")
def _sitrep(visitor: Visitor) -> None:
    """Asked for on its page; made by a worker with this person's rights, or refused as if there were none."""
    for index, operation in enumerate(visitor.some(visitor.world.records[Operation])):
        visitor.must_open(reverse("operation_sitrep", args=[operation.reference]), operation)
        _paper(visitor, operation, ("pdf", "xlsx")[index % 2])


def _paper(visitor: Visitor, operation: Any, form: str) -> None:
    for office in visitor.world.offices_of(visitor.person)[:1]:
        document = Document.objects.create(
            kind=KIND,
            form=form,
            title="SITREP",
            parameters={
                "operation": operation.reference,
                "since": ago(days=1).isoformat(),
                "until": ahead(hours=1).isoformat(),
            },
            owner_office=office,
            author=visitor.person,
        )
        try:
            make_document(enqueue("test.leak", {"document": document.pk}))
        except RefusedError:
            if visitor.sees(operation):
                visitor.fault(f"SITREP of {operation} was refused")
            continue
        if not visitor.sees(operation):
            visitor.fault(f"SITREP of {operation} was made")
        answer = visitor.client.get(reverse("document_fetch", args=[document.reference]))
        text = text_of(answer)
        visitor.hear(f"SITREP of {operation}", text)
        standing = {
            number
            for number, entry in visitor.world.entries.items()
            if entry.operation_id == operation.pk and entry.struck_at is None
        }
        visitor.must_tell(f"SITREP of {operation}", text, standing, _entries(visitor, operation))
