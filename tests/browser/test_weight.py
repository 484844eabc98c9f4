"""What a page costs on a satellite link: bytes as they travel, and how often the browser must ask."""

import pytest

pytestmark = pytest.mark.browser

FIRST_VISIT, NEXT_VISIT, REQUESTS = 60_000, 15_000, 5


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


@pytest.mark.parametrize("path", ["/liaison/engagements/", "first"])
def test_list_and_detail_are_light(visit, portal, path):
    officer = visit("liaison")
    page = officer.open("/liaison/engagements/").page
    if path == "first":
        path = page.locator("td:first-child a").first.get_attribute("href")
    meter = Meter(page)
    meter.session.send("Network.clearBrowserCache")
    first, requests = meter.read(page, f"{portal.address}{path}")
    assert first <= FIRST_VISIT
    assert requests <= REQUESTS
    again, _requests = meter.read(page, f"{portal.address}{path}")
    assert again <= NEXT_VISIT
