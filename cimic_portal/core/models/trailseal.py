"""Seals of the audit trail: batches of its rows in a chain of digests."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Reference


class NumberSet(models.Field):  # type: ignore[type-arg]
    """A set of row numbers, kept as ranges. Read and written by the database alone."""

    def db_type(self, connection: Any) -> str:
        return "int8multirange"


class TrailSeal(Reference):
    """One link of the chain: what was added to the trail since the one before.

    `digest` is the SHA-256 of `previous` (empty in the first) and a line for each part, by the tables' names.
    Whoever notes a digest elsewhere can prove later that nothing up to it was changed.
    Written by the database's own `core_seal_trail()`; the run-time role can only read.
    Personal data: none. Retention: kept. Source: domain, "Audit trail".
    """

    sealed_at = models.DateTimeField(_("sealed"))
    rows = models.BigIntegerField(_("rows"))
    previous = models.CharField(_("digest of the one before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("seal of the trail")
        verbose_name_plural = _("seals of the trail")

    def __str__(self) -> str:
        return f"{self.pk} {self.digest[:12]}"


class TrailSealPart(Reference):
    """The rows of one table under one seal: which, how many, their columns then, and the digest over them."""

    seal = models.ForeignKey(TrailSeal, on_delete=models.DO_NOTHING, related_name="parts")
    table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    numbers = NumberSet()
    rows = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "table"], name="trailsealpart_table_once")]
        indexes = [models.Index(fields=["table", "seal"], name="trailsealpart_of_table")]

    def __str__(self) -> str:
        return f"{self.table} in {self.seal_id}"


class ForgottenRow(Reference):
    """A row of the trail in which personal data were forgotten: its digest before and since.

    So a seal stays whole: the row counts with the digest that it had. Personal data: none, a digest of what
    was there cannot be turned back as long as more was in the row than is guessed. Retention: kept.
    """

    table = models.CharField(max_length=63)
    number = models.BigIntegerField()
    before = models.CharField(max_length=64)
    since = models.CharField(max_length=64)
    forgotten_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["table", "number"], name="forgottenrow_of_table")]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"
