"""The geometry of Gantt chart and synchronisation matrix: time across, tasks or participants down.

Lengths are in the units of the page that draws it: pixels on a screen, points on paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from operations.models import TaskState
from operations.schedule.axis import LETTER, Axis, Column, cut
from operations.schedule.reading import ReadPlan, Who, who_of

if TYPE_CHECKING:
    from operations.models import DecisionPoint, OperationTask

LANE, PAD = 30.0, 4.0
# Of the Gantt chart: a row from line to line, and half a bar.
ROW, HALF = 38, 13
# An arrow ends so far behind the beginning of a bar.
INTO = 4
# About as wide as a word that says something.
BESIDE = 50


@dataclass(frozen=True)
class Bar:
    """A task as it is drawn. `tone` is that of its state; `slack` the length of its whisker.

    `room`: how far its words may run before they meet the next bar; `words_x`: where they begin.
    """

    task: OperationTask
    x: int
    width: int
    tone: str
    critical: bool
    conflicts: tuple[str, ...] = ()
    slack: int = 0
    lane: int = 0
    room: float = 0

    @property
    def y(self) -> int:
        return round(PAD + self.lane * LANE)

    @property
    def is_beside(self) -> bool:
        """Its words stand behind it: they do not fit inside, and behind it is more room."""
        fits = len(self.task.title) * LETTER + PAD * 2 <= self.width
        return not fits and self.room - self.width >= max(BESIDE, self.width)

    @property
    def words_x(self) -> int:
        return round(self.width + PAD if self.is_beside else PAD * 2)

    @property
    def has_words(self) -> bool:
        """Room for more than signs."""
        return self.is_beside or self.width >= BESIDE

    @property
    def span(self) -> int:
        """How wide it is drawn, with words that stand behind it."""
        return round(self.room if self.is_beside else self.width)

    @property
    def whisker(self) -> str:
        """The slack behind the bar, as a path."""
        return f"M{self.x + self.width} {self.y + PAD * 6:.0f}h{self.slack}" if self.slack else ""


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
    def end_form(self) -> str:
        """The day of the end is named where it is another one."""
        assert self.task is not None
        start, end = timezone.localtime(self.task.starts_at), timezone.localtime(self.task.ends_at)
        return "H:i" if start.date() == end.date() else "j M H:i"

    @property
    def lanes(self) -> int:
        return max([0, *(bar.lane for bar in self.bars), *(mark.lane for mark in self.marks)]) + 1

    @property
    def height(self) -> float:
        return self.lanes * LANE + PAD


@dataclass(frozen=True)
class Arrow:
    """From the end of what is needed to the beginning of what needs it; `row` counts from the top."""

    x: float
    row: int
    to_x: float
    to_row: int
    critical: bool

    @property
    def path(self) -> str:
        """Along its row, then down (or up) into the other bar."""
        way = 1 if self.to_row > self.row else -1
        start = f"M{self.x:.0f} {(self.row + 0.5) * ROW:.0f}"
        turn = f"H{self.to_x:.0f}V{(self.to_row + 0.5) * ROW - way * (HALF + 1):.0f}"
        return f"{start}{turn}m-4 {-5 * way}l4 {5 * way} 4 {-5 * way}"


@dataclass(frozen=True)
class Arrows:
    """All of a picture, as one path for those on the critical path and one for the others."""

    drawn: tuple[Arrow, ...]
    rows: int

    @property
    def critical(self) -> str:
        return "".join(arrow.path for arrow in self.drawn if arrow.critical)

    @property
    def others(self) -> str:
        return "".join(arrow.path for arrow in self.drawn if not arrow.critical)

    @property
    def height(self) -> int:
        return self.rows * ROW

    @property
    def rem(self) -> float:
        """As the style sheet has it: a row grows with the letters."""
        return round(self.rows * 2.6, 1)


@dataclass(frozen=True)
class Picture:
    """What is drawn: rows under an axis; `now` and the phases along the top."""

    axis: Axis
    rows: list[Row]
    phases: tuple[Column, ...]
    now: float | None
    arrows: Arrows | None = None


def tone_of(plan: ReadPlan, task: OperationTask) -> str:
    """As the states of tasks look everywhere; planned ones like what runs."""
    progress = plan.progress.get(task.key)
    if progress is None:
        return "planned"
    return "dropped" if progress.state == TaskState.DROPPED else progress.state_tone


def _bar(plan: ReadPlan, axis: Axis, task: OperationTask, *, whisker: bool = False) -> Bar:
    x = round(axis.x(task.starts_at))
    slack = plan.slack_of(task) if whisker and plan.on_path else None
    end = axis.x(task.ends_at)
    return Bar(
        task,
        x,
        max(round(end - x), 6),
        tone_of(plan, task),
        task.pk in plan.on_path,
        tuple(conflict.words for conflict in plan.conflicts.get(task.pk, ())),
        round(axis.x(task.ends_at + slack) - end) if slack else 0,
    )


def _in_lanes(bars: list[Bar], axis: Axis) -> list[Bar]:
    """Bars that would cover each other, one below the other."""
    lanes = _Lanes()
    ordered = sorted(bars, key=lambda bar: (bar.x, bar.task.order, bar.task.pk))
    placed = [replace(bar, lane=lanes.take(bar.x, bar.width)) for bar in ordered]
    ends: dict[int, float] = {}
    for place in range(len(placed) - 1, -1, -1):
        bar = placed[place]
        room = ends.get(bar.lane, axis.width) - bar.x
        placed[place] = replace(bar, room=max(room - PAD, bar.width))
        ends[bar.lane] = bar.x
    return placed


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
    arrows = _arrows(plan, rows)
    rows += _decisions(plan, axis)
    return Picture(axis, rows, _phases(plan, axis), _now(plan, axis), arrows)


def _arrows(plan: ReadPlan, rows: list[Row]) -> Arrows:
    places = {row.task.pk: place for place, row in enumerate(rows) if row.task}
    drawn = []
    for number, place in places.items():
        bar = rows[place].bars[0]
        for need in sorted(plan.needs.get(number, ())):
            if need in places:
                before = rows[places[need]].bars[0]
                on_path = (number, need) in plan.critical.links
                drawn.append(Arrow(before.x + before.width, places[need], bar.x + INTO, place, on_path))
    return Arrows(tuple(drawn), len(rows))


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
        row.bars = _in_lanes(row.bars, axis)
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
        marks.append(Mark(decision, x, lanes.take(x, 70 + 7 * len(decision.title))))
    return [Row("decisions", _("Decision points"), marks=marks)]


def _phases(plan: ReadPlan, axis: Axis) -> tuple[Column, ...]:
    shown = [phase for phase in plan.phases if axis.shows(phase.starts_at, phase.ends_at)]
    ends = [(phase.name, axis.x(phase.starts_at), axis.x(phase.ends_at)) for phase in shown]
    return tuple(Column(cut(name, end - start), start, round(end - start, 1)) for name, start, end in ends)


def _now(plan: ReadPlan, axis: Axis) -> float | None:
    return axis.x(plan.now) if axis.start <= plan.now < axis.end else None
