"""What is still to be delivered: the truth behind every notification, mail and report."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.querysets import OutboxQuerySet
from cimic_portal.core.sharing.records import Personal


class OutboxState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")


class OutboxEntry(Personal):
    """One thing to do after commit; written in the transaction of the change that caused it.

    The payload holds ids, never content: what may be said is asked again when it is delivered.
    `key` makes an entry unique (a reminder for one due date). `due_at` is when the next attempt
    may start; while a worker is at it, it stands in the future as a lease.
    Personal data: ids only. Retention: done entries are dropped after 30 days.
    """

    owned_by = ""

    kind = models.CharField(_("kind"), max_length=60)
    payload = models.JSONField(_("payload"), default=dict)
    queue = models.CharField(_("queue"), max_length=20, default="notify")
    key = models.CharField(_("key"), max_length=200, null=True, blank=True, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=OutboxState, default=OutboxState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox entries")
        indexes = [
            # The sweep: what waits and is due.
            models.Index(
                fields=["due_at"], name="outbox_waiting", condition=models.Q(state=OutboxState.WAITING)
            ),
            # The admin's dead letters.
            models.Index(fields=["-id"], name="outbox_dead", condition=models.Q(state=OutboxState.DEAD)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
