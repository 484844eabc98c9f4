"""Whether a person is ready, reckoned from days alone: no database, no clock, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

# Whoever comes back within so many days has not left.
LONGEST_GAP = timedelta(days=30)
# What runs out within so many days is called for, the nearest first.
BANDS = (30, 60, 90)


class Standing(models.TextChoices):
    """How one course stands for one person. Fixed; from nothing to do to the most urgent."""

    READY = "ready", _("Valid")
    EXPIRES_90 = "expires_90", _("Expires in 61–90 days")
    EXPIRES_60 = "expires_60", _("Expires in 31–60 days")
    EXPIRES_30 = "expires_30", _("Expires within 30 days")
    DUE = "due", _("To be taken")
    EXPIRED = "expired", _("Expired")
    OVERDUE = "overdue", _("Overdue")


URGENCY = {standing: place for place, standing in enumerate(Standing)}
VALID = frozenset({Standing.READY, Standing.EXPIRES_90, Standing.EXPIRES_60, Standing.EXPIRES_30})
EXPIRING = (Standing.EXPIRES_30, Standing.EXPIRES_60, Standing.EXPIRES_90)
_BANDS = tuple(zip(BANDS, EXPIRING, strict=True))
LATE = frozenset({Standing.EXPIRED, Standing.OVERDUE})
TONES = {
    Standing.READY: "done",
    Standing.EXPIRES_90: "running",
    Standing.EXPIRES_60: "running",
    Standing.EXPIRES_30: "waiting",
    Standing.DUE: "waiting",
    Standing.EXPIRED: "refused",
    Standing.OVERDUE: "refused",
}


@dataclass(frozen=True, slots=True)
class Spell:
    """Days on which somebody holds a post; `until` is the first day without it, empty while it runs."""

    since: date
    until: date | None = None

    def lasts(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until > day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Spell):
    """A post that somebody holds over a spell: its office, and with it every one above (`offices`)."""

    position: int
    office: int
    offices: frozenset[int]
    component: int
    of_mission: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement: of whom a course is asked, and how many days after what it is due."""

    pk: int
    course: int
    whom: str
    target: int | None
    days: int
    from_post: bool
    always: bool


class Need(NamedTuple):
    """A course that one person needs: by when, and whether at all times. `rules`: what asks it."""

    course: int
    due_on: date
    always: bool
    rules: tuple[int, ...] = ()


class Held(NamedTuple):
    """One qualification: the day it was given, and its last day; none: it does not run out."""

    issued_on: date
    expires_on: date | None = None


class Cell(NamedTuple):
    """How one course stands for one person. `on`: the day that counts: due by, expires, expired, was due."""

    standing: Standing
    on: date | None = None

    @property
    def is_valid(self) -> bool:
        return self.standing in VALID

    @property
    def is_late(self) -> bool:
        return self.standing in LATE

    @property
    def tone(self) -> str:
        return TONES[self.standing]


def arrival(spells: Iterable[Spell], day: date) -> date | None:
    """The first day of the stay that lasts on `day`; None for whoever holds nothing then.

    A gap of up to thirty days between two posts is no departure.
    """
    begun = sorted((one for one in spells if one.since <= day), key=lambda one: one.since)
    if not any(one.lasts(day) for one in begun):
        return None
    first = reached = begun[0].since
    for one in begun:
        if one.since > reached + LONGEST_GAP:
            first = one.since
        reached = max(reached, one.until or date.max - LONGEST_GAP)
    return first


def applies(rule: Rule, post: Post) -> bool:
    """Whether the rule asks its course of whoever holds the post."""
    match rule.whom:
        case "everybody":
            return post.of_mission
        case "component":
            return post.of_mission and post.component == rule.target
        case "office":
            return rule.target in post.offices
        case "position":
            return post.position == rule.target
    return False


def needs_of(
    posts: Iterable[Post], arrived: date, rules_of: Mapping[int, Sequence[Rule]], day: date
) -> dict[int, Need]:
    """Which courses the posts held on `day` ask, each once: the earliest day, the strictest rule.

    `rules_of`: by position, the rules that apply to it.
    """
    found: dict[int, Need] = {}
    for post in posts:
        if not post.lasts(day):
            continue
        for rule in rules_of[post.position]:
            due = (post.since if rule.from_post else arrived) + timedelta(days=rule.days)
            need = Need(rule.course, due, rule.always, (rule.pk,))
            before = found.get(rule.course)
            found[rule.course] = stricter(before, need) if before else need
    return found


def stricter(one: Need, other: Need) -> Need:
    """Two that ask the same course, as one."""
    rules = tuple(dict.fromkeys((*one.rules, *other.rules)))
    return Need(one.course, min(one.due_on, other.due_on), one.always or other.always, rules)


def valid_until(held: Iterable[Held], day: date) -> tuple[bool, date | None]:
    """Whether any was given by `day`, and the last day that all of them reach; none: without end."""
    known = False
    last: date | None = date.min
    for one in held:
        if one.issued_on > day:
            continue
        known = True
        last = None if one.expires_on is None or last is None else max(last, one.expires_on)
    return known, last


def is_valid(held: Iterable[Held], day: date, *, always: bool) -> bool:
    """Whether one of them counts on the day: given by then and, if asked at all times, still good."""
    for one in held:
        if one.issued_on <= day and (not always or one.expires_on is None or one.expires_on >= day):
            return True
    return False


@lru_cache(maxsize=8192)
def _cell(standing: Standing, on: date | None = None) -> Cell:
    """One for each standing and day: a large matrix holds few different ones."""
    return Cell(standing, on)


def stand(need: Need, held: Iterable[Held], day: date, through: date | None = None) -> Cell:
    """How the course stands on `day`, for whoever needs it and holds these qualifications.

    `through`: the last day for which it is needed; what runs out before that has to be renewed by then.
    """
    known, last = valid_until(held, day)
    if known and (last is None or not need.always):
        return _cell(Standing.READY)
    if known and last is not None and last >= day:
        if through is not None and last < through:
            return _cell(Standing.DUE, last)
        return _cell(_band((last - day).days), last)
    if need.due_on >= day:
        return _cell(Standing.DUE, need.due_on)
    if known:
        return _cell(Standing.EXPIRED, last)
    return _cell(Standing.OVERDUE, need.due_on)


def _band(days: int) -> Standing:
    return next((standing for most, standing in _BANDS if days <= most), Standing.READY)


# So many days before something falls due or expires people are told; then on the day, and once it is late.
STEPS = (0, 14, 30)
LATE_STEP = -1


def step_of(cell: Cell, day: date) -> int | None:
    """The step that is reached on the day, of which people are told once; None while there is time."""
    if cell.is_late:
        return LATE_STEP
    if cell.on is None or cell.standing not in (Standing.DUE, Standing.EXPIRES_30):
        return None
    left = (cell.on - day).days
    return next((step for step in STEPS if left <= step), None)


def worst(cells: Iterable[Cell]) -> Standing:
    """The most urgent of them; nothing asked is nothing to do."""
    return max((cell.standing for cell in cells), key=URGENCY.__getitem__, default=Standing.READY)
