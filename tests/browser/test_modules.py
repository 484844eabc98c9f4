"""Modules in Chromium: read, fail, pass, be qualified; a package that works, one that tries to get out."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.support.scorm import TWO_PARTS, manifest, package, page

pytestmark = pytest.mark.browser
ASSISTANCE = import_module("training.migrations.0007_shipped_module_on_assistance").QUESTIONS
FINISH = """
api.LMSInitialize('');
api.LMSSetValue('cmi.suspend_data', 'here');
document.title = [api.LMSGetValue('cmi.core.student_name'), api.LMSSetValue('cmi.core.student_id', 'x'),
  api.LMSGetLastError(), api.LMSSetValue('cmi.core.lesson_status', 'brilliant'), api.LMSGetLastError(),
  api.LMSGetValue('cmi.interactions._count')].join('|');
document.write('<button id="done">Done</button><p id="said">' + document.title + '</p>');
document.getElementById('done').onclick = function () {
  api.LMSSetValue('cmi.core.score.raw', '%s'); api.LMSSetValue('cmi.core.lesson_status', 'completed');
  api.LMSSetValue('cmi.interactions.0.id', 'q1'); api.LMSSetValue('cmi.interactions.0.result', 'correct');
  api.LMSFinish('');
};
"""
# What a package must not be able to do: each line says what came of it.
ROGUE = """
var said = {};
function tell() { document.title = JSON.stringify(said); }
function tried(name, work) {
  try { said[name] = String(work()); } catch (error) { said[name] = 'refused'; }
  tell();
}
tried('portal', function () { return window.top.document.body.innerHTML; });
tried('top', function () { window.top.location = 'about:blank#led-away'; return 'led'; });
tried('cookies', function () { return document.cookie; });
tried('popup', function () { return window.open('about:blank'); });
['%(portal)s/', '%(portal)s/api/v1/me/', 'http://127.0.0.1:9/'].forEach(function (address, number) {
  fetch(address, { credentials: 'include', mode: 'no-cors' }).then(
    function () { said['fetch' + number] = 'sent'; tell(); },
    function () { said['fetch' + number] = 'refused'; tell(); });
});
var picture = new Image();
picture.onload = function () { said.picture = 'shown'; tell(); };
picture.onerror = function () { said.picture = 'refused'; tell(); };
picture.src = '%(portal)s/static/img/modules/last-resort.svg';
navigator.serviceWorker ? navigator.serviceWorker.register('worker.js').then(
  function () { said.worker = 'kept'; tell(); }, function () { said.worker = 'refused'; tell(); }) : tell();
"""


def published(visit: Callable[..., Visitor], title: str, file: Any) -> str:
    """A module made of a package by the training office, published by its head; its address."""
    training = visit("training").open("/training/modules/drafts/new/")
    training.fill("Title", title).fill("In short", "A package of the test")
    training.page.get_by_label("Kind").select_option("scorm")
    training.press("Save")
    training.link("Upload a package")
    training.page.get_by_label("SCORM package").set_input_files(
        {"name": "package.zip", "mimeType": "application/zip", "buffer": file.getvalue()}
    )
    training.press("Save")
    expect(training.page.locator("main")).to_contain_text("Package checked and kept")
    training.verb("Submit")
    draft = training.page.url
    training.open("/positions/?q=chief+training")
    family = training.page.locator("tbody td").nth(1).inner_text().split()[-1]
    admin = visit("admin1").open(f"/admin/core/person/?q={family}")
    head = re.search(r"([\w.'-]+)@carana\.example", admin.page.locator("#result_list").inner_text())
    assert head is not None
    chief = visit(head[1]).open(draft)
    chief.verb("Publish")
    chief.link(title)
    return chief.page.url


def test_read_fail_pass_and_be_qualified(visit: Callable[..., Visitor]) -> None:
    learner = visit("planner").open("/training/modules/")
    learner.link("Requesting military assistance")
    learner.open(f"{learner.page.url}pages/10/")
    learner.link("Next page")
    learner.link("Take the quiz")
    for passes in (False, True):
        learner.press("Begin the quiz")
        for text, answers, right, _why in ASSISTANCE:
            group = learner.page.get_by_role("group", name=re.compile(re.escape(text)))
            wrong = [next(place for place in range(len(answers)) if place not in right)]
            for place in right if passes else wrong:
                group.get_by_label(answers[place], exact=True).check()
        learner.press("Hand in")
        if not passes:
            expect(learner.page.locator("main")).to_contain_text("Not passed: 0 per cent")
            learner.link("Try again")
    expect(learner.page.locator("main")).to_contain_text("You are qualified: CMC-03")
    assert learner.complaints == []


def test_a_package_of_two_parts_runs_and_reports(visit: Callable[..., Visitor]) -> None:
    parts = {"one.html": page(FINISH % ""), "two.html": page(FINISH % "85")}
    module = published(visit, "Two parts", package(parts, manifest=TWO_PARTS))
    learner = visit("cmcoord").open(f"{module}play/")
    learner.press("Open the package")
    wrapper = learner.page.frame_locator("[data-scorm] iframe")
    part = wrapper.frame_locator("#part")
    expect(part.locator("#said")).to_have_text("Learner, Portal|false|403|false|405|0")
    part.get_by_role("button", name="Done").click()
    expect(learner.page.locator("[data-word=saved]")).to_be_visible()
    # Where one was is kept over a visit to somewhere else.
    learner.open(module).link("Go on")
    expect(wrapper.get_by_role("button", name="Check")).to_have_attribute("aria-current", "true")
    part.get_by_role("button", name="Done").click()
    expect(learner.page.locator("main")).to_contain_text("Passed with 85 per cent")
    assert learner.complaints == []


def test_a_package_that_tries_to_get_out_does_not(visit: Callable[..., Visitor], portal: Any) -> None:
    text = ROGUE % {"portal": portal.address}
    files = {"one.html": page(text), "worker.js": "self.addEventListener('fetch', function () {})"}
    module = published(visit, "Gets out", package(files, manifest=manifest(("one", "Out", "one.html"))))
    learner = visit("police").open(f"{module}play/")
    learner.press("Open the package")
    learner.page.frame_locator("[data-scorm] iframe").frame_locator("#part").locator("h1").wait_for()
    inner = next(frame for frame in learner.page.frames if "/files/" in frame.url)
    inner.wait_for_function("() => Object.keys(JSON.parse(document.title)).length >= 9", timeout=20_000)
    said = inner.evaluate("() => JSON.parse(document.title)")
    assert said.pop("cookies") == ""
    assert said.pop("popup") in ("null", "refused")
    assert set(said.values()) == {"refused"}, said
    assert learner.page.url.endswith("/play/")
