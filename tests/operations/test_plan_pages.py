"""The pages of the written plan, as the cast opens them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cimic_portal.core.services.audience import Sharing
from operations.models import ChecklistItem, CourseOfAction, DecisionPoint, Objective, PlanWriter, Risk
from operations.services.courses import choose_course
from tests.factories.core import ahead, give
from tests.operations.plan_steps import (
    compared,
    filled,
    procedure,
    saved,
    section,
    taken,
    trail_of,
    version_of,
)
from tests.operations.steps import WHY, drafted, post_of, revision_of, staffed
from tests.support.pages import body, signed_in, words

ROUTES = (
    "operation_plan",
    "plan_versions",
    "plan_objectives",
    "plan_risks",
    "plan_decisions",
    "plan_courses",
    "plan_checklists",
)


def page(person, operation, route="operation_plan", *more, query="", **data):
    address = reverse(route, args=[operation.reference, *more]) + query
    client = signed_in(person)
    return client.post(address, data) if data else client.get(address)


def one(model, operation):
    return model.objects.unscoped(WHY).get(revision=revision_of(operation))


@pytest.mark.parametrize("route", ROUTES)
def test_every_page_of_the_plan_opens_and_has_its_tabs(cast, route):
    operation = drafted(cast)
    filled(cast, operation)
    taken(cast, operation)
    answer = page(cast.owner, operation, route)
    assert answer.status_code == 200
    assert body(answer).count('aria-current="page"') >= 2


def test_the_text_is_shown_as_headings_and_bold_with_who_wrote_it(cast):
    operation = drafted(cast)
    filled(cast, operation)
    PlanWriter.objects.create(operation=operation, section="situation", position=post_of(cast.partner))
    shown = page(cast.owner, operation)
    assert "<h3>Mission</h3>" in body(shown)
    assert "<strong>market</strong>" in body(shown)
    assert f"changed by {cast.owner}" in words(body(shown))
    assert f"written by {post_of(cast.partner)}" in words(body(shown))


def test_what_was_typed_while_the_plan_went_into_staffing_is_given_back(cast):
    operation = drafted(cast, sharing=Sharing(2, (1, 2)))
    staffed(cast, operation)
    text = "Keep the road open.\n\n- Two patrols <daily>"
    answer = page(cast.owner, operation, "plan_section", "mission", text=text, version=1, revision=1)
    assert answer.status_code == 403
    assert "Keep the road open.\n\n- Two patrols &lt;daily&gt;" in body(answer)
    assert body(answer).count(">Strictly confidential<") == 2


def test_a_section_is_written_and_stands_there(cast):
    operation = drafted(cast)
    form = page(cast.owner, operation, "plan_section", "mission")
    assert "data-rich" in body(form)
    assert f'data-draft="plan-{operation.reference}-mission"' in body(form)
    sent = {
        "text": "Hold the bridge",
        "version": 1,
        "revision": 1,
        "draft": f"plan-{operation.reference}-mission",
    }
    answer = page(cast.owner, operation, "plan_section", "mission", **sent)
    assert answer.status_code == 302
    assert section(operation).text == "Hold the bridge"
    followed = signed_in(cast.owner).get(answer["Location"])
    assert "Hold the bridge" in body(followed)


def test_the_later_of_two_is_shown_both_texts_and_the_proposal(cast):
    operation = drafted(cast)
    saved(operation, "One\n\nTwo\n\nThree", cast.owner)
    saved(operation, "One\n\nTwo\n\nThree by the colleague", cast.colleague)
    sent = {"text": "One by the owner\n\nTwo\n\nThree", "version": 2, "revision": 1}
    answer = page(cast.owner, operation, "plan_section", "mission", **sent)
    assert answer.status_code == 409
    told = words(body(answer))
    assert f"{cast.colleague} saved this text while you wrote." in told
    assert "One by the owner\n\nTwo\n\nThree by the colleague</textarea>" in body(answer)
    assert re.search(r"<ins>.*by the owner", body(answer))
    assert re.search(r"<ins>.*by the colleague", body(answer))
    assert 'name="version" value="3"' in body(answer)
    assert [version for version, _text in trail_of(section(operation))] == [1, 2, 3]
    again = {"text": "One by the owner\n\nTwo\n\nThree by the colleague", "version": 3, "revision": 1}
    assert page(cast.owner, operation, "plan_section", "mission", **again).status_code == 302
    assert section(operation).version == 4


def test_a_place_where_both_wrote_is_marked_and_marks_are_not_saved(cast):
    operation = drafted(cast)
    saved(operation, "Two", cast.owner)
    saved(operation, "Three", cast.colleague)
    sent = {"text": "Four", "version": 2, "revision": 1}
    answer = page(cast.owner, operation, "plan_section", "mission", **sent)
    assert "In 1 place both of you wrote differently" in words(body(answer))
    assert "&lt;&lt;&lt;&lt;&lt;&lt;&lt; your words\nFour\n=======" in body(answer)
    kept = {"text": "<<<<<<< your words\nFour\n=======\nThree\n>>>>>>>", "version": 3, "revision": 1}
    refused = page(cast.owner, operation, "plan_section", "mission", **kept)
    assert refused.status_code == 422
    assert "take the marks out" in words(body(refused))
    assert "Four" in body(refused)


def test_after_approval_the_form_says_that_a_frago_changes_it(cast):
    operation = drafted(cast)
    objective = filled(cast, operation) and one(Objective, operation)
    revision = revision_of(operation)
    revision.state = "in_force"
    revision.save()
    type(operation).objects.unscoped(WHY).filter(pk=operation.pk).update(
        state="approved",
        published_at=revision.created_at,
        approved_at=revision.created_at,
        approved_by=cast.head_above,
        order_number=7,
    )
    for route, more in (
        ("plan_section", ["mission"]),
        ("plan_objective_new", []),
        ("plan_objective_edit", [objective.key]),
        ("plan_risk_new", []),
        ("plan_decision_new", []),
        ("plan_courses_edit", []),
    ):
        answer = page(cast.owner, operation, route, *more)
        assert answer.status_code == 403
        assert "It is changed by a FRAGO" in words(body(answer)), route
    assert "It is changed by a FRAGO" in words(body(page(cast.owner, operation)))


ROWS = {
    "objective": (Objective, {"text": "Roads open", "measure": "Days", "baseline": "2", "target": "6"}),
    "risk": (Risk, {"text": "Ambush", "likelihood": 2, "impact": 5, "civilians": "Cut off"}),
    "decision": (
        DecisionPoint,
        {
            "title": "Turn back",
            "condition": "Bridge is down",
            "due_at_0": f"{ahead(days=7):%Y-%m-%d}",
            "due_at_1": "10:00",
        },
    ),
}


@pytest.fixture
def soon(monkeypatch, cast):
    """An operation that ends long after the time in the form."""
    return drafted(cast, ends_at=ahead(days=300))


@pytest.mark.parametrize("noun", ROWS)
def test_a_row_is_added_changed_and_removed(cast, soon, noun):
    model, data = ROWS[noun]
    name = "title" if noun == "decision" else "text"
    assert page(cast.owner, soon, f"plan_{noun}_new").status_code == 200
    assert page(cast.owner, soon, f"plan_{noun}_new", **data).status_code == 302
    row = one(model, soon)
    changed = {**data, name: "Changed", "version": 1}
    form = page(cast.owner, soon, f"plan_{noun}_edit", row.key)
    assert data[name] in body(form)
    assert page(cast.owner, soon, f"plan_{noun}_edit", row.key, **changed).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, name), row.version) == ("Changed", 2)
    assert "Changed" in body(page(cast.owner, soon, f"plan_{noun}s"))
    assert page(cast.owner, soon, f"plan_{noun}_remove", row.key).status_code == 200
    assert page(cast.owner, soon, f"plan_{noun}_remove", row.key, version=2).status_code == 302
    assert not model.objects.unscoped(WHY).exists()


@pytest.mark.parametrize("noun", ROWS)
def test_a_row_changed_meanwhile_is_told_and_what_was_typed_stays(cast, soon, noun):
    model, data = ROWS[noun]
    name = "title" if noun == "decision" else "text"
    page(cast.owner, soon, f"plan_{noun}_new", **data)
    row = one(model, soon)
    page(cast.colleague, soon, f"plan_{noun}_edit", row.key, **data | {name: "Theirs", "version": 1})
    mine = data | {name: "Mine", "version": 1}
    answer = page(cast.owner, soon, f"plan_{noun}_edit", row.key, **mine)
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile" in words(body(answer))
    assert "is “Theirs”" in words(body(answer))
    assert 'value="Mine"' in body(answer)
    assert 'name="version" value="2"' in body(answer)
    assert page(cast.owner, soon, f"plan_{noun}_edit", row.key, **mine | {"version": 2}).status_code == 302


@pytest.mark.parametrize(
    ("noun", "wrong", "told"),
    [
        ("risk", {"residual_likelihood": 1}, "Give likelihood and impact of what remains, or neither."),
        ("risk", {"residual_likelihood": 1, "residual_impact": 1}, "Say by what the risk becomes"),
        ("risk", {"likelihood": 6}, "values offered"),
        ("decision", {"due_at_0": "2036-12-01"}, "The operation has ended by then."),
        ("objective", {"text": " "}, "Fill this in."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(cast, soon, noun, wrong, told):
    answer = page(cast.owner, soon, f"plan_{noun}_new", **ROWS[noun][1] | wrong)
    assert answer.status_code == 422
    assert told in words(body(answer))


@pytest.mark.parametrize("noun", ROWS)
def test_a_row_moves_and_both_have_a_new_version(cast, soon, noun):
    model, data = ROWS[noun]
    name = "title" if noun == "decision" else "text"
    for text in ("First", "Second", "Third"):
        page(cast.owner, soon, f"plan_{noun}_new", **data | {name: text})
    rows = list(model.objects.unscoped(WHY).order_by("order"))
    page(cast.owner, soon, f"plan_{noun}_move", rows[2].key, to="up", version=1)
    page(cast.owner, soon, f"plan_{noun}_move", rows[0].key, to="up", version=1)
    now = model.objects.unscoped(WHY).order_by("order").values_list(name, "version")
    assert list(now) == [("First", 1), ("Third", 2), ("Second", 2)]


def test_the_matrix_holds_each_risk_today_and_after_mitigation(cast):
    operation = drafted(cast)
    risk = ROWS["risk"][1] | {"mitigation": "Escort", "residual_likelihood": 1, "residual_impact": 5}
    page(cast.owner, operation, "plan_risk_new", **risk)
    shown = body(page(cast.owner, operation, "plan_risks"))
    today, after = (part.partition("</table>")[0] for part in shown.split('<table class="risk-matrix">')[1:])
    for table, likelihood, level in ((today, 2, "High"), (after, 1, "Medium")):
        row = re.search(r'<th scope="row">5 extreme</th>(.*)</tr>', table)[1].split("</tr>")[0]
        cells = row.split("<td")[1:]
        assert [words("<td" + cell) for cell in cells].count(f"{level} R1") == 1
        assert "R1" in cells[likelihood - 1]


def test_courses_are_compared_weighed_and_chosen(cast):
    operation = drafted(cast)
    compared(cast, operation)
    shown = words(body(page(cast.owner, operation, "plan_courses")))
    # 5×2 + 2×3, and 3×2 + 4×3.
    assert "Ring 5 2 16" in shown
    assert "Inside 3 4 18 best total" in shown
    course = CourseOfAction.objects.unscoped(WHY).get(name__startswith="Inside")
    assert page(cast.owner, operation, "plan_course_choose", course.key).status_code == 200
    refused = page(
        cast.owner, operation, "plan_course_choose", course.key, reason=" ", version=course.version
    )
    assert refused.status_code == 422
    sent = {"reason": "Safer", "version": course.version}
    assert page(cast.owner, operation, "plan_course_choose", course.key, **sent).status_code == 302
    assert "“Safer”" in words(body(page(cast.owner, operation, "plan_courses")))
    other = CourseOfAction.objects.unscoped(WHY).get(name__startswith="Ring")
    choose_course(other, actor=cast.owner, version=other.version, reason="Faster")
    assert [c.name.strip() for c in CourseOfAction.objects.unscoped(WHY).filter(is_chosen=True)] == ["Ring"]


def comparison(version, *courses, **scores):
    """As the form sends it: two criteria that stand, and the courses."""
    rows = {"comparison": version}
    for prefix, given in (("courses", courses), ("criteria", scores.pop("criteria", ()))):
        rows |= {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": 0}
        for place, row in enumerate(given):
            rows |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return rows | scores


def test_the_comparison_is_written_in_one_form(cast):
    operation = drafted(cast)
    revision = revision_of(operation)
    assert page(cast.owner, operation, "plan_courses_edit").status_code == 200
    sent = comparison(
        version_of(revision), {"name": "Ring"}, {"name": "Inside"}, criteria=[{"name": "Speed", "weight": 4}]
    )
    assert page(cast.owner, operation, "plan_courses_edit", **sent).status_code == 302
    ring = CourseOfAction.objects.unscoped(WHY).get(name="Ring")
    form = page(cast.owner, operation, "plan_courses_edit")
    field = re.search(rf'name="(score-{ring.key}_[^"]+)"', body(form))[1]
    criterion = field.rpartition("_")[2]
    sent = comparison(
        version_of(revision),
        {"name": "Ring", "key": ring.key},
        criteria=[{"name": "Speed", "weight": 5, "key": criterion}],
        **{field: 3},
    )
    assert page(cast.owner, operation, "plan_courses_edit", **sent).status_code == 302
    assert "Ring 3 15" in words(body(page(cast.owner, operation, "plan_courses")))
    assert not CourseOfAction.objects.unscoped(WHY).filter(name="Inside").exists()


def test_a_comparison_changed_meanwhile_is_told_and_what_was_typed_stays(cast):
    operation = drafted(cast)
    old = version_of(revision_of(operation))
    compared(cast, operation)
    sent = comparison(old, {"name": "By air"}, criteria=[{"name": "Cost", "weight": 1}])
    answer = page(cast.owner, operation, "plan_courses_edit", **sent)
    assert answer.status_code == 409
    assert "By air" in body(answer)
    assert version_of(revision_of(operation)) in body(answer)


def test_two_criteria_of_one_name_are_told_at_the_row(cast):
    operation = drafted(cast)
    twice = [{"name": "Speed", "weight": 1}, {"name": "speed", "weight": 1}]
    sent = comparison(version_of(revision_of(operation)), {"name": "Ring"}, criteria=twice)
    answer = page(cast.owner, operation, "plan_courses_edit", **sent)
    assert answer.status_code == 422
    assert "This name stands there already." in words(body(answer))


def test_a_procedure_is_proposed_taken_in_ticked_and_explained(cast):
    operation = drafted(cast)
    own = procedure("For patrols", "Radio check", "Map check", kind=operation.kind)
    procedure("For bridges", "Load", kind=None)
    shown = words(body(page(cast.owner, operation, "plan_checklists")))
    assert shown.index("For patrols") < shown.index("For bridges")
    form = page(cast.owner, operation, "checklist_take", query=f"?procedure={own.pk}")
    assert f'value="{own.pk}" selected' in body(form)
    assert page(cast.owner, operation, "checklist_take", procedure=own.pk).status_code == 302
    assert page(cast.owner, operation, "checklist_take", procedure=own.pk).status_code == 422
    first, second = ChecklistItem.objects.unscoped(WHY).order_by("pk")
    assert page(cast.owner, operation, "checklist_settle", first.pk).status_code == 200
    done = {"state": "done", "version": 1}
    assert page(cast.owner, operation, "checklist_settle", first.pk, **done).status_code == 302
    why = {"state": "not_applicable", "version": 1}
    assert page(cast.owner, operation, "checklist_settle", second.pk, **why).status_code == 422
    why["reason"] = "No map exists"
    assert page(cast.owner, operation, "checklist_settle", second.pk, **why).status_code == 302
    shown = words(body(page(cast.owner, operation, "plan_checklists")))
    assert "2 of 2" in shown
    assert "does not apply: No map exists" in shown
    first.refresh_from_db()
    assert (first.done_by, first.version) == (cast.owner, 2)
    assert page(cast.owner, operation, "checklist_leave", own.pk, version=1).status_code == 403


def test_a_checklist_that_nobody_began_is_taken_out(cast):
    operation = drafted(cast)
    items = taken(cast, operation)
    assert page(cast.owner, operation, "checklist_leave", items[0].procedure_id).status_code == 200
    assert page(cast.owner, operation, "checklist_leave", items[0].procedure_id, version=1).status_code == 302
    assert not ChecklistItem.objects.unscoped(WHY).exists()


def test_two_saves_stand_side_by_side_by_words(cast):
    operation = drafted(cast)
    saved(operation, "Hold the old bridge", cast.owner)
    saved(operation, "Hold the new bridge", cast.colleague)
    shown = body(page(cast.owner, operation, "plan_section_versions", "mission"))
    assert "<del>old</del>" in shown
    assert "<ins>new</ins>" in shown
    assert words(shown).count("Version ") == 3
    first = re.findall(r'<option value="(\d+)"', shown)[2]
    asked = f"?before={first}&after={first}"
    alike = page(cast.owner, operation, "plan_section_versions", "mission", query=asked)
    assert "The two are alike." in words(body(alike))
    nothing = page(cast.owner, operation, "plan_section_versions", "mission", query="?before=1&after=2")
    assert nothing.status_code == 404


def test_two_revisions_stand_side_by_side(cast):
    from operations.services.staffing import pull_back

    operation = drafted(cast)
    filled(cast, operation)
    operation = staffed(cast, operation)
    operation = pull_back(operation, actor=cast.owner, version=operation.version, reason="More")
    saved(operation, "Another mission", cast.owner)
    objective = one(Objective, operation)
    sent = {"text": "Roads open", "version": objective.version}
    page(cast.owner, operation, "plan_objective_edit", objective.key, **sent)
    page(cast.owner, operation, "plan_decision_remove", one(DecisionPoint, operation).key, version=1)
    shown = words(body(page(cast.owner, operation, "plan_versions")))
    assert "Another mission" in shown
    assert "Changed Roads open objective Markets open Roads open" in shown
    assert "Removed Close the market" in shown
    # To others there is one revision, and nothing to compare.
    assert "Side by side" not in body(page(cast.partner, operation, "plan_versions"))


def test_who_was_let_in_by_name_is_told_that_a_draft_plan_is_not_shared(cast):
    operation = drafted(cast)
    filled(cast, operation, "secretword")
    give(operation, cast.outsider, by=cast.head)
    answer = page(cast.outsider, operation)
    assert answer.status_code == 200
    assert "The plan is not shared yet" in words(body(answer))
    assert "secretword" not in body(answer)
    assert page(cast.outsider, operation, "plan_risks").status_code == 404


@pytest.mark.parametrize("section_name", ["nothing", "mission"])
def test_a_section_that_is_not_there_is_not_there(cast, section_name):
    operation = drafted(cast)
    expected = 404 if section_name == "nothing" else 200
    for route in ("plan_section", "plan_section_versions"):
        assert page(cast.owner, operation, route, section_name).status_code == expected
