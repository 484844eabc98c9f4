"""Order, circles, critical path and gaps, against an oracle that tries everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from operations.schedule.graph import circle_through, critical_path, in_order, way
from operations.schedule.leave import Stay, gaps, present

NODES = range(6)
PAIRS = [(one, other) for one in NODES for other in NODES if one != other]
graphs = st.sets(st.sampled_from(PAIRS), max_size=9).map(
    lambda pairs: {node: {need for at, need in pairs if at == node} for node in NODES}
)
forward = st.sets(st.sampled_from([pair for pair in PAIRS if pair[0] > pair[1]]), max_size=10).map(
    lambda pairs: {node: {need for at, need in pairs if at == node} for node in NODES}
)
spans = st.lists(st.integers(1, 5), min_size=6, max_size=6)
START = datetime(2026, 11, 22, tzinfo=UTC)


def chains(needs: dict[int, set[int]]) -> list[tuple[int, ...]]:
    """Every chain of a graph, each task after what it needs, found by trying all orders."""
    found = set()
    for size in range(1, len(NODES) + 1):
        for chain in permutations(NODES, size):
            if all(before in needs[after] for before, after in pairwise(chain)):
                found.add(chain)
    return sorted(found)


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_circles_are_those_that_trying_finds(needs: dict[int, set[int]]) -> None:
    paths = chains(needs)
    on_circle = {node for chain in paths for node in chain if chain[-1] in needs[chain[0]]}
    for node in NODES:
        circle = circle_through(node, needs)
        assert bool(circle) == (node in on_circle)
        if circle:
            assert circle[0] == circle[-1] == node
            assert all(need in needs[at] for at, need in pairwise(circle))
    order = in_order(NODES, needs)
    assert all(order.index(need) < order.index(node) for node in order for need in needs[node])
    assert (len(order) == len(NODES)) == (not on_circle)


@settings(max_examples=60, deadline=None)
@given(forward, spans)
def test_critical_path_is_the_longest_of_all(needs: dict[int, set[int]], days: list[int]) -> None:
    lengths = {node: timedelta(days=days[node]) for node in NODES}
    total = {chain: sum((lengths[node] for node in chain), timedelta(0)) for chain in chains(needs)}
    longest = max(total.values())
    found = critical_path(lengths, needs)
    assert found.length == longest
    assert total[found.path] == longest
    steps = {
        (after, before)
        for chain, time in total.items()
        if time == longest
        for before, after in pairwise(chain)
    }
    assert found.links == steps
    for node in NODES:
        through = max(length for chain, length in total.items() if node in chain)
        assert found.slack[node] == longest - through


def test_way_and_order_of_nothing() -> None:
    assert way("a", "b", {}) == []
    assert in_order([], {}) == []
    assert critical_path({}, {}).path == ()


moments = st.integers(0, 24).map(lambda hours: START + timedelta(hours=hours))
stays = st.lists(st.tuples(st.integers(1, 3), moments, st.one_of(st.none(), moments)), max_size=5).map(
    lambda rows: [Stay(who, since, until) for who, since, until in rows if until is None or until > since]
)


@settings(max_examples=200, deadline=None)
@given(stays, stays)
def test_hours_without_anybody_are_those_counted_one_by_one(held: list[Stay], away: list[Stay]) -> None:
    found = gaps(START, START + timedelta(hours=24), present(held, away))
    for hour in range(24):
        at = START + timedelta(hours=hour)

        def covers(stay: Stay, at: datetime = at) -> bool:
            return stay.since <= at and (stay.until is None or at < stay.until)

        there = {stay.person for stay in held if covers(stay)} - {
            stay.person for stay in away if covers(stay)
        }
        assert any(since <= at < until for since, until in found) == (not there)
