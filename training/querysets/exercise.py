"""Which exercises, and which of their parts. Each starts from `visible_to`.

Exercise control (the owner office with the heads above it, the author, who is seated as control or
observer) reads all of it; a player reads an inject once it was delivered to their role, and nothing of
what is expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery

from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import (  # noqa: F401 - named in strings
        Exercise,
        ExerciseInject,
        ExerciseObservation,
        ExerciseSeat,
        InjectAddressee,
        InjectDelivery,
        InjectExpectation,
    )

_WHY = "the rule of the exercise is asked in the same breath"
WATCHING = ("control", "observer")
# States in which what control wrote of a run is told to all who read the exercise.
TOLD = ("evaluated", "closed")


def _rows(name: str) -> Any:
    return apps.get_model(f"training.{name}")._default_manager.unscoped(_WHY)


def seated(person: Person) -> Q:
    """Seats that the person takes, in person or by a position held or deputised for."""
    return Q(person=person) | Q(position__in=person.access.positions)


def runs_it(person: Person, link: str = "exercise") -> Q:
    """Rows of exercises, reached by `link`, of which the person is exercise control; may be empty."""
    start = f"{link}__" if link else ""
    seats = _rows("ExerciseSeat").filter(seated(person), role__side__in=WATCHING).values("exercise_id")
    return (
        Q(**{f"{start}owner_office__in": person.access.owned})
        | Q(
            **{
                f"{start}author": person,
                f"{start}owner_office__organisation__in": person.access.organisations,
            }
        )
        | Q(**{f"{start}pk__in" if start else "pk__in": seats})
    )


def delivered_to(person: Person) -> Any:
    """Deliveries to a role that the person plays in that run."""
    addressed = _rows("InjectAddressee").filter(inject=OuterRef(OuterRef("inject"))).values("role_id")
    seats = _rows("ExerciseSeat").filter(seated(person), run=OuterRef("run"), role__in=addressed)
    return _rows("InjectDelivery").filter(Exists(seats), state="delivered")


class ExerciseQuerySet(SharedQuerySet["Exercise"]):
    def planned(self) -> Self:
        """Draft or scheduled."""
        return self.filter(state__in=("draft", "scheduled"))

    def under_way(self) -> Self:
        return self.filter(state__in=("running", "paused"))

    def with_real_times(self) -> Self:
        """Beside the plan, when the first of its runs began and the last one ended."""
        runs = _rows("ExerciseRun").filter(exercise=OuterRef("pk")).order_by().values("exercise")
        return self.annotate(
            began_at=Subquery(runs.annotate(one=Min("started_at")).values("one")),
            stopped_at=Subquery(runs.annotate(one=Max("ended_at")).values("one")),
        )

    def naming(self, person: Person) -> Self:
        """In which the person has a seat."""
        return self.filter(pk__in=_rows("ExerciseSeat").filter(seated(person)).values("exercise_id"))

    def run_by(self, person: Person) -> Self:
        """Which the person's own offices run, or in which they sit in control."""
        seats = _rows("ExerciseSeat").filter(seated(person), role__side="control").values("exercise_id")
        return self.filter(Q(owner_office__in=person.access.offices) | Q(pk__in=seats))


class ExerciseSeatQuerySet(PartQuerySet["ExerciseSeat"]):
    def of(self, person: Person) -> Self:
        """Those that the person takes."""
        return self.filter(seated(person))


class InjectQuerySet(PartQuerySet["ExerciseInject"]):
    def visible_to(self, person: Person | None) -> Self:
        """Narrower than its exercise: control, and the roles to which it was delivered."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        return seen.filter(runs_it(person) | Q(pk__in=delivered_to(person).values("inject_id")))


class ExpectationQuerySet(PartQuerySet["InjectExpectation"]):
    def visible_to(self, person: Person | None) -> Self:
        """Control alone: no player ever reads what is expected of them."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        return seen.filter(runs_it(person, "inject__exercise"))


class AddresseeQuerySet(PartQuerySet["InjectAddressee"]):
    """To whom injects go: whoever reads the inject."""


class DeliveryQuerySet(PartQuerySet["InjectDelivery"]):
    def visible_to(self, person: Person | None) -> Self:
        """Narrower than its run: control, and whoever plays a role to which it was delivered in this run.

        After ENDEX the teams see each other's: then it can be compared.
        """
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        ended = Q(run__exercise__state__in=("ended", *TOLD), state="delivered")
        players = Q(run__exercise__in=_rows("ExerciseSeat").filter(seated(person)).values("exercise_id"))
        own = Q(pk__in=delivered_to(person).values("pk"))
        return seen.filter(runs_it(person, "run__exercise") | own | (ended & players))

    def standing(self) -> Self:
        """Delivered, neither held nor skipped."""
        return self.filter(state="delivered")

    def waiting_for(self, person: Person) -> Self:
        """Delivered to a role of the person's that has still to answer, to take a stance, or to decide;
        while the clock runs, for nothing can be done in a pause."""
        own = _rows("ExerciseSeat").filter(seated(person), run=OuterRef(OuterRef("run")))
        said = _rows("InjectResponse").filter(delivery=OuterRef("pk"), role__in=own.values("role_id"))
        decisions = _rows("InjectDecision").filter(delivery=OuterRef("pk"))
        leads = _rows("ExerciseSeat").filter(seated(person), run=OuterRef("run"), role__is_lead=True)
        to_answer = Q(inject__options=[]) & ~Exists(said)
        to_speak = (
            Exists(decisions.filter(chosen__isnull=True)) & ~Exists(said.exclude(stance="")) & ~Exists(leads)
        )
        stances = _rows("InjectResponse").filter(delivery=OuterRef(OuterRef("pk"))).exclude(stance="")
        silent = (
            _rows("InjectAddressee")
            .filter(inject=OuterRef("inject"), role__is_lead=False)
            .exclude(role__in=stances.values("role_id"))
        )
        to_decide = Exists(leads) & (
            ~Exists(decisions) | (Exists(decisions.filter(chosen__isnull=True)) & ~Exists(silent))
        )
        mine = self.filter(pk__in=delivered_to(person).values("pk"), run__state="running")
        return mine.filter(to_answer | (~Q(inject__options=[]) & (to_speak | to_decide)))


class ObservationQuerySet(PartQuerySet["ExerciseObservation"]):
    def visible_to(self, person: Person | None) -> Self:
        """Control until the exercise is evaluated; from then on whoever reads the exercise."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        return seen.filter(runs_it(person, "run__exercise") | Q(run__exercise__state__in=TOLD))

    def standing(self) -> Self:
        return self.filter(struck_reason="")
