"""What two administrators do together."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.models.position import Holding, Position
from cimic_portal.core.querysets import current
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.records import Personal

Facts = dict[str, object]


class ProposalKind(models.TextChoices):
    CLEARANCE = "clearance", gettext_lazy("Higher clearance")
    HOLDING = "holding", gettext_lazy("Holder of a head post")
    HEAD = "head", gettext_lazy("Post becomes head of its office")


class ProposalState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waits for a second administrator")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    REFUSED = "refused", gettext_lazy("Refused")


@pghistory.track()
class Proposal(Personal):
    """A higher clearance, or a head post: one administrator proposes it, another confirms or refuses it.

    `facts`: what it was proposed upon; where they have changed since, it can no longer be confirmed.
    Personal data: who is to be cleared or to head an office, and why. Retention: as the audit trail.
    """

    # Administrators look at all of them.
    owned_by = ""

    kind = models.CharField(gettext_lazy("kind"), max_length=10, choices=ProposalKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("person"),
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("position"),
    )
    clearance = models.PositiveSmallIntegerField(gettext_lazy("clearance"), choices=Classification, null=True)
    since = models.DateTimeField(gettext_lazy("since"), null=True)
    until = models.DateTimeField(gettext_lazy("until"), null=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=200)
    facts = models.JSONField(default=dict, editable=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("proposed by"),
    )
    proposed_at = models.DateTimeField(gettext_lazy("proposed"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("decided by"),
    )
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True)
    answer = models.CharField(gettext_lazy("reason of the decision"), max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = gettext_lazy("proposal")
        verbose_name_plural = gettext_lazy("proposals")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="proposal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(person=None) | ~Q(decided_by=F("person")),
                name="proposal_not_decided_for_oneself",
            ),
        ]

    def __str__(self) -> str:
        if self.kind == ProposalKind.CLEARANCE:
            words = _("%(person)s is cleared for: %(level)s")
            return words % {"person": self.person, "level": self.get_clearance_display()}
        if self.kind == ProposalKind.HOLDING:
            return _("%(person)s holds the head post “%(position)s”") % {
                "person": self.person,
                "position": self.position,
            }
        return _("“%(position)s” becomes the head of its office") % {"position": self.position}

    def concerned(self) -> list[int]:
        """Ids of those to whom it gives something: the person, or who holds the post now or later."""
        if self.person_id is not None:
            return [self.person_id]
        held = Holding.objects.filter(position=self.position).exclude(until__lte=timezone.now())
        return sorted(set(held.values_list("person_id", flat=True)))

    def standing(self) -> Facts:
        """The facts as they are now."""
        if self.kind == ProposalKind.CLEARANCE:
            assert self.person is not None
            return {"active": self.person.is_active, "clearance": self.person.clearance}
        assert self.position is not None
        post = self.position
        facts: Facts = {"office": post.office_id, "head": post.is_head, "archived": post.is_archived}
        if self.kind == ProposalKind.HEAD:
            heads = Position.objects.filter(office=post.office_id, is_head=True)
            return facts | {"heads": sorted(heads.values_list("pk", flat=True)), "held": self.concerned()}
        assert self.person is not None
        own = Holding.objects.filter(person=self.person, position=post)
        return facts | {"active": self.person.is_active, "held": own.filter(current()).exists()}
