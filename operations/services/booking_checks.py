"""What must be true of a booking, told at the field; and until when an asset is taken, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.templatetags.moments import moment_text
from operations.models import Asset, AssetState, BookedFor, Occupancy, OperationTask
from operations.models.occupancy import NO_OVERLAP

if TYPE_CHECKING:
    from uuid import UUID

    from cimic_portal.core.models import Person
    from operations.models import Operation

Problems = dict[str, list[str]]
FURTHEST = timedelta(days=3 * 366)
WHY = "whether an asset is free is visible to whoever may see it, and the actor does"


def times_problems(starts_at: datetime, ends_at: datetime) -> Problems:
    """Of a period that is to be booked."""
    now = timezone.now()
    if ends_at <= starts_at:
        return {"ends_at": [_("The end lies before the start.")]}
    if ends_at <= now:
        return {"ends_at": [_("This period has passed.")]}
    if starts_at < now - FURTHEST or ends_at > now + FURTHEST:
        return {"ends_at": [_("This lies more than three years away. Check the year.")]}
    return {}


def task_problems(operation: Operation, task: UUID | None, *, actor: Person) -> Problems:
    """The task stands in a revision of the plan that the actor reads."""
    if task is None:
        return {}
    rows = OperationTask.objects.visible_to(actor).filter(revision__operation=operation, key=task)
    return {} if rows.exists() else {"task": [_("This operation has no such task.")]}


def service_problem(asset: Asset, starts_at: datetime) -> str:
    """Why the asset cannot be promised for a time that begins then; empty where it can."""
    if asset.state == AssetState.WITHDRAWN:
        return _("%(asset)s was withdrawn.") % {"asset": asset}
    if asset.state != AssetState.UNDER_REPAIR:
        return ""
    if asset.back_at is None:
        return _("%(asset)s is under repair; its end is not known.") % {"asset": asset}
    if starts_at < asset.back_at:
        words = _("%(asset)s is under repair, expected back %(until)s.")
        return words % {"asset": asset, "until": moment_text(asset.back_at)}
    return ""


def taken_words(
    asset: Asset, starts_at: datetime, ends_at: datetime | None, *, actor: Person, besides: int | None = None
) -> str:
    """Until when the asset is taken, as far as the actor may know by what; empty where it is free.

    `besides`: a booking that does not count.
    """
    rows = Occupancy.objects.unscoped(WHY).filter(asset=asset).overlapping(starts_at, ends_at)
    if besides is not None:
        rows = rows.exclude(booking=besides)
    row = rows.select_related("unavailability").order_by("starts_at").first()
    if row is None:
        return ""
    told = {"asset": asset, "start": moment_text(row.starts_at)}
    told["end"] = moment_text(row.ends_at) if row.ends_at else _("further notice")
    if row.unavailability is not None:
        words = _("%(asset)s is out of service from %(start)s until %(end)s: %(why)s.")
        return words % {**told, "why": row.unavailability.reason.rstrip(".")}
    named = BookedFor.objects.visible_to(actor).filter(booking=row.booking_id).select_related("operation")
    use = named.first()
    if use is None:
        return _("%(asset)s is taken from %(start)s until %(end)s.") % told
    words = _("%(asset)s is taken from %(start)s until %(end)s, for “%(operation)s”.")
    return words % {**told, "operation": use.operation}


@contextmanager
def no_overlap(
    field: str, asset: Asset, starts_at: datetime, ends_at: datetime | None, *, actor: Person
) -> Iterator[None]:
    """Save inside it: an overlap that the database refuses is told at `field`, with its end."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if NO_OVERLAP not in str(error):
            raise
        told = taken_words(asset, starts_at, ends_at, actor=actor) or _("It was taken a moment ago.")
        raise InvalidError({field: [told]}) from error


def lock_asset(pk: int, *, actor: Person) -> Asset:
    """The asset, so that one at a time is promised. Raises DoesNotExist where the actor may not see it."""
    rows = Asset.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    found: Asset = rows.select_related("owner_office").get(pk=pk)
    return found
