"""What must be true of a report's input, told at the field."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person
from cimic_portal.core.services.audience import not_cleared, sharing_problems
from liaison.services.contact import organisation_problem

if TYPE_CHECKING:
    from cimic_portal.core.models import Office
    from liaison.models import Engagement
    from liaison.services.inputs import EngagementInput

EARLIEST = timedelta(days=5 * 366)
LATEST = timedelta(days=366)
LONGEST = timedelta(days=7)

Problems = dict[str, list[str]]


def check_input(data: EngagementInput, *, actor: Person, office: Office) -> None:
    """Raise InvalidError with every problem at once."""
    problems: Problems = {}
    problems |= _times(data)
    problems |= sharing_problems(actor, data.sharing.classification)
    problems |= _own_people(data, actor, office)
    problems |= _named_twice(data)
    if asked := _unknown_organisations(data, actor):
        problems["organisations"] = asked
    if not data.attendees and not data.new_contacts:
        problems["attendees"] = [_("Name at least one person or organisation that was met.")]
    elif (
        not any(a.contact or a.organisation or a.new_organisation for a in data.attendees)
        and not data.new_contacts
    ):
        problems["attendees"] = [_("Name who was met, not only your own people.")]
    if problems:
        raise InvalidError(problems)


def _times(data: EngagementInput) -> Problems:
    now = timezone.now()
    problems: Problems = {}
    if data.starts_at < now - EARLIEST:
        problems["starts_at"] = [_("This lies more than five years back. Check the year.")]
    elif data.starts_at > now + LATEST:
        problems["starts_at"] = [_("This lies more than a year ahead. Check the year.")]
    if data.ends_at is not None and data.ends_at < data.starts_at:
        problems["ends_at"] = [_("The end lies before the start.")]
    elif data.ends_at is not None and data.ends_at - data.starts_at > LONGEST:
        problems["ends_at"] = [_("A meeting of more than a week is a series: log each meeting.")]
    return problems


def _unknown_organisations(data: EngagementInput, actor: Person) -> list[str]:
    """One question for each new organisation whose name is like that of a known one."""
    return [
        question
        for attendee in data.attendees
        for question in organisation_problem(
            attendee.new_organisation, confirmed=attendee.confirmed, actor=actor
        )
    ]


def _own_people(data: EngagementInput, actor: Person, office: Office) -> Problems:
    people = [attendee.person for attendee in data.attendees if attendee.person is not None]
    messages = not_cleared(people, data.sharing.classification)
    # Of the actor it is known already where they serve, and mostly they went alone.
    own = {actor.pk} if office.organisation_id in actor.access.organisations else set()
    others = {person.pk for person in people} - own
    own |= set(
        Person.objects.colleagues_in(office.organisation_id)
        .filter(pk__in=others)
        .values_list("pk", flat=True)
    )
    messages += [
        _("%(person)s does not serve in your organisation; enter them as a contact.") % {"person": person}
        for person in people
        if person.pk not in own
    ]
    return {"attendees": messages} if messages else {}


def _named_twice(data: EngagementInput) -> Problems:
    """The same row sent twice is one row; of two that differ somebody has to say which holds."""
    rows = set(data.attendees)
    named = Counter(attendee.contact or attendee.person for attendee in rows)
    del named[None]
    message = _("%(who)s is named in two rows; keep one.")
    twice = [message % {"who": who} for who, times in named.items() if times > 1]
    return {"attendees": twice} if twice else {}


def check_complete(engagement: Engagement) -> None:
    """What a report needs before it is submitted."""
    problems: Problems = {}
    if not engagement.key_points.strip():
        problems["key_points"] = [_("Write the key points before you submit.")]
    if not engagement.atmosphere:
        problems["atmosphere"] = [_("Say how the atmosphere was.")]
    if engagement.atmosphere == "negative" and not engagement.atmosphere_why.strip():
        problems["atmosphere_why"] = [_("Say why the atmosphere was negative.")]
    if engagement.place_id is None and engagement.position is None and not engagement.location.strip():
        problems["place"] = [_("Say where it took place.")]
    if engagement.starts_at > timezone.now():
        problems["starts_at"] = [_("The meeting lies ahead.")]
    if problems:
        raise InvalidError(problems)
