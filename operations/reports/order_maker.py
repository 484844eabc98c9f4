"""The papers of an order, made by a worker: the order of one revision, and a FRAGO with what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.makers import Made, Progress, ReportMaker, highest
from cimic_portal.core.models import Document
from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.paper.period import period_text
from cimic_portal.core.policies import require
from operations.models import Operation, PlanRevision
from operations.policies.papers import FRAGO, ORDER, can_make_paper
from operations.querysets.standing import copies_made
from operations.reports.frago_paper import frago_data
from operations.reports.order_annexes import make_annexes
from operations.reports.order_paper import order_data
from operations.reports.order_reading import OrderBook, read_order
from operations.reports.order_words import frago_title, order_title, stamp_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person


def _asked(document: Document, person: Person) -> PlanRevision:
    """The revision that is to be printed, as far as its maker may read it now."""
    asked = document.parameters
    rows = Operation.objects.visible_to(person).select_related(
        "kind", "area", "owner_office", "approver__office", "approved_by"
    )
    operation = rows.filter(reference=asked["operation"]).first()
    revisions = PlanRevision.objects.visible_to(person).select_related("decided_by", "based_on")
    revision: PlanRevision | None = revisions.filter(operation=operation, number=asked["revision"]).first()
    if operation is None or revision is None:
        raise RefusedError(_("There is no such plan that its maker may read now."))
    revision.operation = operation
    require(can_make_paper(person, revision, document.kind))
    return revision


def _copy(document: Document) -> str:
    number = document.parameters.get("copy")
    words = _("%(number)s, made for %(office)s") % {"number": number, "office": document.owner_office}
    return words if number else ""


def _set(book: OrderBook, template: str, title: str, data: Mapping[str, Any], level: int) -> bytes:
    return make_pdf(
        template,
        data,
        classification=level,
        title=title,
        made_by=str(book.person),
        made_at=book.plan.now,
        period=period_text(book.operation.starts_at, book.operation.ends_at),
        filters="",
        stamp=stamp_of(book.revision, book.in_force),
    )


def make_order(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters: `operation` (reference), `revision` (number), `copy` (its number within the office).

    The revision is a source of its own: a draft is fetched by those alone who read drafts.
    """
    progress(0, 3)
    book = read_order(person, _asked(document, person))
    progress(1, 3)
    annexes, more = make_annexes(book)
    data = order_data(book, annexes, copy=_copy(document))
    progress(2, 3)
    level = highest([book.operation, *more])
    content = _set(book, "order", order_title(book.revision), data, level)
    progress(3, 3)
    return Made(content, level, [book.operation, book.revision, *more])


def make_frago(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters as of `make_order`. The revision that it amends is a source as well."""
    progress(0, 2)
    revision = _asked(document, person)
    before = PlanRevision.objects.visible_to(person).filter(pk=revision.based_on_id or 0).first()
    if before is None:
        raise RefusedError(_("There is no such plan that its maker may read now."))
    before.operation = revision.operation
    book = read_order(person, revision)
    data = frago_data(book, before, copy=_copy(document))
    progress(1, 2)
    level = highest([book.operation])
    content = _set(book, "frago", frago_title(revision), data, level)
    progress(2, 2)
    return Made(content, level, [book.operation, revision, before])


def number_copy(parameters: Mapping[str, Any], kind: str, office: Office) -> dict[str, Any]:
    """The next number among the copies that this office has had made of this order, FRAGO or not.

    Numbers run within an office, so that they tell nothing of what others have made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_COPIES_LOCK, office.pk])
    return {**parameters, "copy": copies_made(kind, parameters["operation"], office) + 1}


# Any number of its own: one copy after the other within an office.
_COPIES_LOCK = 7_310_002

ORDER_PAPER = ReportMaker(
    ORDER,
    gettext_lazy("Operation order"),
    make_order,
    forms=("pdf",),
    settle=lambda parameters, office: number_copy(parameters, ORDER, office),
)
FRAGO_PAPER = ReportMaker(
    FRAGO,
    gettext_lazy("FRAGO"),
    make_frago,
    forms=("pdf",),
    settle=lambda parameters, office: number_copy(parameters, FRAGO, office),
)
