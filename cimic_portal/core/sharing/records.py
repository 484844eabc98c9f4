"""What every model declares itself to be: shared, part, or reference."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.base import ModelState
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet

# Without letters that are mistaken for one another when read over a radio.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 10


def new_reference() -> str:
    """A public key that tells nothing: neither how many records there are nor which came first."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_LENGTH))


class Noun(models.Model):
    """What every model stands on: a row that was read is made without asking each of its fields.

    Django's way costs a call or more for each column, a fifth of the time of a long file. No model here
    has an `__init__` of its own, and nothing listens to `post_init`.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(  # type: ignore[override]  # the stubs are of a later Django
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        """The row with these columns; those that were left out are read when they are asked for."""
        row = cls.__new__(cls)
        row.__dict__.update(zip(field_names, values, strict=True))
        row._state = state = ModelState()
        state.adding, state.db = False, db
        return row


class Reference(Noun):
    """Every signed-in person who holds a position may read it.

    `name_joins`: links that its name follows. `printed`: fields and expressions, in each of which it stands
    on some page beside its plain name; who types one of them means it (`core.forms.pick`).
    """

    sharing: ClassVar[str] = "reference"
    name_joins: ClassVar[tuple[str, ...]] = ()
    printed: ClassVar[tuple[str | Concat, ...]] = ()

    class Meta:
        abstract = True


class Choice(Reference):
    """One value of a list that the mission edits in the administration: offered in order, until archived."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class OneRow(Reference):
    """Rules of the mission that stand once: one row, edited in the administration."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="%(class)s_one_row")]

    @classmethod
    def in_force(cls) -> Self:
        """The row, or what the portal ships with where it is missing."""
        return cls._default_manager.first() or cls()


class Personal(Noun):
    """Belongs to one person alone: notifications, tokens, saved filters. `owned_by` names the field."""

    sharing: ClassVar[str] = "personal"
    owned_by: ClassVar[str] = "person"

    class Meta:
        abstract = True


class Part(Noun):
    """Belongs to a shared record, named by the foreign key in `part_of`, and follows its rule.

    `also_of` names foreign keys to further shared records: a row whose other record the reader may
    not see is not shown, nor counted.
    """

    sharing: ClassVar[str] = "part"
    part_of: ClassVar[str]
    also_of: ClassVar[tuple[str, ...]] = ()

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def was_open(cls, event: Any, record_event: Any, early_keys: frozenset[int], person: Any) -> bool:
        """Whether a rule of the part's own opened it to the person when `event` was written.

        `record_event`: what the record was then; `early_keys`: whom it named before publication.
        A part whose queryset narrows `visible_to` narrows its history here alike.
        """
        return True


class SharedRecord(Noun):
    """A record that carries the sharing rule.

    `published_at`: from then on audience and participants count. `reader_keys` is kept by a
    database trigger and is never written by hand. `version` counts the verbs done to the record;
    every verb carries the version that was shown. Source: domain, "The sharing rule".
    `mark`: a word of warning, the same in every language, that stands in a band above each page and mail
    about such a record, and before each line of news; empty for what is in earnest.
    """

    sharing: ClassVar[str] = "shared"
    mark: ClassVar[str] = ""

    reference = models.CharField(
        _("reference"), max_length=REFERENCE_LENGTH, unique=True, default=new_reference, editable=False
    )
    owner_office = models.ForeignKey(
        "core.Office", on_delete=models.PROTECT, related_name="+", verbose_name=_("owner office")
    )
    author = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    audience_components = ArrayField(
        models.PositiveSmallIntegerField(choices=Component),
        default=list,
        blank=True,
        verbose_name=_("components that may read"),
    )
    audience_organisations = ArrayField(
        models.PositiveIntegerField(), default=list, blank=True, verbose_name=_("organisations that may read")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    reader_keys = ArrayField(models.IntegerField(), default=list, blank=True, editable=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            # The sharing rule: visible_to() is `classification <= x AND reader_keys && y`.
            GinIndex(name="%(class)s_readers", fields=["reader_keys"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(classification__in=Classification.values),
                name="%(class)s_classification_known",
            ),
            models.CheckConstraint(
                condition=models.Q(audience_components__contained_by=Component.values),
                name="%(class)s_audience_components_known",
            ),
        ]

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        """Read this row again: who holds it has asked the rule before."""
        rows: Any = from_queryset
        if rows is None:
            every: Any = type(self)._default_manager
            rows = every.unscoped("a row that is held already")
        super().refresh_from_db(using=using, fields=fields, from_queryset=rows)

    def least_level(self) -> int:
        """The level below which it cannot go: that of what it comes from, where it comes from something."""
        return Classification.UNCLASSIFIED

    @property
    def is_published(self) -> bool:
        return self.published_at is not None
