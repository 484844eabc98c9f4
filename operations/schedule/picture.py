"""The geometry of Gantt chart and synchronisation matrix: time across, tasks or participants down.

Lengths are in the units of the page that draws it: pixels on a screen, points on paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from operations.models import TaskState
from operations.schedule.axis import Axis, Column
from operations.schedule.reading import ReadPlan, Who, who_of

if TYPE_CHECKING:
    from operations.models import DecisionPoint, OperationTask

LANE, PAD = 30.0, 4.0


@dataclass(frozen=True)
class Bar:
    """A task as it is drawn. `tone` is that of its state; `slack` the length of its whisker."""

    task: OperationTask
    x: float
    width: float
    tone: str
    critical: bool
    conflicts: tuple[str, ...] = ()
    slack: float = 0
    lane: int = 0

    @property
    def y(self) -> float:
        return PAD + self.lane * LANE

    @property
    def whisker(self) -> str:
        """The slack behind the bar, as a path."""
        return f"M{self.x + self.width:.1f} {self.y + PAD * 3:.0f}h{self.slack:.1f}" if self.slack else ""


@dataclass(frozen=True)
class Mark:
    """A decision point."""

    decision: DecisionPoint
    x: float
    lane: int = 0

    @property
    def y(self) -> float:
        """Where its words stand."""
        return PAD * 5 + self.lane * LANE


@dataclass
class Row:
    """A participant with its tasks, or in the Gantt chart one task. `key` names it on the page."""

    key: str
    words: str
    sub: str = ""
    component: int | None = None
    takes: bool = False
    task: OperationTask | None = None
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def lanes(self) -> int:
        return max([0, *(bar.lane for bar in self.bars), *(mark.lane for mark in self.marks)]) + 1

    @property
    def height(self) -> float:
        return self.lanes * LANE + PAD


@dataclass(frozen=True)
class Picture:
    """What is drawn: rows under an axis; `now` and the phases along the top."""

    axis: Axis
    rows: list[Row]
    phases: tuple[Column, ...]
    now: float | None


def tone_of(plan: ReadPlan, task: OperationTask) -> str:
    """As the states of tasks look everywhere; planned ones like what runs."""
    progress = plan.progress.get(task.key)
    if progress is None:
        return "planned"
    return "dropped" if progress.state == TaskState.DROPPED else progress.state_tone


def _bar(plan: ReadPlan, axis: Axis, task: OperationTask, *, whisker: bool = False) -> Bar:
    x = axis.x(task.starts_at)
    slack = plan.slack_of(task) if whisker and plan.on_path else None
    end = axis.x(task.ends_at)
    return Bar(
        task,
        x,
        max(round(end - x, 1), 6.0),
        tone_of(plan, task),
        task.pk in plan.on_path,
        tuple(conflict.words for conflict in plan.conflicts.get(task.pk, ())),
        round(axis.x(task.ends_at + slack) - end, 1) if slack else 0,
    )


def _in_lanes(bars: list[Bar]) -> list[Bar]:
    """Bars that would cover each other, one below the other."""
    lanes = _Lanes()
    ordered = sorted(bars, key=lambda bar: (bar.x, bar.task.order, bar.task.pk))
    return [replace(bar, lane=lanes.take(bar.x, bar.width)) for bar in ordered]


class _Lanes:
    """The first lane that is free from `x` on, taken from left to right."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def take(self, x: float, width: float) -> int:
        lane = next((number for number, end in enumerate(self.ends) if end <= x), len(self.ends))
        self.ends[lane : lane + 1] = [x + width]
        return lane


def draw_gantt(plan: ReadPlan, axis: Axis) -> Picture:
    """One task to a row, by phase, in the order in which they begin."""
    starts = {phase.pk: number for number, phase in enumerate(plan.phases)}
    ordered = sorted(plan.tasks, key=lambda task: starts.get(task.phase_id or 0, len(starts)))
    rows = [
        Row(
            f"t{task.pk}",
            task.title,
            str(task.office or task.organisation or _("nobody yet")),
            task=task,
            bars=[_bar(plan, axis, task, whisker=True)],
        )
        for task in ordered
        if axis.shows(task.starts_at, task.ends_at)
    ]
    rows += _decisions(plan, axis)
    return Picture(axis, rows, _phases(plan, axis), _now(plan, axis))


def draw_matrix(plan: ReadPlan, axis: Axis) -> Picture:
    """Participants down, each with its tasks; then what is nobody's, then the decision points."""
    rows: dict[Who, Row] = {}
    for part in plan.participations:
        who = who_of(part)
        rows[who] = Row(_key(who), str(part), part.get_role_display(), part.component, takes=True)
    for task in plan.tasks:
        who = who_of(task)
        if who not in rows:
            gone = task.office or task.organisation
            rows[who] = Row(_key(who), str(gone or _("Nobody yet")), _("takes no part") if gone else "")
        if axis.shows(task.starts_at, task.ends_at):
            rows[who].bars.append(_bar(plan, axis, task))
    for row in rows.values():
        row.bars = _in_lanes(row.bars)
    return Picture(axis, [*rows.values(), *_decisions(plan, axis)], _phases(plan, axis), _now(plan, axis))


def _key(who: Who) -> str:
    return f"{who[0]}-{who[1]}" if who else "nobody"


def _decisions(plan: ReadPlan, axis: Axis) -> list[Row]:
    due = [one for one in plan.decisions if axis.start <= one.due_at < axis.end]
    if not due:
        return []
    lanes, marks = _Lanes(), []
    for decision in sorted(due, key=lambda one: one.due_at):
        x = axis.x(decision.due_at)
        # As long as its words are about to be.
        marks.append(Mark(decision, x, lanes.take(x, 60 + 6.5 * len(decision.title))))
    return [Row("decisions", _("Decision points"), marks=marks)]


def _phases(plan: ReadPlan, axis: Axis) -> tuple[Column, ...]:
    shown = [phase for phase in plan.phases if axis.shows(phase.starts_at, phase.ends_at)]
    ends = [(phase.name, axis.x(phase.starts_at), axis.x(phase.ends_at)) for phase in shown]
    return tuple(Column(name, start, round(end - start, 1)) for name, start, end in ends)


def _now(plan: ReadPlan, axis: Axis) -> float | None:
    return axis.x(plan.now) if axis.start <= plan.now < axis.end else None
