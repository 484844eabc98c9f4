"""Writing the parts of a report: who was there, what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Position
from cimic_portal.core.services.audience import Sharing
from liaison.models import Attendance, Commitment
from liaison.services.contact import enter_contact, find_or_add_organisation
from liaison.services.inputs import Attendee

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from liaison.models import Engagement
    from liaison.services.inputs import EngagementInput, Promise

Row = tuple[int | None, int | None, int | None, str]


def write_attendances(
    engagement: Engagement, data: EngagementInput, *, actor: Person, is_new: bool = False
) -> None:
    """Make the attendances those of `data`; rows that stay the same are left alone.

    Contacts that the actor may not see are not in the form, so they are kept. A new report has none yet.
    """
    attendees = [*data.attendees, *_entered(engagement, data, actor)]
    wanted = {_row(attendee, actor): attendee for attendee in attendees}
    visible = () if is_new else Attendance.objects.visible_to(actor).filter(engagement=engagement)
    known: dict[Row, Attendance] = {
        (row.contact_id, row.person_id, row.organisation_id, row.role): row for row in visible
    }
    gone = [row.pk for key, row in known.items() if key not in wanted]
    if gone:
        Attendance.objects.unscoped("rows of the locked report").filter(pk__in=gone).delete()
    Attendance.objects.bulk_create(
        _attendance(engagement, key, attendee, actor) for key, attendee in wanted.items() if key not in known
    )


def _row(attendee: Attendee, actor: Person) -> Row:
    organisation = attendee.organisation
    if organisation is None and attendee.new_organisation:
        organisation = find_or_add_organisation(attendee.new_organisation, actor=actor)
    if attendee.contact is not None:
        organisation = organisation or attendee.contact.organisation
    return (
        attendee.contact.pk if attendee.contact else None,
        attendee.person.pk if attendee.person else None,
        organisation.pk if organisation and not attendee.person else None,
        attendee.role or (attendee.contact.role if attendee.contact else ""),
    )


def _attendance(engagement: Engagement, key: Row, attendee: Attendee, actor: Person) -> Attendance:
    contact, person, organisation, role = key
    # Of the actor it is known already what they hold.
    present = actor if attendee.person == actor else attendee.person
    return Attendance(
        engagement=engagement,
        contact_id=contact,
        person_id=person,
        organisation_id=organisation,
        position_id=_post_of(present) if present else None,
        role=role,
    )


def _post_of(person: Person) -> int | None:
    """The post in which they came: the one they hold, or the first of several."""
    held = person.access.held
    if len(held) == 1:
        return next(iter(held))
    return Position.objects.held_by(person).values_list("pk", flat=True).first()


def _entered(engagement: Engagement, data: EngagementInput, actor: Person) -> list[Attendee]:
    """Contacts typed right in the form, shared like the report; problems name their row."""
    entered: list[Attendee] = []
    problems: dict[str, list[str]] = {}
    sharing = Sharing(data.sharing.classification, data.sharing.components, data.sharing.organisations)
    for number, new in enumerate(data.new_contacts):
        try:
            contact = enter_contact(new, actor=actor, office=engagement.owner_office, sharing=sharing)
        except InvalidError as error:
            problems |= {f"new_contacts.{number}.{name}": found for name, found in error.fields.items()}
        else:
            entered.append(Attendee(contact=contact))
    if problems:
        raise InvalidError(problems)
    return entered


def write_promises(engagement: Engagement, promises: Sequence[Promise], *, is_new: bool = False) -> None:
    """Make the open commitments those of `promises`; settled ones stay as they are."""
    mine = Commitment.objects.unscoped("rows of the locked report").filter(engagement=engagement)
    known = {} if is_new else {row.pk: row for row in mine}
    for promise in promises:
        row = known.pop(promise.pk, None) if promise.pk else None
        commitment = row or Commitment(engagement=engagement)
        if commitment.state != "open":
            continue
        commitment.side, commitment.what = promise.side, promise.what
        commitment.organisation, commitment.due_on = promise.organisation, promise.due_on
        commitment.save()
    dropped = [row.pk for row in known.values() if row.state == "open"]
    if dropped:
        mine.filter(pk__in=dropped).delete()
