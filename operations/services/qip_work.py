"""The work of an approved project: started, milestones, payments, photos, completed, closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import IO, TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.attachments import keep_picture
from cimic_portal.core.services.audience import sharing_problems
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import Qip, QipMilestone, QipPayment, QipPhoto, QipState
from operations.policies.qip import (
    can_add_photo,
    can_close,
    can_complete,
    can_record_payment,
    can_report_milestone,
    can_start,
)
from operations.services.qip_checks import amount_problem, amount_text

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from operations.services.qip_inputs import Completion, PaymentInput

_WHY = "parts of the locked project"


def _step(
    qip: Qip,
    name: str,
    *,
    actor: Person,
    version: int,
    policy: Callable[[Person, Qip], Decision],
    change: Callable[[Qip], None],
    reason: str = "",
) -> Qip:
    """One step: locked, asked, changed, saved."""
    with verb(f"qip.{name}", actor=actor, reason=reason):
        current = lock(qip, actor=actor, version=version)
        require(policy(actor, current))
        change(current)
        save_changed(current)
        return current


def start_qip(qip: Qip, *, actor: Person, version: int) -> Qip:
    """Say that the work has begun; the chair is told."""

    def change(current: Qip) -> None:
        current.state = QipState.UNDER_WAY
        notify(current, "qip.started", positions=[cast("Position", current.chair)], actor=actor)

    return _step(qip, "start", actor=actor, version=version, policy=can_start, change=change)


def reach_milestone(
    qip: Qip, *, actor: Person, version: int, milestone: int, done_on: date, note: str
) -> Qip:
    """Report a milestone done, with a note of what one sees there. `milestone` by number."""

    def change(current: Qip) -> None:
        row = _milestone(current, milestone)
        problems: dict[str, list[str]] = {}
        if row.done_on is not None:
            problems["milestone"] = [_("This milestone was reported done before.")]
        if done_on > timezone.localdate():
            problems["done_on"] = [_("This day lies ahead.")]
        if not note.strip():
            problems["note"] = [_("Say what there is to be seen.")]
        if problems:
            raise InvalidError(problems)
        row.done_on, row.note = done_on, note
        row.save()

    return _step(qip, "milestone", actor=actor, version=version, policy=can_report_milestone, change=change)


def _milestone(qip: Qip, pk: int) -> QipMilestone:
    found: QipMilestone | None = QipMilestone.objects.unscoped(_WHY).filter(qip=qip, pk=pk).first()
    if found is None:
        raise InvalidError({"milestone": [_("This project has no such milestone.")]})
    return found


def record_payment(qip: Qip, data: PaymentInput, *, actor: Person, version: int) -> Qip:
    """Record a payment from its voucher; the sum stays within what was approved."""

    def change(current: Qip) -> None:
        row = QipPayment(
            qip=current,
            paid_on=data.paid_on,
            amount=data.amount,
            voucher=data.voucher.strip(),
            milestone=None if data.milestone is None else _milestone(current, data.milestone),
            note=data.note,
            recorded_by=actor,
        )
        if problems := _payment_problems(current, row):
            raise InvalidError(problems)
        row.save()

    return _step(qip, "pay", actor=actor, version=version, policy=can_record_payment, change=change)


def _payment_problems(qip: Qip, payment: QipPayment) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    standing = QipPayment.objects.unscoped(_WHY).filter(qip=qip).standing()
    left = (qip.approved_amount or 0) - standing.total()
    if problem := amount_problem(payment.amount):
        problems["amount"] = [problem]
    elif payment.amount > left:
        words = {"left": amount_text(left), "currency": qip.currency}
        problems["amount"] = [
            _("%(currency)s %(left)s of the approved amount are left; payments cannot exceed it.") % words
        ]
    if payment.paid_on > timezone.localdate():
        problems["paid_on"] = [_("This day lies ahead: payments are recorded when they were made.")]
    if not payment.voucher:
        problems["voucher"] = [_("Give the number of the voucher.")]
    elif standing.filter(voucher=payment.voucher).exists():
        problems["voucher"] = [_("A payment with this voucher number stands here already.")]
    return problems


def strike_payment(qip: Qip, *, actor: Person, version: int, payment: int, reason: str) -> Qip:
    """Strike a payment that was recorded wrongly, with the reason. `payment` by number."""
    need_reason(reason, _("Say what was wrong with it."))

    def change(current: Qip) -> None:
        row = QipPayment.objects.unscoped(_WHY).filter(qip=current, pk=payment).standing().first()
        if row is None:
            raise InvalidError({"payment": [_("This project has no such payment, or it was struck.")]})
        row.struck_at, row.struck_reason = timezone.now(), reason[:300]
        row.save()

    return _step(
        qip,
        "strike_payment",
        actor=actor,
        version=version,
        policy=can_record_payment,
        change=change,
        reason=reason,
    )


def add_photo(
    qip: Qip, *, actor: Person, version: int, file: IO[bytes], caption: str, classification: int
) -> Qip:
    """Add a photo, classified like the project or narrower; its metadata, such as the place, is dropped."""

    def change(current: Qip) -> None:
        problems = sharing_problems(actor, classification)
        if not caption.strip():
            problems["caption"] = [_("Say what the photo shows.")]
        if problems:
            raise InvalidError(problems)
        picture = keep_picture(file)
        QipPhoto.objects.create(
            qip=current,
            caption=caption,
            classification=max(classification, current.classification),
            added_by=actor,
            **vars(picture),
        )

    return _step(qip, "add_photo", actor=actor, version=version, policy=can_add_photo, change=change)


def strike_photo(qip: Qip, *, actor: Person, version: int, photo: int, reason: str) -> Qip:
    """Take a photo away, with the reason: nobody is shown it any more. `photo` by number."""
    need_reason(reason, _("Say why the photo is taken away."))

    def change(current: Qip) -> None:
        row = QipPhoto.objects.visible_to(actor).filter(qip=current, pk=photo).standing().first()
        if row is None:
            raise InvalidError({"photo": [_("This project has no such photo, or it was taken away.")]})
        row.struck_at, row.struck_reason = timezone.now(), reason[:300]
        row.save()

    return _step(
        qip, "strike_photo", actor=actor, version=version, policy=can_add_photo, change=change, reason=reason
    )


def complete_qip(qip: Qip, data: Completion, *, actor: Person, version: int) -> Qip:
    """Write the completion report; the chair accepts it or asks for more."""

    def change(current: Qip) -> None:
        if problems := _completion_problems(current, data):
            raise InvalidError(problems)
        current.state = QipState.COMPLETED
        current.completed_on, current.completed_by = data.completed_on, actor
        current.result, current.reached_count = data.result, data.reached_count
        current.handed_to, current.lessons = data.handed_to, data.lessons
        current.reopened_reason = ""
        notify(current, "qip.completed", positions=[cast("Position", current.chair)], actor=actor)

    return _step(qip, "complete", actor=actor, version=version, policy=can_complete, change=change)


def _completion_problems(qip: Qip, data: Completion) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    waiting = QipMilestone.objects.unscoped(_WHY).filter(qip=qip, done_on__isnull=True).first()
    if waiting is not None:
        problems["result"] = [_("The milestone “%(what)s” is not reported done.") % {"what": waiting}]
    elif not data.result.strip():
        problems["result"] = [_("Say what was achieved.")]
    if data.completed_on > timezone.localdate():
        problems["completed_on"] = [_("This day lies ahead.")]
    if not data.handed_to.strip():
        problems["handed_to"] = [_("Say who keeps it up from now on.")]
    return problems


def reopen_qip(qip: Qip, *, actor: Person, version: int, reason: str) -> Qip:
    """Ask for more than the completion report says, with the reason: the work goes on."""
    need_reason(reason, _("Say what the report or the work lacks."))

    def change(current: Qip) -> None:
        told = {current.author_id: current.author, current.completed_by_id: current.completed_by}
        current.state, current.reopened_reason = QipState.UNDER_WAY, reason
        notify(current, "qip.reopened", people=[one for one in told.values() if one], actor=actor)

    return _step(qip, "reopen", actor=actor, version=version, policy=can_close, change=change, reason=reason)


def close_qip(qip: Qip, *, actor: Person, version: int) -> Qip:
    """Accept the completion report; nothing more is recorded after it."""

    def change(current: Qip) -> None:
        current.state = QipState.CLOSED
        notify(current, "qip.closed", people=[current.author], actor=actor)

    return _step(qip, "close", actor=actor, version=version, policy=can_close, change=change)
