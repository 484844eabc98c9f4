"""Every kind of page, light and dark, wide and narrow, judged by axe-core: no violation of WCAG 2.2 AA."""

import pytest

from tests.browser.judging import WIDTHS, judge, violations

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/liaison/engagements/",
    "/liaison/engagements/?state=released&sort=-when",
    "/liaison/engagements/new/",
    "/liaison/taskings/",
    "/liaison/contacts/",
    "/liaison/promises/",
    "/organisations/",
    "/areas/",
    "/places/",
    "/documents/",
    "/notifications/",
    "/me/",
    "/sign-out/",
    "/password/",
    "/liaison/engagements/NOSUCHONE2/",
]
# Where the first link of a list leads: one detail page of each kind.
FIRST_OF = [
    "/liaison/engagements/",
    "/liaison/taskings/",
    "/liaison/contacts/",
    "/organisations/",
    "/areas/",
    "/places/",
]
ADMIN_PAGES = [
    "/admin/",
    "/admin/core/person/",
    "/admin/core/person/add/",
    "/admin/core/office/",
    "/admin/core/position/",
    "/admin/core/proposal/",
    "/admin/running/",
    "/admin/glass/",
    "/admin/rotation/",
    "/admin/trail/",
    "/admin/settings/",
    "/admin/core/componentmark/2/change/",
]


def test_pages_have_no_fault(visit, colours, widths, turn):
    officer = visit("liaison", color_scheme=colours)
    faults = []
    for path in turn(PAGES):
        faults += judge(officer.open(path), path, widths)
    for path in turn(FIRST_OF):
        officer.open(path).page.locator("td:first-child a").first.click()
        officer.page.locator(".columns").wait_for()
        faults += judge(officer, f"the first of {path}", widths)
    assert faults == []


def test_administration_has_no_fault(visit, colours, widths, turn):
    administrator = visit("admin1", color_scheme=colours)
    faults = []
    for path in turn(ADMIN_PAGES):
        faults += judge(administrator.open(path), path, widths)
    assert faults == []


def test_what_opens_has_no_fault(visit):
    """Menus, filters, the dialog and a form with errors."""
    officer = visit("liaison")
    page = officer.open("/liaison/engagements/").page
    page.locator("summary", has_text="State").click()
    faults = violations(page)
    officer.open("/liaison/engagements/").page.locator(".corner > summary").click()
    faults += violations(page)
    officer.open("/liaison/engagements/new/").press("Submit for release")
    page.locator("#error-summary").wait_for()
    faults += violations(page)
    releasing = visit("releasing")
    releasing.open("/liaison/engagements/?state=submitted").page.locator("td:first-child a").first.click()
    releasing.page.get_by_role("link", name="Return").click()
    releasing.page.locator("#verb form").wait_for()
    assert faults + violations(releasing.page) == []


def test_sign_in_has_no_fault(chromium, portal):
    page = chromium.new_page()
    page.goto(f"{portal.address}/sign-in/")
    assert violations(page) == []
    page.context.close()


def test_keyboard_reaches_the_content_first(visit):
    page = visit("liaison").open("/liaison/engagements/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_right_to_left_fits_the_window(visit):
    officer = visit("liaison")
    for path in ("/", "/liaison/engagements/", "/liaison/engagements/new/"):
        page = officer.open(path).page
        page.evaluate("document.documentElement.dir = 'rtl'")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
