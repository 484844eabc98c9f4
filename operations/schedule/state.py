"""A plan's times as they stand or would stand: what fits, and what stands against it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from cimic_portal.core.templatetags.moments import moment_text
from operations.schedule.graph import circle_through


@dataclass(frozen=True, slots=True)
class Span:
    """A phase or a task: what it is called and when. Times are instants; `phase`: that of a task."""

    name: str
    starts_at: datetime
    ends_at: datetime
    phase: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands against a task: `field` is the one to change, `kind` names the rule."""

    task: int
    field: str
    kind: str
    words: str


@dataclass
class Schedule:
    """Phases, tasks and what each task needs, by number."""

    phases: dict[int, Span] = field(default_factory=dict)
    tasks: dict[int, Span] = field(default_factory=dict)
    needs: dict[int, set[int]] = field(default_factory=dict)

    def in_phase(self, phase: int) -> list[int]:
        return [number for number, task in self.tasks.items() if task.phase == phase]

    def needed_by(self, task: int) -> list[int]:
        return [number for number, needs in self.needs.items() if task in needs]

    def window(self, task: int) -> tuple[datetime | None, datetime | None]:
        """The soonest start and the latest end that phase and dependencies leave; None: unbounded."""
        span = self.tasks[task]
        soonest = [self.tasks[need].ends_at for need in self.needs.get(task, ())]
        latest = [self.tasks[other].starts_at for other in self.needed_by(task)]
        phase = self.phases.get(span.phase) if span.phase is not None else None
        if phase is not None:
            soonest.append(phase.starts_at)
            latest.append(phase.ends_at)
        return max(soonest, default=None), min(latest, default=None)

    def circle(self, task: int) -> list[str]:
        """The names on a circle of dependencies through the task, the first again at the end."""
        return [self.tasks[number].name for number in circle_through(task, self.needs)]

    def problems(self, tasks: Iterable[int] | None = None) -> list[Problem]:
        """What stands against these tasks, or against all."""
        return [problem for task in (self.tasks if tasks is None else tasks) for problem in self._of(task)]

    def _of(self, task: int) -> Iterator[Problem]:
        circle = self.circle(task)
        if circle:
            yield Problem(task, "needs", "circle", circle_words(circle))
            return
        fit = self._fit(task)
        for where, kind, words in (*self._phase(task), *self._order(task)):
            yield Problem(task, where, kind, f"{words} {fit}".strip())

    def _phase(self, task: int) -> Iterator[tuple[str, str, str]]:
        span = self.tasks[task]
        phase = self.phases.get(span.phase) if span.phase is not None else None
        if phase is None:
            return
        if not phase.starts_at <= span.starts_at < phase.ends_at:
            words = _("“%(phase)s” runs from %(start)s to %(end)s.")
            yield "starts_at", "phase", words % _of_phase(phase)
        elif span.ends_at > phase.ends_at:
            words = _("“%(phase)s” ends %(end)s.")
            yield "ends_at", "phase", words % _of_phase(phase)

    def _order(self, task: int) -> Iterator[tuple[str, str, str]]:
        span = self.tasks[task]
        for need in sorted(self.needs.get(task, ())):
            other = self.tasks[need]
            if other.ends_at > span.starts_at:
                words = _("It needs “%(task)s”, which ends %(end)s.")
                yield (
                    "starts_at",
                    "order",
                    words % {"task": other.name, "end": moment_text(other.ends_at)},
                )
        for number in sorted(self.needed_by(task)):
            other = self.tasks[number]
            if other.starts_at < span.ends_at:
                words = _("“%(task)s” needs it and begins %(start)s.")
                yield (
                    "ends_at",
                    "order",
                    words % {"task": other.name, "start": moment_text(other.starts_at)},
                )

    def _fit(self, task: int) -> str:
        """The times that would fit, in one sentence."""
        soonest, latest = self.window(task)
        span = self.tasks[task]
        told = {
            "soonest": moment_text(soonest) if soonest else "",
            "latest": moment_text(latest) if latest else "",
        }
        if soonest and latest:
            if latest - soonest < span.ends_at - span.starts_at:
                return _("No time is left for all of it between %(soonest)s and %(latest)s.") % told
            return _("It fits between %(soonest)s and %(latest)s.") % told
        if soonest:
            return _("It fits from %(soonest)s on.") % told
        return _("It fits until %(latest)s.") % told if latest else ""


def _of_phase(phase: Span) -> dict[str, str]:
    return {
        "phase": phase.name,
        "start": moment_text(phase.starts_at),
        "end": moment_text(phase.ends_at),
    }


def circle_words(circle: list[str]) -> str:
    """A circle in words, with the names on it."""
    names = " → ".join(f"“{name}”" for name in circle)
    return _("These would wait for each other in a circle: %(names)s.") % {"names": names}
