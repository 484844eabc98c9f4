"""Who may do what with an exercise. Each answer is Allowed, or Refused with the reason.

Exercise control is the owner office and whoever is seated in control; observers watch and note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act
from training.models import ExerciseSeat, RunState, Side
from training.models import ExerciseState as State

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Exercise, ExerciseFinding, ExerciseRun

PLANNING = (State.DRAFT, State.SCHEDULED)
OPEN = (*PLANNING, State.RUNNING, State.PAUSED)
# In which a run may begin: also after another team has been through it.
PLAYABLE = (State.SCHEDULED, State.RUNNING, State.PAUSED, State.ENDED)


def can_plan(person: Person) -> Decision:
    """Begin an exercise: everyone with a current position, for their own office."""
    return can_act(person)


def sides_of(person: Person, exercise: Exercise) -> set[str]:
    """On which sides the person is seated."""
    seats = ExerciseSeat.objects.visible_to(person).filter(exercise=exercise).of(person)
    return set(seats.order_by().values_list("role__side", flat=True).distinct())


def controls(person: Person, exercise: Exercise) -> Decision:
    """The owner office, and whoever is seated in control."""
    if exercise.owner_office_id in person.access.offices or Side.CONTROL in sides_of(person, exercise):
        return Allowed()
    return Refused(_("Exercise control (%(office)s) does this.") % {"office": exercise.owner_office})


def watches(person: Person, exercise: Exercise) -> Decision:
    """Control and observers."""
    if controls(person, exercise) or Side.OBSERVER in sides_of(person, exercise):
        return Allowed()
    return Refused(_("Exercise control and its observers do this."))


def _controlled(person: Person, exercise: Exercise, states: tuple[str, ...], refusal: str) -> Decision:
    return controls(person, exercise) if exercise.state in states else Refused(refusal)


def can_edit(person: Person, exercise: Exercise) -> Decision:
    """Its title, scenario and period: until it ends."""
    return _controlled(person, exercise, OPEN, _("This exercise is over."))


def can_prepare(person: Person, exercise: Exercise) -> Decision:
    """Its objectives, roles, seats and injects: until it ends, also while it runs."""
    return _controlled(person, exercise, (*OPEN, State.ENDED), _("This exercise is over."))


def can_remove(person: Person, exercise: Exercise) -> Decision:
    """Take an objective, a role, an inject or a run away: before STARTEX."""
    return _controlled(
        person, exercise, PLANNING, _("It has begun: what stands in it stays. Skip an inject instead.")
    )


def can_schedule(person: Person, exercise: Exercise) -> Decision:
    """Publish it to its audience and players."""
    return _controlled(person, exercise, (State.DRAFT,), _("Only a draft is scheduled."))


def can_cancel(person: Person, exercise: Exercise) -> Decision:
    """Call it off, with the reason, before it has ended."""
    return _controlled(person, exercise, OPEN, _("This exercise is over."))


def can_end(person: Person, exercise: Exercise) -> Decision:
    """ENDEX: every run ends."""
    return _controlled(
        person, exercise, (State.RUNNING, State.PAUSED), _("Only an exercise that has begun can end.")
    )


def can_evaluate(person: Person, exercise: Exercise) -> Decision:
    """Write the evaluation, the findings and the after-action review: after ENDEX, until it is finished."""
    return _controlled(
        person, exercise, (State.ENDED,), _("It is evaluated after ENDEX, until the review is finished.")
    )


def can_close(person: Person, exercise: Exercise) -> Decision:
    """Put it away."""
    return _controlled(person, exercise, (State.EVALUATED,), _("It is closed when it is evaluated."))


def can_make_lesson(person: Person, finding: ExerciseFinding) -> Decision:
    """Keep a finding as a lesson identified: control, and never who entered it."""
    if finding.withdrawn_reason:
        return Refused(_("This finding was withdrawn."))
    if finding.author_id == person.pk:
        return Refused(_("Nobody releases their own finding. Another of exercise control does."))
    return can_evaluate(person, finding.exercise)


def can_start(person: Person, run: ExerciseRun) -> Decision:
    """STARTEX of a run."""
    if run.state != RunState.READY:
        return Refused(_("This run has begun already."))
    return _controlled(
        person, run.exercise, PLAYABLE, _("A run begins when the exercise is scheduled, and not evaluated.")
    )


def _of_run(person: Person, run: ExerciseRun, states: tuple[str, ...], refusal: str) -> Decision:
    return controls(person, run.exercise) if run.state in states else Refused(refusal)


def can_pause(person: Person, run: ExerciseRun) -> Decision:
    return _of_run(person, run, (RunState.RUNNING,), _("The clock of this run does not run."))


def can_resume(person: Person, run: ExerciseRun) -> Decision:
    return _of_run(person, run, (RunState.PAUSED,), _("This run is not paused."))


def can_end_run(person: Person, run: ExerciseRun) -> Decision:
    return _of_run(person, run, (RunState.RUNNING, RunState.PAUSED), _("This run is not under way."))


def can_deliver(person: Person, run: ExerciseRun) -> Decision:
    """Deliver an inject by hand, hold one back, leave one out."""
    return _of_run(person, run, (RunState.RUNNING,), _("Injects are delivered while the clock runs."))


def can_observe(person: Person, run: ExerciseRun) -> Decision:
    """Note what was seen: control and observers, from STARTEX until the exercise is evaluated."""
    if run.state == RunState.READY:
        return Refused(_("This run has not begun."))
    if run.exercise.state not in PLAYABLE:
        return Refused(_("The exercise is evaluated."))
    return watches(person, run.exercise)
