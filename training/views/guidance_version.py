"""Pages of the versions of guidance: one with its review, its text, and two beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person
from cimic_portal.core.policies import require
from cimic_portal.core.texts.difference import difference
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import offered, perform, show_problems, shown_version
from training.forms.guidance_version import (
    CommentAnswerForm,
    CommentForm,
    PaperForm,
    ReviewForms,
)
from training.models import GuidanceComment, GuidanceReviewer, GuidanceVersion
from training.policies import guidance as policies
from training.services import guidance_comments as comments
from training.services import guidance_review as review
from training.services.guidance_paper import ask_for_guidance_paper
from training.views.guidance import fetch, versions_of
from training.views.guidance_beside import comments_of, text_with_comments
from training.views.guidance_text import shown_text
from training.views.guidance_verbs import VERSION_VERBS

if TYPE_CHECKING:
    from django import forms

MOST_DIGITS = 4


def fetch_version(request: HttpRequest, reference: str, number: int) -> GuidanceVersion:
    """The version, or 404 where this person may not see it."""
    person: Any = request.user
    guidance = fetch(request, reference)
    rows = GuidanceVersion.objects.visible_to(person).filter(guidance=guidance)
    version = get_object_or_404(rows.select_related("author", "decided_by"), number=number)
    version.guidance = guidance
    return version


def version_detail(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One version: its text, and for those who write and review it the comments and answers."""
    person: Any = request.user
    version = fetch_version(request, reference, number)
    guidance = version.guidance
    rows = GuidanceVersion.objects.visible_to(person).filter(pk=version.pk)
    comments_shown = comments_of(person, version)
    context = {
        **opened(person, guidance),
        "title": version.whole_name,
        "version": version,
        "text": text_with_comments(person, version, comments_shown),
        "writers": list(Person.objects.filter(pk__in=version.writers)),
        "in_circle": rows.written_by_circle(person).exists(),
        "before": next((one for one in versions_of(person, guidance) if one.number < version.number), None),
        "comments": comments_shown,
        "reviewers": _reviewers(person, version),
        "actions": _actions(person, version),
    }
    return render(request, "training/guidance/version.html", context)


def _reviewers(person: Person, version: GuidanceVersion) -> list[GuidanceReviewer]:
    rows = GuidanceReviewer.objects.visible_to(person).filter(version=version)
    return list(rows.select_related("position__office", "answered_by"))


def _actions(person: Person, version: GuidanceVersion) -> list[dict[str, Any]]:
    """The steps of the review; the pages of their own that lead to it."""
    actions = offered(VERSION_VERBS, person, version)
    address = version.get_absolute_url()
    if policies.can_comment(person, version):
        actions.append({"label": _("Comment"), "url": f"{address}comment/"})
    if policies.can_submit(person, version):
        ready = bool(version.text.strip())
        submit = {"label": _("Send into review"), "url": f"{address}submit/", "page": True, "primary": ready}
        write = {"label": _("Write"), "url": f"{address}write/", "page": True, "primary": not ready}
        actions = [submit, write, *actions] if ready else [write, *actions]
    return [*actions, {"label": _("PDF"), "url": f"{address}paper/"}]


def version_submit(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Send it into review: who is asked, by when."""
    person: Any = request.user
    version = fetch_version(request, reference, number)
    require(policies.can_submit(person, version))
    log_read(person, "guidance into review", [version.guidance])
    asked_before = [row.position for row in _reviewers(person, version)]
    forms = ReviewForms(request.POST if request.method == "POST" else None, asked_before)
    done = saved(
        request,
        forms,
        lambda: review.submit_version(version, actor=person, version=shown_version(request), **forms.input()),
        _("Sent into review. Reviewers and the approving position are told."),
    )
    if done:
        return redirect(version.get_absolute_url())
    context = {
        "title": _("Send version %(number)d into review") % {"number": version.number},
        "form": forms.main,
        "formsets": forms.formsets,
        "reviewers": forms.reviewers,
        "guidance": version.guidance,
        "form_actions": [{"label": _("Send into review"), "primary": True}],
        "cancel_url": version.get_absolute_url(),
        "version": version.version,
        "page_classification": version.classification,
    }
    return render(request, "training/guidance/submit.html", context, status=form_status(request))


def version_comment(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Comment on a version in review. `at`: the number of the place that it is about."""
    person: Any = request.user
    version = fetch_version(request, reference, number)
    require(policies.can_comment(person, version))
    form = CommentForm(
        request.POST or None, places=shown_text(version.text).places, at=request.GET.get("at", "")
    )

    def write() -> None:
        comments.add_comment(version, actor=person, **form.cleaned_data)

    return _small_step(
        request,
        version,
        form,
        write,
        title=_("Comment"),
        done=_("Comment kept. Who writes the text is told."),
    )


def comment_answer(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """Say what became of a comment."""
    person: Any = request.user
    version = fetch_version(request, reference, number)
    rows = GuidanceComment.objects.visible_to(person).filter(version=version).select_related("author")
    comment = get_object_or_404(rows, pk=pk)
    comment.version = version
    require(policies.can_answer_comment(person, comment))
    form = CommentAnswerForm(request.POST or None)

    def write() -> None:
        comments.answer_comment(comment, actor=person, **form.cleaned_data)

    said = _("%(author)s: “%(text)s”") % {"author": comment.author, "text": comment.text}
    return _small_step(
        request, version, form, write, title=_("Answer the comment"), done=_("Comment answered."), text=said
    )


def version_paper(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Have it made as PDF."""
    person: Any = request.user
    version = fetch_version(request, reference, number)
    form = PaperForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        office = form.cleaned_data["office"]
        document = ask_for_guidance_paper(version, office=office, actor=person)
        messages.success(request, _("The paper is being made. You can leave this page."))
        return redirect(document.get_absolute_url())
    text = _(
        "The version as it stands, with its number and its day, on paper that carries its classification."
    )
    return _step_page(request, version, form, title=_("Make the PDF"), text=text)


def _small_step(
    request: HttpRequest,
    version: GuidanceVersion,
    form: forms.Form,
    write: Any,
    *,
    title: str,
    done: str,
    text: str = "",
) -> HttpResponse:
    """A step that carries no version: what others do beside it does not get in its way."""
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, done)
            return redirect(f"{version.get_absolute_url()}#comments")
    return _step_page(request, version, form, title=title, text=text)


def _step_page(
    request: HttpRequest, version: GuidanceVersion, form: forms.Form, *, title: str, text: str
) -> HttpResponse:
    log_read(request.user, "guidance step", [version.guidance])  # type: ignore[arg-type]
    context = {
        "title": title,
        "text": text,
        "form": form,
        "version": version.version,
        "submit_label": title,
        "record": version.guidance,
        "of": version.whole_name,
        "cancel_url": version.get_absolute_url(),
        "page_classification": version.classification,
    }
    return render(request, "layouts/verb.html", context, status=422 if request.method == "POST" else 200)


def version_verb(request: HttpRequest, reference: str, number: int, verb: str) -> HttpResponse:
    """Bring into force, return, answer, take back, give up."""
    version: Any = fetch_version(request, reference, number)
    return perform(request, version, VERSION_VERBS, verb, of=version.whole_name)


def guidance_compare(request: HttpRequest, reference: str) -> HttpResponse:
    """Two versions side by side; without a choice the two newest."""
    person: Any = request.user
    guidance = fetch(request, reference)
    versions = versions_of(person, guidance)
    chosen = _two(request, versions)
    context: dict[str, Any] = {**opened(person, guidance), "versions": versions}
    if chosen:
        before, after = chosen
        context |= {
            "before": before,
            "after": after,
            "rows": difference(before.text, after.text),
            "options": [(one.number, f"{one}: {one.get_state_display()}") for one in versions],
            "before_value": before.number,
            "after_value": after.number,
            "told": [one for one in versions if before.number < one.number <= after.number and one.changes],
        }
    return render(request, "training/guidance/compare.html", context)


def _two(
    request: HttpRequest, versions: list[GuidanceVersion]
) -> tuple[GuidanceVersion, GuidanceVersion] | None:
    by_number = {str(one.number): one for one in versions}
    asked = [request.GET.get(side, "") for side in ("before", "after")]
    if any(asked):
        if not all(one in by_number and len(one) <= MOST_DIGITS for one in asked):
            raise Http404
        return by_number[asked[0]], by_number[asked[1]]
    return (versions[1], versions[0]) if len(versions) > 1 else None
