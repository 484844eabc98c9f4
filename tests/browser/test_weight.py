"""What a page costs on a satellite link: bytes as they travel, and how often the browser must ask."""

import pytest

pytestmark = pytest.mark.browser

FIRST_VISIT, NEXT_VISIT, REQUESTS = 60_000, 15_000, 5
# Where one writes as well as reads: besides, the modules of suggestions, of drafts, and of the form itself.
WITH_FORM = REQUESTS + 3


class Meter:
    """Counts what a page fetches, compressed, as Chromium's own network log has it."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on(
            "Network.loadingFinished", lambda event: self.sizes.append(event["encodedDataLength"])
        )
        self.sizes = []

    def read(self, page, address):
        self.sizes.clear()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        return sum(self.sizes), len([size for size in self.sizes if size])


def assert_light(page, address, most=REQUESTS):
    """With nothing in the browser's cache, and then with it filled."""
    meter = Meter(page)
    meter.session.send("Network.clearBrowserCache")
    first, requests = meter.read(page, address)
    again, _requests = meter.read(page, address)
    assert first <= FIRST_VISIT
    assert requests <= most
    assert again <= NEXT_VISIT


@pytest.mark.parametrize("path", ["/liaison/engagements/", "first"])
def test_list_and_detail_are_light(visit, portal, path):
    page = visit("liaison").open("/liaison/engagements/").page
    if path == "first":
        path = page.locator("td:first-child a").first.get_attribute("href")
    assert_light(page, f"{portal.address}{path}")


@pytest.mark.parametrize("part", ["", "journal/", "tasks/", "gantt/", "matrix/"])
def test_a_large_operation_is_light(visit, portal, part):
    """The election of the demo mission: 300 tasks, 25 participants."""
    page = visit("planner").open("/operations/?q=Presidential").page
    address = page.locator("td:first-child a").first.get_attribute("href")
    most = WITH_FORM if part == "journal/" else REQUESTS
    assert_light(page, f"{portal.address}{address}{part}", most)
