"""Pages of modules: one module, its pages to read, its file for reading without a line."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core import store
from cimic_portal.core.policies import Decision, Refused, require
from cimic_portal.core.views.history import reference_history
from training.models import (
    Module,
    ModuleAttempt,
    ModuleEdition,
    ModuleKind,
    ModuleProgress,
    ModuleResult,
    PagePicture,
)
from training.policies import module as policies
from training.services import module_draft as drafts
from training.services import module_learning as services

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
SHIPPED = "img/modules"


def fetch(request: HttpRequest, pk: int) -> Module:
    """The module, or 404 for whoever holds no post."""
    rows = Module.objects.visible_to(request.user).select_related("course", "office")  # type: ignore[arg-type]
    return get_object_or_404(rows, pk=pk)


def module_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One module: what it is about, how far one has come, and what comes next."""
    person: Any = request.user
    module = fetch(request, pk)
    edition = services.edition_of(module)
    progress = ModuleProgress.objects.filter(person=person, module=module).first()
    read = set(progress.pages_read) if progress and progress.edition == module.edition else set()
    attempts = services.own_attempts(module, person)
    left = policies.attempts_left(person, module) if module.attempts_allowed else None
    pages = edition.content.pages
    return render(
        request,
        "training/module/detail.html",
        {
            "title": module.title,
            "record": None,
            "module": module,
            "package": edition.package,
            "pages": [(number, page, number in read) for number, page in enumerate(pages, start=1)],
            "read": len(read),
            "questions": len(edition.content.questions),
            "progress": progress,
            "attempts": attempts,
            "attempts_left": left,
            "actions": _actions(person, module, _Way(progress, len(read), len(pages), attempts)),
            "results": ModuleResult.objects.visible_to(person).filter(module=module).count(),
            "content_origin": settings.CONTENT_ORIGIN,
            "history": reference_history(module, person),
        },
    )


@dataclass(frozen=True)
class _Way:
    """How far a reader has come: pages opened of how many, and the attempts, the last on top."""

    progress: ModuleProgress | None
    read: int
    pages: int
    attempts: list[ModuleAttempt]

    @property
    def has_begun(self) -> bool:
        return bool(self.attempts) and self.attempts[0].is_open

    @property
    def is_whole(self) -> bool:
        return self.read >= self.pages

    @property
    def has_passed(self) -> bool:
        return self.progress is not None and self.progress.passed_at is not None

    @property
    def page(self) -> int:
        """Where to read on."""
        return self.progress.page if self.read and self.progress and not self.is_whole else 1


def _actions(person: Any, module: Module, way: _Way) -> list[dict[str, Any]]:
    """The next step of this reader first: read on, then the quiz; what the office does behind it."""
    actions = _next_steps(person, module, way)
    if module.kind == ModuleKind.LESSONS:
        address = reverse("module_file", args=[module.pk])
        actions.append({"label": _("Download for reading offline"), "url": address, "download": True})
    if policies.can_begin_edition(person, module):
        archive = _("Put back into the catalogue") if module.is_archived else _("Archive")
        actions += [
            {"label": _("Write the next edition"), "url": reverse("module_edition", args=[module.pk])},
            {"label": archive, "url": reverse("module_archive", args=[module.pk])},
        ]
    return actions


def _next_steps(person: Any, module: Module, way: _Way) -> list[dict[str, Any]]:
    decision = policies.can_try(person, module)
    refused = "" if way.has_begun or not isinstance(decision, Refused) else decision.reason
    if module.kind == ModuleKind.SCORM:
        label = _("Go on") if way.has_begun else _("Open the package")
        address = reverse("module_play", args=[module.pk])
        return [{"label": label, "url": address, "page": True, "primary": not refused, "refused": refused}]
    reading = {
        "label": _("Begin to read") if not way.read else _("Read again") if way.is_whole else _("Read on"),
        "url": reverse("module_page", args=[module.pk, way.page]),
        "page": True,
        "primary": not way.is_whole and not way.has_begun,
    }
    again = _("Take the quiz again") if way.attempts else _("Take the quiz")
    quiz = {
        "label": _("Go on with the quiz") if way.has_begun else again,
        "url": reverse("module_quiz", args=[module.pk]),
        "page": True,
        "primary": (way.has_begun or (way.is_whole and not way.has_passed)) and not refused,
        "refused": refused,
    }
    return [quiz, reading] if quiz["primary"] else [reading, quiz]


@require_GET
def module_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One page to read; that it was opened is kept, so that one goes on here."""
    person: Any = request.user
    module = fetch(request, pk)
    edition = services.edition_of(module)
    pages = edition.content.pages
    if not 1 <= number <= len(pages):
        raise Http404
    progress = services.open_page(module, number, actor=person)
    page = pages[number - 1]
    context = {
        "title": page.title,
        "record": None,
        "module": module,
        "page": page,
        "picture": _address(edition, number, page.picture) if page.picture else "",
        "number": number,
        "pages": [(place, one, place in progress.pages_read) for place, one in enumerate(pages, start=1)],
        "previous": number - 1,
        "next": number + 1 if number < len(pages) else 0,
    }
    return render(request, "training/module/page.html", context)


def _address(edition: ModuleEdition, number: int, picture: PagePicture) -> dict[str, str]:
    """Where the picture of a page is fetched: of ours among the static files, else by its digest."""
    if picture.file:
        return {"static": f"{SHIPPED}/{picture.file}"}
    return {"url": reverse("module_picture", args=[edition.module_id, edition.number, number])}


@require_GET
def module_picture(request: HttpRequest, pk: int, edition: int, number: int) -> FileResponse:
    """The picture of a page of an edition. It never changes, so that the browser may keep it."""
    module = fetch(request, pk)
    found = get_object_or_404(ModuleEdition, module=module, number=edition)
    pages = found.content.pages
    picture = pages[number - 1].picture if 1 <= number <= len(pages) else None
    if picture is None or picture.content_type not in _ENDINGS:
        raise Http404
    try:
        file = store.attachments.open(picture.sha256)
    except OSError as error:
        raise Http404 from error
    return FileResponse(
        file,
        filename=f"module-{pk}-{edition}-{number}.{_ENDINGS[picture.content_type]}",
        content_type=picture.content_type,
        headers={"Cache-Control": "private, max-age=604800", "X-Content-Type-Options": "nosniff"},
    )


@require_GET
def module_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole module in one file: text, pictures and questions without what is right."""
    module = fetch(request, pk)
    if module.kind != ModuleKind.LESSONS:
        raise Http404
    content = services.edition_of(module).content
    context = {
        "module": module,
        "pages": [(page, _inline(page.picture)) for page in content.pages],
        "questions": content.questions,
        "address": f"{settings.PORTAL_URL}{module.get_absolute_url()}",
    }
    answer = render(request, "training/module/file.html", context)
    name = slugify(module.title) or f"module-{pk}"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{module.edition}.html"'
    return answer


def _inline(picture: PagePicture | None) -> str:
    """The picture as an address that holds all of it."""
    if picture is None:
        return ""
    if picture.file:
        content = (settings.BASE_DIR / "static" / SHIPPED / picture.file).read_bytes()
        return f"data:image/svg+xml;base64,{base64.b64encode(content).decode()}"
    try:
        with store.attachments.open(picture.sha256) as file:
            content = file.read()
    except OSError:
        return ""
    return f"data:{picture.content_type};base64,{base64.b64encode(content).decode()}"


def module_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a module out of the catalogue, or put it back."""
    person: Any = request.user
    module = fetch(request, pk)
    if request.method == "POST":
        drafts.archive_module(module, actor=person)
        return redirect(module.get_absolute_url())
    label = _("Put back into the catalogue") if module.is_archived else _("Archive")
    text = (
        _("It is offered again to everybody.")
        if module.is_archived
        else _("It leaves the catalogue. What was passed stays in the records.")
    )
    return _confirm(request, module, label, text, decision=policies.can_archive(person, module))


def module_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next edition, from what stands now."""
    person: Any = request.user
    module = fetch(request, pk)
    if request.method == "POST":
        return redirect(drafts.begin_edition(module, actor=person).get_absolute_url())
    text = _(
        "A draft is made of what stands now. Learners go on with this edition until the next is published."
    )
    decision = policies.can_begin_edition(person, module)
    return _confirm(request, module, _("Write the next edition"), text, decision=decision)


def _confirm(
    request: HttpRequest, module: Module, label: str, text: str, *, decision: Decision
) -> HttpResponse:

    require(decision)
    context = {
        "title": label,
        "text": text,
        "version": 1,
        "submit_label": label,
        "cancel_url": module.get_absolute_url(),
    }
    return render(request, "layouts/verb.html", context)
