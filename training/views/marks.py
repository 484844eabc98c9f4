"""Who came to a session and how it went: by hand, or from a list that comes as a file."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.tablefile import read_table, sent_rows
from cimic_portal.core.views.export import table_file
from cimic_portal.core.views.saving import form_status
from cimic_portal.core.views.verbs import show_problems, shown_version
from training.forms.course import AttendanceFileForm, MarksForm
from training.models import Enrolment, Session, TrainingRecord
from training.policies import course as policies
from training.reports.attendance import COLUMNS, lines_of
from training.services import session as services
from training.services.attendance import ATTENDANCE_TABLE, import_attendance, try_attendance
from training.views.session import fetch


def session_marks(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of those with a seat: who came, and how it went."""
    person: Any = request.user
    session = fetch(pk)
    require(policies.can_mark(person, session))
    rows = _seats(person, session)
    log_read(person, "marks of a session", [row.record for row in rows])
    form = MarksForm(request.POST if request.method == "POST" else None, rows)
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_results(session, form.marks(), actor=person, version=shown_version(request))
        except InvalidError as error:
            show_problems(form, error)
        except StaleError:
            request.stale_status = 409  # type: ignore[attr-defined]
            said = _("Somebody marked meanwhile. What you chose is kept: compare, then save again.")
            form.problems.append(said)
        else:
            messages.success(request, _("Marks saved. Close the results when everybody is marked."))
            return redirect(session.get_absolute_url())
    context = {
        "title": _("Mark who came"),
        "sub": str(session),
        "session": session,
        "form": form,
        "version": session.version,
        "page_classification": max((row.record.classification for row in rows), default=1),
    }
    return render(request, "training/session/marks.html", context, status=form_status(request))


def _seats(person: Any, session: Session) -> list[Enrolment]:
    """Those with a seat whose record this person may read, by name."""
    seated = services.seated_rows(session)
    seen = TrainingRecord.objects.visible_to(person).filter(pk__in=[row.record_id for row in seated.values()])
    visible = set(seen.values_list("pk", flat=True))
    return sorted(
        (row for row in seated.values() if row.record_id in visible), key=lambda row: str(row.record.person)
    )


@require_GET
def attendance_file(request: HttpRequest, pk: int, form: str) -> FileResponse:
    """The list to fill in offline, as the import reads it."""
    person: Any = request.user
    session = fetch(pk)
    require(policies.can_mark(person, session))
    rows = _seats(person, session)
    log_read(person, f"{form} attendance", [row.record for row in rows])
    level = max((row.record.classification for row in rows), default=1)
    title = _("Attendance %(session)s") % {"session": session}
    return table_file(person, form, COLUMNS, lines_of(rows), title=title, level=level)


def attendance_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a list, look at the preview, enter what fits."""
    person: Any = request.user
    session = fetch(pk)
    require(policies.can_mark(person, session))
    form = AttendanceFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and "rows" in request.POST:
        form = AttendanceFileForm()
        try:
            rows = sent_rows(request.POST["rows"], ATTENDANCE_TABLE)
            count = import_attendance(session, rows, actor=person, version=shown_version(request))
        except InvalidError as error:
            messages.error(request, error.message)
            return _import_page(request, session, form, status=422)
        words = ngettext("%(count)d line entered.", "%(count)d lines entered.", count)
        messages.success(request, words % {"count": count})
        return redirect("session_marks", session.pk)
    if request.method == "POST":
        if form.is_valid():
            try:
                table = read_table(form.cleaned_data["file"].read(), ATTENDANCE_TABLE)
            except InvalidError as error:
                show_problems(form, error)
            else:
                return _preview(request, session, table)
        return _import_page(request, session, form, status=422)
    return _import_page(request, session, form)


def _import_page(request: HttpRequest, session: Session, form: Any, status: int = 200) -> HttpResponse:
    context = {
        **_import_context(session),
        "form": form,
        "form_actions": [{"label": _("Look at the list"), "primary": True}],
    }
    return render(request, "training/session/import.html", context, status=status)


def _import_context(session: Session) -> dict[str, Any]:
    return {
        "title": _("Import who came"),
        "sub": str(session),
        "session": session,
        "cancel_url": reverse("session_marks", args=[session.pk]),
        "page_classification": 1,
    }


def _preview(request: HttpRequest, session: Session, table: list[dict[str, str]]) -> HttpResponse:
    person: Any = request.user
    rows = try_attendance(session, table, actor=person)
    refused = [row for row in rows if row.problems]
    context = {
        **_import_context(session),
        "rows": rows,
        "fitting": len(rows) - len(refused),
        "refused": len(refused),
        "sent": json.dumps(table, ensure_ascii=False),
        "version": session.version,
        "again_url": reverse("attendance_import", args=[session.pk]),
    }
    return render(request, "training/session/import_preview.html", context)
