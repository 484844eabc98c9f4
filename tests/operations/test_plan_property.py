"""Whatever several people write in whatever order: every text that was saved is on record, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.services.merging import MergeNeededError
from operations.models import Objective
from operations.services.plan_inputs import ObjectiveInput
from operations.services.plan_rows import add_row, change_row, move_row
from operations.services.plan_text import save_section
from tests.factories.cast import make_cast
from tests.operations.plan_steps import section, trail_of
from tests.operations.steps import WHY, drafted, revision_of

pytestmark = pytest.mark.django_db
PEOPLE = ("owner", "colleague", "head", "delegate")
LINE = st.sampled_from(["Hold", "Patrol", "Escort", "", "Rest"])
# (who, whether they look at the page first, the place of the line, what they write there)
EDIT = st.tuples(st.sampled_from(PEOPLE), st.booleans(), st.integers(0, 4), LINE)


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with an empty portal."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None)
@given(st.lists(EDIT, max_size=12))
def test_no_text_is_lost_and_versions_grow_by_one(edits):
    with undone():
        write_all(edits)


def write_all(edits):
    cast = make_cast()
    operation = drafted(cast)
    row = section(operation)
    seen = dict.fromkeys(PEOPLE, (row.version, row.text))
    expected = [(1, "")]
    for who, looks, place, line in edits:
        if looks:
            seen[who] = expected[-1]
        version, shown = seen[who]
        lines = shown.splitlines() + [""] * (place + 1)
        lines[place] = f"{line} {len(expected)}" if line else ""
        text = "\n".join(lines).strip("\n")
        try:
            now = save_section(row.revision, "mission", text, actor=getattr(cast, who), version=version)
        except MergeNeededError as met:
            # Nothing was saved; both texts and what they came from are at hand.
            assert (met.row.version, met.row.text) == expected[-1]
            assert (met.base, met.mine) == (shown, text)
            seen[who] = expected[-1]
        else:
            if now.text != expected[-1][1]:
                expected.append((expected[-1][0] + 1, now.text))
            seen[who] = (now.version, now.text)
    assert trail_of(row) == expected


MOVE = st.tuples(st.integers(0, 3), st.booleans(), st.booleans())


@settings(max_examples=15, deadline=None)
@given(st.lists(MOVE, max_size=10))
def test_rows_keep_a_history_without_gaps(moves):
    with undone():
        move_all(moves)


def move_all(moves):
    cast = make_cast()
    revision = revision_of(drafted(cast))
    for name in "ABCD":
        add_row(revision, ObjectiveInput(name), actor=cast.owner)
    for place, changes, up in moves:
        rows = list(Objective.objects.unscoped(WHY).filter(revision=revision).order_by("order", "pk"))
        row = rows[place]
        if changes:
            data = ObjectiveInput(f"{row.text}'")
            change_row(row, data, actor=cast.colleague, version=row.version)
        else:
            move_row(row, "objective", actor=cast.owner, version=row.version, up=up)
    for row in Objective.objects.unscoped(WHY).filter(revision=revision):
        versions = row.events.unscoped(WHY).order_by("pgh_id").values_list("version", flat=True)
        assert list(versions) == list(range(1, row.version + 1))
    orders = Objective.objects.unscoped(WHY).filter(revision=revision).values_list("order", flat=True)
    assert len(set(orders)) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [("x" * 60_001, "characters"), ("\n".join("x" * 2_001), "lines"), (">>>>>>> end", "marks")],
)
def test_what_a_section_cannot_hold_is_told(cast, text, told):
    row = section(drafted(cast))
    with pytest.raises(InvalidError, match=told):
        save_section(row.revision, "mission", text, actor=cast.owner, version=1)
