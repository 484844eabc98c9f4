"""The SITREP of an operation as a document: made by a worker, as PDF or XLSX; its source is the operation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.makers import Made, Progress, ReportMaker
from operations.models import Operation
from operations.reports.sitrep_book import sitrep_book
from operations.reports.sitrep_paper import sitrep_pdf
from operations.reports.sitrep_rows import draw_operation_sitrep

if TYPE_CHECKING:
    from cimic_portal.core.models import Document, Person

KIND = "operation_sitrep"


def make_operation_sitrep(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters: `operation` (reference), `since` and `until` (moments, ISO 8601 with offset)."""
    asked = document.parameters
    rows = Operation.objects.visible_to(person).select_related(
        "kind", "owner_office", "area", "approver__office"
    )
    operation = rows.filter(reference=asked["operation"]).first()
    if operation is None:
        raise RefusedError(_("There is no such operation that its maker may read now."))
    progress(0, 2)
    drawn = draw_operation_sitrep(operation, _moment(asked["since"]), _moment(asked["until"]), person=person)
    progress(1, 2)
    content = sitrep_pdf(drawn) if document.form == "pdf" else sitrep_book(drawn)
    progress(2, 2)
    return Made(content, operation.classification, [operation])


OPERATION_SITREP = ReportMaker(KIND, gettext_lazy("SITREP of an operation"), make_operation_sitrep)


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    assert found is not None  # The page that asked wrote it.
    return found
