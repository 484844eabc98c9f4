"""What waits for a person in training: seats to answer for, results to mark, proofs to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.overview.waits import MOST, Waiting
from training.models import Enrolment, Qualification, Session

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def training_waiting(person: Person) -> Iterator[Waiting]:
    """Seats to answer for, sessions to mark, proofs to look at."""
    asked = Enrolment.objects.visible_to(person).waiting_for(person)
    for row in asked.select_related("record__person", "session__course").order_by("pk")[:MOST]:
        yield Waiting(
            record=row.record,
            title=_("%(who)s asks for a seat") % {"who": row.record.person},
            url=row.get_absolute_url(),
            sub=str(row.session.course.title),
            label=_("Answer"),
            tone="waiting",
            due=row.session.starts_at,
        )
    yield from _to_mark(person)
    yield from _to_confirm(person)


def _to_mark(person: Person) -> Iterator[Waiting]:
    rows = Session.objects.to_mark().marked_by(person).select_related("course")
    for session in rows.order_by("ends_at")[:MOST]:
        yield Waiting(
            record=None,
            title=session.course.title,
            url=session.get_absolute_url(),
            sub=_("It is over: mark who came, and close the results"),
            label=_("Mark"),
            tone="waiting",
            due=session.ends_at,
        )


def _to_confirm(person: Person) -> Iterator[Waiting]:
    rows = Qualification.objects.visible_to(person).confirmed_by_office_of(person)
    for held in rows.select_related("record__person", "course").order_by("entered_at")[:MOST]:
        yield Waiting(
            record=held.record,
            title=held.course.title,
            url=held.get_absolute_url(),
            sub=_("Earlier qualification of %(who)s to look at") % {"who": held.record.person},
            label=_("Confirm"),
            tone="waiting",
        )
