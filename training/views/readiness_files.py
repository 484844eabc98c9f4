"""The matrix of an office or an operation as a file, and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Office
from cimic_portal.core.views.export import table_file
from operations.models import Operation
from training.forms.readiness import MatrixForm
from training.readiness.matrix import looked_at
from training.readiness.operation import operation_readiness
from training.readiness.reading import narrowed
from training.readiness.table import columns_of, lines_of
from training.views.readiness import office_readiness

if TYPE_CHECKING:
    from training.readiness.reading import Readiness


@require_GET
def office_file(request: HttpRequest, pk: int, form: str) -> FileResponse:
    """Everybody in the office and below it × what is asked of them, with the filters of the address."""
    person: Any = request.user
    office = get_object_or_404(Office, pk=pk)
    asked = _asked(request)
    readiness = office_readiness(person, office, asked["course"])
    title = _("Readiness of %(office)s") % {"office": office}
    return _file(request, form, readiness, look=asked["look"], title=title)


@require_GET
def operation_file(request: HttpRequest, reference: str, form: str) -> FileResponse:
    """Those who take part in the operation × what is asked of them."""
    person: Any = request.user
    operation = get_object_or_404(Operation.objects.visible_to(person), reference=reference)
    asked = _asked(request)
    course = asked["course"]
    found = operation_readiness(person, operation, timezone.localdate())
    readiness = narrowed(found, course.pk if course else None)
    log_read(person, f"{form} readiness", [operation])
    title = _("Readiness for %(operation)s") % {"operation": operation}
    level = operation.classification
    return _file(request, form, readiness, look=asked["look"], title=title, level=level)


def _asked(request: HttpRequest) -> dict[str, Any]:
    form = MatrixForm(request.GET)
    if not form.is_valid():
        raise InvalidError({name: [str(line) for line in lines] for name, lines in form.errors.items()})
    return form.cleaned_data


def _file(
    request: HttpRequest, form: str, readiness: Readiness, *, look: str, title: str, level: int = 1
) -> FileResponse:
    person: Any = request.user
    rows = looked_at(readiness, look)
    log_read(person, f"{form} readiness", [row.who.record for row in rows])
    columns, lines = columns_of(readiness), lines_of(readiness, rows)
    return table_file(person, form, columns, lines, title=title, level=max(level, readiness.level))
