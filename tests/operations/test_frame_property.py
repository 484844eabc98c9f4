"""Whatever FRAGOs change of the frame: one lead, one plan in force, and nobody reads too much."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from cimic_portal.core.errors import PortalError
from operations.models import (
    Concurrence,
    JoiningParty,
    Operation,
    OperationTask,
    Participation,
    PlanRevision,
    TaskProgress,
)
from operations.services.conduct import activate_operation
from operations.services.frago import drop_frago, issue_frago, open_frago, return_frago, submit_frago
from operations.services.frame import change_frame
from operations.services.inputs import FrameInput, ParticipantInput
from operations.services.schedule import add_task
from operations.services.schedule_checks import TaskInput
from operations.services.staffing import answer_staffing
from tests.factories.cast import make_cast
from tests.factories.core import OrganisationFactory
from tests.operations.steps import WHY, post_of, revision_of
from tests.operations.test_amend_order import order

pytestmark = pytest.mark.django_db
PARTIES = ("team", "police", "country", "sector", "council")
ROLES = ("lead", "support", "consulted", "informed")

# Mostly frames that can stand; now and then any rows at all.
STANDING = st.tuples(
    st.sampled_from(PARTIES[:2]), st.dictionaries(st.sampled_from(PARTIES[1:]), st.sampled_from(ROLES[1:]))
).map(
    lambda drawn: [(drawn[0], "lead"), *((name, role) for name, role in drawn[1].items() if name != drawn[0])]
)
ANY = st.lists(st.tuples(st.sampled_from(PARTIES), st.sampled_from(ROLES)), max_size=5)
FRAME = st.tuples(st.just("frame"), st.one_of(STANDING, STANDING, ANY), st.integers(-8, 8))
STEP = st.tuples(
    st.sampled_from(["submit", "return", "drop", "activate", "agree", "object", "task"]),
    st.sampled_from(PARTIES),
)
# What is written by a FRAGO, and what becomes of it.
ROUND = st.tuples(
    st.lists(st.one_of(FRAME, STEP), max_size=4),
    st.lists(st.tuples(st.sampled_from(["agree", "object", "task"]), st.sampled_from(PARTIES)), max_size=3),
    st.sampled_from(["issue", "issue", "return", "drop"]),
).map(lambda drawn: [("open", ""), *drawn[0], ("submit", ""), *drawn[1], ("agree", "sector"), (drawn[2], "")])
# All the way through: the sector joins, objects and is taken in all the same; then it is released.
WHOLE_WAY = [
    ("open", "team"),
    ("frame", [("team", "lead"), ("sector", "support")], 3),
    ("submit", "team"),
    ("object", "sector"),
    ("issue", "team"),
    ("activate", "team"),
    ("open", "team"),
    ("frame", [("team", "lead"), ("police", "support")], -1),
    ("submit", "team"),
    ("agree", "police"),
    ("issue", "team"),
]
# Whoever has work left is not released; here and in the next FRAGO.
WORK_LEFT = [
    ("open", ""),
    ("task", "police"),
    ("frame", [("team", "lead")], 0),
    ("submit", ""),
    ("issue", ""),
    ("open", ""),
    ("frame", [("team", "lead")], 0),
    ("submit", ""),
    ("issue", ""),
]


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with an empty portal."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Story:
    """One operation, and what people do to it."""

    def __init__(self) -> None:
        self.cast = cast = make_cast()
        self.key = order(cast).pk
        self.who: dict[str, dict[str, Any]] = {
            "team": {"office": cast.team},
            "police": {"office": cast.police, "position": post_of(cast.other_component)},
            "country": {"office": cast.country_office, "position": post_of(cast.partner)},
            "sector": {"office": post_of(cast.outsider).office, "position": post_of(cast.outsider)},
            "council": {"organisation": OrganisationFactory()},
        }
        self.speaks = {
            "police": cast.other_component, "country": cast.partner, "sector": cast.outsider
        }  # fmt: skip

    def now(self) -> Operation:
        return Operation.objects.unscoped(WHY).get(pk=self.key)

    def take(self, name: str, what: Any, days: int = 0) -> bool:
        """One step by whoever it is for. False: it was refused, and changed nothing."""
        one, cast = self.now(), self.cast
        steps = {
            "open": lambda: open_frago(
                one, actor=cast.owner, version=one.version, title="More", reason="Flood"
            ),
            "submit": lambda: submit_frago(one, actor=cast.owner, version=one.version),
            "return": lambda: return_frago(one, actor=cast.head_above, version=one.version, reason="No"),
            "drop": lambda: drop_frago(one, actor=cast.owner, version=one.version, reason="No"),
            "issue": lambda: issue_frago(one, actor=cast.head_above, version=one.version, reason="Now"),
            "activate": lambda: activate_operation(one, actor=cast.owner, version=one.version),
            "agree": lambda: self._answer(what, "concurs"),
            "object": lambda: self._answer(what, "objects"),
            "task": lambda: self._task(what),
            "frame": lambda: self._frame(what, days),
        }
        try:
            with transaction.atomic():
                steps[name]()
        except (PortalError, Concurrence.DoesNotExist):
            return False
        return True

    def _frame(self, rows: list[tuple[str, str]], days: int) -> None:
        one = self.now()
        parties = tuple(ParticipantInput(role, **self.who[name]) for name, role in rows)
        data = FrameInput(one.starts_at, one.ends_at + timedelta(days=days), parties)
        change_frame(one, data, actor=self.cast.owner, version=one.version)

    def _answer(self, name: str, word: str) -> None:
        one, person = self.now(), self.speaks.get(name, self.cast.owner)
        person.__dict__.pop("access", None)
        row = Concurrence.objects.visible_to(person).current().get(operation=one, position=post_of(person))
        answer_staffing(
            one, actor=person, version=one.version, concurrence=row, answer=word, reason="No boats"
        )

    def _task(self, name: str) -> None:
        one = self.now()
        doer = {key: value for key, value in self.who[name].items() if key != "position"}
        data = TaskInput(title=f"Of {name}", starts_at=one.starts_at, ends_at=one.ends_at, **doer)
        add_task(revision_of(one), data, actor=self.cast.owner)

    def holds(self) -> None:
        """What is true at every moment."""
        one = self.now()
        standing = list(Participation.objects.unscoped(WHY).filter(operation=one))
        pairs = [row.pair for row in standing]
        assert [row.role for row in standing].count("lead") == 1
        assert len(set(pairs)) == len(pairs)
        assert one.starts_at < one.ends_at
        revisions = PlanRevision.objects.unscoped(WHY).filter(operation=one).order_by("number")
        assert [row.number for row in revisions] == list(range(1, len(revisions) + 1))
        (counts,) = [row for row in revisions if row.state == "in_force"]
        assert (counts.starts_at or one.starts_at, counts.ends_at or one.ends_at) == (
            one.starts_at,
            one.ends_at,
        )
        issued = [row.frago_number for row in revisions if row.frago_number]
        assert issued == list(range(1, len(issued) + 1))
        self._nobody_works_who_takes_no_part(counts, set(pairs))
        asked = {
            (row.office_id, row.organisation_id)
            for row in JoiningParty.objects.unscoped(WHY).filter(operation=one)
        }
        assert not asked or any(row.state == "submitted" for row in revisions)
        sector = (self.who["sector"]["office"].pk, None)
        self.cast.outsider.__dict__.pop("access", None)
        sees = Operation.objects.visible_to(self.cast.outsider).filter(pk=one.pk).exists()
        assert sees == (sector in {*pairs, *asked})

    def _nobody_works_who_takes_no_part(self, revision: PlanRevision, pairs: set[Any]) -> None:
        settled = TaskProgress.objects.unscoped(WHY).values("task_key")
        for task in OperationTask.objects.unscoped(WHY).filter(revision=revision).exclude(key__in=settled):
            doer = (task.office_id, task.organisation_id)
            assert doer == (None, None) or doer in pairs


STEPS = st.lists(ROUND, max_size=3).map(lambda rounds: [step for one in rounds for step in one])


@settings(max_examples=6, deadline=None)
@example(WHOLE_WAY)
@example(WORK_LEFT)
@given(STEPS)
def test_frame_holds_whatever_is_done(steps):
    hold(steps)


@pytest.mark.long
@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_frame_holds_whatever_is_done_many_times(steps):
    hold(steps)


def hold(steps):
    with undone():
        story = Story()
        story.holds()
        for step in steps:
            event(f"{step[0]}: {'done' if story.take(*step) else 'refused'}")
            story.holds()


def test_whole_way_comes_to_its_end():
    """So that the property does not hold because nothing ever happens."""
    with undone():
        story = Story()
        for step in WHOLE_WAY:
            story.take(*step)
        one = story.now()
        assert PlanRevision.objects.unscoped(WHY).filter(operation=one, frago_number=2).exists()
        offices = set(Participation.objects.unscoped(WHY).filter(operation=one).values_list("office", "role"))
        assert offices == {(story.cast.team.pk, "lead"), (story.cast.police.pk, "support")}
