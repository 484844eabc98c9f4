"""The parts of a quick impact project: answers, budget, votes, milestones, payments, photos."""

from __future__ import annotations

from decimal import Decimal

import pghistory
import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Attachment, Person, Position
from cimic_portal.core.sharing.records import Part
from cimic_portal.core.sharing.triggers import touches
from operations.models.qip import Qip, money
from operations.models.qip_settings import QipCriterion
from operations.querysets.qip import (
    QipMilestoneQuerySet,
    QipPaymentQuerySet,
    QipPhotoQuerySet,
    QipVoteQuerySet,
)


@pghistory.track()
class QipAnswer(Part):
    """How a proposal meets one criterion, with evidence. Personal data: none. Retention: with the project."""

    part_of = "qip"

    qip = models.ForeignKey(Qip, on_delete=models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(QipCriterion, on_delete=models.PROTECT, related_name="+")
    is_met = models.BooleanField(_("met"))
    evidence = models.TextField(_("evidence"), max_length=2000)

    class Meta:
        ordering = ["criterion__order", "pk"]
        verbose_name = _("answer to a criterion")
        verbose_name_plural = _("answers to criteria")
        constraints = [models.UniqueConstraint(fields=["qip", "criterion"], name="qipanswer_once")]

    def __str__(self) -> str:
        return self.evidence


@pghistory.track()
class QipBudgetLine(Part):
    """What part of the money is for. Personal data: none. Retention: with the project."""

    part_of = "qip"

    qip = models.ForeignKey(Qip, on_delete=models.CASCADE, related_name="lines")
    what = models.CharField(_("what for"), max_length=200)
    amount = money(_("amount"), validators=[MinValueValidator(Decimal("0.01"))])

    class Meta:
        ordering = ["pk"]
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="qipbudgetline_positive")]

    def __str__(self) -> str:
        return self.what


class VoteChoice(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


@touches("operations_qip", "qip_id", fixed=("qip", "position"))
@pghistory.track()
class QipVote(Part):
    """The vote of one member position: asked when the review begins, empty until it is cast.

    One for each position, cast once, never by the author or whoever deputises for them: the services
    see to it. A new review asks anew; earlier votes stay in the trail.
    Personal data: who voted how and why. Retention: with the project.
    """

    part_of = "qip"

    qip = models.ForeignKey(Qip, on_delete=models.CASCADE, related_name="votes")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("member")
    )
    choice = models.CharField(_("vote"), max_length=8, choices=VoteChoice, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    voter = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("voted by")
    )
    voted_at = models.DateTimeField(_("voted"), null=True, blank=True)

    objects = QipVoteQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["pk"]
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["qip", "position"], name="qipvote_once_per_member"),
            models.CheckConstraint(
                condition=Q(choice="", voter__isnull=True, voted_at__isnull=True)
                | (~Q(choice="") & ~Q(reason="") & Q(voter__isnull=False, voted_at__isnull=False)),
                name="qipvote_cast_with_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="cast_stands",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__choice=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.get_choice_display()}"

    @property
    def tone(self) -> str:
        return {"for": "done", "against": "refused", "abstain": "draft"}.get(self.choice, "waiting")


@pghistory.track()
class QipMilestone(Part):
    """A step by which one sees how far the work is. Personal data: none. Retention: with the project."""

    part_of = "qip"

    qip = models.ForeignKey(Qip, on_delete=models.CASCADE, related_name="milestones")
    what = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("due"))
    done_on = models.DateField(_("done"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = QipMilestoneQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(note=""), name="qipmilestone_done_with_note"
            ),
        ]
        indexes = [
            # What falls due, on the home page.
            models.Index(fields=["due_on"], name="qipmilestone_open", condition=Q(done_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_overdue(self) -> bool:
        return self.done_on is None and self.due_on < timezone.localdate()


# Two payments at once each see the sum without the other: the row of the project is held first, so that the
# second waits and then sees the first.
_WITHIN_APPROVED = """
    SELECT q.approved_amount INTO approved FROM operations_qip q WHERE q.id = NEW.qip_id FOR UPDATE;
    SELECT coalesce(sum(p.amount), 0) INTO paid FROM operations_qippayment p
        WHERE p.qip_id = NEW.qip_id AND p.struck_at IS NULL AND p.id <> NEW.id;
    IF NEW.struck_at IS NULL AND (approved IS NULL OR paid + NEW.amount > approved) THEN
        RAISE EXCEPTION 'payments exceed what was approved' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'qippayment_within_approved';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class QipPayment(Part):
    """A payment as recorded from its voucher; the portal moves no money.

    The database refuses what would exceed the approved amount. Struck, not deleted.
    Personal data: who recorded it. Retention: with the project.
    """

    part_of = "qip"

    qip = models.ForeignKey(Qip, on_delete=models.CASCADE, related_name="payments")
    paid_on = models.DateField(_("paid"))
    amount = money(_("amount"), validators=[MinValueValidator(Decimal("0.01"))])
    voucher = models.CharField(_("voucher number"), max_length=60)
    milestone = models.ForeignKey(
        QipMilestone,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("milestone"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    struck_at = models.DateTimeField(_("struck"), null=True, blank=True)
    struck_reason = models.CharField(_("why it was struck"), max_length=300, blank=True)

    objects = QipPaymentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["paid_on", "pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="qippayment_positive"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | ~Q(struck_reason=""),
                name="qippayment_struck_with_reason",
            ),
            models.UniqueConstraint(
                fields=["qip", "voucher"], condition=Q(struck_at__isnull=True), name="qippayment_voucher_once"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("approved", "NUMERIC"), ("paid", "NUMERIC")],
                func=_WITHIN_APPROVED,
            ),
            pgtrigger.ReadOnly(name="recorded_stands", fields=["qip", "amount", "paid_on", "voucher"]),
        ]

    def __str__(self) -> str:
        return self.voucher


@pghistory.track()
class QipPhoto(Attachment):
    """A photo of the project: before, during or after. Personal data: whom it shows. Retention: with it."""

    part_of = "qip"

    qip = models.ForeignKey(Qip, on_delete=models.CASCADE, related_name="photos")

    objects = QipPhotoQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Attachment.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
