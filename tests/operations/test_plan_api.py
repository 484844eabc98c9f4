"""The written plan in the API: read whole, written row by row, on the version that was read."""

from __future__ import annotations

from typing import Any

import pytest

from operations.models import ChecklistItem, Objective
from tests.factories.core import ahead
from tests.operations.plan_steps import filled, procedure, saved, section, taken, trail_of
from tests.operations.steps import WHY, drafted, revision_of, staffed
from tests.support.pages import signed_in


def ask(person: Any, operation: Any, path: str = "", method: str = "get", **sent: Any) -> Any:
    address = f"/api/v1/operations/{operation.reference}/plan/{path}"
    client = signed_in(person)
    if method == "get":
        return client.get(address, sent)
    return getattr(client, method)(address, sent, content_type="application/json")


def test_a_revision_is_read_whole(cast):
    operation = drafted(cast)
    filled(cast, operation)
    taken(cast, operation)
    told = ask(cast.owner, operation).json()
    assert (told["revision"]["number"], told["revision"]["is_writable"]) == (1, True)
    assert [one["kind"] for one in told["sections"]] == [
        "situation",
        "mission",
        "execution",
        "sustainment",
        "command",
    ]
    assert told["sections"][1]["text"].startswith("## Mission")
    assert told["sections"][1]["changed_by"] == {"id": cast.owner.pk, "name": str(cast.owner)}
    assert told["risks"][0]["level"] == "very_high"
    assert told["decisions"][0]["condition"] == "Shots are heard"
    assert [course["total"] for course in told["comparison"]["courses"]] == [16, 18]
    assert [course["best"] for course in told["comparison"]["courses"]] == [False, True]
    assert len(told["checklists"]) == 2


def test_the_revision_asked_for_is_shown(cast):
    from operations.services.staffing import pull_back

    operation = drafted(cast)
    saved(operation, "First", cast.owner)
    operation = staffed(cast, operation)
    pull_back(operation, actor=cast.owner, version=operation.version, reason="More")
    saved(operation, "Second", cast.owner)
    assert ask(cast.owner, operation).json()["sections"][1]["text"] == "Second"
    assert ask(cast.owner, operation, revision="1").json()["sections"][1]["text"] == "First"
    assert ask(cast.partner, operation).json()["sections"][1]["text"] == "First"
    for number in ("2", "99", "x", "12345"):
        assert ask(cast.partner, operation, revision=number).status_code == 404


def test_a_section_is_saved_on_its_version_and_told_when_another_stands(cast):
    operation = drafted(cast)
    first = ask(cast.owner, operation, "sections/mission/", "put", text="One", version=1)
    assert (first.status_code, first.json()["version"]) == (200, 2)
    late = ask(cast.colleague, operation, "sections/mission/", "put", text="Two", version=1)
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert str(cast.owner) in late.json()["changes"][0]
    again = ask(cast.colleague, operation, "sections/mission/", "put", text="One\nTwo", version=2, revision=1)
    assert again.status_code == 200
    assert trail_of(section(operation)) == [(1, ""), (2, "One"), (3, "One\nTwo")]
    assert ask(cast.owner, operation, "sections/nothing/", "put", text="x", version=1).status_code == 404
    marks = ask(cast.owner, operation, "sections/mission/", "put", text="<<<<<<< x", version=3)
    assert (marks.status_code, list(marks.json()["errors"])) == (422, ["text"])


ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "objectives": ("text", {"text": "Roads open", "measure": "Days"}),
    "risks": ("text", {"text": "Ambush", "likelihood": 2, "impact": 5}),
    "decisions": (
        "title",
        {"title": "Turn back", "condition": "Bridge down", "due_at": ahead(days=7).isoformat()},
    ),
}


@pytest.mark.parametrize("slug", ROWS)
def test_a_row_is_added_replaced_and_removed(cast, slug):
    operation = drafted(cast)
    name, data = ROWS[slug]
    added = ask(cast.owner, operation, f"{slug}/", "post", **data)
    assert added.status_code == 201
    address = f"{slug}/{added.json()['key']}/"
    changed = ask(cast.owner, operation, address, "put", **data | {name: "Changed", "version": 1})
    assert (changed.status_code, changed.json()[name], changed.json()["version"]) == (200, "Changed", 2)
    stale = ask(cast.owner, operation, address, "put", **data | {"version": 1})
    assert stale.status_code == 409
    assert any("Changed" in line for line in stale.json()["changes"])
    wrong = ask(cast.owner, operation, address, "put", **data | {name: "", "version": 2})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, [name])
    assert ask(cast.owner, operation, address, "delete", version=1).status_code == 409
    assert ask(cast.owner, operation, address, "delete", version=2).status_code == 204
    assert ask(cast.owner, operation, address, "delete", version=2).status_code == 404
    assert (
        ask(cast.owner, operation, f"{slug}/------------------------------------/", "put").status_code == 404
    )


def test_a_rule_between_fields_is_told_at_its_field(cast):
    operation = drafted(cast)
    risk = ROWS["risks"][1] | {"residual_likelihood": 1}
    answer = ask(cast.owner, operation, "risks/", "post", **risk)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["residual_impact"])


def test_the_comparison_is_written_whole_and_one_is_chosen(cast):
    operation = drafted(cast)
    version = ask(cast.owner, operation).json()["comparison"]["version"]
    sent = {
        "criteria": [{"name": "Speed", "weight": 2}, {"name": "Safety", "weight": 5}],
        "courses": [{"name": "By road", "scores": [5, None]}, {"name": "By air", "scores": [4, 3]}],
    }
    told = ask(cast.owner, operation, "comparison/", "put", version=version, **sent).json()
    assert [(c["total"], c["complete"], c["best"]) for c in told["courses"]] == [
        (10, False, False),
        (23, True, False),
    ]
    stale = ask(cast.owner, operation, "comparison/", "put", version=version, **sent)
    assert stale.status_code == 409
    course = told["courses"][1]
    address = f"courses/{course['key']}/choose/"
    chosen = ask(cast.owner, operation, address, "post", version=course["version"], reason="Safer")
    assert [c["is_chosen"] for c in chosen.json()["courses"]] == [False, True]
    sent["courses"][0]["scores"] = [1, 2, 3]
    many = ask(cast.owner, operation, "comparison/", "put", version="x", **sent)
    assert (many.status_code, list(many.json()["errors"])) == (422, ["courses"])


def test_a_procedure_is_taken_in_and_settled(cast):
    operation = drafted(cast)
    made = procedure()
    steps = ask(cast.owner, operation, "checklists/", "post", procedure=made.pk)
    assert steps.status_code == 201
    address = f"checklists/{steps.json()[0]['id']}/"
    done = ask(cast.owner, operation, address, "put", version=1, state="done")
    assert done.json()["done_by"] == {"id": cast.owner.pk, "name": str(cast.owner)}
    assert ask(cast.owner, operation, address, "put", version=1, state="open").status_code == 409
    why = ask(cast.owner, operation, address, "put", version=2, state="not_applicable")
    assert (why.status_code, list(why.json()["errors"])) == (422, ["reason"])
    assert ask(cast.owner, operation, address, "put", version=2, state="open").json()["done_at"] is None
    assert ChecklistItem.objects.unscoped(WHY).filter(done_at__isnull=False).count() == 0


def test_what_is_staffed_refuses_with_the_reason(cast):
    operation = drafted(cast)
    filled(cast, operation)
    key = Objective.objects.unscoped(WHY).get().key
    operation = staffed(cast, operation)
    for path, method, sent in (
        ("sections/mission/", "put", {"text": "x", "version": 2}),
        ("objectives/", "post", ROWS["objectives"][1]),
        (f"objectives/{key}/", "put", ROWS["objectives"][1] | {"version": 1}),
        (f"objectives/{key}/", "delete", {"version": 1}),
        ("comparison/", "put", {"version": "x", "criteria": [], "courses": []}),
    ):
        answer = ask(cast.owner, operation, path, method, **sent)
        assert answer.status_code == 403, path
        assert "not being written" in answer.json()["detail"]
    assert revision_of(operation).state == "staffed"
