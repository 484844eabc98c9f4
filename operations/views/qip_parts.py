"""Pages of a project's parts: a milestone reached, a payment struck, photos added, shown, taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.views.attachments import send_picture
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import ReasonForm, shown_version
from operations.forms.qip_steps import MilestoneDoneForm, PhotoForm
from operations.models import Qip, QipMilestone, QipPayment, QipPhoto
from operations.policies.qip import can_add_photo, can_record_payment, can_report_milestone
from operations.services import qip_work as services
from operations.services.qip_checks import amount_text
from operations.views.qip import fetch

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _step(
    request: HttpRequest,
    qip: Qip,
    form: forms.Form,
    *,
    policy: Callable[[Any, Qip], Decision],
    run: Callable[..., Qip],
    title: str,
    text: StrOrPromise,
    done: str,
    level: int = 0,
    danger: bool = False,
) -> HttpResponse:
    """The small page of one step on one part, and the step itself."""
    person: Any = request.user
    require(policy(person, qip))
    log_read(person, "qip part", [qip])
    version = shown_version(request)
    if saved(request, form, lambda: run(qip, actor=person, version=version, **form.cleaned_data), done):
        return redirect(qip.get_absolute_url())
    context = {
        "title": title,
        "text": text,
        "form": form,
        "version": qip.version,
        "submit_label": title,
        "danger": danger,
        "cancel_url": qip.get_absolute_url(),
        "record": qip,
        "page_classification": max(qip.classification, level),
    }
    status = form_status(request)
    return render(request, "layouts/verb.html", context, status=status)


def milestone_reached(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Report a milestone done."""
    qip = fetch(request, reference)
    row = get_object_or_404(QipMilestone.objects.visible_to(request.user), qip=qip, pk=pk)  # type: ignore[arg-type]
    return _step(
        request,
        qip,
        MilestoneDoneForm(request.POST or None),
        policy=can_report_milestone,
        run=lambda *args, **data: services.reach_milestone(*args, milestone=pk, **data),
        title=_("Report a milestone done"),
        text=row.what,
        done=_("Milestone reported done."),
    )


def payment_strike(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Strike a payment that was recorded wrongly."""
    qip = fetch(request, reference)
    rows = QipPayment.objects.visible_to(request.user).standing()  # type: ignore[arg-type]
    row = get_object_or_404(rows, qip=qip, pk=pk)
    return _step(
        request,
        qip,
        ReasonForm(request.POST or None),
        policy=can_record_payment,
        run=lambda *args, **data: services.strike_payment(*args, payment=pk, **data),
        title=_("Strike a payment"),
        text=_("Voucher %(voucher)s, %(currency)s %(amount)s. It stays readable, struck through.")
        % {"voucher": row.voucher, "currency": qip.currency, "amount": amount_text(row.amount)},
        done=_("Payment struck."),
        danger=True,
    )


def photo_add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a photo."""
    person: Any = request.user
    qip = fetch(request, reference)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return _step(
        request,
        qip,
        PhotoForm(*sent, person=person, record=qip),
        policy=can_add_photo,
        run=services.add_photo,
        title=_("Add a photo"),
        text="",
        done=_("Photo added."),
    )


def _photo(request: HttpRequest, reference: str, pk: int) -> tuple[Qip, QipPhoto]:
    """A photo that was not taken away, with its project; 404 where the person may not see either."""
    qip = fetch(request, reference)
    rows = QipPhoto.objects.visible_to(request.user).standing()  # type: ignore[arg-type]
    return qip, get_object_or_404(rows, qip=qip, pk=pk)


@require_GET
def photo(request: HttpRequest, reference: str, pk: int) -> FileResponse:
    """The photo itself."""
    qip, found = _photo(request, reference, pk)
    return send_picture(request.user, qip, found)  # type: ignore[arg-type]


@require_GET
def photo_small(request: HttpRequest, reference: str, pk: int) -> FileResponse:
    """The photo as the page of the project shows it."""
    qip, found = _photo(request, reference, pk)
    return send_picture(request.user, qip, found, small=True)  # type: ignore[arg-type]


def photo_strike(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a photo away."""
    qip, found = _photo(request, reference, pk)
    return _step(
        request,
        qip,
        ReasonForm(request.POST or None),
        policy=can_add_photo,
        run=lambda *args, **data: services.strike_photo(*args, photo=pk, **data),
        title=_("Take the photo away"),
        text=found.caption,
        done=_("Photo taken away."),
        level=found.level(qip),
        danger=True,
    )
