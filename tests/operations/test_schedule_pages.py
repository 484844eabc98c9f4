"""Pages of tasks and time: what they show, what their forms refuse, and what a drag is answered."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cimic_portal.core.makers import maker_of
from cimic_portal.core.models import Document
from operations.models import OperationTask, TaskProgress
from operations.services.staffing import approve_operation
from tests.factories.core import DelegationFactory
from tests.operations.schedule_steps import again, day, phase, task
from tests.operations.steps import WHY, answered, drafted, post_of, revision_of, staffed
from tests.support.pages import body, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Any) -> Any:
    operation = drafted(cast)
    visit = phase(operation, cast.owner, "Visit", 6, 9)
    recce = task(operation, cast.owner, "Recce", 6, 7, phase=visit, office=cast.team)
    patrol = task(operation, cast.owner, "Patrol", 7, 8, phase=visit, office=cast.police, needs=(recce,))
    return operation, visit, recce, patrol


def at(route: str, operation: Any, *args: Any) -> str:
    return reverse(route, args=[operation.reference, *args])


def moment(name: str, when: datetime) -> dict[str, str]:
    return {f"{name}_0": f"{when:%Y-%m-%d}", f"{name}_1": f"{when:%H:%M}"}


def sent(title: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        **moment("starts_at", day(start)),
        **moment("ends_at", day(end)),
        "order": "100",
        **more,
    }


def in_force(cast: Any, operation: Any) -> Any:
    operation = staffed(cast, operation)
    answered(cast, operation, cast.other_component, "concurs")
    answered(cast, operation, cast.partner, "concurs")
    return approve_operation(operation, actor=cast.head_above, version=operation.version)


def test_list_by_phase_with_filters(cast: Any, plan: Any) -> None:
    operation, visit, _recce, _patrol = plan
    task(operation, cast.owner, "Nobody's", 5, 6)
    client = signed_in(cast.owner)
    page = words(body(client.get(at("operation_tasks", operation))).partition("</form>")[2])
    assert page.index("Visit") < page.index("Recce") < page.index("Patrol") < page.index("Without phase")
    assert "Not given to anybody yet" in page
    for query, shown in (
        ({"q": "rec"}, {"Recce"}),
        ({"who": f"office-{cast.police.pk}"}, {"Patrol"}),
        ({"who": "nobody"}, {"Nobody's"}),
        ({"phase": str(visit.key)}, {"Recce", "Patrol"}),
        ({"phase": "none"}, {"Nobody's"}),
        ({"state": "done"}, set()),
        ({"flag": "critical"}, {"Recce", "Patrol"}),
        ({"flag": "conflict"}, {"Nobody's"}),
        ({"flag": "mine"}, {"Recce"}),
        ({"who": "invented"}, set()),
    ):
        rows = client.get(at("operation_tasks", operation), query).context["groups"]
        assert {row["task"].title for group in rows for row in group["rows"]} == shown, query


def test_task_is_added_changed_moved_and_removed_by_its_forms(cast: Any, plan: Any) -> None:
    operation, visit, recce, _patrol = plan
    client = signed_in(cast.owner)
    assert client.get(at("task_new", operation)).status_code == 200
    answer = client.post(at("task_new", operation), sent("Late", 5, 6, phase=visit.pk))
    assert answer.status_code == 422
    assert "“Visit” runs from" in body(answer)
    assert 'value="Late"' in body(answer)
    answer = client.post(
        at("task_new", operation),
        sent("Talks", 8, 8.5, phase=visit.pk, needs=[recce.pk], who=f"office-{cast.team.pk}"),
    )
    assert answer.status_code == 302
    talks = OperationTask.objects.unscoped(WHY).get(title="Talks")
    page = words(body(client.get(at("task", operation, talks.key))))
    assert "Recce" in page
    assert str(cast.team) in page
    form = {**sent("Talks", 8, 9, phase=visit.pk), "version": "1"}
    assert client.get(at("task_edit", operation, talks.key)).status_code == 200
    assert client.post(at("task_edit", operation, talks.key), form).status_code == 302
    assert client.post(at("task_edit", operation, talks.key), form).status_code == 409
    move = at("task_step", operation, talks.key, "move")
    assert client.get(move).status_code == 200
    refused = client.post(move, {**moment("starts_at", day(9)), **moment("ends_at", day(10)), "version": "2"})
    assert refused.status_code == 422
    remove = at("task_step", operation, talks.key, "remove")
    assert client.post(remove, {"version": "2"}).status_code == 302
    refused = client.post(at("task_step", operation, recce.key, "remove"), {"version": "1"})
    assert "It is needed by “Patrol”" in body(refused)
    assert client.get(at("task_step", operation, recce.key, "invented")).status_code == 404


def test_phase_by_its_forms(cast: Any, plan: Any) -> None:
    operation, visit, recce, _patrol = plan
    client = signed_in(cast.owner)
    form = {**sent("", 1, 3), "name": "Prepare"}
    assert client.get(at("phase_new", operation)).status_code == 200
    assert client.post(at("phase_new", operation), form).status_code == 302
    edit = at("phase_edit", operation, visit.key)
    assert client.get(edit).status_code == 200
    refused = client.post(edit, {**sent("", 7, 9), "name": "Visit", "version": "1"})
    assert "These tasks begin before: “Recce”" in body(refused)
    move = at("phase_step", operation, visit.key, "move")
    assert client.get(move).status_code == 200
    assert client.post(move, {"days": "1", "version": "1"}).status_code == 302
    assert again(recce).starts_at == day(7)
    refused = client.post(at("phase_step", operation, visit.key, "remove"), {"version": "2"})
    assert "These tasks lie in it" in body(refused)
    assert client.get(at("phase_step", operation, visit.key, "invented")).status_code == 404


def test_several_are_moved_from_the_list_and_a_refusal_stands_in_its_row(cast: Any, plan: Any) -> None:
    operation, _visit, recce, patrol = plan
    client = signed_in(cast.owner)
    url = at("operation_tasks", operation)
    both = [f"{recce.pk}:1", f"{patrol.pk}:1"]
    refused = client.post(url, {"task": both, "days": "2"})
    assert refused.status_code == 422
    assert "Not moved: “Visit”" in words(body(refused))
    assert body(refused).count(" checked") == 2
    assert client.post(url, {"task": both, "days": "1"}).status_code == 302
    assert again(patrol).starts_at == day(8)
    assert client.post(url, {"task": ["x:1", "1"], "days": "1"}).status_code == 422


def test_matrix_and_gantt_show_rows_marks_and_a_table(cast: Any, plan: Any) -> None:
    operation, _visit, recce, _patrol = plan
    client = signed_in(cast.owner)
    matrix = body(client.get(at("operation_matrix", operation)))
    for office in (cast.team, cast.police, cast.country_office):
        assert str(office) in matrix
    assert matrix.count('class="bar planned critical') == 2
    assert f'data-who="office-{cast.police.pk}"' in matrix
    assert "The same as a list" in matrix
    assert "time-arrows" not in matrix
    gantt = body(client.get(at("operation_gantt", operation)))
    assert f'id="r-t{recce.pk}"' in gantt
    # One arrow, on the critical path, drawn thick; none besides.
    assert re.search(r'<path d=""/><path class="critical" d="M\d+ \d+H\d+V\d+m[-\dl ]+"/>', gantt)
    assert "critical path, conflict" not in gantt
    for zoom in ("whole", "day", "fortnight", "week", "month", "phase", "invented"):
        for since in ("", f"{day(7):%Y-%m-%d}", "9999-99-99", "x"):
            for route in ("operation_gantt", "operation_matrix"):
                answer = client.get(at(route, operation), {"zoom": zoom, "from": since})
                assert answer.status_code == 200
    assert "Patrol" in matrix
    # The style sheet forbids nothing that the page carries in itself.
    assert " style=" not in matrix + gantt


def test_those_who_only_read_get_no_handles(cast: Any, plan: Any) -> None:
    operation, *_rest = plan
    staffed(cast, operation)
    page = body(signed_in(cast.partner).get(at("operation_matrix", operation)))
    assert "Recce" in page
    assert "data-time " not in page
    assert "data-v=" not in page


def drag(client: Any, operation: Any, one: Any, times: tuple[float, float], version: int, **more: str) -> Any:
    data = {
        "version": version,
        "starts_at": day(times[0]).isoformat(),
        "ends_at": day(times[1]).isoformat(),
        **more,
    }
    return client.post(f"{at('task_drag', operation, one.key)}?view=matrix", data)


def test_drag_moves_gives_and_answers_with_the_rows_that_changed(cast: Any, plan: Any) -> None:
    operation, _visit, recce, patrol = plan
    client = signed_in(cast.owner)
    answer = drag(client, operation, patrol, (8, 9), 1)
    told = answer.json()
    assert answer.status_code == 200
    assert told["said"].startswith("Patrol: ")
    assert list(told["rows"]) == [f"office-{cast.police.pk}"]
    assert again(patrol).starts_at == day(8)
    told = drag(client, operation, patrol, (8, 9), 2, who=f"office-{cast.team.pk}").json()
    assert set(told["rows"]) == {f"office-{cast.police.pk}", f"office-{cast.team.pk}"}
    assert again(patrol).office == cast.team
    refused = drag(client, operation, patrol, (6, 7), 3)
    assert refused.status_code == 422
    assert "It needs “Recce”" in json.dumps(refused.json(), ensure_ascii=False)
    assert drag(client, operation, patrol, (8, 9), 1).status_code == 409
    assert drag(client, operation, recce, (6, 7), 1, who="office-0").status_code == 422
    assert drag(client, operation, recce, (6, 7), 0).status_code == 422
    assert client.get(at("task_drag", operation, recce.key)).status_code == 405
    assert again(patrol).version == 3


def test_nobody_moves_what_they_only_read(cast: Any, plan: Any) -> None:
    operation, _visit, recce, _patrol = plan
    staffed(cast, operation)
    client = signed_in(cast.other_component)
    assert drag(client, operation, recce, (6, 7), 1).status_code == 403
    for url in (
        at("task_new", operation),
        at("task_edit", operation, recce.key),
        at("task_step", operation, recce.key, "move"),
        at("task_import", operation),
        at("phase_new", operation),
    ):
        assert client.get(url).status_code == 403


def test_whoever_does_it_reports_progress_while_the_order_is_in_force(cast: Any, plan: Any) -> None:
    operation, _visit, _recce, patrol = plan
    url = at("task_step", operation, patrol.key, "progress")
    assert signed_in(cast.owner).get(url).status_code == 403
    in_force(cast, operation)
    client = signed_in(cast.other_component)
    assert "Report progress" in body(client.get(at("task", operation, patrol.key)))
    assert signed_in(cast.partner).get(url).status_code == 403
    assert client.get(url).status_code == 200
    held = {"state": "held_up", "percent": "30", "version": "0"}
    assert "Say why." in body(client.post(url, held))
    assert client.post(url, {**held, "note": "Ford is deep"}).status_code == 302
    assert client.post(url, {**held, "note": "Late"}).status_code == 409
    assert client.post(url, {"state": "done", "percent": "40", "version": "1"}).status_code == 302
    row = TaskProgress.objects.unscoped(WHY).get()
    assert (row.state, row.percent, row.version, row.reported_by) == ("done", 100, 2, cast.other_component)
    page = body(client.get(at("operation_gantt", operation)))
    assert "bar done" in page
    assert "✓ Patrol" in page


def test_whoever_speaks_for_a_participant_on_leave_is_told_at_once(cast: Any, plan: Any) -> None:
    operation, _visit, recce, patrol = plan
    client = signed_in(cast.owner)
    assert "nobody is there" not in body(client.get(at("task", operation, patrol.key)))
    DelegationFactory(
        position=post_of(cast.other_component),
        delegator=cast.other_component,
        delegate=cast.group_member,
        since=day(7.5),
        until=day(7.75),
    )
    assert "nobody is there from" in body(client.get(at("task", operation, patrol.key)))
    assert "nobody is there" not in body(client.get(at("task", operation, recce.key)))


TABLE = """No.;Task;Phase;Done by;Start;End;Needs;Details
1;Brief;Visit;{team};{a};{b};;Bring maps
2;March;Visit;{team};{b};{c};1;
3;Early;Visit;{team};{a};{b};2;
4;Drill;Visit;Nobody known;{a};{b};;
5;Lost;;;yesterday;{b};3;
6;A;;;{a};{b};7;
7;B;;;{b};{c};6;
8;After;;;{c};{d};Recce;
"""


def test_import_says_why_each_refused_row_stays_out(cast: Any, plan: Any) -> None:
    operation, *_rest = plan
    client = signed_in(cast.owner)
    url = at("task_import", operation)
    assert client.get(url).status_code == 200
    times = {name: f"{day(n):%Y-%m-%d %H:%M}" for name, n in (("a", 6), ("b", 7), ("c", 8), ("d", 9))}
    table = TABLE.format(team=cast.team, **times)
    preview = client.post(url, {"file": SimpleUploadedFile("tasks.csv", table.encode())})
    rows = {row.text("title"): " ".join(row.problems) for row in preview.context["rows"]}
    assert [name for name, problems in rows.items() if not problems] == ["Brief", "March", "After"]
    assert "It needs “March”" in rows["Early"] or "which ends" in rows["Early"]
    assert "“Nobody known” does not take part" in rows["Drill"]
    assert "is no time" in rows["Lost"]
    assert "circle" in rows["A"] and "circle" in rows["B"]
    assert not OperationTask.objects.unscoped(WHY).filter(title="Brief").exists()
    done = client.post(url, {"rows": preview.context["sent"]})
    assert done.status_code == 302
    march = OperationTask.objects.unscoped(WHY).get(title="March")
    assert [link.needs.title for link in march.dependencies.unscoped(WHY).select_related("needs")] == [
        "Brief"
    ]
    assert not OperationTask.objects.unscoped(WHY).filter(title__in=["Early", "Drill", "Lost"]).exists()
    for rubbish in ("", "[", "[1]", '[{"title": 3}]', '{"a": 1}'):
        assert client.post(url, {"rows": rubbish}).status_code == 422


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"PK\x03\x04 broken", b"a,b\n1,2\n", b"Task,Start,End\n"]
)
def test_files_that_are_no_table_of_tasks_are_refused_in_words(cast: Any, plan: Any, content: bytes) -> None:
    operation, *_rest = plan
    answer = signed_in(cast.owner).post(
        at("task_import", operation), {"file": SimpleUploadedFile("tasks.xlsx", content)}
    )
    assert answer.status_code == 422
    assert "errorlist" in body(answer)


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_schedule_as_a_document_with_its_source(cast: Any, plan: Any, form: str) -> None:
    operation, _visit, _recce, patrol = plan
    client = signed_in(cast.owner)
    url = at("schedule_document", operation)
    assert client.get(url).status_code == 200
    assert client.post(url, {"office": cast.team.pk, "form": form}).status_code == 302
    document = Document.objects.unscoped(WHY).get()
    made = maker_of(document.kind).make(document, cast.owner, lambda done, total: None)
    assert list(made.sources) == [operation, revision_of(operation)]
    if form == "pdf":
        assert made.content.startswith(b"%PDF")
        return
    book = openpyxl.load_workbook(made.content)
    cells = [row[:7] for row in book["Tasks"].iter_rows(min_row=4, values_only=True)]
    assert [(row[0], row[1], row[6] or "") for row in cells] == [(1, "Recce", ""), (2, "Patrol", "1")]
    made.content.seek(0)
    upload = SimpleUploadedFile("tasks.xlsx", made.content.read())
    patrol.delete()
    preview = client.post(at("task_import", operation), {"file": upload})
    assert [row.problems for row in preview.context["rows"]] == [[], []]


def test_document_is_not_made_of_what_its_maker_may_not_read(cast: Any, plan: Any) -> None:
    from cimic_portal.core.errors import RefusedError

    operation, *_rest = plan
    signed_in(cast.owner).post(at("schedule_document", operation), {"office": cast.team.pk, "form": "pdf"})
    document = Document.objects.unscoped(WHY).get()
    with pytest.raises(RefusedError):
        maker_of(document.kind).make(document, cast.partner, lambda done, total: None)


def test_another_revision_is_shown_when_asked_for(cast: Any, plan: Any) -> None:
    operation, *_rest = plan
    client = signed_in(cast.owner)
    page = body(client.get(at("operation_tasks", operation), {"revision": "1"}))
    assert "Plan, revision 1, being written" in page
    assert "?revision=1" in page
    for number in ("2", "x", "99999"):
        assert client.get(at("operation_tasks", operation), {"revision": number}).status_code == 404
    assert revision_of(operation).number == 1


def test_halves_of_characters_in_an_import_break_nothing(cast: Any, plan: Any) -> None:
    times = f'"start": "{day(6):%Y-%m-%d %H:%M}", "end": "{day(7):%Y-%m-%d %H:%M}"'
    rows = f'[{{"title": "T\\ud800", {times}}}]'
    answer = signed_in(cast.owner).post(at("task_import", plan[0]), {"rows": rows})
    assert answer.status_code == 302, words(body(answer))
    assert OperationTask.objects.unscoped(WHY).filter(title="T?").exists()
