"""Lists as people use them: filters without a reload, and the same without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
URL = "/liaison/engagements/"


def test_filters_change_the_list_and_the_address_without_a_reload(visit: Callable[..., Visitor]) -> None:
    visitor = visit("liaison").open(f"{URL}?within=365")
    page = visitor.page
    page.evaluate("window.still = 'the same page'")
    rows, level = page.locator("tbody tr"), page.locator("#level-top")
    expect(rows).to_have_count(50)
    expect(level).to_have_text("Confidential")

    page.get_by_role("link", name="Next").first.click()
    expect(page.locator(".pager").first).to_contain_text("51–100")
    expect(page).to_have_url(re.compile("within=365&cursor="))

    page.locator("summary", has_text="Words").click()
    page.locator("details[open]").get_by_label("Words").fill("nothing like it")
    page.locator("details[open]").get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Nothing matches these filters")).to_be_visible()
    expect(level).to_have_text("Unclassified")
    expect(page).to_have_url(re.compile(r"within=365&q=nothing\+like\+it$|q=nothing\+like\+it&within=365$"))

    page.get_by_role("link", name=re.compile("^Words: nothing like it")).click()
    expect(rows).to_have_count(50)
    expect(level).to_have_text("Confidential")
    expect(page).to_have_url(f"{visitor.address}{URL}?within=365")
    assert page.evaluate("window.still") == "the same page"

    page.go_back()
    expect(page.get_by_text("Nothing matches these filters")).to_be_visible()
    assert visitor.complaints == []


def test_the_last_choices_of_more_filters_stand_above_the_button(visit: Callable[..., Visitor]) -> None:
    page = visit("liaison", viewport={"width": 1360, "height": 900}).open(URL).page
    page.locator("summary", has_text="More…").click()
    panel = page.locator("details.more[open] .menu-body")
    for name in ("Strictly confidential", "With open promises"):
        panel.get_by_label(name).check()
    fields, button = panel.locator(".filter-fields").bounding_box(), panel.get_by_role("button", name="Apply")
    assert fields
    assert (button.bounding_box() or {})["y"] >= fields["y"] + fields["height"]
    chips = page.locator("summary.chip")
    heights = {round((chip.bounding_box() or {})["height"]) for chip in chips.all()}
    assert len(heights) == 1


def test_rows_take_two_lines_at_most(visit: Callable[..., Visitor]) -> None:
    visitor = visit("liaison", viewport={"width": 1360, "height": 900})
    for path in (URL, "/liaison/taskings/", "/liaison/promises/", "/liaison/contacts/", "/people/"):
        rows = visitor.open(path).page.locator("tbody tr")
        heights = rows.evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)")
        assert heights, path
        assert max(heights) <= 54, path


def test_a_saved_filter_becomes_a_tab(visit: Callable[..., Visitor]) -> None:
    visitor = visit("releasing").open(f"{URL}?atmosphere=negative")
    page = visitor.page
    page.get_by_role("link", name="save these filters").click()
    page.locator("#verb").get_by_label("Name").fill("Bad mood")
    page.get_by_role("button", name="Save filters").click()
    tab = page.locator(".tabs [aria-current]")
    expect(tab).to_contain_text("Bad mood")
    assert visitor.complaints == []


def test_lists_work_without_javascript(visit: Callable[..., Visitor]) -> None:
    visitor = visit("liaison", java_script_enabled=False).open(URL)
    page = visitor.page
    page.locator("summary", has_text="State").click()
    page.get_by_label("Returned", exact=True).check()
    page.locator("details[open]").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name=re.compile("^State: Returned"))).to_be_visible()
    states = page.locator("tbody .pill").all_inner_texts()
    assert states
    assert set(states) == {"returned"}
    page.get_by_role("link", name="When").click()
    assert "state=returned&" in page.url
    assert page.url.endswith("sort=when")
