"""Documents that the portal makes, and what they were made from."""

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.records import Part, SharedRecord
from cimic_portal.core.sharing.triggers import shared


class DocumentState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    MAKING = "making", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


_TONES = {
    DocumentState.QUEUED: "waiting",
    DocumentState.MAKING: "running",
    DocumentState.READY: "done",
    DocumentState.FAILED: "refused",
}


@pghistory.track(exclude=["reader_keys"])
@shared()
class Document(SharedRecord):
    """A report made by the portal, as a file, with the list of its sources.

    Until it is released it may be fetched only by those who may see every source. The releasing
    position releases a copy, which is a record of its own (`copy_of`, published, no sources).
    `kind` names the report (a registered maker), `parameters` are its inputs. The file lies in the
    data folder under its SHA-256. Personal data: as its sources. Retention: 24 months.
    """

    kind = models.CharField(_("kind"), max_length=40)
    form = models.CharField(_("form"), max_length=8)
    title = models.CharField(_("title"), max_length=200)
    parameters = models.JSONField(_("parameters"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.QUEUED)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    sha256 = models.CharField(_("digest"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    source_count = models.PositiveIntegerField(_("sources"), default=0)
    problem = models.CharField(_("why it failed"), max_length=300, blank=True)
    copy_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("copy of"),
    )

    class Meta(SharedRecord.Meta):
        ordering = ["-id"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title

    @property
    def state_tone(self) -> str:
        """The colour of the state pill."""
        return _TONES[DocumentState(self.state)]

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.reference])

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY

    @property
    def is_being_made(self) -> bool:
        return self.state in (DocumentState.QUEUED, DocumentState.MAKING)

    @property
    def is_released_copy(self) -> bool:
        return self.copy_of_id is not None


@pghistory.track()
class DocumentSource(Part):
    """A record that a document was made from. `record_model` is the model's label."""

    part_of = "document"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="sources")
    record_model = models.CharField(max_length=60)
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "record_model", "record_id"], name="document_source_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_model} {self.record_id}"


DocumentPersonGrant, DocumentGroupGrant = grant_models(Document)
