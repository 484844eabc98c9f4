"""Readiness is arithmetic on days: held to its meaning for whatever days there are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.readiness.reckon import (
    LATE,
    LONGEST_GAP,
    URGENCY,
    VALID,
    Held,
    Need,
    Post,
    Rule,
    Spell,
    Standing,
    applies,
    arrival,
    is_valid,
    needs_of,
    stand,
    stricter,
    valid_until,
    worst,
)

TODAY = date(2026, 11, 28)
DAYS = st.dates(TODAY - timedelta(days=900), TODAY + timedelta(days=900))
SPANS = st.integers(0, 900).map(lambda days: timedelta(days=days))


@st.composite
def helds(draw: st.DrawFn) -> Held:
    issued = draw(DAYS)
    span = draw(st.none() | SPANS)
    return Held(issued, None if span is None else issued + span)


NEEDS = st.builds(Need, st.just(1), DAYS, st.booleans())
HELD = st.lists(helds(), max_size=5)


def post(since: date = TODAY, until: date | None = None, **more: object) -> Post:
    given_ = {"position": 1, "office": 3, "offices": frozenset({3, 2}), "component": 1, "of_mission": True}
    return Post(since=since, until=until, **given_ | more)  # type: ignore[arg-type]


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@given(NEEDS, HELD, DAYS)
def test_it_is_valid_exactly_when_one_that_counts_holds_good(need, held, on):
    given_by_then = [one for one in held if one.issued_on <= on]
    good = [one for one in given_by_then if one.expires_on is None or one.expires_on >= on]
    cell = stand(need, held, on)
    assert cell.is_valid == bool(good if need.always else given_by_then)
    assert cell.is_late == (not cell.is_valid and need.due_on < on)


@given(NEEDS, HELD, DAYS)
def test_asked_whether_it_is_valid_both_ways_agree(need, held, on):
    assert is_valid(held, on, always=need.always) == stand(need, held, on).is_valid


@given(NEEDS, HELD, DAYS)
def test_the_word_fits_the_day_beside_it(need, held, on):
    cell = stand(need, held, on)
    left = (cell.on - on).days if cell.on else None
    match cell.standing:
        case Standing.READY:
            assert left is None or left > 90
        case Standing.EXPIRES_30:
            assert 0 <= left <= 30
        case Standing.EXPIRES_60:
            assert 30 < left <= 60
        case Standing.EXPIRES_90:
            assert 60 < left <= 90
        case Standing.DUE:
            assert left >= 0
        case _:
            assert left < 0


@given(NEEDS, HELD, helds(), DAYS)
def test_one_more_qualification_never_makes_it_worse(need, held, more, on):
    before, after = stand(need, held, on), stand(need, [*held, more], on)
    assert not before.is_valid or after.is_valid
    if after.standing not in LATE:
        assert URGENCY[after.standing] <= URGENCY[before.standing]


@given(HELD, DAYS)
def test_what_is_given_later_does_not_count_yet(held, on):
    later = [one for one in held if one.issued_on > on]
    assert valid_until(later, on) == (False, date.min)


@given(NEEDS, HELD, DAYS, SPANS)
def test_needed_through_a_day_it_is_valid_only_if_it_lasts_so_long(need, held, on, span):
    through = on + span
    cell = stand(need, held, on, through)
    if cell.is_valid and need.always:
        assert cell.on is None or cell.on >= through
    assert not cell.is_valid or stand(need, held, on).is_valid


@given(st.lists(NEEDS, min_size=1, max_size=4), HELD, DAYS)
def test_several_that_ask_the_same_are_as_strict_as_the_strictest(needs, held, on):
    merged = needs[0]
    for need in needs[1:]:
        merged = stricter(merged, need)
    alone = [stand(need, held, on) for need in needs]
    together = stand(merged, held, on)
    assert together.is_valid == all(cell.is_valid for cell in alone)
    assert together.is_late or not any(cell.is_late for cell in alone)


@given(st.lists(st.builds(Spell, DAYS, st.none() | DAYS), max_size=6), DAYS)
def test_arrival_is_the_first_day_of_a_stay_without_a_long_gap(spells, on):
    spells = [one for one in spells if one.until is None or one.until > one.since]
    first = arrival(spells, on)
    assert (first is None) == (not any(one.lasts(on) for one in spells))
    if first is None:
        return
    assert first in {one.since for one in spells}
    assert first <= on
    # Every day of the stay is held, or at most a short gap from a day that is.
    reached = first
    for one in sorted((one for one in spells if first <= one.since <= on), key=lambda one: one.since):
        assert one.since <= reached + LONGEST_GAP
        reached = max(reached, one.until or date.max - LONGEST_GAP)
    # And before it nothing reaches so far.
    before = [one.until for one in spells if one.since < first]
    assert all(until is not None and until + LONGEST_GAP < first for until in before)


@pytest.mark.parametrize(
    ("whom", "target", "asked"),
    [
        ("everybody", None, True),
        ("component", 1, True),
        ("component", 2, False),
        ("office", 2, True),
        ("office", 3, True),
        ("office", 4, False),
        ("position", 1, True),
        ("position", 2, False),
        ("operation_type", 1, False),
    ],
)
def test_of_whom_a_course_is_asked(whom, target, asked):
    rule = Rule(1, 1, whom, target, 30, from_post=False, always=True)
    assert applies(rule, post()) is asked
    if whom in ("everybody", "component"):
        assert not applies(rule, post(of_mission=False))


def test_the_earliest_day_of_all_posts_counts():
    rules = [
        Rule(1, 7, "everybody", None, 30, from_post=False, always=False),
        Rule(2, 7, "office", 2, 5, from_post=True, always=True),
        Rule(3, 8, "position", 2, 0, from_post=True, always=True),
    ]
    posts = [post(day(-40)), post(day(-10), position=2), post(day(5), position=9)]
    carried = {place: [rule for rule in rules if applies(rule, post(position=place))] for place in (1, 2, 9)}
    needs = needs_of(posts, day(-100), carried, TODAY)
    assert needs == {
        7: Need(7, day(-70), True, (1, 2)),
        8: Need(8, day(-10), True, (3,)),
    }


@pytest.mark.parametrize(
    ("held", "due", "standing", "on"),
    [
        ([], 0, Standing.DUE, 0),
        ([], -1, Standing.OVERDUE, -1),
        ([(-400, -1)], -30, Standing.EXPIRED, -1),
        ([(-400, -1)], 3, Standing.DUE, 3),
        ([(-400, 0)], -30, Standing.EXPIRES_30, 0),
        ([(-400, 30)], -30, Standing.EXPIRES_30, 30),
        ([(-400, 31)], -30, Standing.EXPIRES_60, 31),
        ([(-400, 90)], -30, Standing.EXPIRES_90, 90),
        ([(-400, 91)], -30, Standing.READY, 91),
        ([(-400, 5), (-3, 300)], -30, Standing.READY, 300),
        ([(-400, None)], -30, Standing.READY, None),
    ],
)
def test_at_the_edges(held, due, standing, on):
    given_ = [Held(day(since), None if last is None else day(last)) for since, last in held]
    cell = stand(Need(1, day(due), True), given_, TODAY)
    assert (cell.standing, cell.on) == (standing, None if on is None else day(on))


def test_nothing_asked_is_nothing_to_do():
    assert worst([]) == Standing.READY
    assert worst([]) in VALID
