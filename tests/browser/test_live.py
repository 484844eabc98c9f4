"""The live stream in real browsers: what others do shows without a reload, over one stream for all tabs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor
from tests.browser.watching import expect_same_page, stay

pytestmark = pytest.mark.browser
STATE = "#stream-state"


class Streams:
    """The streams that the tabs of one browser ask for."""

    def __init__(self, page: Page) -> None:
        self.of: dict[Page, int] = {}
        for one in page.context.pages:
            self.watch(one)
        page.context.on("page", self.watch)

    def watch(self, page: Page) -> None:
        self.of[page] = 0
        page.on("request", lambda request: self._count(page, request.url))

    def _count(self, page: Page, url: str) -> None:
        if re.search(r"/stream(\?|$)", url):
            self.of[page] += 1


def unread(visitor: Visitor) -> int:
    found = visitor.page.locator("#bell b").all_inner_texts()
    return int(re.sub(r"\D", "", found[0])) if found else 0


def expect_more(page: Page, before: int) -> None:
    """That the bell counts further by itself. The portal may have other news just then: a reminder."""
    count = "parseInt(document.querySelector('#bell b')?.textContent ?? '0')"
    page.wait_for_function(f"before => {count} > before", arg=before, timeout=15_000)
    expect_same_page(page)


def issue(planner: Visitor, title: str) -> None:
    """Task the position of the liaison officer."""
    page = planner.open("/liaison/taskings/new/").page
    page.locator("[name=assignee_text]").fill("Liaison officer 1")
    page.get_by_role("option", name="Liaison officer 1, Sector North CIMIC").click()
    planner.fill("What", title)
    planner.fill("Why", "So that it is told.")
    page.locator("[name=due_at_0]").fill(f"{timezone.localtime() + timedelta(days=2):%Y-%m-%d}")
    page.locator("[name=due_at_1]").fill("12:00")
    planner.press("Issue tasking")
    page.locator(".notice-success").wait_for()


def test_bell_follows_in_every_browser_and_tab(visit: Callable[..., Visitor]) -> None:
    first, second, planner = visit("liaison"), visit("liaison"), visit("planner")
    streams = Streams(first.page)
    first.open("/areas/")
    second.open("/places/")
    tab = first.page.context.new_page()
    tab.goto(f"{first.address}/organisations/")
    before = unread(first)
    pages = [first.page, second.page, tab]
    for page in pages:
        stay(page)

    issue(planner, "Told to three pages at once")
    for page in pages:
        expect_more(page, before)
        expect(page.locator("#stream-said")).to_have_text("New notification")
    # One stream for the browser: the second tab hears through the first.
    assert streams.of[first.page] >= 1
    assert streams.of[tab] == 0

    # When the tab that listens is closed, the other takes over, and nothing is missed in between.
    first.page.close()
    between = int(re.sub(r"\D", "", tab.locator("#bell b").inner_text()))
    issue(planner, "Told after the tab was closed")
    expect_more(tab, between)
    assert streams.of[tab] >= 1

    # What is read in one browser is read in the other.
    second.page.evaluate("delete window.still")
    second.open("/notifications/").press("Mark all as read")
    expect(second.page.locator("#bell b")).to_have_count(0)
    expect(tab.locator("#bell b")).to_have_count(0, timeout=15_000)
    expect_same_page(tab)
    assert planner.complaints == second.complaints == []


def test_nothing_is_missed_between_two_pages(visit: Callable[..., Visitor]) -> None:
    """The stream is taken up where the page was read, so the bell is fetched for news alone."""
    officer, planner = visit("liaison").open("/areas/"), visit("planner")
    page = officer.page
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "count" in request.url else None)
    with page.expect_request(re.compile(r"/stream\?after=")):
        officer.open("/places/")
    stay(page)
    before = unread(officer)
    issue(planner, "Told on the second page")
    expect_more(page, before)
    assert 1 <= len(fetched) <= unread(officer) - before


def test_lost_connection_is_said_and_mended(visit: Callable[..., Visitor]) -> None:
    officer, planner = visit("liaison"), visit("planner")
    page = officer.page
    page.route(re.compile(r"/stream(\?|$)"), lambda route: route.abort())
    officer.open("/areas/")
    stay(page)
    before = unread(officer)
    expect(page.locator(STATE)).to_contain_text("Connection lost, trying again", timeout=15_000)
    issue(planner, "Told while the line was cut")
    page.unroute_all()
    expect(page.locator(STATE)).to_be_hidden(timeout=60_000)
    expect_more(page, before)


def test_signed_out_elsewhere_the_page_stops_asking(visit: Callable[..., Visitor]) -> None:
    officer = visit("liaison")
    page = officer.page
    streams = Streams(page)
    officer.open("/areas/")
    other = page.context.new_page()
    other.goto(f"{officer.address}/sign-out/")
    # 286 tells the page to ask no more.
    with page.expect_response(lambda answer: "count" in answer.url and answer.status == 286):
        other.get_by_role("button", name="Sign out").click()
    asked = streams.of[page]
    other.reload()
    assert streams.of[page] == asked
    expect(page.locator(STATE)).to_be_hidden()
