"""Pages of training records: a person's own, those of an office, what somebody is qualified for."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.panels import panels_beside
from cimic_portal.core.policies import require
from cimic_portal.core.templatetags.moments import day_text
from cimic_portal.core.views.attachments import send_picture
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import ReasonForm, Verb, offered, perform
from training.forms.course import ConfirmForm, EarlierForm
from training.models import Enrolment, Proof, Qualification, Session, TrainingRecord
from training.policies import qualification as policies
from training.reports.certificate import certificate_pdf
from training.services import qualification as services
from training.views.verify import certificate_address


def _confirming(_person: Any, held: Qualification) -> dict[str, Any]:
    """What is confirmed, and whether it counts then."""
    proven = services.has_proof(held)
    text = _("You have looked at the proof, and it is right.") if proven else ""
    notes = [] if proven else [_("No proof is attached. Say what you have seen instead.")]
    if held.expires_on is not None and held.has_expired:
        words = _("It has expired on %(day)s: it then stands in the record, and does not count now.")
        notes.append(words % {"day": day_text(held.expires_on)})
    else:
        text = f"{text} {_('From now on it counts.')}".strip()
    return {"text": text, "notes": notes}


QUALIFICATION_VERBS = [
    Verb(
        name="confirm",
        label=gettext_lazy("Confirm"),
        policy=policies.can_confirm,
        run=services.confirm_qualification,
        form=ConfirmForm,
        needs_person=True,
        context=_confirming,
        done=gettext_lazy("Confirmed."),
        primary=True,
        if_allowed=True,
    ),
    Verb(
        name="revoke",
        label=gettext_lazy("Revoke"),
        policy=policies.can_revoke,
        run=services.revoke_qualification,
        text=gettext_lazy("It counts no more, and whoever verifies the certificate is told so."),
        done=gettext_lazy("Revoked."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
]
WORDS = {
    "insert": gettext_lazy("Opened"),
    "update": gettext_lazy("Changed"),
    "enrolment.ask": gettext_lazy("Asked for a seat"),
    "enrolment.nominate": gettext_lazy("Entered for a session"),
    "enrolment.approve": gettext_lazy("Seat agreed to"),
    "enrolment.decline": gettext_lazy("Seat declined"),
    "enrolment.withdraw": gettext_lazy("Seat given up"),
    "session.change": gettext_lazy("Session changed"),
    "session.cancel": gettext_lazy("Session cancelled"),
    "session.mark": gettext_lazy("Marked"),
    "session.close": gettext_lazy("Results closed"),
    "qualification.enter": gettext_lazy("Qualification entered"),
    "qualification.confirm": gettext_lazy("Qualification confirmed"),
    "qualification.revoke": gettext_lazy("Qualification revoked"),
}
_AHEAD = 8


def training_home(request: HttpRequest) -> HttpResponse:
    """My training: seats, what I hold, and what is held soon."""
    person: Any = request.user
    record = TrainingRecord.objects.visible_to(person).of(person).first()
    context = {
        "title": _("Training"),
        "mine": record,
        **(_parts(person, record) if record else {}),
        "ahead": list(
            Session.objects.ahead().select_related("course", "place").order_by("starts_at", "pk")[:_AHEAD]
        ),
        "page_classification": record.classification if record else 1,
    }
    if record:
        log_read(person, "own training", [record])
    return render(request, "training/record/home.html", context)


def _parts(person: Any, record: TrainingRecord) -> dict[str, Any]:
    """Seats and qualifications of a record; of each course the latest first."""
    rows = Enrolment.objects.visible_to(person).filter(record=record).select_related("session__course")
    held = Qualification.objects.visible_to(person).filter(record=record).select_related("course", "record")
    qualifications = list(held)
    latest: dict[int, Qualification] = {}
    for one in qualifications:
        latest.setdefault(one.course_id, one)
    return {
        "seats": sorted((row for row in rows if row.is_open), key=lambda row: row.session.starts_at),
        "past": [row for row in rows if not row.is_open],
        "held": sorted(latest.values(), key=lambda one: one.course.title),
        "earlier": [one for one in qualifications if latest[one.course_id] is not one],
        "today": timezone.localdate(),
    }


def fetch(request: HttpRequest, reference: str) -> TrainingRecord:
    """The record, or 404 where this person may not see it."""
    person: Any = request.user
    rows = TrainingRecord.objects.visible_to(person).select_related(
        "person", "owner_office__organisation", "author"
    )
    return get_object_or_404(rows, reference=reference)


def record_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """What one person was taught, is enrolled in, and is qualified for."""
    person: Any = request.user
    record = fetch(request, reference)
    actions = []
    if policies.can_enter(person, record):
        label = _("Enter one from before the mission")
        actions.append({"label": label, "url": f"{record.get_absolute_url()}earlier/", "page": True})
    panels = panels_beside("training_record", record, person)
    context = {
        **opened(person, record),
        **_parts(person, record),
        "panels": panels,
        "page_classification": max([record.classification, *(panel["level"] for panel in panels)]),
        "actions": actions,
        "history": shown_history(record, person, WORDS),
    }
    return render(request, "training/record/detail.html", context)


def earlier_add(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter a qualification from before the mission, with its proof."""
    person: Any = request.user
    record = fetch(request, reference)
    require(policies.can_enter(person, record))
    log_read(person, "earlier qualification", [record])
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EarlierForm(*sent)
    made = saved(
        request,
        form,
        lambda: services.enter_earlier(record, form.input(), actor=person),
        _("Entered. It counts once somebody else has confirmed the proof."),
    )
    if made:
        return redirect(made.get_absolute_url())
    context = {
        "title": _("Qualification from before the mission"),
        "sub": str(record),
        "form": form,
        "cancel_url": record.get_absolute_url(),
        "form_actions": [{"label": _("Enter"), "primary": True}],
        "page_classification": record.classification,
    }
    return render(request, "training/record/earlier.html", context, status=form_status(request))


def fetch_qualification(request: HttpRequest, pk: int) -> Qualification:
    person: Any = request.user
    rows = Qualification.objects.visible_to(person).select_related(
        "record__person", "record__owner_office", "course__office", "entered_by", "confirmed_by"
    )
    return get_object_or_404(rows, pk=pk)


def qualification_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One qualification: its days, its proof, its certificate."""
    person: Any = request.user
    held = fetch_qualification(request, pk)
    log_read(person, "qualification", [held.record])
    actions = offered(QUALIFICATION_VERBS, person, held)
    if held.counts:
        certificate = {
            "label": _("Certificate"),
            "url": f"{held.get_absolute_url()}certificate.pdf",
            "download": True,
        }
        actions.insert(0, certificate)
    context = {
        "title": held.course.title,
        "held": held,
        "proofs": list(Proof.objects.visible_to(person).standing().filter(qualification=held)),
        "verify_url": certificate_address(request, held),
        "actions": actions,
        "page_classification": held.classification,
    }
    return render(request, "training/record/qualification.html", context)


def qualification_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm, revoke."""
    return perform(request, fetch_qualification(request, pk), QUALIFICATION_VERBS, verb)  # type: ignore[arg-type]


def proof(request: HttpRequest, pk: int, proof: int) -> FileResponse:
    """The picture of the paper."""
    person: Any = request.user
    held = fetch_qualification(request, pk)
    found = get_object_or_404(Proof.objects.visible_to(person).standing(), pk=proof, qualification=held)
    return send_picture(person, held.record, found)


def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as PDF."""
    person: Any = request.user
    held = fetch_qualification(request, pk)
    log_read(person, "certificate", [held.record])
    answer = HttpResponse(
        certificate_pdf(held, address=certificate_address(request, held)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="certificate-{held.code}.pdf"'
    return answer
