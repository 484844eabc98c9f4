"""The journal of an operation: quick entry on top, newest first, live; and its single entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.listing import Selection
from cimic_portal.core.listing.selection import CURSOR
from cimic_portal.core.policies import require
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.verbs import ReasonForm, show_problems
from operations.forms.journal import EntryForm
from operations.listings.journal import OPERATION, journal_list
from operations.models import JournalEntry, Operation
from operations.policies.journal import UNDER_WAY, can_strike_entry, can_write_journal
from operations.policies.operation import can_lead
from operations.reports.execution import corrections_of, execution_of, reached_of
from operations.services.journal import SentOtherwiseError, add_entry, strike_entry
from operations.services.looks import look_at
from operations.views.frame import fetch, page_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


# Of one page: light on a bad link, though a form stands above them.
ENTRIES = 30


def operation_journal(request: HttpRequest, reference: str) -> HttpResponse:
    """The journal, or with htmx the list alone; a POST is the quick entry."""
    operation = fetch(request, reference)
    if request.method == "POST":
        return _enter(request, operation)
    return _page(request, operation)


def _enter(request: HttpRequest, operation: Operation) -> HttpResponse:
    """What cannot be entered comes back as it was typed, with the reason."""
    person: Any = request.user
    form = EntryForm(request.POST, execution=execution_of(operation, person))
    status = 422
    if form.is_valid():
        try:
            entered = add_entry(operation, form.input(), actor=person)
        except InvalidError as error:
            form.show(error)
        except StaleError as error:
            status = error.status
            form.add_error("task", _("Somebody reported on this task meanwhile. Look, and send again."))
            for line in error.changes:
                form.add_error("task", line)
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["task"] = _as_it_stands(form)  # type: ignore[index]
        except SentOtherwiseError as error:
            status = error.status
            form.add_error(None, error.message)
            form.as_a_new_one()
        except RefusedError as error:
            status = error.status
            form.add_error(None, error.message)
        else:
            words = _("Entered as %(number)s.") if entered.is_new else _("Stands already as %(number)s.")
            messages.success(request, words % {"number": entered.entry.number}, draft_tag(request))
            return redirect(f"{reverse('operation_journal', args=[operation.reference])}#id_text")
    return _page(request, operation, form, status=status)


def _as_it_stands(form: EntryForm) -> str:
    """The chosen task with the version of the report that stands now."""
    key = form.data.get("task", "").partition(":")[0]
    field: Any = form.fields["task"]
    return next((str(value) for value, _label in field.choices if str(value).startswith(key)), "")


def _page(
    request: HttpRequest, operation: Operation, form: EntryForm | None = None, *, status: int = 200
) -> HttpResponse:
    person: Any = request.user
    since = look_at(operation, actor=person)
    listed = _listed(request, operation, person, since)
    if request.htmx and form is None:  # type: ignore[attr-defined]
        log_read(person, "journal", [operation])
        return render(request, "operations/journal/list.html", {"record": operation, **listed})
    writing = can_write_journal(person, operation)
    if form is None and writing:
        form = EntryForm(execution=execution_of(operation, person), initial=_initial(request))
    context = {
        **page_of(person, operation, "operation_journal"),
        **listed,
        "form": form,
        "draft_key": f"journal-{operation.reference}",
        "refused": "" if writing else writing.reason,  # type: ignore[union-attr]
        "actions": _actions(person, operation, listed["export_query"]),
        "since": since,
    }
    return render(request, "operations/journal/page.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """A link may open the entry with what it corrects."""
    number = request.GET.get("correct", "")
    return {"corrects": int(number)} if number.isdecimal() and len(number) < len("1000000000") else {}


def _actions(person: Person, operation: Operation, query: str) -> list[dict[str, Any]]:
    base = reverse("journal")
    actions = [
        {"label": _("CSV"), "url": f"{base}export.csv?{query}", "download": True},
        {"label": _("XLSX"), "url": f"{base}export.xlsx?{query}", "download": True},
    ]
    if person.access.held:
        url = reverse("operation_sitrep", args=[operation.reference])
        actions.append({"label": _("SITREP"), "url": url, "page": True})
    return actions


def _listed(request: HttpRequest, operation: Operation, person: Person, since: datetime) -> dict[str, Any]:
    """One page of the journal under the filters of the address, by days."""
    query = request.GET.copy()
    query.pop("correct", None)
    query[OPERATION] = operation.reference
    chosen = Selection(journal_list, person, query)
    count, _others = chosen.counts()
    page, problem = chosen.shown_page(count, size=ENTRIES)
    previous, following = chosen.cursors(page)
    asked = [(name, value) for name, value in chosen.asked() if name != OPERATION]
    if request.GET.get("sort"):
        asked.append(("sort", chosen.sort_name))
    return {
        "days": _by_day(page.rows, operation, person, since),
        "count": count,
        "filter_form": _filters(chosen),
        "problems": [problem] if problem else [line for lines in chosen.problems.values() for line in lines],
        "is_narrowed": bool(asked),
        "pager": {
            "previous_url": _at(asked, previous),
            "next_url": _at(asked, following),
            "label": f"{page.first}–{page.last}" if page.rows else "",
        },
        "list_url": reverse("operation_journal", args=[operation.reference]),
        "refresh_url": request.get_full_path() if request.method == "GET" else request.path,
        "export_query": urlencode([*asked, (OPERATION, operation.reference)]),
    }


def _filters(chosen: Selection) -> Any:
    """The filters that make sense within one operation."""
    form = chosen.form
    for name in (OPERATION, "mine"):
        form.fields.pop(name, None)
    return form


def _at(asked: Iterable[tuple[str, str]], cursor: str) -> str:
    return f"?{urlencode([*asked, (CURSOR, cursor)])}" if cursor else ""


def _by_day(
    rows: list[JournalEntry], operation: Operation, person: Person, since: datetime
) -> list[tuple[date, list[JournalEntry]]]:
    """Entries under the days of the mission's clock, each with what its line shows besides."""
    corrected = corrections_of(rows, person)
    reached = reached_of(operation, person)
    rests = {row.entry_id for row in reached if row.decided_at} | {row.decided_entry_id for row in reached}
    of_entry = {row.entry_id: row for row in reached}
    open_now = operation.state in UNDER_WAY
    leads = open_now and bool(can_lead(person, operation))
    writes = open_now and bool(can_write_journal(person, operation))
    days: dict[date, list[JournalEntry]] = {}
    for entry in rows:
        own = entry.author_id == person.pk
        shown: Any = entry
        shown.operation = operation
        shown.corrected_by = corrected.get(entry.pk, [])
        shown.reached_point = of_entry.get(entry.pk)
        shown.is_new = entry.entered_at > since and not own
        shown.may_strike = not entry.is_struck and entry.pk not in rests and (leads or (own and writes))
        shown.may_correct = writes and not entry.is_struck
        shown.is_late = (entry.entered_at - entry.happened_at).total_seconds() > _LATE
        days.setdefault(timezone.localtime(entry.happened_at).date(), []).append(entry)
    return list(days.items())


# Seconds after which it is said when an entry was written down.
_LATE = 1800


def _entry(request: HttpRequest, operation: Operation, number: int) -> JournalEntry:
    rows = JournalEntry.objects.visible_to(request.user).of(operation).named()  # type: ignore[arg-type]
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    found.operation = operation
    return found


def journal_entry(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One entry with what corrects it: what a link or a quoted number leads to."""
    person: Any = request.user
    operation = fetch(request, reference)
    entry = _entry(request, operation, number)
    context = {
        **page_of(person, operation, "operation_journal"),
        "days": _by_day([entry], operation, person, timezone.now()),
        "entry": entry,
        "actions": [],
    }
    return render(request, "operations/journal/entry.html", context)


def journal_strike(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Strike an entry through, with the reason."""
    person: Any = request.user
    operation = fetch(request, reference)
    entry = _entry(request, operation, number)
    require(can_strike_entry(person, entry))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            strike_entry(entry, actor=person, reason=form.cleaned_data["reason"])
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Struck through. It stays readable."))
            return redirect("operation_journal", operation.reference)
    log_read(person, "journal entry", [operation])
    text = _("“%(text)s” stays readable, struck through. What was reported of a task stays as it is.")
    context = {
        "title": _("Strike entry %(number)s") % {"number": entry.number},
        "text": text % {"text": entry.text},
        "form": form,
        "record": operation,
        "submit_label": _("Strike entry"),
        "danger": True,
        "cancel_url": reverse("operation_journal", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context, status=422 if request.method == "POST" else 200)
