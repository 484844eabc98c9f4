"""The CIMIC SITREP as a document: made by a worker, as PDF or XLSX, with its sources."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.makers import Made, Progress, ReportMaker
from cimic_portal.core.models import Office
from liaison.reports.sitrep import draw_sitrep
from liaison.reports.sitrep_book import sitrep_book
from liaison.reports.sitrep_paper import sitrep_pdf

if TYPE_CHECKING:
    from cimic_portal.core.models import Document, Person

KIND = "sitrep"


def first_moment(day: date) -> datetime:
    """Midnight of a day of the mission's calendar."""
    return timezone.make_aware(datetime.combine(day, time.min))


def make_sitrep(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters: `office` (id), `since` and `last` (days, both within the period)."""
    asked = document.parameters
    office = Office.objects.get(pk=asked["office"])
    since = first_moment(date.fromisoformat(asked["since"]))
    until = first_moment(date.fromisoformat(asked["last"]) + timedelta(days=1))
    progress(0, 2)
    drawn = draw_sitrep(office, since, until, person=person)
    progress(1, 2)
    content = sitrep_pdf(drawn.report) if document.form == "pdf" else sitrep_book(drawn.report)
    progress(2, 2)
    return Made(content, drawn.report.classification, drawn.sources)


SITREP = ReportMaker(KIND, _("CIMIC SITREP"), make_sitrep, route="sitrep_new")
