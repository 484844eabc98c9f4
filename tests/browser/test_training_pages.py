"""Modules and guidance in Chromium: no fault for axe in either colours, no wider than the window, light."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.browser.judging import judge
from tests.browser.test_weight import WITH_FORM, assert_light
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MODULES = [
    "/training/modules/",
    "/training/modules/1/",
    "/training/modules/1/pages/3/",
    "/training/modules/2/pages/5/",
    "/training/modules/2/quiz/",
    "/training/modules/results/",
    "/training/modules/drafts/",
    "/training/modules/drafts/new/",
]
GUIDANCE = [
    "/training/guidance/",
    "/training/guidance/acknowledgements/",
    "/training/guidance/new/",
]
# Of each of these the first: in force, and in review with comments beside the text.
FIRST_OF = ["/training/guidance/?state=in_force", "/training/guidance/?in_review=1"]


def first_of(visitor: Visitor, path: str) -> Visitor:
    visitor.open(path).page.locator("td:first-child a").first.click()
    visitor.page.locator(".columns").wait_for()
    return visitor


def newest_version(visitor: Visitor) -> Visitor:
    """From a document to its newest version."""
    visitor.page.locator("a[href*='/versions/']").first.click()
    visitor.page.get_by_role("heading", name="version").wait_for()
    return visitor


def test_modules_have_no_fault(
    visit: Callable[..., Visitor], colours: str, widths: Sequence[int], turn: Callable[[Any], Any]
) -> None:
    trainer = visit("training", color_scheme=colours)
    faults = []
    for path in turn(MODULES):
        faults += judge(trainer.open(path), path, widths)
    assert faults == []


def test_guidance_has_no_fault(
    visit: Callable[..., Visitor], colours: str, widths: Sequence[int], turn: Callable[[Any], Any]
) -> None:
    officer = visit("cmcoord", color_scheme=colours)
    faults = []
    for path in turn(GUIDANCE):
        faults += judge(officer.open(path), path, widths)
    for path in turn(FIRST_OF):
        faults += judge(first_of(officer, path), f"the first of {path}", widths)
        faults += judge(newest_version(officer), f"a version of the first of {path}", widths)
    assert faults == []


@pytest.mark.parametrize("path", ["", "1/", "1/pages/3/", "2/pages/5/", "2/quiz/"])
def test_modules_are_light(visit: Callable[..., Visitor], portal: Any, path: str) -> None:
    """A page with a picture may ask once more than others: for the picture."""
    page = visit("training").page
    assert_light(page, f"{portal.address}/training/modules/{path}", WITH_FORM)


@pytest.mark.parametrize("path", ["/training/guidance/", *FIRST_OF])
def test_guidance_is_light(visit: Callable[..., Visitor], portal: Any, path: str) -> None:
    officer = visit("cmcoord")
    if path in FIRST_OF:
        path = first_of(officer, path).page.url.removeprefix(portal.address)
    assert_light(officer.page, f"{portal.address}{path}", WITH_FORM)


def test_two_who_write_guidance_at_the_same_time_bring_it_together(visit: Callable[..., Visitor]) -> None:
    author, colleague = visit("planner"), visit("planner")
    author.open("/training/guidance/new/").fill("Title", "Quiet hours")
    author.page.get_by_label("Kind").select_option(index=1)
    author.page.get_by_role("combobox", name="Brought into force by").fill("Chief of staff")
    author.page.locator("[role=option]").first.click()
    author.page.locator("#id_text").fill("First\n\nSecond\n\nThird")
    author.press("Save")
    newest_version(author)
    write = f"{author.page.url}write/"
    for visitor, text in ((author, "First by one\n\nSecond\n\nThird"), (colleague, "")):
        visitor.open(write)
        if text:
            visitor.page.locator("#id_text").fill(text)
    colleague.page.locator("#id_text").fill("First\n\nSecond\n\nThird by the other")
    author.press("Save text")
    author.page.locator(".notice-success").wait_for()
    colleague.press("Save text")
    colleague.page.get_by_text("Nothing is lost: both texts stand here.").wait_for()
    proposal = colleague.page.locator("#id_text")
    assert proposal.input_value() == "First by one\n\nSecond\n\nThird by the other"
    assert judge(colleague, "both texts", (1360, 390)) == []
    colleague.press("Save text")
    colleague.page.locator(".notice-success").wait_for()
    assert "Third by the other" in colleague.text
    assert "First by one" in colleague.text
