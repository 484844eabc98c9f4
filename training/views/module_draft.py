"""Pages on which an office writes its modules."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import require
from cimic_portal.core.views.attachments import send_picture
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import LONGEST_VERSION, offered, perform, shown_version
from training.forms.module import ModuleForm, PackageForm, PageForm, QuestionForm
from training.models import ModuleDraft, ModuleKind
from training.policies import module as policies
from training.services import module_content as contents
from training.services import module_draft as services
from training.services.scorm_package import upload_package
from training.views.module_draft_verbs import DRAFT_VERBS, WORDS


def fetch(request: HttpRequest, reference: str) -> ModuleDraft:
    """The draft, or 404 where this person may not see it."""
    rows = ModuleDraft.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "module", "course", "approver__office", "author", "owner_office"
    )
    return get_object_or_404(rows, reference=reference)


def draft_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One draft: its pages and questions in their order, what is missing, and its history."""
    person: Any = request.user
    draft = fetch(request, reference)
    may_edit = bool(policies.can_edit(person, draft))
    package = services.package_of(draft)
    address = draft.get_absolute_url()
    actions = offered(DRAFT_VERBS, person, draft)
    if may_edit:
        actions.append({"label": _("Edit what it says of itself"), "url": f"{address}edit/", "page": True})
        if draft.kind == ModuleKind.SCORM:
            actions.append({"label": _("Upload a package"), "url": f"{address}package/", "page": True})
        else:
            actions.append({"label": _("Add a page"), "url": f"{address}pages/new/", "page": True})
            actions.append({"label": _("Add a question"), "url": f"{address}questions/new/", "page": True})
    return render(
        request,
        "training/moduledraft/detail.html",
        {
            **opened(person, draft),
            "actions": actions + sharing_actions(person, draft),
            "may_edit": may_edit,
            "package": package,
            "missing": contents.content_problems(draft, has_package=package is not None)
            if draft.is_open
            else [],
            "history": shown_history(draft, person, WORDS),
        },
    )


def draft_begin(request: HttpRequest) -> HttpResponse:
    """Begin a module."""
    person: Any = request.user
    require(policies.can_write(person))
    form = ModuleForm(request.POST or None, person=person)
    draft = saved(
        request,
        form,
        lambda: services.begin_draft(form.input(), actor=person, office=form.cleaned_data["office"]),
        _("Module begun. Add its pages and questions, then submit it."),
    )
    if draft:
        return redirect(draft.get_absolute_url())
    title, back = _("Write a module"), reverse("modules")
    return _form(request, form, "layouts/form.html", title=title, draft_key="module-new", cancel_url=back)


def draft_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what a draft says of itself."""
    person: Any = request.user
    draft = _to_edit(request, reference)
    form = ModuleForm(request.POST or None, person=person, draft=draft)
    done = saved(
        request,
        form,
        lambda: services.edit_draft(draft, form.input(), actor=person, version=shown_version(request)),
        _("Draft saved."),
    )
    if done:
        return redirect(draft.get_absolute_url())
    title = _("Edit what the module says of itself")
    return _form(request, form, "layouts/form.html", title=title, draft=draft, key="facts")


def _to_edit(request: HttpRequest, reference: str) -> ModuleDraft:
    person: Any = request.user
    draft = fetch(request, reference)
    require(policies.can_edit(person, draft))
    log_read(person, "module draft edit", [draft])
    return draft


def draft_page(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """Write a page: a new one, or the one of that number (from 1)."""
    person: Any = request.user
    draft = _to_edit(request, reference)
    place = _place(number, len(draft.content.pages))
    page = draft.content.pages[place] if place is not None else None
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PageForm(*sent, page=page)

    def write() -> ModuleDraft:
        return contents.write_page(
            draft, actor=person, version=shown_version(request), place=place, **form.cleaned_data
        )

    if saved(request, form, write, _("Page saved.")):
        return redirect(draft.get_absolute_url())
    title = _("Edit page %(number)s") % {"number": number} if number else _("Add a page")
    template = "training/moduledraft/page_form.html"
    return _form(request, form, template, title=title, draft=draft, key=f"page-{number or 'new'}")


def draft_question(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    """Write a question: a new one, or the one of that number (from 1)."""
    person: Any = request.user
    draft = _to_edit(request, reference)
    place = _place(number, len(draft.content.questions))
    question = draft.content.questions[place] if place is not None else None
    form = QuestionForm(request.POST or None, question=question)

    def write() -> ModuleDraft:
        version = shown_version(request)
        return contents.write_question(draft, form.question(), actor=person, version=version, place=place)

    if saved(request, form, write, _("Question saved.")):
        return redirect(draft.get_absolute_url())
    title = _("Edit question %(number)s") % {"number": number} if number else _("Add a question")
    template = "training/moduledraft/question_form.html"
    return _form(request, form, template, title=title, draft=draft, key=f"question-{number or 'new'}")


def _place(number: int | None, count: int) -> int | None:
    if number is None:
        return None
    if not 1 <= number <= count:
        raise Http404
    return number - 1


def draft_package(request: HttpRequest, reference: str) -> HttpResponse:
    """Upload a SCORM package; why one is refused stands at the field."""
    person: Any = request.user
    draft = _to_edit(request, reference)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PackageForm(*sent)

    def write() -> ModuleDraft:
        file = form.cleaned_data["file"]
        return upload_package(draft, actor=person, version=shown_version(request), file=file)

    if saved(request, form, write, _("Package checked and kept.")):
        return redirect(draft.get_absolute_url())
    return _form(request, form, "layouts/form.html", title=_("Upload a package"), draft=draft, key="")


@require_POST
def draft_arrange(request: HttpRequest, reference: str) -> HttpResponse:
    """Move a page or a question, or take it away: `do` is what-place-step, such as pages-2-up."""
    person: Any = request.user
    draft = _to_edit(request, reference)
    what, _sep, rest = request.POST.get("do", "").partition("-")
    number, _sep, step = rest.partition("-")
    steps = {"up": -1, "down": 1, "away": 0}
    known = what in ("pages", "questions") and step in steps
    if not known or not number.isdecimal() or len(number) > LONGEST_VERSION:
        raise Http404
    contents.arrange(
        draft,
        actor=person,
        version=shown_version(request),
        what=what,
        place=int(number) - 1,
        step=steps[step],
    )
    return redirect(f"{draft.get_absolute_url()}#{what}")


@require_GET
def draft_picture(request: HttpRequest, reference: str, number: int) -> FileResponse:
    """The picture of a page of the draft."""
    person: Any = request.user
    draft = fetch(request, reference)
    pages = draft.content.pages
    picture = pages[number - 1].picture if 1 <= number <= len(pages) else None
    if picture is None or not picture.sha256:
        raise Http404
    found = contents.picture_named(picture.sha256)
    if found is None:
        raise Http404
    return send_picture(person, draft, found)


def draft_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Submit, publish, return, drop; and share by name."""
    draft = fetch(request, reference)
    return perform(request, draft, [*DRAFT_VERBS, *SHARING_VERBS], verb)


def _form(
    request: HttpRequest,
    form: Any,
    template: str,
    *,
    title: str,
    draft: ModuleDraft | None = None,
    key: str = "",
    **more: Any,
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "form_actions": [{"label": _("Save"), "primary": True}],
        **more,
    }
    if draft is not None:
        context |= {
            "sub": draft.title,
            "module": draft,
            "cancel_url": draft.get_absolute_url(),
            "version": draft.version,
            "page_classification": draft.classification,
        }
        if key:
            context["draft_key"] = f"module-{draft.reference}-{key}"
    return render(request, template, context, status=form_status(request))
