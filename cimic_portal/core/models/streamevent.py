"""What happened a moment ago, for pages that are open: the rows of the live stream."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Personal

# The name under which the database wakes whoever listens, after the commit.
CHANNEL = "portal_stream"


class StreamEvent(Personal):
    """One piece of live news: that something happened, never what.

    `topic` is what a page listens to: a record as `model:REFERENCE`, or a person as `person:ID`.
    `record_model` and `record_id` name the record that the reader must see to be told, asked anew
    when it is sent; empty only for what a person did to their own things. `part_id`: which part of it.
    `position` is given after the commit, so that the order of positions is the order in which rows
    became visible (ADR 0015); until then it is empty.
    Personal data: ids only. Retention: 3 days.
    """

    owned_by = ""

    position = models.BigIntegerField(_("position"), null=True, unique=True, editable=False)
    topic = models.CharField(_("topic"), max_length=80)
    kind = models.CharField(_("kind"), max_length=60)
    record_model = models.CharField(_("record type"), max_length=60, blank=True)
    record_id = models.BigIntegerField(_("record"), null=True)
    part_id = models.BigIntegerField(_("part"), null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("live event")
        verbose_name_plural = _("live events")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(record_id__isnull=False) | models.Q(topic__startswith="person:"),
                name="streamevent_of_record_or_person",
            ),
        ]
        indexes = [
            # What has no position yet: asked at least once a second.
            models.Index(
                fields=["id"], name="streamevent_unnumbered", condition=models.Q(position__isnull=True)
            ),
            # What is old enough to be dropped.
            models.Index(fields=["created_at"], name="streamevent_created"),
        ]
        triggers = [
            # Here and not in the service, so that nothing that is written waits for the next look.
            pgtrigger.Trigger(
                name="wake_stream",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=f"PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.kind}"
