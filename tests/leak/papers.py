"""Papers of orders: the page that lists them, the API, and what stands in the files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cimic_portal.core.models import Document
from cimic_portal.core.services.documents import make_document
from cimic_portal.core.services.outbox import enqueue
from operations.models import Operation, PlanRevision
from tests.leak.surfaces import surface
from tests.leak.visitor import Visitor
from tests.support import facts


@surface("papers of an order", "operation_papers")
def _page(visitor: Visitor) -> None:
    """The page, with a FRAGO chosen beforehand, and asking on it for what may not be there."""
    for operation in visitor.some(visitor.world.records[Operation]):
        address = reverse("operation_papers", args=[operation.reference])
        visitor.must_open(address, operation)
        visitor.get(f"{address}?revision=2&paper=frago")
        answer = visitor.post(address, {"revision": 2, "paper": "letter"})
        visitor.must_open(address, operation, answer=answer)


# The papers themselves are told below; here stand documents without a word of the world.
@surface("papers of an order in the API", "api:operation-paper-list", tells=False)
def _api(visitor: Visitor) -> None:
    for operation in visitor.some(visitor.world.records[Operation]):
        address = reverse("api:operation-paper-list", args=[operation.reference])
        visitor.must_open(address, operation)
        answer = visitor.post_json(address, {"paper": "order", "revision": 2, "office": 0})
        visitor.must_open(address, operation, answer=answer)


@surface("orders on paper")
def _files(visitor: Visitor) -> None:
    """Orders and FRAGOs of both revisions, made with this person's rights where they are made at all."""
    offices = visitor.world.offices_of(visitor.person)
    if not offices or not visitor.enters:
        return
    for operation in visitor.some(visitor.world.records[Operation]):
        for kind, number in (("order", 1), ("order", 2), ("frago", 2)):
            seen = PlanRevision.objects.visible_to(visitor.person).filter(operation=operation, number=number)
            if seen.exists():
                _made(visitor, operation, kind, number, offices[0])
    for operation in visitor.some(visitor.world.records[Operation][::2]):
        for kind, number in (("order", 1), ("frago", 2)):
            _of_others(visitor, operation, kind, number)


def _made(visitor: Visitor, operation: Operation, kind: str, number: int, office: Any) -> None:
    """Made by a worker and fetched: it tells of its operation, and of nothing that is hidden."""
    answer = _fetch(visitor, _document(operation, kind, number, office, visitor.person))
    where = f"{kind} {number} of {operation}"
    if answer.status_code != 200:
        visitor.fault(f"{where}: {answer.status_code}")
    own = {visitor.world.number_of[operation]}
    visitor.must_tell(where, answer.said, own, own)


def _of_others(visitor: Visitor, operation: Operation, kind: str, number: int) -> None:
    """A paper that the author had made for this person's office: fetched only by who reads all of it."""
    revision = PlanRevision.objects.unscoped(facts.WHY).filter(operation=operation, number=number).first()
    office = visitor.world.offices_of(operation.author)[:1]
    if revision is None or not office:
        return
    document = _document(operation, kind, number, office[0], operation.author)
    mine = visitor.world.offices_of(visitor.person)[0]
    Document.objects.unscoped(facts.WHY).filter(pk=document.pk).update(owner_office=mine)
    visitor.get(reverse("document", args=[document.reference]))
    answer = _fetch(visitor, document)
    reads = PlanRevision.objects.visible_to(visitor.person).filter(pk=revision.pk).exists()
    if not reads and answer.status_code == 200:
        visitor.fault(f"{kind} {number} of {operation}: fetched without reading the revision")


def _document(operation: Operation, kind: str, number: int, office: Any, person: Any) -> Document:
    document = Document.objects.create(
        kind=kind,
        form="pdf",
        title="Paper",
        parameters={"operation": operation.reference, "revision": number, "copy": 1},
        owner_office=office,
        author=person,
    )
    make_document(enqueue("test.leak", {"document": document.pk}))
    return document


def _fetch(visitor: Visitor, document: Document) -> Any:
    return visitor.get(reverse("document_fetch", args=[document.reference]))
