"""Positions, and who holds or deputises for them when."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models.office import Office
from cimic_portal.core.models.organisation import Organisation
from cimic_portal.core.querysets import PositionQuerySet
from cimic_portal.core.sharing.levels import MAX_KEYED_ID
from cimic_portal.core.sharing.records import Reference


class Period(Func):
    """`[since, until)` as a range; an empty end is open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


@pghistory.track()
class Position(Reference):
    """A post in an office. People rotate every 6 to 12 months; positions stay.

    One position of an office is its head. The releasing position releases the office's reports;
    where none is marked, the head does. Personal data: none. Retention: kept, archived.
    """

    name_joins = ("office",)
    printed = (
        Concat("title", Value(", "), "office__short_name"),
        Concat("title", Value(", "), "office__name"),
    )

    id = models.AutoField(primary_key=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="positions", verbose_name=_("office")
    )
    title = models.CharField(_("title"), max_length=120)
    is_head = models.BooleanField(_("head of the office"), default=False)
    is_releasing = models.BooleanField(_("releases the office's reports"), default=False)
    is_archived = models.BooleanField(_("archived"), default=False)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["office__name", "title"]
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints = [
            models.UniqueConstraint(fields=["office", "title"], name="position_title_once_per_office"),
            models.UniqueConstraint(fields=["office"], condition=Q(is_head=True), name="position_one_head"),
            models.UniqueConstraint(
                fields=["office"], condition=Q(is_releasing=True), name="position_one_releasing"
            ),
            models.CheckConstraint(condition=Q(id__lt=MAX_KEYED_ID), name="position_id_fits_key"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.office}"

    @property
    def component(self) -> int:
        """That of its office."""
        return self.office.component


_REMEMBER_MEMBERSHIP = """
    INSERT INTO core_membership (person_id, organisation_id)
    SELECT NEW.person_id, o.organisation_id FROM core_position p JOIN core_office o ON o.id = p.office_id
    WHERE p.id = NEW.position_id
    ON CONFLICT DO NOTHING;
    RETURN NEW;
"""


@pghistory.track()
class Holding(Reference):
    """A person holds a position over a period. Two people may overlap while they hand over.

    Personal data: who served where and when. Retention: kept as service record, named in history.
    """

    name_joins = ("person", "position__office")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("person")
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("position")
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["-since"]
        verbose_name = _("holding of a position")
        verbose_name_plural = _("holdings of positions")
        triggers = [
            pgtrigger.Trigger(
                name="remember_membership",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_REMEMBER_MEMBERSHIP,
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="holding_ends_after_start"
            ),
            ExclusionConstraint(
                name="holding_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("position", RangeOperators.EQUAL),
                    (Period("since", "until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.position}"


@pghistory.track()
class Delegation(Reference):
    """The holder of a position lets a colleague act for it over a period.

    The delegate gets the position's office and head rights within the same organisation, never its
    component or clearance, and cannot delegate again. It ends when the delegator stops holding the
    position. Personal data: who acted for whom. Retention: as holdings.
    """

    name_joins = ("delegate", "position__office")

    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("position")
    )
    delegator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegated",
        verbose_name=_("delegated by"),
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegations",
        verbose_name=_("delegate"),
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["-since"]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.position}"


class Membership(Reference):
    """A person within an organisation: the pair that carries the rights of an author.

    Kept by trigger when a holding or a record is made; it is never taken away, because it gives nothing by
    itself: an author's key is gathered only while the person holds a position in the organisation.
    """

    id = models.AutoField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="membership_once"),
            models.CheckConstraint(condition=Q(id__lt=MAX_KEYED_ID), name="membership_id_fits_key"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.organisation}"
