"""Papers of an order as the tests make them: by a worker's hand, read back as text."""

from __future__ import annotations

import re
from typing import Any

from cimic_portal.core.makers import Made, maker_of
from cimic_portal.core.models import Document
from cimic_portal.core.services.documents import make_document
from cimic_portal.core.services.outbox import enqueue
from operations.models import Operation, PlanRevision
from operations.services.frago import issue_frago, open_frago, submit_frago
from operations.services.order_papers import ask_for_paper
from operations.services.staffing import approve_operation
from tests.operations.plan_steps import filled, saved
from tests.operations.steps import WHY, answered, drafted, staffed
from tests.support.papers import pages_of


def fresh(operation: Operation) -> Operation:
    return Operation.objects.unscoped(WHY).get(pk=operation.pk)


def approved(cast: Any, *, objection: str = "", **changed: Any) -> Operation:
    """Drafted, filled, staffed, answered and approved. With an objection the reasons answer it."""
    operation = drafted(cast, **changed)
    filled(cast, operation, "first")
    operation = staffed(cast, fresh(operation))
    answer = ("objects", objection) if objection else ("concurs", "")
    operation = answered(cast, operation, cast.other_component, *answer)
    if len({row.component for row in operation.participations.unscoped(WHY).select_related("office")}) > 2:
        operation = answered(cast, fresh(operation), cast.partner, "comment", "Not on market day")
    return approve_operation(
        fresh(operation), actor=cast.head_above, version=fresh(operation).version, reason="Vehicles stay out"
    )


def begun(cast: Any, operation: Operation, title: str = "Later start") -> PlanRevision:
    """A FRAGO that is being written."""
    open_frago(operation, actor=cast.owner, version=operation.version, title=title, reason="Rain")
    return latest(operation)


def issued(cast: Any, operation: Operation) -> PlanRevision:
    """The FRAGO that is being written, submitted and issued."""
    for step, actor in ((submit_frago, cast.owner), (issue_frago, cast.head_above)):
        now = fresh(operation)
        step(now, actor=actor, version=now.version)
    return latest(operation)


def amended(cast: Any, operation: Operation) -> PlanRevision:
    """With a FRAGO in force that changes the mission."""
    begun(cast, fresh(operation))
    saved(operation, "Open the **market** at noon", cast.owner)
    return issued(cast, operation)


def latest(operation: Operation) -> PlanRevision:
    rows = PlanRevision.objects.unscoped(WHY).filter(operation=operation).select_related("operation")
    found = rows.order_by("-number").first()
    assert found is not None
    return found


def made(person: Any, revision: PlanRevision, kind: str = "order", office: Any = None) -> Made:
    """As the worker makes it, without keeping it."""
    document = Document(
        kind=kind,
        form="pdf",
        parameters={"operation": revision.operation.reference, "revision": revision.number, "copy": 4},
        owner_office=office or person.holdings.get().position.office,
        author=person,
    )
    maker = maker_of(kind)
    assert maker is not None
    return maker.make(document, person, lambda done, total: None)


def kept(person: Any, revision: PlanRevision, kind: str = "order") -> Document:
    """Asked for, and made as a worker makes it."""
    office = person.holdings.get().position.office
    document = ask_for_paper(revision, kind, office=office, actor=person)
    make_document(enqueue("test.paper", {"document": document.pk}))
    return Document.objects.unscoped(WHY).get(pk=document.pk)


def pages(content: Any) -> list[str]:
    """The text of each page."""
    return pages_of(content if isinstance(content, bytes) else content.read())


def packed(text: str) -> str:
    return re.sub(r"[\s\xad\u200b]+|(?<=\w)-\n", "", text)


def text_of(content: Any) -> str:
    """All of it without white space."""
    return packed("\n".join(pages(content)))
