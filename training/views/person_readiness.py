"""The page of one person's readiness, and when they are away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.makers import highest
from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from training.forms.absence import AbsenceForm
from training.models import Absence, Session, TrainingRecord
from training.policies import absence as policies
from training.readiness.person import Own, person_readiness
from training.services import absence as services
from training.views.readiness_frame import tabs


def fetch(request: HttpRequest, reference: str) -> TrainingRecord:
    """The training record, or 404 where this person may not see it."""
    rows = TrainingRecord.objects.visible_to(request.user).select_related("person", "owner_office")  # type: ignore[arg-type]
    return get_object_or_404(rows, reference=reference)


@require_GET
def my_readiness(request: HttpRequest) -> HttpResponse:
    """What is due for me."""
    person: Any = request.user
    record = TrainingRecord.objects.visible_to(person).filter(person=person).first()
    if record is None:
        context = {"title": _("What is due for me"), **tabs("my_readiness")}
        return render(request, "training/readiness/nobody.html", context)
    return _page(request, record, _("What is due for me"), tabs("my_readiness"))


@require_GET
def person_page(request: HttpRequest, reference: str) -> HttpResponse:
    """How one person stands: what is asked, what is missing, what expires."""
    record = fetch(request, reference)
    return _page(request, record, _("Readiness of %(person)s") % {"person": record.person}, tabs(""))


def _page(request: HttpRequest, record: TrainingRecord, title: str, more: dict[str, Any]) -> HttpResponse:
    person: Any = request.user
    own = person_readiness(person, record.person)
    shown = [record, *(own.operations if own else [])]
    log_read(person, "readiness of a person", shown)
    if own is not None:
        _name_sessions(own)
    today = timezone.localdate()
    rows = Absence.objects.visible_to(person).filter(record=record).ahead(today)
    may_enter = policies.can_enter(person, record)
    context = {
        "title": title,
        "person_record": record,
        "own": own,
        "absences": list(rows),
        "may_enter": may_enter,
        "away_url": reverse("absence_enter", args=[record.reference]),
        "page_classification": highest(shown),
        **more,
    }
    return render(request, "training/readiness/person.html", context)


def _name_sessions(own: Own) -> None:
    """Beside each course that is not in order its next session with a seat, and a full one before it."""
    courses = [line.course.pk for line in own.open_lines]
    found: dict[int, Session] = {}
    full: dict[int, Session] = {}
    for session in Session.objects.ahead().filter(course__in=courses).order_by("starts_at", "pk"):
        if session.left > 0:
            found.setdefault(session.course_id, session)
        elif session.course_id not in found:
            full.setdefault(session.course_id, session)
    for line in own.open_lines:
        line.session, line.full = found.get(line.course.pk), full.get(line.course.pk)


def absence_enter(request: HttpRequest, reference: str) -> HttpResponse:
    """Say when the person is away."""
    person: Any = request.user
    record = fetch(request, reference)
    require(policies.can_enter(person, record))
    log_read(person, "absence", [record])
    form = AbsenceForm(request.POST or None)
    made = saved(
        request,
        form,
        lambda: services.enter_absence(record, actor=person, **form.cleaned_data),
        _("Absence entered."),
    )
    back = _back(request, record)
    if made:
        return redirect(back)
    context = {
        "title": _("Away"),
        "sub": _("%(person)s. Read by the person, the office and those who train them.")
        % {"person": record.person},
        "form": form,
        "form_actions": [{"label": _("Save absence"), "primary": True}],
        "cancel_url": back,
        "page_classification": record.classification,
    }
    return render(request, "layouts/form.html", context, status=form_status(request))


def absence_withdraw(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take back an entry that is wrong, or leave that is not taken."""
    person: Any = request.user
    record = fetch(request, reference)
    rows = Absence.objects.visible_to(person).select_related("record__owner_office")
    absence = get_object_or_404(rows, record=record, pk=pk)
    require(policies.can_withdraw(person, absence))
    back = _back(request, record)
    if request.method == "POST":
        services.withdraw_absence(absence, actor=person, version=shown_version(request))
        messages.success(request, _("Absence withdrawn."))
        return redirect(back)
    log_read(person, "absence", [record])
    context = {
        "title": _("Withdraw this absence"),
        "facts": [f"{record.person}: {absence}"],
        "text": _("From then on the person counts as there on these days."),
        "version": absence.version,
        "submit_label": _("Withdraw absence"),
        "cancel_url": back,
        "page_classification": record.classification,
    }
    return render(request, "layouts/verb.html", context)


def _back(request: HttpRequest, record: TrainingRecord) -> str:
    person: Any = request.user
    if record.person_id == person.pk:
        return reverse("my_readiness")
    return reverse("person_readiness", args=[record.reference])
