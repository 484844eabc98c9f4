"""Documents: one with its progress, its file, releasing a copy, making it again. The list is a `Listing`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cimic_portal.core import progress
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.forms.release import ReleaseForm
from cimic_portal.core.makers import maker_of
from cimic_portal.core.models import Document, DocumentState
from cimic_portal.core.panels import panels_beside
from cimic_portal.core.paper.sheet import file_name
from cimic_portal.core.policies import Refused, can_ask, can_release, may_fetch, require
from cimic_portal.core.services import documents as services
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.verbs import Verb, offered, perform

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

HISTORY_WORDS = {
    "document.ask": gettext_lazy("Asked for"),
    "core.make_document.start": gettext_lazy("Begun"),
    "core.make_document": gettext_lazy("Made"),
    "core.make_document.give_up": gettext_lazy("Given up"),
    "document.release": gettext_lazy("Copy released"),
    "document.release_below_sources": gettext_lazy("Copy released below the level of its sources"),
}

DOCUMENT_VERBS = [
    Verb(
        name="release",
        label=gettext_lazy("Release a copy"),
        policy=can_release,
        run=services.release_copy,
        states=(DocumentState.READY,),
        text=gettext_lazy(
            "The copy is a record of its own. Those you name can read it, whether or not they may see the "
            "records it was made from. The file stays as it was made, with the classification lines it has."
        ),
        done=gettext_lazy("A copy is released."),
        form=ReleaseForm,
        needs_person=True,
    ),
]


def _fetch(request: HttpRequest, reference: str) -> Document:
    """The document, or 404 where this person may not see it."""
    person: Any = request.user
    rows = Document.objects.visible_to(person).select_related("author", "owner_office__organisation")
    return get_object_or_404(rows, reference=reference)


@require_GET
def document(request: HttpRequest, reference: str) -> HttpResponse:
    """One document: how far it is, its file, the copies released from it, its history."""
    person: Any = request.user
    record = _fetch(request, reference)
    visible = Document.objects.visible_to(person)
    page = opened(person, record)
    panels = panels_beside("document", record, person)
    level = max([page["page_classification"], *(panel.get("level", 0) for panel in panels)])
    return render(
        request,
        "core/document/detail.html",
        {
            **page,
            "page_classification": level,
            "actions": _actions(person, record),
            "maker": maker_of(record.kind),
            # A count of sources would tell of those that are hidden.
            "all_visible": bool(may_fetch(person, record)),
            "copies": list(visible.filter(copy_of=record).select_related("author")),
            "original": visible.filter(pk=record.copy_of_id).first() if record.copy_of_id else None,
            "history": shown_history(record, person, HISTORY_WORDS),
            "panels": panels,
            **_progress(record),
        },
    )


def _actions(person: Any, record: Document) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if record.is_ready:
        decision = may_fetch(person, record)
        actions.append(
            {
                "label": _("Open %(form)s") % {"form": record.form.upper()},
                "url": reverse("document_fetch", args=[record.reference]),
                "primary": bool(decision),
                "page": True,
                "refused": decision.reason if isinstance(decision, Refused) else "",
            }
        )
        if not record.is_released_copy:
            actions += offered(DOCUMENT_VERBS, person, record)
    if _may_make_again(person, record):
        actions.append(
            {"label": _("Make it again"), "url": reverse("document_again", args=[record.reference])}
        )
    return actions


def _may_make_again(person: Any, record: Document) -> bool:
    if record.is_being_made or record.is_released_copy or maker_of(record.kind) is None:
        return False
    return bool(can_ask(person, record.owner_office))


def _progress(record: Document) -> dict[str, Any]:
    """Context of `components/progress.html`."""
    steps = progress.steps_of(record.pk) if record.is_being_made else None
    waiting = record.state == DocumentState.QUEUED
    return {
        "progress_url": reverse("document_progress", args=[record.reference]),
        "progress_label": _("Waiting for its turn") if waiting else _("Being made"),
        "progress_value": steps.done if steps else None,
        "progress_maximum": steps.total if steps else None,
    }


@require_GET
def document_progress(request: HttpRequest, reference: str) -> HttpResponse:
    """How far it is; when it is done, the page is loaded anew."""
    record = _fetch(request, reference)
    if not record.is_being_made:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "core/document/progress.html", {"record": record, **_progress(record)})


@require_GET
def document_fetch(request: HttpRequest, reference: str) -> FileResponse:
    """The file, while every record that it was made from is visible to this person."""
    person: Any = request.user
    record = _fetch(request, reference)
    require(may_fetch(person, record))
    file = services.open_file(record)
    log_read(person, "document file", [record])
    name = file_name(
        record.title,
        classification=record.classification,
        made_at=record.made_at or timezone.now(),
        ending=record.form,
    )
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type=CONTENT_TYPES.get(record.form, "application/octet-stream"),
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store, private"},
    )


def document_release(request: HttpRequest, reference: str) -> HttpResponse:
    """Release a copy, to an audience of its own."""
    return perform(request, _fetch(request, reference), DOCUMENT_VERBS, "release")


def document_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Have the same report made from what one may read now."""
    person: Any = request.user
    record = _fetch(request, reference)
    require(can_ask(person, record.owner_office))
    if request.method == "POST":
        fresh = services.make_again(record, actor=person)
        messages.success(request, _("The document is being made."))
        return redirect(fresh.get_absolute_url())
    return render(
        request,
        "layouts/verb.html",
        {
            "title": _("Make it again"),
            "text": _("It is made anew from what you may read now. The document you have stays as it is."),
            "version": record.version,
            "submit_label": _("Make it again"),
            "cancel_url": record.get_absolute_url(),
            "page_classification": record.classification,
        },
    )
