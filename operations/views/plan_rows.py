"""Objectives, risks and decision points of the plan: their lists and their forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.verbs import NoInputForm, show_problems, shown_version
from operations.forms.plan import DecisionForm, ObjectiveForm, RiskForm
from operations.models import Operation, PlanRevision, PlanRow, ReachedDecision
from operations.policies.plan import can_write_plan
from operations.reports.plan_book import decisions_of, objectives_of, risks_of
from operations.services.plan_rows import add_row, change_row, move_row, remove_row
from operations.views.frame import fetch
from operations.views.plan_frame import plan_page, revision_to_write
from operations.views.risk_matrix import matrices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Noun:
    """One kind of row, as its pages show it. `name` is the end of its routes and of its verbs."""

    name: str
    slug: str
    form: Any
    rows: Callable[[Any, Any], list[Any]]
    new_title: StrOrPromise
    title: StrOrPromise
    remove_label: StrOrPromise
    template: str
    joins: tuple[str, ...] = ()
    more: Callable[[Any, Any], Mapping[str, Any]] = lambda rows, person: {}

    @property
    def list_route(self) -> str:
        return f"plan_{self.slug}"

    @property
    def model(self) -> Any:
        return self.form.model


OBJECTIVES = Noun(
    "objective",
    "objectives",
    ObjectiveForm,
    objectives_of,
    _("Add an objective"),
    _("Change objective"),
    _("Remove objective"),
    "operations/plan/objectives.html",
)
RISKS = Noun(
    "risk",
    "risks",
    RiskForm,
    risks_of,
    _("Add a risk"),
    _("Change risk"),
    _("Remove risk"),
    "operations/plan/risks.html",
    joins=("owner__office",),
    more=lambda rows, _person: matrices(rows),
)


def _with_reached(rows: Any, person: Any) -> Mapping[str, Any]:
    """Each decision point with what became of it."""
    if rows:
        operation = rows[0].revision.operation_id
        reached = ReachedDecision.objects.visible_to(person).standing().filter(operation=operation)
        found = {row.decision_key: row for row in reached.select_related("decided_by", "entry")}
        for row in rows:
            row.reached = found.get(row.key)
    return {}


DECISIONS = Noun(
    "decision",
    "decisions",
    DecisionForm,
    decisions_of,
    _("Add a decision point"),
    _("Change decision point"),
    _("Remove decision point"),
    "operations/plan/decisions.html",
    joins=("decider__office",),
    more=_with_reached,
)
NOUNS = (OBJECTIVES, RISKS, DECISIONS)
ACTIONS = [{"label": _("Save"), "primary": True}]


def plan_rows(request: HttpRequest, reference: str, noun: Noun) -> HttpResponse:
    """The rows of one noun in a revision."""
    person: Any = request.user
    operation = fetch(request, reference)
    context, revision = plan_page(request, operation, noun.list_route)
    rows = noun.rows(person, revision)
    return render(request, noun.template, {**context, "rows": rows, "noun": noun, **noun.more(rows, person)})


def _to_write(request: HttpRequest, reference: str) -> tuple[Operation, PlanRevision]:
    person: Any = request.user
    operation = fetch(request, reference)
    revision = revision_to_write(person, operation)
    require(can_write_plan(person, revision))
    return operation, revision


def _row(request: HttpRequest, revision: PlanRevision, noun: Noun, key: UUID) -> Any:
    rows = noun.model.objects.visible_to(request.user).filter(revision=revision)
    return get_object_or_404(rows.select_related("revision", *noun.joins), key=key)


def plan_row_new(request: HttpRequest, reference: str, noun: Noun) -> HttpResponse:
    """Add a row."""
    operation, revision = _to_write(request, reference)
    person: Any = request.user
    form = noun.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            add_row(revision, form.input(), actor=person)
        except InvalidError as error:
            show_problems(form, error)
        else:
            return _done(request, operation, revision, noun)
    return _form_page(request, operation, noun, form, key=f"new-{noun.name}", title=noun.new_title)


def plan_row_edit(request: HttpRequest, reference: str, key: UUID, noun: Noun) -> HttpResponse:
    """Change a row. Where somebody changed it meanwhile, that is told and what was typed stays."""
    operation, revision = _to_write(request, reference)
    person: Any = request.user
    row = _row(request, revision, noun, key)
    form = noun.form(request.POST if request.method == "POST" else None, row=row)
    changes: list[str] = []
    if form.is_bound and form.is_valid():
        try:
            change_row(row, form.input(), actor=person, version=shown_version(request))
        except InvalidError as error:
            show_problems(form, error)
        except StaleError as error:
            changes = error.changes or [error.message]
            row = _row(request, revision, noun, key)
        else:
            return _done(request, operation, revision, noun)
    return _form_page(
        request, operation, noun, form, key=str(key), title=noun.title, row=row, changes=changes
    )


def _done(request: HttpRequest, operation: Operation, revision: PlanRevision, noun: Noun) -> HttpResponse:
    messages.success(request, _g("Saved."), draft_tag(request))
    return redirect(_list_url(operation, revision, noun))


def _list_url(operation: Operation, revision: PlanRevision, noun: Noun) -> str:
    return f"{reverse(noun.list_route, args=[operation.reference])}?revision={revision.number}"


def _form_page(
    request: HttpRequest,
    operation: Operation,
    noun: Noun,
    form: Any,
    *,
    key: str,
    title: Any,
    row: PlanRow | None = None,
    changes: list[str] | None = None,
) -> HttpResponse:
    person: Any = request.user
    log_read(person, "row of a plan", [operation])
    version: Any = row.version if row else None
    if form.is_bound and row and not changes:
        # Of a form with mistakes the version that was shown to whoever typed it.
        version = shown_version(request)
    context = {
        "title": title,
        "sub": operation,
        "form": form,
        "form_actions": ACTIONS,
        "draft_key": f"plan-{operation.reference}-{key}",
        "version": version,
        "changes": changes,
        "cancel_url": reverse(noun.list_route, args=[operation.reference]),
        "page_classification": operation.classification,
    }
    status = 409 if changes else 422 if form.is_bound else 200
    return render(request, "operations/plan/row_form.html", context, status=status)


def plan_row_remove(request: HttpRequest, reference: str, key: UUID, noun: Noun) -> HttpResponse:
    """Take a row out, after a look at it."""
    operation, revision = _to_write(request, reference)
    person: Any = request.user
    row = _row(request, revision, noun, key)
    if request.method == "POST":
        remove_row(row, noun.name, actor=person, version=shown_version(request))
        messages.success(request, _g("Removed."))
        return redirect(_list_url(operation, revision, noun))
    log_read(person, "row of a plan", [operation])
    context = {
        "title": noun.remove_label,
        "text": _g("“%s” is taken out of this revision. It stays in the versions before.") % row,
        "form": NoInputForm(),
        "record": operation,
        "version": row.version,
        "submit_label": noun.remove_label,
        "danger": True,
        "cancel_url": _list_url(operation, revision, noun),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context)


@require_POST
def plan_row_move(request: HttpRequest, reference: str, key: UUID, noun: Noun) -> HttpResponse:
    """One place up or down."""
    operation, revision = _to_write(request, reference)
    person: Any = request.user
    row = _row(request, revision, noun, key)
    up = request.POST.get("to") == "up"
    move_row(row, noun.name, actor=person, version=shown_version(request), up=up)
    return redirect(_list_url(operation, revision, noun))
