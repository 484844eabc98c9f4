"""Pages of modules, by each kind of person; the quiz without scripts; the file; and modules in the API."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from cimic_portal.overview.waiting import waiting_for
from tests.factories.training_course import CourseFactory
from tests.factories.training_module import (
    ModuleAttemptFactory,
    ModuleDraftFactory,
    ModuleFactory,
    ModulePackageFactory,
    ModuleProgressFactory,
)
from tests.operations.steps import post_of
from tests.support.pages import body, signed_in, words
from tests.support.scorm import package
from training.models import Module, ModuleAttempt, ModuleDraft, ModuleEdition, ModuleProgress
from training.services import module_learning as services

pytestmark = pytest.mark.django_db
WHY = "tests look at everything"
RIGHT = {"question_0": ["1"], "question_1": ["0", "2"]}
# What tells which answer is right: it must not stand on a page before the attempt is handed in.
TELLING = ("Because the roles differ", "Good will is none of them")
SHIPPED = ("0006_shipped_module_on_sharing", "0007_shipped_module_on_assistance")


def at(module: Module, page: str = "") -> str:
    return f"{module.get_absolute_url()}{page}"


def quiz(client: Any, module: Module, do: str = "hand_in", **ticked: Any) -> Any:
    attempt = ModuleAttempt.objects.get(module=module, handed_in_at__isnull=True)
    data = {"attempt": attempt.number, "do": do, **ticked}
    return client.post(at(module, "quiz/"), data, follow=True)


@pytest.mark.parametrize("number", [0, 1])
def test_a_shipped_module_is_whole(cast, number):
    ModuleEdition.objects.all().delete()
    Module.objects.all().delete()
    for name in SHIPPED:
        import_module(f"training.migrations.{name}").ship(apps, None)
    module = Module.objects.order_by("pk")[number]
    module.full_clean()
    content = services.edition_of(module).content
    assert 8 <= len(content.pages) <= 12
    assert 8 <= len(content.questions) <= 10
    assert sum(page.picture is not None for page in content.pages) == 2
    client = signed_in(cast.partner)
    for place, page in enumerate(content.pages, start=1):
        answer = client.get(at(module, f"pages/{place}/"))
        shown = body(answer)
        assert words(page.title) in words(shown)
        assert "**" not in shown
        assert "[picture]" not in shown
        assert ("<table" in shown) == ("|---|" in page.text)
        if page.picture:
            assert page.picture.file in shown
            assert page.picture.alt in words(shown.replace('alt="', ">").replace('" width', "<"))
    for question in content.questions:
        assert question.explanation
        assert all(0 <= place < len(question.answers) for place in question.right)
    import_module(f"training.migrations.{SHIPPED[number]}").ship(apps, None)
    assert Module.objects.count() == 2


def test_it_leads_to_the_course_that_it_qualifies_for(cast):
    course = CourseFactory(title="Convoy driving")
    module = ModuleFactory(course=course)
    assert f'<a href="{course.get_absolute_url()}">{course}</a>' in body(
        signed_in(cast.partner).get(at(module))
    )
    assert "no course" in body(signed_in(cast.partner).get(at(ModuleFactory())))


def test_a_course_leads_to_what_is_learned_for_it_online_while_that_is_taught(cast):
    course = CourseFactory()
    taught, archived = ModuleFactory(course=course), ModuleFactory(course=course, is_archived=True)
    page = body(signed_in(cast.partner).get(course.get_absolute_url()))
    assert f'href="{at(taught)}"' in page
    assert at(archived) not in page


def test_reading_is_kept_and_goes_on(cast):
    module = ModuleFactory()
    client = signed_in(cast.owner)
    assert "Begin to read" in words(body(client.get(at(module))))
    shown = body(client.get(at(module, "pages/1/")))
    assert "<strong>bold</strong>" in shown
    assert at(module, "pages/2/") in shown
    overview = body(client.get(at(module)))
    assert "Read on" in words(overview)
    assert "1 of 2 opened" in words(overview)
    assert client.get(at(module, "pages/3/")).status_code == 404
    assert client.get(at(module, "pages/99999999999999/")).status_code == 404
    line = next(one for one in waiting_for(cast.owner) if one.title == module.title)
    assert line.url == module.get_absolute_url()


def test_the_quiz_is_failed_then_passed_without_scripts(cast):
    module = ModuleFactory()
    client = signed_in(cast.owner)
    assert "2 questions" in words(body(client.get(at(module, "quiz/"))))
    shown = body(client.post(at(module, "quiz/"), follow=True))
    assert not any(telling in shown for telling in TELLING)
    failed = quiz(client, module, **RIGHT | {"question_1": ["1"]})
    assert failed.redirect_chain[-1][0] == at(module, "attempts/1/")
    said = words(body(failed))
    assert "Not passed: 50 per cent, 80 are needed" in said
    assert all(telling in said for telling in TELLING)
    assert "Try again" in said
    client.post(at(module, "quiz/"))
    assert "Passed with 100 per cent" in words(body(quiz(client, module, **RIGHT)))
    assert "You passed this module" in words(body(client.get(at(module))))


def test_answers_are_kept_for_later_and_with_a_refusal(cast):
    module = ModuleFactory()
    client = signed_in(cast.owner)
    client.post(at(module, "quiz/"))
    kept = quiz(client, module, do="keep", question_0=["1"])
    assert "Your answers are kept" in words(body(kept))
    assert re.search(r'name="question_0" value="1" checked', body(kept))
    missing = quiz(client, module, question_0=["0"])
    assert missing.status_code == 422
    assert "Choose an answer" in words(body(missing))
    assert re.search(r'name="question_0" value="0" checked', body(missing))
    for nonsense in ("x", "9", "-1", "99999999999", "٣"):
        assert quiz(client, module, question_0=[nonsense]).status_code == 422


def test_a_page_of_an_attempt_that_is_over_hands_in_nothing(cast):
    module = ModuleFactory()
    client = signed_in(cast.owner)
    client.post(at(module, "quiz/"))
    client.post(at(module, "quiz/"), {"attempt": 7, "do": "hand_in", **RIGHT})
    assert ModuleAttempt.objects.get().is_open


def test_nobody_opens_the_attempt_of_another(cast):
    module = ModuleFactory()
    services.hand_in(services.begin_attempt(module, actor=cast.owner), {0: [1], 1: [0, 2]}, actor=cast.owner)
    for person in (cast.colleague, cast.head, cast.auditor):
        assert signed_in(person).get(at(module, "attempts/1/")).status_code == 404
    shown = words(body(signed_in(cast.head).get(reverse("moduleresults"))))
    assert cast.owner.family_name in shown
    assert cast.owner.family_name not in words(body(signed_in(cast.outsider).get(reverse("moduleresults"))))


def test_the_catalogue_says_how_far_one_is(cast):
    begun, passed, fresh = (ModuleFactory(title=name) for name in ("Begun one", "Passed one", "Fresh one"))
    ModuleFactory(title="Put away", is_archived=True)
    ModuleProgressFactory(person=cast.owner, module=begun)
    ModuleProgressFactory(person=cast.owner, module=passed, passed_at="2026-01-01T00:00Z")
    ModuleProgressFactory(person=cast.colleague, module=fresh)
    client = signed_in(cast.owner)
    for query, expected in (("to_do=1", fresh), ("begun=1", begun), ("passed=1", passed)):
        shown = words(body(client.get(f"{reverse('modules')}?{query}")).partition('id="results"')[2])
        assert [one.title for one in (begun, passed, fresh) if one.title in shown] == [expected.title]
    assert "Put away" not in words(body(client.get(reverse("modules"))))


def test_the_file_holds_all_and_fetches_nothing(cast):
    module = ModuleFactory(title="Markings & more")
    answer = signed_in(cast.partner).get(at(module, "file/"))
    assert 'filename="markings-more-1.html"' in answer["Content-Disposition"]
    shown = body(answer)
    assert 'src="data:image/svg+xml;base64,' in shown
    assert not re.search(r'(src|href)="(?!data:|#)', shown)
    assert not any(telling in shown for telling in TELLING)
    assert signed_in(cast.partner).get(at(ModuleFactory(kind="scorm"), "file/")).status_code == 404


def test_texts_are_words_whatever_stands_in_them(cast):
    from training.models import Content, Page, Question

    evil = "<script>alert(1)</script>"
    content = Content((Page(evil, evil),), (Question(evil, (evil, "b"), (0,), evil),))
    module = ModuleFactory(content=content, title="Plain")
    client = signed_in(cast.owner)
    client.post(at(module, "quiz/"))
    pages = [at(module), at(module, "pages/1/"), at(module, "quiz/"), at(module, "file/")]
    for address in pages:
        assert "<script>alert" not in body(client.get(address))
    assert "<script>alert" not in body(quiz(client, module, question_0=["0"]))


class TestDrafts:
    def test_a_module_is_written_and_published_on_the_pages(self, cast: Any) -> None:
        client = signed_in(cast.owner)
        facts = {
            "title": "Markings",
            "summary": "What a vehicle shows",
            "language": "en",
            "minutes": "10",
            "kind": "lessons",
            "pass_mark": "80",
            "office": cast.team.pk,
        }
        assert client.post(reverse("moduledraft_begin"), facts | {"title": ""}).status_code == 422
        client.post(reverse("moduledraft_begin"), facts)
        draft = ModuleDraft.objects.unscoped(WHY).get()

        def send(step: str, person: Any = cast.owner, **data: Any) -> Any:
            draft.refresh_from_db()
            sent = {"version": draft.version, **data}
            return signed_in(person).post(f"{draft.get_absolute_url()}{step}", sent, follow=True)

        assert send("edit/", **facts | {"summary": "Anew"}).status_code == 200
        assert send("pages/new/", title="Signs", text="On the **roof**").status_code == 200
        assert send("pages/new/", title="", text="kept words").status_code == 422
        question = {"text": "Where?", "answer_1": "Roof", "answer_2": "Side", "explanation": "From the air"}
        assert "Tick what is right" in words(body(send("questions/new/", **question)))
        assert send("questions/new/", **question, right_1="on").status_code == 200
        assert send("questions/1/", **question, right_2="on").status_code == 200
        shown = words(body(client.get(draft.get_absolute_url())))
        assert "1 page, 1 question" in shown
        assert send("arrange/", do="pages-1-up").status_code == 200
        for wrong in ("pages-1-sideways", "cmi-1-up", "pages-x-up", ""):
            assert send("arrange/", do=wrong).status_code == 404
        assert send("submit/").status_code == 200
        assert "Module published" in words(body(send("publish/", person=cast.head)))
        assert Module.objects.get(title="Markings").summary == "Anew"

    def test_a_package_is_uploaded_and_a_wrong_one_told_at_the_field(
        self, cast: Any, settings: Any, tmp_path: Any
    ) -> None:
        settings.MEDIA_ROOT = tmp_path
        draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, kind="scorm")
        client = signed_in(cast.owner)
        address = f"{draft.get_absolute_url()}package/"
        assert "50 MB" in words(body(client.get(address)))
        for name, says in (("a.zip", "no ZIP file"),):
            from django.core.files.uploadedfile import SimpleUploadedFile

            answer = client.post(address, {"version": 1, "file": SimpleUploadedFile(name, b"no")})
            assert answer.status_code == 422
            assert says in words(body(answer))
        file = SimpleUploadedFile("a.zip", package().getvalue())
        assert "Package checked and kept" in words(
            body(client.post(address, {"version": 1, "file": file}, follow=True))
        )

    def test_others_find_nothing(self, cast: Any) -> None:
        draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, title="Hidden words")
        for page in ("", "edit/", "pages/1/", "pages/new/", "questions/1/", "package/", "submit/"):
            address = f"{draft.get_absolute_url()}{page}"
            assert signed_in(cast.other_component).get(address).status_code == 404
            assert signed_in(cast.owner).get(address).status_code in (200, 403)
        assert "Hidden words" not in body(signed_in(cast.other_component).get(reverse("moduledrafts")))

    def test_what_waits_stands_on_the_home_page(self, cast: Any) -> None:
        own = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, state_reason="Too long")
        asked = ModuleDraftFactory(
            owner_office=cast.team, author=cast.colleague, state="submitted", approver=post_of(cast.head)
        )
        assert own.title in {one.title for one in waiting_for(cast.owner)}
        assert asked.title in {one.title for one in waiting_for(cast.head)}

    def test_the_office_begins_an_edition_and_archives(self, cast: Any) -> None:
        module = ModuleFactory(office=cast.team)
        client = signed_in(cast.owner)
        assert client.get(at(module, "edition/")).status_code == 200
        assert client.post(at(module, "edition/"), follow=True).status_code == 200
        assert ModuleDraft.objects.unscoped(WHY).get().module == module
        assert client.get(at(module, "archive/")).status_code == 200
        client.post(at(module, "archive/"))
        assert "archived" in words(body(client.get(at(module))))
        assert signed_in(cast.outsider).get(at(module, "edition/")).status_code == 403


class TestApi:
    def test_one_reads_answers_and_passes(self, cast: Any) -> None:
        module = ModuleFactory()
        client = signed_in(cast.owner)
        one = f"/api/v1/modules/{module.pk}/"
        assert client.get(one).json()["how_far"] == "To do"
        assert client.get(f"{one}read/").json()["pages"][0]["title"] == "First page"
        begun = client.post(f"{one}begin/")
        assert begun.status_code == 201
        assert not any(telling in body(begun) for telling in TELLING)
        assert all(row["right"] is None for row in begun.json()["questions"])

        def send(verb: str, *rows: Any) -> Any:
            return client.post(f"{one}{verb}/", {"answers": list(rows)}, content_type="application/json")

        first, second = {"place": 0, "answers": [1]}, {"place": 1, "answers": [0, 2]}
        assert not any(telling in body(send("answers", first)) for telling in TELLING)
        for wrong in (
            [],
            [{"place": 0, "answers": [1, 0]}],
            [{"place": 5, "answers": [0]}],
            [{"place": "x"}],
        ):
            assert send("hand-in", *wrong).status_code == 422
        done = send("hand-in", first, second).json()
        assert (done["passed"], done["score"]) == (True, 100)
        assert done["questions"][0]["explanation"] in TELLING
        assert send("hand-in", first, second).status_code == 404
        rows = client.get("/api/v1/module-results/").json()["results"]
        assert [row["module"]["name"] for row in rows] == [module.title]

    def test_drafts_are_led_by_their_verbs(self, cast: Any) -> None:
        draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner)
        address = f"/api/v1/module-drafts/{draft.reference}/"
        assert signed_in(cast.partner).get(address).status_code == 404

        def send(person: Any, verb: str, version: int, **more: Any) -> Any:
            data = {"version": version, **more}
            return signed_in(person).post(f"{address}{verb}/", data, content_type="application/json")

        assert send(cast.owner, "submit", 1).json()["state"] == "submitted"
        assert send(cast.owner, "publish", 2).status_code == 403
        assert send(cast.head, "return", 2, reason="Too long").json()["state"] == "draft"
        assert send(cast.owner, "submit", 3).status_code == 200
        assert send(cast.head, "publish", 4).json()["module"]["name"] == draft.title


def test_a_scorm_module_tells_what_it_is(cast):
    module = ModuleFactory(kind="scorm")
    module.editions.update(package=ModulePackageFactory())
    shown = words(body(signed_in(cast.owner).get(at(module))))
    assert "as trustworthy as that" in shown
    assert ModuleProgress.objects.count() == 0
    assert ModuleAttemptFactory(module=module, person=cast.owner).is_open
    assert signed_in(cast.owner).get(at(module, "attempts/1/")).status_code == 302
