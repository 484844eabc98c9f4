"""Gantt chart and matrix by hand: dragged, resized, moved by keys; refusals go back with their reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.judging import judge

pytestmark = pytest.mark.browser
# The last of its phase in every plan of the demo mission: free to move for some hours, and needed later.
TASK = "Weekly meeting with the women’s association"
HOUR, DAY = 3600, 24 * 3600


def reference(page: Page, address: str, **wanted: str) -> str:
    rows = page.request.get(f"{address}/api/v1/operations/?limit=50").json()["results"]
    return next(row["reference"] for row in rows if all(row[name] == value for name, value in wanted.items()))


@pytest.fixture
def chart(visit, portal):
    """A planner before the Gantt chart of a draft of theirs, so close that hours can be told apart."""
    visitor = visit("planner")
    base = f"/operations/{reference(visitor.page, portal.address, state='draft')}/"
    visitor.open(f"{base}gantt/")
    day = datetime.fromtimestamp(span(bar(visitor.page))[0] - DAY, UTC)
    visitor.query = f"?zoom=day&from={day:%Y-%m-%d}"
    visitor.base = base
    visitor.open(f"{base}gantt/{visitor.query}")
    ready(visitor.page)
    return visitor


def bar(page: Page) -> Locator:
    return page.locator(f".bar:has(title:text-matches('^{TASK}'))")


def span(one: Locator) -> tuple[int, int]:
    return int(one.get_attribute("data-s")), int(one.get_attribute("data-e"))


def ready(page: Page) -> None:
    """The module of the chart is fetched when a hand comes near."""
    bar(page).scroll_into_view_if_needed()
    bar(page).locator("rect").hover()
    expect(page.locator("[data-time][data-started]")).to_be_attached()


def drag(page: Page, seconds: int, *, edge: bool = False, to: Locator | None = None) -> None:
    box = bar(page).locator("rect").bounding_box()
    per_second = float(page.locator("[data-time]").get_attribute("data-per-minute")) / 60
    x = box["x"] + (box["width"] - 3 if edge else box["width"] / 2)
    y = box["y"] + box["height"] / 2
    target = to.bounding_box() if to else None
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y, steps=3)
    page.mouse.move(x + seconds * per_second, target["y"] + 10 if target else y, steps=5)
    page.mouse.up()


def answered(page: Page, act) -> int:
    with page.expect_response("**/drag/**") as told:
        act()
    return told.value.status


def test_a_bar_is_dragged_and_resized(chart):
    page = chart.page
    start, end = span(bar(page))
    assert answered(page, lambda: drag(page, 2 * HOUR)) == 200
    expect(bar(page)).to_have_attribute("data-s", str(start + 2 * HOUR))
    expect(page.locator("[data-time-said]")).to_contain_text(TASK)
    assert answered(page, lambda: drag(page, -3 * HOUR, edge=True)) == 200
    expect(bar(page)).to_have_attribute("data-e", str(end - HOUR))
    chart.open(page.url)
    assert span(bar(page)) == (start + 2 * HOUR, end - HOUR)
    ready(page)
    answered(page, lambda: drag(page, HOUR * 3, edge=True))
    answered(page, lambda: drag(page, -2 * HOUR))
    expect(bar(page)).to_have_attribute("data-s", str(start))
    assert chart.complaints == []


def test_keys_move_it_and_its_end(chart):
    page = chart.page
    start, end = span(bar(page))
    bar(page).focus()
    assert answered(page, lambda: page.keyboard.press("Shift+ArrowRight")) == 200
    expect(bar(page)).to_have_attribute("data-s", str(start + HOUR))
    expect(bar(page)).to_be_focused()
    assert answered(page, lambda: page.keyboard.press("Alt+Shift+ArrowLeft")) == 200
    expect(bar(page)).to_have_attribute("data-e", str(end))
    answered(page, lambda: page.keyboard.press("Alt+Shift+ArrowRight"))
    answered(page, lambda: page.keyboard.press("Shift+ArrowLeft"))
    expect(bar(page)).to_have_attribute("data-s", str(start))
    expect(bar(page)).to_have_attribute("data-e", str(end))


def test_what_does_not_fit_goes_back_with_the_reason(chart):
    page = chart.page
    before, x = span(bar(page)), bar(page).locator("svg").get_attribute("x")
    assert answered(page, lambda: drag(page, -3 * DAY)) == 422
    expect(page.get_by_role("alert")).to_contain_text("It needs")
    expect(bar(page).locator("svg")).to_have_attribute("x", x)
    assert span(bar(page)) == before
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_another_changed_meanwhile_is_told(chart, visit):
    page = chart.page
    before = span(bar(page))
    other = visit("planner")
    other.open(page.url.replace(chart.address, ""))
    ready(other.page)
    bar(other.page).focus()
    assert answered(other.page, lambda: other.page.keyboard.press("Shift+ArrowRight")) == 200
    bar(page).focus()
    assert answered(page, lambda: page.keyboard.press("Shift+ArrowRight")) == 409
    expect(page.get_by_role("alert")).to_contain_text("start: was “")
    assert span(bar(page)) == before
    assert answered(other.page, lambda: other.page.keyboard.press("Shift+ArrowLeft")) == 200


def test_a_bar_is_dropped_into_another_row_of_the_matrix(chart):
    page = chart.page
    chart.open(f"{chart.base}matrix/{chart.query}")
    ready(page)
    home = bar(page).locator("xpath=ancestor::tr").get_attribute("id")
    row = page.locator("tr[data-who]:not(:has(title)), tr[data-who]").first
    name = row.get_attribute("id")
    assert name != home
    assert answered(page, lambda: drag(page, 0, to=row)) == 200
    expect(page.locator(f"#{name} .bar:has(title:text-matches('^{TASK}'))")).to_have_count(1)
    back = page.locator(f"#{home}")
    assert answered(page, lambda: drag(page, 0, to=back)) == 200


@pytest.mark.parametrize("name", ["gantt/", "matrix/", "tasks/"])
def test_pages_have_no_fault(chart, name):
    assert judge(chart, f"{chart.address}{chart.base}{name}") == []
