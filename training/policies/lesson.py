"""Who may do what in training. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from training.models import Lesson, LessonState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_record(person: Person) -> Decision:
    """Write a lesson down: everyone with a current position, for their own office."""
    return can_act(person)


def _keeps(person: Person, lesson: Lesson) -> Decision:
    """The office that owns the lesson keeps it."""
    if lesson.owner_office_id in person.access.offices:
        return Allowed()
    return Refused(_("This lesson is kept by %(office)s.") % {"office": lesson.owner_office})


def _kept(person: Person, lesson: Lesson, states: tuple[str, ...], refusal: str) -> Decision:
    return _keeps(person, lesson) if lesson.state in states else Refused(refusal)


def can_edit(person: Person, lesson: Lesson) -> Decision:
    """Its author writes, until it is submitted; when the author has left the organisation, the office does.

    So whoever releases it has not written in it.
    """
    if lesson.state != LessonState.OBSERVED:
        return Refused(_("Only an observation can be changed."))
    if lesson.author_id == person.pk:
        return Allowed()
    if lesson.owner_office.organisation_id in lesson.author.access.organisations:
        return Refused(_("%(author)s is writing this lesson.") % {"author": lesson.author})
    return _keeps(person, lesson)


def can_submit(person: Person, lesson: Lesson) -> Decision:
    """Hand it to the releasing position: whoever writes it."""
    if lesson.state != LessonState.OBSERVED:
        return Refused(_("This lesson was submitted already."))
    return can_edit(person, lesson)


def can_identify(person: Person, lesson: Lesson) -> Decision:
    """Release it as a lesson identified, or return it: the releasing position, never the author."""
    if lesson.state != LessonState.SUBMITTED:
        return Refused(_("Only a submitted lesson is released or returned."))
    return _judges(person, lesson, {lesson.author_id})


def can_plan_action(person: Person, lesson: Lesson) -> Decision:
    """Say what is done by whom by when; may be changed while it is in action."""
    states = (LessonState.IDENTIFIED, LessonState.ACTION)
    return _kept(person, lesson, states, _("An action is planned for a lesson identified."))


def can_report_change(person: Person, lesson: Lesson) -> Decision:
    """Say what has changed: the position that follows it up."""
    if lesson.state != LessonState.ACTION:
        return Refused(_("A change is reported for a lesson in action."))
    if lesson.owner_id in person.access.positions:
        return Allowed()
    return Refused(_("%(position)s follows this up.") % {"position": lesson.owner})


def can_validate(person: Person, lesson: Lesson) -> Decision:
    """Validate the change, or send it back: the releasing position, never whoever reported it."""
    if lesson.state != LessonState.CHANGED:
        return Refused(_("Only a reported change is validated."))
    return _judges(person, lesson, {lesson.changed_by_id} if lesson.changed_by_id else set())


def _judges(person: Person, lesson: Lesson, authors: set[int]) -> Decision:
    if person.pk in authors:
        return Refused(_("Nobody judges their own work. Another holder does, or it passes up the chain."))
    if lesson.approver is None or lesson.approver_id not in person.access.positions:
        return Refused(_("This waits for %(position)s.") % {"position": lesson.approver})
    if not decides_for(person, lesson.approver, authors=authors):
        return Refused(_("You deputise for its author, who may not decide on it. Another holder does."))
    return Allowed()


def can_drop(person: Person, lesson: Lesson) -> Decision:
    """Give it up, with the reason: while it is open."""
    if not lesson.is_open:
        return Refused(_("This lesson is closed."))
    return _keeps(person, lesson)
