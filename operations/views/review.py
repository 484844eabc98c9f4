"""Pages of the after-action review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import ReasonForm, Verb, offered, show_problems, shown_version
from operations.forms.review import FindingForm, ReviewForm
from operations.models import Finding, Operation, Review
from operations.models import OperationState as State
from operations.policies import review as policies
from operations.services import review as services
from operations.views.frame import fetch, page_of, with_panels

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

REVIEW_VERBS = [
    Verb(
        name="finish-review",
        label=gettext_lazy("Finish review"),
        policy=policies.can_finish_review,
        run=services.finish_review,
        states=(State.COMPLETED,),
        text=gettext_lazy("Texts and findings stand from then on; each finding becomes a lesson."),
        done=gettext_lazy("Review finished."),
        primary=True,
    ),
]


def operation_review(request: HttpRequest, reference: str) -> HttpResponse:
    """The review: four texts, and what was found."""
    person: Any = request.user
    operation = fetch(request, reference)
    rows = Finding.objects.visible_to(person).filter(operation=operation)
    findings = list(rows.select_related("owner__office", "author"))
    may_lead = bool(policies.can_write_review(person, operation))
    may_add = bool(policies.can_add_finding(person, operation))
    for finding in findings:
        own = finding.author_id == person.pk and may_add
        finding.may_change = not finding.withdrawn_reason and (may_lead or own)  # type: ignore[attr-defined]
    page = page_of(person, operation, "operation_review")
    return render(
        request,
        "operations/review/detail.html",
        {
            **with_panels("operation_review", person, operation, page),
            "actions": _actions(person, operation, may_lead=may_lead, may_add=may_add),
            "review": _review_of(person, operation),
            "findings": findings,
        },
    )


def _review_of(person: Person, operation: Operation) -> Review | None:
    rows = Review.objects.visible_to(person).filter(operation=operation)
    return rows.select_related("changed_by", "finished_by").first()


def _actions(person: Person, operation: Operation, *, may_lead: bool, may_add: bool) -> list[dict[str, Any]]:
    actions = [action for action in offered(REVIEW_VERBS, person, operation) if not action["refused"]]
    address = reverse("operation_review", args=[operation.reference])
    if may_lead:
        actions.append({"label": _("Write review"), "url": f"{address}edit/", "page": True})
    if may_add:
        actions.append({"label": _("Add a finding"), "url": f"{address}findings/new/", "page": True})
    return actions


def review_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the four texts. Where somebody wrote meanwhile, what was typed stays and theirs is told."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(policies.can_write_review(person, operation))
    review = _review_of(person, operation)
    initial = {name: getattr(review, name) for name in ReviewForm.base_fields} if review else {}
    form = ReviewForm(request.POST or None, initial=initial)
    theirs: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            services.write_review(operation, form.texts(), actor=person, version=shown_version(request))
        except StaleError:
            theirs = _other_texts(form, initial)
            form.add_error(
                None,
                _("Somebody wrote in the review meanwhile. Yours is kept: put both together, then save."),
            )
        else:
            messages.success(request, _("Review saved."), draft_tag(request))
            return redirect("operation_review", operation.reference)
    return _form_page(
        request,
        operation,
        form,
        title=_("After-action review"),
        submit=_("Save review"),
        draft_key=f"review-{operation.reference}",
        version=review.version if review else 0,
        theirs=theirs,
    )


def _other_texts(form: ReviewForm, stored: dict[str, str]) -> list[dict[str, str]]:
    """What stands now where it differs from what was typed."""
    return [
        {"label": str(form.fields[name].label), "text": text}
        for name, text in stored.items()
        if text and text.strip() != form.cleaned_data[name].strip()
    ]


def finding_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter a finding."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(policies.can_add_finding(person, operation))
    form = FindingForm(request.POST or None)
    if saved(
        request,
        form,
        lambda: services.add_finding(operation, form.input(), actor=person),
        _("Finding entered."),
    ):
        return redirect("operation_review", operation.reference)
    return _form_page(
        request,
        operation,
        form,
        title=_("Add a finding"),
        submit=_("Enter finding"),
        draft_key=f"finding-{operation.reference}",
    )


def _finding(request: HttpRequest, operation: Operation, pk: int) -> Finding:
    rows = Finding.objects.visible_to(request.user).filter(operation=operation)  # type: ignore[arg-type]
    found = rows.select_related("operation__owner_office", "owner__office").filter(pk=pk).first()
    if found is None:
        raise Http404
    require(policies.can_change_finding(request.user, found))  # type: ignore[arg-type]
    return found


def finding_edit(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Correct a finding, or name who follows it up."""
    person: Any = request.user
    operation = fetch(request, reference)
    finding = _finding(request, operation, pk)
    initial = {name: getattr(finding, name) for name in FindingForm.base_fields}
    form = FindingForm(request.POST or None, initial=initial)
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: services.change_finding(finding, form.input(), actor=person, version=version),
        _("Saved."),
    ):
        return redirect("operation_review", operation.reference)
    return _form_page(
        request,
        operation,
        form,
        title=_("Correct a finding"),
        submit=_("Save"),
        draft_key=f"finding-{operation.reference}-{finding.pk}",
        version=finding.version,
    )


def finding_withdraw(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a finding back, with the reason."""
    person: Any = request.user
    operation = fetch(request, reference)
    finding = _finding(request, operation, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.withdraw_finding(finding, actor=person, version=shown_version(request), reason=reason)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Withdrawn."))
            return redirect("operation_review", operation.reference)
    log_read(person, "finding", [operation])
    context = {
        "title": _("Withdraw this finding"),
        "text": f"“{finding.observation}”",
        "form": form,
        "record": operation,
        "version": finding.version,
        "submit_label": _("Withdraw finding"),
        "cancel_url": reverse("operation_review", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context, status=form_status(request))


def _form_page(
    request: HttpRequest,
    operation: Operation,
    form: Any,
    *,
    title: str,
    submit: str,
    draft_key: str,
    version: int | None = None,
    theirs: list[dict[str, str]] | None = None,
) -> HttpResponse:
    log_read(request.user, "review form", [operation])  # type: ignore[arg-type]
    return render(
        request,
        "operations/review/form.html",
        {
            "title": title,
            "sub": operation.title,
            "form": form,
            "form_actions": [{"label": submit, "primary": True}],
            "draft_key": draft_key,
            "version": str(version) if version is not None else None,
            "theirs": theirs,
            "cancel_url": reverse("operation_review", args=[operation.reference]),
            "page_classification": operation.classification,
        },
        status=form_status(request),
    )
