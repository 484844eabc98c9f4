"""The decisions of a simulation, run beside run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from training.models import (
    ExerciseInject,
    ExerciseRun,
    InjectDecision,
    InjectDelivery,
    InjectResponse,
    Stance,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Exercise


@dataclass(frozen=True)
class Taken:
    """What one team decided: the option, why, after how long, against whom, and how it scored."""

    decision: InjectDecision
    option: str
    seconds: int
    objections: list[InjectResponse]

    @property
    def time(self) -> str:
        """Minutes and seconds from the delivery to the decision."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def changed(self) -> bool:
        """Whether the lead took another option than the one first proposed."""
        return self.decision.chosen != self.decision.proposed


@dataclass(frozen=True)
class Row:
    """One decision, with a cell for each run; None where that team has not decided it."""

    inject: ExerciseInject
    cells: list[Taken | None]


@dataclass
class Sum:
    """A run in one line."""

    run: ExerciseRun
    scores: list[int]
    decided: int = 0
    seconds: int = 0
    objections: int = 0

    @property
    def total(self) -> int:
        return sum(self.scores)

    @property
    def mean_time(self) -> str:
        if not self.decided:
            return "–"
        mean = self.seconds // self.decided
        return f"{mean // 60}:{mean % 60:02}"


@dataclass(frozen=True)
class Comparison:
    dimensions: list[str]
    rows: list[Row] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)

    @property
    def decisions(self) -> list[tuple[ExerciseInject, list[tuple[ExerciseRun, Taken | None]]]]:
        """Each decision with what each team made of it."""
        runs = [one.run for one in self.sums]
        return [(row.inject, list(zip(runs, row.cells, strict=True))) for row in self.rows]

    @property
    def teamed(self) -> list[tuple[str, list[tuple[ExerciseRun, int]]]]:
        """As `lines`, each sum with its run."""
        runs = [one.run for one in self.sums]
        return [(name, list(zip(runs, scores, strict=True))) for name, scores in self.lines]

    @property
    def lines(self) -> list[tuple[str, list[int]]]:
        """Each dimension with the sum of each run."""
        return [
            (name, [one.scores[place] for one in self.sums]) for place, name in enumerate(self.dimensions)
        ]


def compare(exercise: Exercise, person: Person) -> Comparison:
    """Decision by decision, for the runs that began, as the person may read them."""
    runs = ExerciseRun.objects.visible_to(person).filter(exercise=exercise, started_at__isnull=False)
    sums = [Sum(run, [0] * len(exercise.dimensions)) for run in runs]
    taken = _taken(exercise, person)
    injects = ExerciseInject.objects.visible_to(person).filter(exercise=exercise).exclude(options=[])
    found = Comparison(list(exercise.dimensions), sums=sums)
    for inject in injects:
        cells = [taken.get((one.run.pk, inject.pk)) for one in sums]
        found.rows.append(Row(inject, cells))
        for one, cell in zip(sums, cells, strict=True):
            if cell is not None:
                _add(one, cell)
    return found


def _taken(exercise: Exercise, person: Person) -> dict[tuple[int, int], Taken]:
    """The decisions taken, by run and inject."""
    deliveries = InjectDelivery.objects.visible_to(person).filter(run__exercise=exercise)
    decisions = InjectDecision.objects.visible_to(person).filter(
        delivery__in=deliveries.values("pk"), chosen__isnull=False
    )
    objections: dict[int, list[InjectResponse]] = {}
    spoken = InjectResponse.objects.visible_to(person).filter(
        delivery__in=deliveries.values("pk"), stance=Stance.OBJECTS
    )
    for row in spoken.select_related("role"):
        objections.setdefault(row.delivery_id, []).append(row)
    rows = decisions.select_related("delivery__inject", "decided_by")
    return {
        (row.delivery.run_id, row.delivery.inject_id): Taken(
            row,
            row.delivery.inject.options[row.chosen or 0],
            (row.decided_second or 0) - row.delivery.second,
            objections.get(row.delivery_id, []),
        )
        for row in rows
    }


def _add(one: Sum, cell: Taken) -> None:
    one.decided += 1
    one.seconds += cell.seconds
    one.objections += len(cell.objections)
    for place, score in enumerate(cell.decision.scores[: len(one.scores)]):
        one.scores[place] += score
