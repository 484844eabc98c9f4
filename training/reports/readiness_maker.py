"""The readiness of an office or of an operation as a document: PDF or XLSX, made by a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.makers import Made, Progress, ReportMaker
from cimic_portal.core.models import Office
from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.paper.sheet import write_xlsx
from cimic_portal.core.templatetags.moments import day_text
from operations.models import Operation
from training.models import Qualification
from training.readiness.counts import by_course, summed
from training.readiness.matrix import short_words
from training.readiness.operation import operation_readiness
from training.readiness.people import Tree, read_people
from training.readiness.reading import Asked, Readiness, readiness_of
from training.readiness.table import columns_of, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cimic_portal.core.models import Document, Person
    from cimic_portal.core.sharing.records import SharedRecord
    from training.models import Course

KIND = "readiness"
# So many courses stand side by side on a sheet; the next ones in a table of their own.
ABREAST = 12


@dataclass(frozen=True)
class _Drawn:
    title: str
    readiness: Readiness
    others: list[SharedRecord]


def make_readiness(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters: `office` (id) or `operation` (reference)."""
    progress(0, 2)
    drawn = _draw(document.parameters, person)
    progress(1, 2)
    sources = [*drawn.readiness.records, *drawn.others]
    level = max((record.classification for record in sources), default=1)
    content = _pdf(drawn, level, person) if document.form == "pdf" else _book(drawn, level, person)
    progress(2, 2)
    return Made(content, level, sources)


READINESS = ReportMaker(KIND, gettext_lazy("Readiness"), make_readiness)


def _draw(asked: dict[str, Any], person: Person) -> _Drawn:
    today = timezone.localdate()
    if "operation" in asked:
        operation = Operation.objects.visible_to(person).filter(reference=asked["operation"]).first()
        if operation is None:
            raise RefusedError(_("There is no such operation that its maker may read now."))
        title = _("Readiness for %(operation)s") % {"operation": operation}
        return _Drawn(title, operation_readiness(person, operation, today), [operation])
    office = Office.objects.get(pk=asked["office"])
    tree = Tree()
    people = read_people(person, tree, offices=tree.below(office.pk))
    found = readiness_of(Qualification.objects.visible_to(person), people, Asked(), today)
    return _Drawn(_("Readiness of %(office)s") % {"office": office}, found, [])


def _book(drawn: _Drawn, level: int, person: Person) -> Any:
    return write_xlsx(
        columns_of(drawn.readiness),
        lines_of(drawn.readiness, drawn.readiness.rows),
        title=drawn.title,
        classification=level,
        made_by=str(person),
        made_at=timezone.now(),
    )


def _pdf(drawn: _Drawn, level: int, person: Person) -> bytes:
    found = drawn.readiness
    data = {
        "facts": _facts(found),
        "words": {"courses": _("By course"), "people": _("Person by person"), "nobody": _("Nobody.")},
        "course_heads": [_("Course"), _("Needed by"), _("Valid"), _("To be taken"), _("Late"), _("Expiring")],
        "courses": [
            [str(line.course), *map(str, (line.needed, line.valid, line.due, line.late, line.expiring))]
            for line in by_course(found)
        ],
        "tables": [
            _table(found, found.courses[start : start + ABREAST])
            for start in range(0, len(found.courses), ABREAST)
        ],
    }
    return make_pdf(
        "readiness",
        data,
        classification=level,
        title=drawn.title,
        made_by=str(person),
        made_at=timezone.now(),
        period=day_text(found.day),
        filters="",
    )


def _facts(found: Readiness) -> list[tuple[str, str]]:
    total = summed(found.rows)
    facts = [
        (_("People"), str(total.people)),
        (_("Ready"), str(total.ready)),
        (_("To be taken"), str(total.due)),
        (_("Overdue"), str(total.late)),
        (_("Expiring"), f"{total.expires_30} / {total.expires_60} / {total.expires_90}"),
    ]
    if found.left_out:
        words = _("%(number)d people whose training records are not open to the maker.")
        facts.append((_("Left out"), words % {"number": found.left_out}))
    return facts


def _table(found: Readiness, courses: Sequence[Course]) -> dict[str, Any]:
    return {
        "heads": [_("Name"), *(course.code for course in courses)],
        "rows": [
            [
                row.who.name,
                *(short_words(row.cells[course.pk]) if course.pk in row.cells else "" for course in courses),
            ]
            for row in found.rows
        ],
    }
