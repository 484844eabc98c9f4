"""Which rows: querysets of core's own nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils import timezone

from cimic_portal.core.sharing.querysets import PartQuerySet
from cimic_portal.core.sharing.records import SharedRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from cimic_portal.core.models import (  # noqa: F401 - named in strings
        Area,
        Document,
        Notification,
        Office,
        OutboxEntry,
        Person,
        Position,
    )

M = TypeVar("M", bound=models.Model)


def shared_models() -> list[type[SharedRecord]]:
    """Every shared model of the portal."""
    return [model for model in apps.get_models() if issubclass(model, SharedRecord)]


def record_of(reference: str) -> SharedRecord | None:
    """The shared record of any kind with this reference, whoever asks; None when there is none.

    For those who ask the rule afterwards, or show nothing of it.
    """
    for model in shared_models():
        found = (
            model._default_manager.unscoped("a record by its reference").filter(reference=reference).first()
        )
        if found is not None:
            return found
    return None


def gone_errors() -> tuple[type[ObjectDoesNotExist], ...]:
    """What a verb raises when its record, or a part, went out of the actor's sight after it was shown."""
    return tuple(
        model.DoesNotExist  # type: ignore[attr-defined]
        for model in apps.get_models()
        if getattr(model, "sharing", None) in {"shared", "part"}
    )


class AttachmentQuerySet(PartQuerySet[M]):
    """Files of records: with the record, and narrower where they are classified higher."""

    def visible_to(self, person: Person | None) -> Self:
        seen = super().visible_to(person)
        return seen if person is None else seen.filter(classification__lte=person.access.clearance)

    def standing(self) -> Self:
        """Those that were not struck."""
        return self.filter(struck_at__isnull=True)


class OutboxQuerySet(models.QuerySet["OutboxEntry"]):
    def due(self) -> Self:
        """What waits and may be taken up now, by the clock of the database."""
        return self.filter(state="waiting", due_at__lte=Now())


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, person: Person) -> Self:
        """The person's own lines, as far as the record behind each is visible to them now."""
        return self._about(shared_models(), person)

    def unread_count(self, person: Person) -> int:
        """Unread lines, up to 100 (the frame says 99+).

        Every page asks: the rule is asked for those kinds of record only of which something is unread.
        """
        unread = self.filter(person=person, read_at__isnull=True)
        labels = unread.order_by().values_list("record_model", flat=True).distinct()
        kinds = [apps.get_model(label) for label in labels]
        return unread._about(kinds, person)[:100].count() if kinds else 0

    def _about(self, kinds: Iterable[type[SharedRecord]], person: Person) -> Self:
        visible = Q(pk__in=[])
        for model in kinds:
            record = model._default_manager.visible_to(person).filter(pk=OuterRef("record_id"))
            visible |= Q(record_model=model._meta.label) & Q(Exists(record))
        return self.filter(visible, person=person)


def has_hidden_source(document: Document, person: Person) -> bool:
    """Whether the document was made from anything that the person may not see now.

    One query for the kinds of source, then one for each kind.
    """
    sources = document.sources.unscoped("asks whether any is hidden, shows none")
    for label in sources.order_by("record_model").values_list("record_model", flat=True).distinct():
        model: type[SharedRecord] = apps.get_model(label)
        seen = model._default_manager.visible_to(person).filter(pk=OuterRef("record_id"))
        if sources.filter(record_model=label).exclude(Exists(seen)).exists():
            return True
    return False


def current(now: datetime | None = None, prefix: str = "") -> Q:
    """Holdings or delegations in force at `now` (aware; default: this moment)."""
    at = now or timezone.now()
    return Q(**{f"{prefix}since__lte": at}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": at})
    )


def first_able(posts: Iterable[Position], *, level: int, beside: Collection[int] = ()) -> Position | None:
    """The first of these posts for which somebody who is cleared for `level` acts now.

    `beside`: ids of the people whose own work it is; neither they nor whoever deputises for them counts.
    """
    people = apps.get_model("core.Person")._default_manager
    for post in posts:
        if people.acting_for(post, beside=beside).filter(clearance__gte=level).exists():
            return post
    return None


class PositionQuerySet(models.QuerySet["Position"]):
    def heads_of(self, offices: Iterable[int | None]) -> Self:
        """The posts that lead these offices; at most one for each."""
        return self.filter(office__in=list(offices), is_head=True, is_archived=False).select_related("office")

    def leading(self, organisations: Iterable[int | None]) -> Self:
        """The posts that lead these organisations: the heads of their topmost offices."""
        top = Q(office__parent=None, office__organisation__in=list(organisations))
        return self.filter(top, is_head=True, is_archived=False).select_related("office")

    def heads_above(self, *offices: Office) -> Self:
        """Heads of the offices and of every office above them, in their own organisation; nearest first.

        With several offices: all of the first one's side, then those of the next.
        """
        trees = apps.get_model("core.Office")._default_manager.filter(
            organisation__in={office.organisation_id for office in offices}
        )
        parents = dict(trees.values_list("pk", "parent_id"))
        chain: list[int] = []
        for office in offices:
            step: int | None = office.pk
            while step is not None and step not in chain:
                chain.append(step)
                step = parents.get(step)
        nearness = Case(*(When(office=pk, then=place) for place, pk in enumerate(chain)))
        return self.heads_of(chain).order_by(nearness)

    def held_by(self, person: Person) -> Self:
        """Positions the person holds now, heads first."""
        return (
            self.filter(pk__in=person.access.held)
            .select_related("office__organisation")
            .order_by("-is_head", "pk")
        )


class PersonQuerySet(models.QuerySet["Person"]):
    def posted(self) -> Self:
        """Active people who hold a position now."""
        return self.filter(current(prefix="holdings__"), is_active=True).distinct()

    def with_posts(self) -> Self:
        """Each with `current_holdings`: the positions that they hold now."""
        rows = apps.get_model("core.Holding")._default_manager.filter(current())
        held = Prefetch("holdings", rows.select_related("position__office"), to_attr="current_holdings")
        return self.prefetch_related(held)

    def colleagues_in(self, *organisation_ids: int) -> Self:
        """Active people who hold a position in one of the organisations now."""
        held = current(prefix="holdings__") & Q(
            holdings__position__office__organisation_id__in=organisation_ids,
            holdings__position__is_archived=False,
        )
        return self.filter(held, is_active=True).distinct()

    def acting_for(self, position: Position, *, beside: Collection[int] = ()) -> Self:
        """Active people who hold the position now, and their delegates in the same organisation.

        `beside`: ids of the people whose own work is decided on; neither they nor whoever deputises
        for them counts.
        """
        people = self.model._default_manager
        holders = people.filter(current(prefix="holdings__"), holdings__position=position)
        holders = holders.exclude(pk__in=beside).values("pk")
        own = people.filter(
            current(prefix="holdings__"),
            holdings__position__office__organisation_id=position.office.organisation_id,
        ).values("pk")
        delegates = people.filter(
            current(prefix="delegations__"),
            delegations__position=position,
            delegations__delegator__in=holders,
            pk__in=own,
        ).values("pk")
        return self.filter(Q(pk__in=holders) | Q(pk__in=delegates), is_active=True).exclude(pk__in=beside)


_WITHIN = """
WITH RECURSIVE branch AS (
    SELECT id FROM core_area WHERE id = %s
    UNION ALL SELECT child.id FROM core_area child JOIN branch ON child.parent_id = branch.id
) SELECT id FROM branch
"""
_ABOVE = """
WITH RECURSIVE branch AS (
    SELECT parent_id FROM core_area WHERE id = %s
    UNION ALL SELECT above.parent_id FROM core_area above JOIN branch ON above.id = branch.parent_id
) SELECT parent_id FROM branch
"""


class ReferenceQuerySet(models.QuerySet[M]):
    """Rows of reference data."""

    def visible_to(self, person: Person) -> Self:
        """All of them, for whoever holds a position now."""
        return self.all() if person.access.held else self.none()


class AreaQuerySet(ReferenceQuerySet["Area"]):
    def within(self, area: Area) -> Self:
        """The area and everything below it; use `.values("pk")` to filter what lies in an area."""
        return self.filter(pk__in=RawSQL(_WITHIN, [area.pk]))  # noqa: S611 - a constant

    def above(self, area: Area) -> Self:
        """The areas that the area lies in."""
        return self.filter(pk__in=RawSQL(_ABOVE, [area.pk]))  # noqa: S611 - a constant
