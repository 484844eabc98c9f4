"""Tasks and what they wait for, as a graph: their order, circles, the longest path."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Critical(Generic[K]):
    """The longest path through the dependencies.

    `path`: its tasks in order; `length`: their time together; `slack`: how much longer each task
    could take before another path became the longest; `links`: (task, what it needs) on one of the
    longest paths. Gaps between tasks do not count.
    """

    path: tuple[K, ...] = ()
    length: timedelta = timedelta(0)
    slack: Mapping[K, timedelta] = field(default_factory=dict)
    links: frozenset[tuple[K, K]] = frozenset()


def in_order(tasks: Iterable[K], needs: Mapping[K, Collection[K]]) -> list[K]:
    """The tasks, each after all it needs, otherwise in the order given; without those on a circle."""
    known = list(dict.fromkeys(tasks))
    among = set(known)
    waiting = {task: {need for need in needs.get(task, ()) if need in among} for task in known}
    after: dict[K, list[K]] = {task: [] for task in known}
    for task in known:
        for need in waiting[task]:
            after[need].append(task)
    ready = [task for task in known if not waiting[task]]
    found: list[K] = []
    while ready:
        task = ready.pop(0)
        found.append(task)
        for follower in after[task]:
            waiting[follower].discard(task)
            if not waiting[follower]:
                ready.append(follower)
    return found


def way(start: K, end: K, needs: Mapping[K, Collection[K]]) -> list[K]:
    """The shortest chain `start` needs … needs `end`, both named; empty when there is none."""
    came_from: dict[K, K | None] = {start: None}
    queue = [start]
    while queue:
        at = queue.pop(0)
        if at == end:
            chain = []
            step: K | None = at
            while step is not None:
                chain.append(step)
                step = came_from[step]
            return chain[::-1]
        for need in needs.get(at, ()):
            if need not in came_from:
                came_from[need] = at
                queue.append(need)
    return []


def circle_through(task: K, needs: Mapping[K, Collection[K]]) -> list[K]:
    """A circle on which the task stands, beginning and ending with it; empty when there is none."""
    chains = [chain for need in needs.get(task, ()) if (chain := way(need, task, needs))]
    return [task, *min(chains, key=len)] if chains else []


def critical_path(lengths: Mapping[K, timedelta], needs: Mapping[K, Collection[K]]) -> Critical[K]:
    """The longest path, by the time that the tasks take. There must be no circle."""
    order = in_order(lengths, needs)
    before: dict[K, timedelta] = {}
    for task in order:
        ends = [before[need] for need in needs.get(task, ()) if need in before]
        before[task] = max(ends, default=timedelta(0)) + lengths[task]
    after = {task: lengths[task] for task in order}
    for task in reversed(order):
        for need in needs.get(task, ()):
            if need in after:
                after[need] = max(after[need], lengths[need] + after[task])
    longest = max(before.values(), default=timedelta(0))
    slack = {task: longest - (before[task] + after[task] - lengths[task]) for task in order}
    links = frozenset(
        (task, need)
        for task in order
        for need in needs.get(task, ())
        if not slack[task] and not slack.get(need, longest) and before[need] + lengths[task] == before[task]
    )
    return Critical(_one_path(order, before, longest, lengths, needs), longest, slack, links)


def _one_path(
    order: list[K],
    before: Mapping[K, timedelta],
    longest: timedelta,
    lengths: Mapping[K, timedelta],
    needs: Mapping[K, Collection[K]],
) -> tuple[K, ...]:
    """One of the longest paths, where several are alike: the one whose tasks come first."""
    at = next((task for task in order if before[task] == longest), None)
    path: list[K] = []
    while at is not None:
        path.append(at)
        left = before[at] - lengths[at]
        ends = [task for task in order if task in needs.get(at, ()) and before[task] == left]
        at = ends[0] if ends and left else None
    return tuple(reversed(path))
