"""What a person is told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models.outbox import OutboxEntry
from cimic_portal.core.models.position import Position
from cimic_portal.core.querysets import NotificationQuerySet
from cimic_portal.core.sharing.records import Personal


class Notification(Personal):
    """One line in a person's list, about one shared record.

    It holds no content of the record: the line is composed when it is shown, and only while the
    record is visible to the person. `record_model` is the model's label, `record_id` its id.
    `position`: told as holder of (or delegate for) this position; with `as_head`, as head above it,
    because nobody who holds it could be told (vacant, or not cleared). `about_model`, `about_ids`: the parts
    that the news is about, where the record alone would not say it; each is named by its own rule.
    Personal data: who was told what and when. Retention: 12 months.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        verbose_name=_("person"),
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("position"),
    )
    as_head = models.BooleanField(_("told as head"), default=False)
    kind = models.CharField(_("kind"), max_length=60)
    record_model = models.CharField(_("record type"), max_length=60)
    record_id = models.BigIntegerField(_("record"))
    about_model = models.CharField(_("part type"), max_length=60, blank=True, default="")
    about_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("parts"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entry = models.ForeignKey(OutboxEntry, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            # Delivered exactly once, however often the broker repeats.
            models.UniqueConstraint(fields=["entry", "person"], name="notification_once_per_entry"),
        ]
        indexes = [
            # The person's list, newest first, and the count of unread ones.
            models.Index(fields=["person", "-id"], name="notification_of_person"),
            models.Index(
                fields=["person"], name="notification_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
