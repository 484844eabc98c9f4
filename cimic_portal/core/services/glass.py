"""Breaking the glass: one record, by its reference, for one administrator and half an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import BrokenGlass, Person, Position
from cimic_portal.core.models.glass import LONGEST
from cimic_portal.core.notices import NotificationKind
from cimic_portal.core.policies import can_break_glass, require
from cimic_portal.core.querysets import record_of
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import need_reason, verb
from cimic_portal.core.sharing.glass import open_glasses

if TYPE_CHECKING:
    from cimic_portal.core.sharing.records import SharedRecord


def break_glass(reference: str, *, actor: Person, proven: bool, reason: str) -> BrokenGlass:
    """Open the record to the actor; its owner office is told at once. Raises RefusedError or InvalidError.

    `proven`: whether the actor has shown by more than the session who they are. One that is open already is
    returned as it is: it does not become longer.
    """
    require(can_break_glass(actor, proven=proven))
    need_reason(reason, _("Say why: the owners of the record read it."))
    wanted = reference.strip().upper()
    record = record_of(wanted) if "\0" not in wanted else None
    if record is None:
        raise InvalidError({"reference": [_("No record has this reference.")]})
    if type(record)._default_manager.visible_to(actor).filter(pk=record.pk).exists():
        raise InvalidError({"reference": [_("You may read this record: open its own page.")]})
    with verb("record.break_glass", actor=actor, reason=reason.strip()):
        # One at a time for each administrator.
        Person.objects.select_for_update().get(pk=actor.pk)
        standing = open_glasses(actor).filter(reference=record.reference).first()
        return standing or _break(record, actor, reason.strip())


def _break(record: SharedRecord, actor: Person, reason: str) -> BrokenGlass:
    now = timezone.now()
    broken = BrokenGlass.objects.create(
        person=actor,
        record_model=record._meta.label,
        record_id=record.pk,
        reference=record.reference,
        reason=reason,
        since=now,
        until=now + LONGEST,
    )
    notify(record, GLASS_BROKEN.kind, positions=_owners(record), actor=actor, notes=[broken.pk])
    return broken


def _owners(record: SharedRecord) -> list[Position]:
    """The head of the owner office and who releases for it; where it has neither, the nearest head above."""
    office = record.owner_office
    posts = office.positions.filter(is_archived=False)
    own = [post for post in posts if post.is_head or post.is_releasing]
    return own or list(Position.objects.heads_above(office, office)[:1])


def mend_glass(broken: BrokenGlass, *, actor: Person) -> None:
    """End it before its time."""
    with verb("record.mend_glass", actor=actor):
        open_glasses(actor).filter(pk=broken.pk).update(until=timezone.now())


def reason_of(pk: int) -> str:
    """Why a glass was broken, for the news of it."""
    found = BrokenGlass.objects.filter(pk=pk).first()
    return found.reason if found is not None else ""


GLASS_BROKEN: Final = NotificationKind(
    "record.glass_broken",
    gettext_lazy("{actor}, an administrator, broke the glass on “{title}” and reads it for half an hour"),
    gettext_lazy(
        "An administrator broke the glass on a record of your office and reads it for half an hour."
    ),
    tone="refused",
    note=reason_of,
)
