"""Phases, tasks, what they need and how far they are, through the API."""

from __future__ import annotations

from typing import Any

import pytest

from operations.models import OperationTask
from tests.operations.schedule_steps import day, links, phase, task
from tests.operations.steps import WHY, drafted, staffed
from tests.operations.test_schedule_pages import in_force
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def operation(cast: Any) -> Any:
    return drafted(cast)


def base(operation: Any) -> str:
    return f"/api/v1/operations/{operation.reference}"


def send(person: Any, method: str, url: str, **data: Any) -> Any:
    return getattr(signed_in(person), method)(url, data, content_type=JSON)


def written(title: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"title": title, "starts_at": day(start).isoformat(), "ends_at": day(end).isoformat(), **more}


def test_phase_is_written_with_versions(cast: Any, operation: Any) -> None:
    url = f"{base(operation)}/phases/"
    times = {"starts_at": day(6).isoformat(), "ends_at": day(9).isoformat()}
    made = send(cast.owner, "post", url, name="Visit", **times)
    assert made.status_code == 201
    one = f"{url}{made.json()['id']}/"
    changed = send(cast.owner, "put", one, name="The visit", version=1, **times)
    assert (changed.json()["name"], changed.json()["version"]) == ("The visit", 2)
    assert send(cast.owner, "put", one, name="Visit", version=1, **times).status_code == 409
    moved = send(cast.owner, "post", f"{one}move/", version=2, days=1)
    assert moved.json()["version"] == 3
    assert signed_in(cast.owner).get(url).json() == [moved.json()]
    assert signed_in(cast.owner).get(one).json() == moved.json()
    assert send(cast.owner, "post", f"{one}remove/", version=3).status_code == 204
    assert signed_in(cast.owner).get(url).json() == []


def test_task_is_written_linked_moved_and_removed(cast: Any, operation: Any) -> None:
    url = f"{base(operation)}/tasks/"
    visit = phase(operation, cast.owner, "Visit", 6, 9)
    first = send(
        cast.owner, "post", url, **written("Recce", 6, 7, phase=visit.pk, office=cast.team.pk)
    ).json()
    second = send(cast.owner, "post", url, **written("Patrol", 7, 8, needs=[first["id"]])).json()
    assert (first["critical"], second["needs"], second["slack"]) == (False, [first["id"]], 0)
    refused = send(cast.owner, "post", url, **written("Out", 1, 2, phase=visit.pk, office=cast.sector.pk))
    assert list(refused.json()["errors"]) == ["office"]
    one = f"{url}{first['id']}/"
    circle = send(cast.owner, "post", f"{one}needs/", version=1, needs=[second["id"]])
    assert circle.status_code == 422
    assert "“Recce” → “Patrol” → “Recce”" in circle.json()["errors"]["needs"][0]
    assert (
        "starts_at"
        in send(cast.owner, "post", f"{one}move/", **{**written("", 1, 2), "version": 1}).json()["errors"]
    )
    changed = send(cast.owner, "put", one, **written("Recce", 6, 6.5, version=1))
    assert (changed.json()["phase"], changed.json()["version"]) == (None, 2)
    moved = send(cast.owner, "post", f"{one}move/", **written("", 5, 6, version=2)).json()
    assert (moved["starts_at"][:16], moved["version"]) == (f"{day(5):%Y-%m-%dT%H:%M}", 3)
    other = f"{url}{second['id']}/"
    assert send(cast.owner, "post", f"{other}needs/", version=1, needs=[]).json()["needs"] == []
    assert links(operation) == set()
    assert send(cast.owner, "post", f"{other}remove/", version=2).status_code == 204
    assert [row["title"] for row in signed_in(cast.owner).get(url).json()] == ["Recce"]
    assert signed_in(cast.owner).get(other).status_code == 404


def test_several_tasks_are_moved_and_put_in_order(cast: Any, operation: Any) -> None:
    url = f"{base(operation)}/tasks/"
    first, second = (task(operation, cast.owner, name, 6, 7) for name in ("A", "B"))
    rows = [{"task": second.pk, "version": 1}, {"task": first.pk, "version": 1}]
    assert [row["title"] for row in send(cast.owner, "post", f"{url}reorder/", tasks=rows).json()] == [
        "B",
        "A",
    ]
    assert [row["title"] for row in signed_in(cast.owner).get(url).json()] == ["B", "A"]
    assert send(cast.owner, "post", f"{url}move/", tasks=rows, days=1).status_code == 409
    rows = [{**row, "version": 2} for row in rows]
    moved = send(cast.owner, "post", f"{url}move/", tasks=rows, days=1).json()
    assert {row["version"] for row in moved} == {3}
    assert OperationTask.objects.unscoped(WHY).get(pk=first.pk).starts_at == day(7)


def test_progress_and_readers(cast: Any, operation: Any) -> None:
    one = task(operation, cast.owner, "Patrol", 6, 7, office=cast.police)
    url = f"{base(operation)}/tasks/{one.pk}/"
    data = {"version": 0, "state": "in_progress", "percent": 40}
    assert signed_in(cast.partner).get(url).status_code == 404
    assert send(cast.partner, "post", f"{url}progress/", **data).status_code == 404
    in_force(cast, operation)
    told = send(cast.other_component, "post", f"{url}progress/", **data)
    assert told.json()["progress"]["percent"] == 40
    assert send(cast.other_component, "post", f"{url}progress/", **data).status_code == 409
    assert send(cast.partner, "post", f"{url}progress/", **{**data, "version": 1}).status_code == 403
    assert signed_in(cast.partner).get(url).json()["progress"]["state"] == "in_progress"
    assert signed_in(cast.outsider).get(url).status_code == 404
    assert signed_in(cast.owner).get(f"{url}?revision=9").status_code == 404


def test_row_of_another_plan_is_not_there(cast: Any, operation: Any) -> None:
    foreign = task(drafted(cast), cast.owner, "Elsewhere", 6, 7)
    url = f"{base(operation)}/tasks/"
    assert signed_in(cast.owner).get(f"{url}{foreign.pk}/").status_code == 404
    refused = send(cast.owner, "post", url, **written("Mine", 8, 9, needs=[foreign.pk]))
    assert refused.status_code == 422
    staffed(cast, operation)
    assert send(cast.owner, "post", url, **written("Mine", 8, 9)).status_code == 403
