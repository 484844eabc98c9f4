"""The FRAGO on paper: what changes, what does not, and who acknowledges it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.texts.difference import Word, condensed, difference
from operations.models import OperationTask, TaskDependency
from operations.services.frago import acknowledge_order
from operations.services.plan import copy_revision
from operations.services.schedule import change_task, remove_task
from tests.factories.schedule import large_operation
from tests.operations.paper_steps import approved, begun, fresh, issued, latest, made, packed, text_of
from tests.operations.plan_steps import saved
from tests.operations.schedule_steps import day, of, task
from tests.operations.steps import WHY, drafted, revision_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(cast: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """In force, with three tasks."""
    from tests.operations import paper_steps

    def with_tasks(cast: Any, **changed: Any) -> Any:
        operation = drafted(cast, **changed)
        saved(operation, "Keep the road open\nand the market\nfor everybody", cast.owner, "situation")
        for number, name in enumerate(("Recce", "Patrol", "Brief")):
            task(operation, cast.owner, name, 6 + number, 7 + number, office=cast.team)
        return operation

    monkeypatch.setattr(paper_steps, "drafted", with_tasks)
    return approved(cast)


def tasks_of(operation: Any) -> dict[str, Any]:
    rows = OperationTask.objects.unscoped(WHY).filter(revision=latest(operation)).select_related("revision")
    return {row.title: row for row in rows}


def changed(cast: Any, order: Any) -> None:
    begun(cast, fresh(order), "Patrol later")
    saved(order, "Keep the road open\nand the school\nfor everybody", cast.owner, "situation")
    rows = tasks_of(order)
    change_task(
        rows["Patrol"],
        of(rows["Patrol"], starts_at=day(7.5), needs=(rows["Recce"],)),
        actor=cast.owner,
        version=rows["Patrol"].version,
    )
    remove_task(rows["Brief"], actor=cast.owner, version=rows["Brief"].version)
    task(order, cast.owner, "Mark the ford", 6, 7, office=cast.police)


def test_what_changes_and_what_does_not(cast: Any, order: Any) -> None:
    changed(cast, order)
    revision = issued(cast, order)
    found = text_of(made(cast.partner, revision, "frago").content)
    for words in (
        f"FRAGO 01 to {order.order_name}: Market days",
        "Patrol later",
        "Rain",
        "Changed times",
        "and the marketschool",
        "2. MissionNo change.",
        "4. SustainmentNo change.",
        "Task organisationNo change.",
        "PhasesNo change.",
        "RisksNo change.",
        "Added",
        "Mark the ford",
        "Removed",
        "Brief",
        "What tasks wait for",
        "Demanded of every participant. 0 of 3",
    ):
        assert packed(words) in found, words
    assert "NOTINFORCE" not in found
    assert "Courses" not in found


def test_who_has_acknowledged_stands_in_it(cast: Any, order: Any) -> None:
    changed(cast, order)
    revision = issued(cast, order)
    acknowledge_order(fresh(order), actor=cast.partner, version=fresh(order).version)
    found = text_of(made(cast.owner, revision, "frago").content)
    assert packed("1 of 3 have acknowledged it") in found
    assert packed(str(cast.partner)) in found
    assert "notyet" in found


def test_a_frago_that_is_being_written_is_a_draft_for_those_who_write(cast: Any, order: Any) -> None:
    changed(cast, order)
    revision = latest(order)
    found = text_of(made(cast.owner, revision, "frago").content)
    assert packed("DRAFT – NOT IN FORCE") in found
    assert packed("asked to acknowledge it when it is issued") in found
    with pytest.raises(RefusedError):
        made(cast.partner, revision, "frago")


def test_the_order_itself_is_no_frago(cast: Any, order: Any) -> None:
    with pytest.raises(RefusedError, match="order itself"):
        made(cast.owner, latest(order), "frago")


def test_both_revisions_are_sources(cast: Any, order: Any) -> None:
    before = latest(order)
    changed(cast, order)
    revision = issued(cast, order)
    paper = made(cast.owner, revision, "frago")
    assert [(type(one).__name__, one.pk) for one in paper.sources] == [
        ("Operation", order.pk),
        ("PlanRevision", revision.pk),
        ("PlanRevision", before.pk),
    ]


def test_typed_words_are_never_markup(cast: Any, order: Any) -> None:
    begun(cast, fresh(order), "#panic() *b*")
    saved(order, "Now #set page(width: 1cm) and $x$ <script>", cast.owner, "mission")
    found = text_of(made(cast.owner, latest(order), "frago").content)
    for words in ("#panic() *b*", "Now #set page(width: 1cm) and $x$ <script>"):
        assert packed(words) in found


def test_queries_do_not_grow_with_what_changes(cast: Any) -> None:
    counted = []
    for tasks in (6, 60):
        operation = large_operation(cast, tasks=tasks, participants=4, state="active")
        before = revision_of(operation)
        copy_revision(before, author=cast.owner, is_frago=True, title="All later", reason="Rain")
        revision = latest(operation)
        rows = OperationTask.objects.unscoped(WHY).filter(revision=revision)
        rows.update(details="More")
        TaskDependency.objects.unscoped(WHY).filter(task__in=list(rows)).delete()
        cast.owner.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            made(cast.owner, revision, "frago", office=cast.team)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 40, counted


def line(before: str, after: str) -> list[Word]:
    (row,) = [row for row in difference(before, after) if row.changed]
    return condensed(row)


def test_a_line_holds_what_was_taken_out_and_put_in_at_its_place() -> None:
    assert line("open the market at noon", "open the school at noon") == [
        Word("open the "),
        Word("market", "removed"),
        Word("school", "added"),
        Word(" at noon"),
    ]


def test_a_line_of_which_little_stayed_stands_whole_before_the_new_one() -> None:
    assert line("Keep out of the yard", "Vehicles wait at the ford until noon comes") == [
        Word("Keep out of the yard", "removed"),
        Word("Vehicles wait at the ford until noon comes", "added"),
    ]


def test_a_line_that_is_new_or_gone_is_marked_whole() -> None:
    assert line("one", "one\ntwo") == [Word("two", "added")]
    assert line("one\ntwo", "one") == [Word("two", "removed")]
