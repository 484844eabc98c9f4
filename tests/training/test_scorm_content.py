"""The content origin and what a package reports: signed addresses, and what the standard knows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.content import answer
from cimic_portal.core.errors import InvalidError, RefusedError
from tests.factories.core import ago
from tests.factories.training_module import ModuleDraftFactory, ModuleFactory
from tests.support.pages import body, signed_in, words
from tests.support.scorm import TWO_PARTS, package, page
from training.models import Content, ModuleAttempt, ModulePackage, ModuleResult
from training.services import module_learning as services
from training.services.scorm_package import take_in
from training.services.scorm_record import end_package, save_report
from training.services.scorm_serving import address_of

pytestmark = pytest.mark.django_db
ORIGIN = "https://content.example"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT, settings.CONTENT_ORIGIN = tmp_path, ORIGIN


def packaged(cast: Any, **facts: Any) -> Any:
    """A module of two parts; the second has a pass mark of 60."""
    module = ModuleFactory(kind="scorm", content=Content(), **facts)
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, kind="scorm")
    facts = take_in(package({"two.html": page("")}, manifest=TWO_PARTS))
    made = ModulePackage.objects.create(draft=draft, added_by=cast.owner, **facts)
    module.editions.update(package=made)
    return module


def opened(cast: Any, **facts: Any) -> ModuleAttempt:
    return services.begin_attempt(packaged(cast, **facts), actor=cast.owner)


def asked(path: str, method: str = "GET", **more: str) -> tuple[str, dict[str, str], bytes]:
    found: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        found.update(status=status, headers=dict(headers))

    content = b"".join(answer({"REQUEST_METHOD": method, "PATH_INFO": path, **more}, start))
    return found["status"], found["headers"], content


def path_of(attempt: ModuleAttempt, rest: str = "") -> str:
    return f"{address_of(attempt).removeprefix(ORIGIN)}{rest}"


def report(attempt: ModuleAttempt, item: str = "one", *, finished: bool = False, **cmi: Any) -> ModuleAttempt:
    told = {"item": item, "cmi": {"status": "incomplete", **cmi}, "finished": finished}
    return save_report(attempt, told, actor=attempt.person)


class TestServing:
    def test_the_wrapper_tells_the_package_nothing_of_the_person(self, cast: Any) -> None:
        attempt = opened(cast)
        status, headers, content = asked(path_of(attempt))
        assert status == "200 OK"
        told = json.loads(re.search(rb'id="told">(.*?)</script>', content)[1])  # type: ignore[index]
        assert told["portal"] == "http://localhost:8000"
        assert [item["id"] for item in told["items"]] == ["one", "two"]
        for secret in (cast.owner.family_name, cast.owner.email):
            assert secret.encode() not in content
        assert headers["Cache-Control"] == "no-store"

    def test_an_address_is_dead_with_the_post_of_its_person(self, cast: Any) -> None:
        path = path_of(opened(cast), "files/one.html")
        assert asked(path)[0] == "200 OK"
        cast.owner.holdings.update(until=ago(minutes=1))
        assert asked(path)[0] == "404 Not Found"

    def test_every_answer_shuts_the_ways_out(self, cast: Any) -> None:
        for path in (path_of(opened(cast), "files/one.html"), "/nothing/"):
            _status, headers, _content = asked(path)
            policy = headers["Content-Security-Policy"]
            assert "connect-src 'self'" in policy
            assert "form-action 'none'" in policy
            assert "frame-ancestors 'self' http://localhost:8000" in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "Set-Cookie" not in headers

    def test_files_are_those_of_the_package_only(self, cast: Any) -> None:
        attempt = opened(cast)
        status, headers, content = asked(path_of(attempt, "files/one.html"))
        assert (status, headers["Content-Type"]) == ("200 OK", "text/html")
        assert b"LMSInitialize" in content
        for wrong in ("files/", "files/../one.html", "files/none.html", "one.html", "files/%2e%2e/x"):
            assert asked(path_of(attempt, wrong))[0].startswith("404")
        assert asked(path_of(attempt, "scorm-api.js"))[1]["Content-Type"].startswith("text/javascript")
        assert asked(path_of(attempt, "files/one.html"), "POST")[0].startswith("405")
        assert asked(path_of(attempt, "files/one.html"), HTTP_SERVICE_WORKER="script")[0].startswith("404")

    def test_a_part_of_a_file_is_served_as_films_ask(self, cast: Any) -> None:
        status, headers, content = asked(path_of(opened(cast), "files/one.html"), HTTP_RANGE="bytes=2-8")
        assert (status, content) == ("206 Partial Content", b"doctype")
        assert headers["Content-Range"].startswith("bytes 2-8/")

    def test_an_address_is_dead_when_forged_old_or_ended(self, cast: Any, settings: Any) -> None:
        attempt = opened(cast)
        path = path_of(attempt)
        assert asked(path[:-3] + "xx/")[0].startswith("404")
        settings.CONTENT_HOURS = -1
        assert asked(path)[0].startswith("404")
        settings.CONTENT_HOURS = 4
        assert asked(path)[0] == "200 OK"
        end_package(attempt, actor=cast.owner)
        assert asked(path)[0].startswith("404")

    def test_the_page_around_it_frames_nothing_else(self, cast: Any) -> None:
        attempt = opened(cast)
        answer = signed_in(cast.owner).get(reverse("module_play", args=[attempt.module_id]))
        shown = body(answer)
        assert 'sandbox="allow-scripts allow-same-origin allow-forms"' in shown
        assert f'src="{ORIGIN}/' in shown
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]

    def test_without_an_origin_it_says_so(self, cast: Any, settings: Any) -> None:
        settings.CONTENT_ORIGIN = ""
        module = packaged(cast)
        answer = signed_in(cast.owner).get(reverse("module_play", args=[module.pk]))
        assert answer.status_code == 403
        assert "origin" in words(body(answer))


class TestReports:
    def test_both_parts_done_pass_with_their_score(self, cast: Any) -> None:
        attempt = opened(cast)
        assert report(attempt, status="completed", finished=True).is_open
        done = report(attempt, "two", status="completed", score="90", finished=True, session="0000:01:30")
        assert (done.passed, done.score) == (True, 90)
        assert done.cmi["two"]["status"] == "passed"
        assert done.cmi["two"]["seconds"] == 90
        assert ModuleResult.objects.visible_to(cast.owner).get().score == 90

    def test_the_pass_mark_of_the_mission_counts_besides_that_of_the_package(self, cast: Any) -> None:
        attempt = opened(cast)
        report(attempt, status="completed", finished=True)
        done = report(attempt, "two", status="passed", score="70", finished=True)
        assert (done.is_open, done.passed, done.score) == (False, False, 70)

    def test_passed_never_becomes_failed(self, cast: Any) -> None:
        attempt = opened(cast)
        report(attempt, "two", status="passed", score="90", finished=True)
        again = report(attempt, "two", status="failed", score="10", finished=True)
        assert (again.cmi["two"]["status"], again.cmi["two"]["score"]) == ("passed", 90.0)

    def test_where_one_was_is_kept(self, cast: Any) -> None:
        kept = report(opened(cast), location="slide 7", suspend_data="x" * 4096, exit="suspend")
        assert (kept.cmi["one"]["location"], len(kept.cmi["one"]["suspend_data"])) == ("slide 7", 4096)

    @pytest.mark.parametrize(
        ("cmi", "field"),
        [
            ({"status": "brilliant"}, "status"),
            ({"status": ["passed"]}, "status"),
            ({"score": "101"}, "score"),
            ({"score": "-1"}, "score"),
            ({"score": "nan"}, "score"),
            ({"score": True}, "score"),
            ({"score": {"raw": 5}}, "score"),
            ({"score": 10**400}, "score"),
            ({"suspend_data": "x" * 4097}, "suspend_data"),
            ({"location": "a\0b"}, "location"),
            ({"location": "a\ud800b"}, "location"),
            ({"interactions": [{"id": "a\0b"}]}, "interactions"),
            ({"objectives": [{"score": float("nan")}]}, "objectives"),
            ({"interactions": [{"id": "a\ud800b"}]}, "interactions"),
            ({"session": "1 hour"}, "session"),
            ({"exit": "quickly"}, "exit"),
            ({"exit": []}, "exit"),
            ({"interactions": "many"}, "interactions"),
            ({"interactions": [{}] * 251}, "interactions"),
            ({"objectives": [{"id": "x" * 60_000}]}, "objectives"),
        ],
    )
    def test_what_the_standard_does_not_know_is_refused(self, cast: Any, cmi: Any, field: str) -> None:
        attempt = opened(cast)
        with pytest.raises(InvalidError) as error:
            report(attempt, **cmi)
        assert set(error.value.fields) == {field}
        attempt.refresh_from_db()
        assert attempt.cmi == {}

    def test_of_the_person_alone_and_while_it_is_open(self, cast: Any) -> None:
        attempt = opened(cast)
        with pytest.raises(ModuleAttempt.DoesNotExist):
            save_report(attempt, {"item": "one", "cmi": {}}, actor=cast.colleague)
        with pytest.raises(InvalidError):
            report(attempt, "three")
        end_package(attempt, actor=cast.owner)
        with pytest.raises(RefusedError):
            report(attempt)

    def test_a_package_is_not_handed_in_like_a_quiz(self, cast: Any) -> None:
        attempt = opened(cast)
        address = f"/api/v1/modules/{attempt.module_id}/"
        for verb in ("answers", "hand-in"):
            answer = signed_in(cast.owner).post(
                f"{address}{verb}/", {"answers": []}, content_type="application/json"
            )
            assert answer.status_code == 403
            assert "package" in answer.json()["detail"]
        attempt.refresh_from_db()
        assert attempt.is_open

    def test_by_the_page_in_json(self, cast: Any) -> None:
        attempt = opened(cast)
        client = signed_in(cast.owner)
        address = reverse("module_report", args=[attempt.module_id])

        def send(told: Any) -> Any:
            return client.post(address, told, content_type="application/json")

        for wrong in (
            "no json",
            "[]",
            '{"item": 5}',
            '{"item": "one", "cmi": []}',
            "x" * 200_000,
            "[" * 100_000,
        ):
            assert send(wrong).status_code == 422
        assert send({"item": "one", "cmi": {"status": "completed"}, "finished": True}).json() == {
            "closed": ""
        }
        last = {"item": "two", "cmi": {"status": "passed", "score": "90"}, "finished": True}
        assert send(last).json() == {"closed": attempt.get_absolute_url()}
        assert send(last).status_code == 404
        shown = words(body(client.get(attempt.get_absolute_url())))
        assert "Passed with 90 per cent" in shown
        assert "as trustworthy as that" in shown
