"""Writing a plan in the browser: the bar of buttons, unsaved text on the device, and no fault by axe-core."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.judging import judge, violations

pytestmark = pytest.mark.browser
PAGES = ("", "objectives/", "risks/", "decisions/", "courses/", "courses/edit/", "checklists/", "versions/")


@pytest.fixture
def planner(visit):
    """A planner with an operation of their own, on its page."""
    visitor = visit("planner")
    page = visitor.open("/operations/new/").page
    page.get_by_label("Title").fill("Market days")
    page.get_by_label("Type", exact=True).select_option(index=1)
    page.get_by_label("Purpose").fill("So that people can go to market")
    for name, days in (("starts_at", 9), ("ends_at", 19)):
        page.locator(f"[name={name}_0]").fill(str(timezone.localdate() + timedelta(days=days)))
        page.locator(f"[name={name}_1]").fill("08:00")
    page.locator("[name=approver]").select_option(index=1)
    visitor.press("Save draft")
    page.wait_for_url(re.compile(r"/operations/[0-9A-Z]{10}/$"))
    return visitor


def test_the_bar_writes_the_signs_and_the_page_shows_them_as_text(planner):
    page = planner.page
    address = page.url
    planner.open(f"{address}plan/sections/mission/")
    field = page.locator("#id_text")
    field.fill("Hold the ferry\nby day")
    field.evaluate("field => field.setSelectionRange(5, 8)")
    planner.press("Bold")
    expect(field).to_have_value("Hold **the** ferry\nby day")
    planner.press("Bold")
    expect(field).to_have_value("Hold the ferry\nby day")
    field.evaluate("field => field.setSelectionRange(0, field.value.length)")
    planner.press("List")
    expect(field).to_have_value("- Hold the ferry\n- by day")
    planner.press("Table")
    expect(field).to_have_value(re.compile(r"\| \| \|\n\|---\|---\|"))
    planner.press("Save section")
    expect(page.locator("#section-mission .rich li")).to_have_count(2)
    expect(page.locator("#section-mission .rich table")).to_have_count(1)
    assert planner.complaints == []


def test_pages_of_a_plan_have_no_fault(planner):
    page, address = planner.page, planner.page.url
    faults = judge(planner, address)
    planner.open(f"{address}plan/risks/new/")
    page.get_by_label("Risk", exact=True).fill("Shots at a patrol")
    planner.press("Save")
    planner.open(f"{address}plan/objectives/new/")
    page.get_by_label("Objective", exact=True).fill("Markets open")
    planner.press("Save")
    for path in PAGES:
        faults += judge(planner.open(f"{address}plan/{path}"), path)
    assert faults == []


def test_the_comparison_of_two_texts_has_no_fault(planner):
    page, address = planner.page, planner.page.url
    section = f"{address}plan/sections/mission/"
    planner.open(section)
    page.locator("#id_text").fill("One\n\nTwo")
    second = page.context.new_page()
    second.goto(section)
    planner.press("Save section")
    page.wait_for_url(re.compile("section-mission"))
    second.locator("#id_text").fill("Another")
    second.get_by_role("button", name="Save section").click()
    second.locator(".three").wait_for()
    expect(second.locator("#id_text")).to_have_value(re.compile("<<<<<<< your words\nAnother\n======="))
    faults = []
    for width in (1360, 390):
        second.set_viewport_size({"width": width, "height": 800})
        faults += violations(second)
        assert second.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []
