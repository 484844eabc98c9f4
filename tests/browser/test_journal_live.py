"""The journal in real browsers: what one enters or strikes shows to those who watch, and is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.judging import judge
from tests.browser.test_live import STATE
from tests.browser.visitor import Visitor
from tests.browser.watching import SOON, enter, expect_same_page, stay

pytestmark = pytest.mark.browser
LARGE = "Presidential"


def journal(visitor: Visitor) -> Page:
    """The journal of the large operation, in which many take part."""
    link = visitor.open(f"/operations/?state=active&q={LARGE}").page.locator("td:first-child a").first
    return visitor.open(f"{visitor.address}{link.get_attribute('href')}journal/").page


def strike(page: Page, reason: str) -> None:
    page.locator("#journal .entry").first.get_by_role("link", name="Strike").click()
    form = page.locator("#verb form")
    form.get_by_label("Reason").fill(reason)
    form.get_by_role("button", name="Strike entry").click()
    page.locator(".notice-success").wait_for()


def test_two_who_watch_see_what_a_third_enters_and_strikes(visit: Callable[..., Visitor]) -> None:
    first, second, third = visit("planner"), visit("police"), visit("commander")
    pages = [journal(first), journal(second)]
    for page in pages:
        stay(page)
    # The second is writing something of their own meanwhile.
    typed = pages[1].get_by_label("What happened")
    typed.click()
    typed.press_sequentially("Foot patrol at")

    writing = journal(third)
    enter(writing, "Gauge at the ford: 2.1 m")
    for page in pages:
        top = page.locator("#journal .entry").first
        expect(top).to_contain_text("Gauge at the ford: 2.1 m", timeout=SOON)
        expect(page.locator("#stream-said")).to_have_text("New entry in the journal")
        expect(top.locator(".entry-new")).to_have_count(1)
    # Nothing that is typed is touched.
    expect(typed).to_be_focused()
    expect(typed).to_have_value("Foot patrol at")
    # Once it was in view for a while it is marked no more.
    for page in pages:
        page.locator("#journal .entry").first.scroll_into_view_if_needed()
        expect(page.locator("#journal .entry").first.locator(".entry-new")).to_have_count(0, timeout=SOON)

    strike(writing, "Misread: 1.2 m")
    for page in pages:
        struck = page.locator("#journal .entry-struck", has_text="Gauge at the ford: 2.1 m")
        expect(struck).to_contain_text("Misread: 1.2 m", timeout=SOON)
        expect_same_page(page)
    assert first.complaints == second.complaints == []


def test_nothing_is_lost_while_the_connection_is_cut(visit: Callable[..., Visitor]) -> None:
    watching, writing = visit("police"), visit("commander")
    page, other = journal(watching), journal(writing)
    enter(other, "Before the cut")
    expect(page.locator("#journal .entry").first).to_contain_text("Before the cut", timeout=SOON)

    # From now on the line to the stream is dead; the page itself was loaded before.
    stream = re.compile(r"/stream(\?|$)")
    page.route(stream, lambda route: route.abort())
    page.reload()
    stay(page)
    expect(page.locator(STATE)).to_contain_text("Connection lost", timeout=SOON)
    for number in (1, 2, 3):
        enter(other, f"During the cut {number}")
    expect(page.locator("#journal")).not_to_contain_text("During the cut")

    # It is taken up where it was left.
    with page.expect_request(re.compile(r"/stream\?.*after="), timeout=60_000):
        page.unroute_all()
    entries = page.locator("#journal .entry")
    expect(entries.first).to_contain_text("During the cut 3", timeout=60_000)
    expect(page.locator(STATE)).to_be_hidden(timeout=60_000)
    for number in (1, 2, 3):
        expect(entries.filter(has_text=f"During the cut {number}")).to_have_count(1)
    expect_same_page(page)


def test_an_entry_that_was_not_sent_is_kept_on_the_device(visit: Callable[..., Visitor]) -> None:
    visitor = visit("commander")
    page = journal(visitor)
    page.get_by_label("What happened").fill("Typed before the lid was closed")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved on this device")
    page.reload()
    expect(page.get_by_label("What happened")).to_have_value("Typed before the lid was closed")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Enter", exact=True).click()
    page.locator(".notice-success").wait_for()
    expect(page.get_by_label("What happened")).to_have_value("")


def test_pages_have_no_fault(
    visit: Callable[..., Visitor], colours: str, widths: tuple[int, ...], turn: Callable[..., list[str]]
) -> None:
    visitor = visit("commander", color_scheme=colours)
    address = re.sub(r"journal/$", "", journal(visitor).url)
    faults = []
    for path in turn(["journal/", "", "who/", "sitrep/"]):
        faults += judge(visitor.open(f"{address}{path}"), path, widths)
    faults += judge(visitor.open("/operations/journal/"), "all journals", widths)
    assert faults == [], "\n".join(faults)


def test_the_pictures_follow_the_progress_of_tasks(visit: Callable[..., Visitor]) -> None:
    watching, reporting = visit("commander"), visit("police")
    page = journal(watching)
    watching.open(page.url.replace("journal/", "gantt/"))
    stay(page)
    bar = page.locator("#time-rows tr", has_text="Police Sector North").locator(".bar:not(.done)").first
    address = bar.get_attribute("href") or ""
    reporting.open(address).page.locator(".actions").get_by_role("link", name="Report progress").click()
    form = reporting.page.locator("#verb form")
    form.get_by_label("Done", exact=True).check()
    form.locator("button[type=submit]").click()
    reporting.page.locator(".notice-success").wait_for()
    expect(page.locator(f".bar.done[href='{address}']")).to_have_count(1, timeout=SOON)
    expect_same_page(page)


def test_words_that_name_no_task_are_told_and_not_dropped(visit: Callable[..., Visitor]) -> None:
    page = journal(visit("commander"))
    page.get_by_label("What happened").fill("Typed beside a task that is none")
    page.locator(".journal-entry #id_task").fill("no such task")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.locator(".journal-entry .pick .error")).to_contain_text("Nothing is called so")
    expect(page.locator("#journal")).not_to_contain_text("Typed beside a task that is none")
    page.locator(".journal-entry #id_task").fill("")
    page.get_by_role("button", name="Enter", exact=True).click()
    page.locator(".notice-success").wait_for()
