"""Pages of lessons, the lessons offered to planners, and lessons in the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.overview.waiting import waiting_for
from tests.factories.core import AreaFactory, PositionFactory, ago
from tests.factories.operations import OperationTypeFactory
from tests.factories.training import LessonFactory, LessonSourceFactory, LessonThemeFactory
from tests.factories.training_exercise import ExerciseFactory
from tests.operations.steps import WHY, drafted, post_of
from tests.operations.test_policies import operation_in
from tests.support.pages import body, signed_in, words
from training.models import Lesson
from training.policies.lesson import can_plan_action

pytestmark = pytest.mark.django_db


def sent(cast: Any, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Open the crossing earlier",
        "observation": "Trucks waited",
        "insight": "The guard came late",
        "recommendation": "Open at five",
        "office": cast.team.pk,
        "classification": "1",
        "audience_components": ["2"],
        **changed,
    }


def page(person: Any, lesson: Lesson, step: str = "", **data: Any) -> Any:
    address = f"{lesson.get_absolute_url()}{step}"
    client = signed_in(person)
    return client.post(address, data, follow=True) if data else client.get(address)


def test_a_lesson_is_written_and_led_to_learned_on_the_pages(cast):
    answer = signed_in(cast.owner).post(reverse("lesson_record"), sent(cast), follow=True)
    assert "Lesson written down" in words(body(answer))
    lesson = Lesson.objects.unscoped(WHY).get()
    for person, step, data in (
        (cast.owner, "submit/", {}),
        (cast.head, "identify/", {}),
        (
            cast.owner,
            "plan-action/",
            {
                "action": "Change the SOP",
                "owner": post_of(cast.other_component).pk,
                "owner_text": post_of(cast.other_component).title,
                "due_on": "2027-03-01",
            },
        ),
        (cast.other_component, "report-change/", {"proof": "SOP 12"}),
        (cast.head, "validate/", {}),
    ):
        assert page(person, lesson, step).status_code == 200
        lesson.refresh_from_db()
        answer = page(person, lesson, step, version=lesson.version, **data)
        assert answer.status_code == 200, words(body(answer))
    lesson.refresh_from_db()
    assert lesson.state == "learned"
    shown = words(body(page(cast.other_component, lesson)))
    for told in ("Lesson learned", "Change the SOP", "SOP 12", "Validated as lesson learned"):
        assert told in shown


def test_one_of_an_operation_begins_with_its_type_area_and_readers(cast):
    operation = operation_in(cast, "active", area=AreaFactory(), audience_components=[1, 4])
    client = signed_in(cast.owner)
    address = f"{reverse('lesson_record')}?operation={operation.reference}"
    shown = body(client.get(address))
    assert str(operation.area) in shown
    assert f'"lesson-new-{operation.reference}"' in shown
    assert f'<option value="{operation.kind_id}" selected>' in shown
    answer = client.post(address, sent(cast), follow=True)
    assert operation.title in words(body(answer))
    assert client.get(f"{reverse('lesson_record')}?operation=2222222222").status_code == 404


def test_the_review_shows_what_became_of_it_and_leads_to_another(cast):
    operation = operation_in(cast, "completed")
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner, title="From the review", state="action")
    LessonSourceFactory(lesson=lesson, operation=operation)
    hidden = LessonFactory(owner_office=cast.police, author=cast.other_component, title="Not released yet")
    LessonSourceFactory(lesson=hidden, operation=operation)
    shown = body(signed_in(cast.owner).get(reverse("operation_review", args=[operation.reference])))
    assert "From the review" in shown
    assert "Not released yet" not in shown
    assert f"{reverse('lesson_record')}?operation={operation.reference}" in shown


def test_what_is_missing_is_told_and_nothing_typed_is_lost(cast):
    answer = signed_in(cast.owner).post(reverse("lesson_record"), sent(cast, title=""))
    assert answer.status_code == 422
    assert "The guard came late" in body(answer)


def test_the_text_is_changed_on_its_page(cast):
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner, insight="The road was narrow")
    shown = page(cast.owner, lesson, "edit/")
    assert shown.status_code == 200
    assert "The road was narrow" in body(shown)
    answer = page(cast.owner, lesson, "edit/", **sent(cast), version=lesson.version)
    assert "Lesson saved" in words(body(answer))
    lesson.refresh_from_db()
    assert lesson.insight == "The guard came late"


def test_a_thin_one_says_what_is_missing_and_is_edited_first(cast):
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner, recommendation="Open at five")
    shown = body(page(cast.owner, lesson))
    assert f'href="{lesson.get_absolute_url()}edit/#id_insight">Say what it means' in shown
    assert "Say what should be done before" not in shown
    assert f'<a class="button primary" href="{lesson.get_absolute_url()}edit/"' in shown
    assert f"{lesson.get_absolute_url()}submit/" not in shown
    # Its office, which does not write in it, is not asked.
    assert "Not ready" not in body(page(cast.head, lesson))
    answer = page(cast.owner, lesson, "submit/", version=lesson.version)
    assert answer.redirect_chain[0][0] == f"{lesson.get_absolute_url()}edit/#id_insight"
    assert "Say what it means before you submit it." in words(body(answer))
    lesson.insight = "The guard came late"
    lesson.save()
    whole = body(page(cast.owner, lesson))
    assert f"{lesson.get_absolute_url()}submit/" in whole
    assert "Not ready" not in whole


def test_submitting_from_the_form_asks_for_the_parts_at_their_fields(cast):
    client = signed_in(cast.owner)
    answer = client.post(reverse("lesson_record"), sent(cast, insight=" ", then="submit"))
    assert answer.status_code == 422
    assert 'href="#id_insight">What it means: Say what it means before you submit it.' in body(answer)
    assert not Lesson.objects.unscoped(WHY).exists()
    answer = client.post(reverse("lesson_record"), sent(cast, then="submit"), follow=True)
    assert "Lesson submitted." in words(body(answer))
    assert Lesson.objects.unscoped(WHY).get().state == "submitted"


def test_what_cannot_be_submitted_now_is_saved_and_says_why(cast):
    cast.head.holdings.update(until=ago(minutes=1))
    cast.head_above.holdings.update(until=ago(minutes=1))
    answer = signed_in(cast.owner).post(reverse("lesson_record"), sent(cast, then="submit"), follow=True)
    shown = words(body(answer))
    assert "Not submitted: Nobody can decide on it now" in shown
    assert Lesson.objects.unscoped(WHY).get().state == "observed"


def test_readers_and_level_are_changed_until_it_is_submitted(cast):
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner, audience_components=[1])
    wider = sent(cast, classification="2", audience_components=["1", "3"])
    assert 'name="audience_components"' in body(page(cast.owner, lesson, "edit/"))
    page(cast.owner, lesson, "edit/", **wider, version=lesson.version)
    lesson.refresh_from_db()
    assert (lesson.classification, lesson.audience_components) == (2, [1, 3])


@pytest.mark.parametrize("source", ["operation", "exercise"])
def test_an_edit_does_not_go_below_what_it_comes_from(cast, source):
    made = {"operation": operation_in(cast, "active", classification=2)}
    if source == "exercise":
        made = {"operation": None, "exercise": ExerciseFactory(owner_office=cast.team, classification=2)}
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner, classification=2)
    LessonSourceFactory(lesson=lesson, **made)
    answer = page(cast.owner, lesson, "edit/", **sent(cast, classification="1"), version=lesson.version)
    assert answer.status_code == 422
    assert "What it comes from is classified higher." in words(body(answer))


def test_the_action_is_offered_to_those_only_who_may_plan_it(cast):
    for state in ("identified", "action"):
        lesson = LessonFactory(
            owner_office=cast.team,
            author=cast.owner,
            published=True,
            state=state,
            audience_components=[1, 2, 3, 4],
        )
        for person in (cast.owner, cast.head, cast.outsider, cast.partner, cast.other_component):
            allowed = bool(can_plan_action(person, lesson))
            shown = words(body(page(person, lesson)))
            assert ("Plan the action" in shown) is allowed
            assert page(person, lesson, "plan-action/").status_code == (200 if allowed else 403)
        assert "Report the change" not in words(body(page(cast.outsider, lesson)))


def test_a_stale_edit_keeps_what_was_typed(cast):
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner)
    answer = page(cast.owner, lesson, "edit/", **sent(cast), version=lesson.version - 1)
    assert answer.status_code == 409
    assert "The guard came late" in body(answer)


def test_a_picked_word_that_names_no_post_is_told_at_the_field(cast):
    lesson = LessonFactory(owner_office=cast.team, author=cast.owner, published=True)
    data = {"action": "Drill", "owner": "", "owner_text": "Nobody", "due_on": "2027-03-01"}
    answer = page(cast.owner, lesson, "plan-action/", version=lesson.version, **data)
    assert answer.status_code == 422


def test_level_and_readers_stand_beside_the_release(cast):
    relief = cast.partner_organisation
    lesson = LessonFactory(
        owner_office=cast.team,
        author=cast.owner,
        state="submitted",
        approver=post_of(cast.head),
        classification=2,
        audience_components=[2],
        audience_organisations=[relief.pk],
    )
    for step in ("identify/", ""):
        shown = words(body(page(cast.head, lesson, step)))
        assert "Level Confidential Read by, once released Police Relief Carana" in shown
        assert "and Liaison team with its heads" in shown


def test_a_release_that_nobody_else_reads_says_so(cast):
    lesson = LessonFactory(
        owner_office=cast.team, author=cast.owner, state="submitted", approver=post_of(cast.head)
    )
    Lesson.objects.unscoped(WHY).filter(pk=lesson.pk).update(audience_components=[])
    assert "Liaison team and its heads only" in words(body(page(cast.head, lesson, "identify/")))


def test_the_operation_behind_it_is_told_to_those_only_who_see_it(cast):
    operation = operation_in(cast, "active", title="Hidden march", classification=3)
    lesson = LessonFactory(
        owner_office=cast.team, author=cast.owner, published=True, audience_components=[1, 2, 3, 4]
    )
    LessonSourceFactory(lesson=lesson, operation=operation)
    assert "Hidden march" in body(page(cast.owner, lesson))
    assert "Hidden march" not in body(page(cast.outsider, lesson))


class TestOffered:
    """While an operation is planned, lessons like it are offered with the reason."""

    def lesson(self, cast: Any, title: str, **more: Any) -> Lesson:
        shared = {"owner_office": cast.police, "author": cast.other_component, "audience_components": [1]}
        made: Lesson = LessonFactory(published=True, title=title, **shared | more)
        return made

    def test_by_type_area_and_words_the_most_alike_first(self, cast: Any) -> None:
        area = AreaFactory()
        operation = drafted(
            cast, title="Market days at the ford", area=AreaFactory(parent=area, level=area.level + 1)
        )
        kind = operation.kind
        self.lesson(cast, "Same type", kind=kind)
        self.lesson(cast, "All the same: market at the ford", kind=kind, area=area)
        self.lesson(cast, "Other", kind=OperationTypeFactory(name="Escort"), area=AreaFactory())
        self.lesson(cast, "Of another component", kind=kind, audience_components=[2])
        self.lesson(cast, "Dropped", kind=kind, state="dropped")
        for route in ("operation", "operation_plan"):
            shown = body(signed_in(cast.owner).get(reverse(route, args=[operation.reference])))
            assert "Lessons of others" in shown
            assert shown.index("All the same") < shown.index("Same type")
            assert f"Same type: {kind}" in shown
            assert f"Wider area: {area}" in shown
            assert "Same words: “ford”, “market”" in shown
            for other in ("Other<", "Of another component", "Dropped<"):
                assert other not in shown

    def test_words_alone_are_enough_where_there_are_several(self, cast: Any) -> None:
        operation = drafted(cast, title="Ferry over the river Oum")
        escort = OperationTypeFactory(name="Escort")
        self.lesson(cast, "The ferry on the river was late", kind=escort)
        shown = body(signed_in(cast.owner).get(operation.get_absolute_url()))
        assert "Same words: “ferry”, “river”" in shown

    def test_the_name_of_the_area_does_not_count_twice(self, cast: Any) -> None:
        area = AreaFactory(name="Tessali")
        operation = drafted(cast, title="Convoy window on the Tessali road", area=area)
        well = OperationTypeFactory(name="Wells")
        self.lesson(cast, "The well of Tessali", kind=well, area=area)
        self.lesson(cast, "Convoys wait at the ford", kind=operation.kind)
        self.lesson(cast, "Posters in Tessali town", kind=well, area=AreaFactory())
        shown = body(signed_in(cast.owner).get(operation.get_absolute_url()))
        assert shown.index("Convoys wait") < shown.index("The well of Tessali")
        assert "“tessali”" not in shown
        assert "Posters" not in shown

    def test_what_lies_in_the_area_and_the_newest_of_what_is_alike_first(self, cast: Any) -> None:
        area = AreaFactory()
        inside = AreaFactory(name="Inner valley", parent=area, level=area.level + 1)
        operation = drafted(cast, area=area)
        self.lesson(cast, "The newer", kind=operation.kind, area=inside, published_at=ago(days=2))
        self.lesson(cast, "The older", kind=operation.kind, area=inside, published_at=ago(days=90))
        shown = body(signed_in(cast.owner).get(operation.get_absolute_url()))
        assert "In its area: Inner valley" in shown
        assert shown.index("The newer") < shown.index("The older")

    @pytest.mark.parametrize(
        "title", ["____ ²²²² ªªªª", "ferry's & 'river' | (bank):*", "\u0645\u062f\u0631\u0633\u0629 \\\\"]
    )
    def test_whatever_the_title_is_made_of(self, cast: Any, title: str) -> None:
        operation = drafted(cast, title=title)
        self.lesson(cast, f"Alike: {title}", kind=operation.kind)
        assert "Alike" in body(signed_in(cast.owner).get(operation.get_absolute_url()))

    def test_not_its_own_and_not_after_approval(self, cast: Any) -> None:
        operation = operation_in(cast, "staffing")
        own = self.lesson(cast, "Its own", kind=operation.kind, owner_office=cast.team)
        LessonSourceFactory(lesson=own, operation=operation)
        assert "Its own" not in body(signed_in(cast.owner).get(operation.get_absolute_url()))
        active = operation_in(cast, "active")
        assert "Its own" not in body(signed_in(cast.owner).get(active.get_absolute_url()))

    def test_the_page_is_marked_as_high_as_what_it_tells(self, cast: Any) -> None:
        operation = drafted(cast)
        self.lesson(cast, "Same type", kind=operation.kind, classification=2)
        shown = body(signed_in(cast.owner).get(operation.get_absolute_url()))
        assert shown.count(">Confidential<") == 2


def test_what_waits_stands_on_the_home_page(cast):
    team = {"owner_office": cast.team, "author": cast.colleague}
    LessonFactory(**team, title="To release", state="submitted", approver=post_of(cast.head))
    LessonFactory(**team, title="To validate", state="changed", approver=post_of(cast.head))
    LessonFactory(
        **team, title="To follow up", state="action", owner=post_of(cast.owner), due_on="2026-01-01"
    )
    LessonFactory(owner_office=cast.team, author=cast.owner, title="To finish")
    assert {(one.title, one.label) for one in waiting_for(cast.head)} == {
        ("To release", "Release"),
        ("To validate", "Validate"),
    }
    assert {(one.title, one.label, one.overdue) for one in waiting_for(cast.owner)} == {
        ("To follow up", "Overdue", True),
        ("To finish", "Observed", False),
    }


class TestApi:
    def test_a_lesson_by_the_api_alone(self, cast: Any) -> None:
        theme = LessonThemeFactory()
        made = signed_in(cast.owner).post(
            reverse("api:lesson-list"),
            sent(cast, theme=theme.pk, classification=1, audience_components=[2]),
            content_type="application/json",
        )
        assert made.status_code == 201, made.content
        lesson = Lesson.objects.unscoped(WHY).get()
        post = PositionFactory(office=cast.team)
        post.holdings.create(person=cast.colleague, since=cast.colleague.holdings.get().since)
        action = {"action": "Drill", "owner": post.pk, "due_on": "2027-03-01"}
        for person, verb, data, state in (
            (cast.owner, "submit", {}, "submitted"),
            (cast.head, "send-back", {"reason": "Where?"}, "observed"),
            (cast.owner, "submit", {}, "submitted"),
            (cast.head, "identify", {}, "identified"),
            (cast.owner, "plan-action", action, "action"),
            (cast.colleague, "report-change", {"proof": "Done"}, "changed"),
            (cast.head, "reopen", {"reason": "Where?"}, "action"),
            (cast.colleague, "report-change", {"proof": "Done"}, "changed"),
            (cast.head, "validate", {}, "learned"),
        ):
            lesson.refresh_from_db()
            address = reverse(f"api:lesson-{verb}", args=[lesson.reference])
            answer = signed_in(person).post(
                address, {"version": lesson.version, **data}, content_type="application/json"
            )
            assert (answer.status_code, answer.json().get("state")) == (200, state), answer.content
        told = signed_in(cast.owner).get(reverse("api:lesson-detail", args=[lesson.reference])).json()
        assert (told["proof"], told["theme"]["name"]) == ("Done", theme.name)

    def test_one_is_dropped(self, cast: Any) -> None:
        lesson = LessonFactory(owner_office=cast.team, author=cast.owner)
        answer = signed_in(cast.owner).post(
            reverse("api:lesson-drop", args=[lesson.reference]),
            {"version": lesson.version, "reason": "Once only"},
            content_type="application/json",
        )
        assert answer.json()["state"] == "dropped"
