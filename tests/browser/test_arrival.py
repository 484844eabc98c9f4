"""From arrival to a certificate that an outsider verifies."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.support.running import Portal

pytestmark = pytest.mark.browser
SHARING = import_module("training.migrations.0006_shipped_module_on_sharing")
NAME, ADDRESS, PASSWORD = "Diallo", "n.diallo@carana.example", "seven wet goats at the ford"
POST = "Liaison officer 2"
COURSE = "Induction to the mission"
QUALIFIED = "How the portal shares information"


def enters(admin: Visitor) -> None:
    """An administrator enters somebody with a post; a link to choose a password goes out by mail."""
    page = admin.open("/admin/core/person/add/").page
    admin.fill("Given name", "Nafi").fill("Family name", NAME).fill("Email", ADDRESS)
    page.get_by_label("Component").select_option(label="Military")
    page.locator("#holdings-group .add-row a").click()
    page.locator("#holdings-0 .select2-selection").click()
    page.locator(".select2-search__field").fill(POST)
    page.locator(".select2-results__option", has_text="Sector North CIMIC").first.click()
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("A link to choose a password")


def chooses_a_password(admin: Visitor, newcomer: Visitor) -> None:
    """By the link in the mail, which a worker sends and the demo keeps."""
    letter = admin.page.locator("tr", has_text=ADDRESS).get_by_role("link")

    def came() -> None:
        admin.open("/demo/mail/")
        expect(letter.first).to_be_visible(timeout=500)

    until(came)
    letter.first.click()
    found = re.search(r"/password/link/\S+", admin.text)
    assert found is not None
    newcomer.open(found[0])
    for field in newcomer.page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    newcomer.page.locator("form:has(input[type=password]) button").first.click()
    newcomer.open("/sign-in/").fill("Email", ADDRESS)
    newcomer.page.get_by_label("Password", exact=True).fill(PASSWORD)
    newcomer.press("Sign in")


def until(came: Callable[[], None], tries: int = 20) -> None:
    """Look again and again, as somebody who waits for a mail does."""
    for left in reversed(range(tries)):
        try:
            came()
            return
        except AssertionError:
            if not left:
                raise


def asks_for_a_seat(newcomer: Visitor) -> str:
    """Induction is due from the day of arrival; its next session takes them, once the office lets them go."""
    expect(newcomer.page.locator("main")).to_contain_text("Your training")
    newcomer.open("/training/readiness/mine/")
    expect(newcomer.page.locator("main")).to_contain_text(COURSE)
    newcomer.link(COURSE)
    newcomer.page.locator("section", has_text="Ahead").get_by_role("link", name=COURSE).last.click()
    newcomer.verb("Ask for a seat")
    expect(newcomer.page.locator("main")).to_contain_text("waits for the office")
    return newcomer.page.url


def lets_them_go(head: Visitor, session: str) -> None:
    head.open("/")
    expect(head.page.locator("main")).to_contain_text(f"{NAME} asks for a seat")
    row = head.open(session).page.locator("li", has_text=NAME)
    row.get_by_role("link", name="Let them go").click()
    head.page.locator("#verb form button[type=submit]").click()
    expect(row).to_contain_text("enrolled")


def passes(learner: Visitor) -> None:
    """The quiz of the module, with every answer right."""
    learner.open("/training/modules/").link(SHARING.TITLE)
    for _page in SHARING.PAGES:
        learner.page.locator("main").get_by_role(
            "link", name=re.compile("Begin|Go on|Next page|Start")
        ).first.click()
    learner.link("Take the quiz")
    learner.press("Begin the quiz")
    for text, answers, right, _why in SHARING.QUESTIONS:
        group = learner.page.get_by_role("group", name=re.compile(re.escape(text)))
        for place in right:
            group.get_by_label(answers[place], exact=True).check()
    learner.press("Hand in")
    expect(learner.page.locator("main")).to_contain_text("You are qualified: IND-04")


def test_arrival_induction_module_and_a_certificate_for_an_outsider(
    visit: Callable[..., Visitor], chromium: Browser, portal: Portal
) -> None:
    admin = visit("admin1")
    enters(admin)
    newcomer = Visitor(chromium.new_context(locale="en-GB").new_page(), portal.address)
    chooses_a_password(admin, newcomer)
    session = asks_for_a_seat(newcomer)
    lets_them_go(visit("releasing"), session)
    passes(newcomer)
    newcomer.open("/training/").link(QUALIFIED)
    newcomer.link("The page as others see it")
    outsider = chromium.new_context(locale="en-GB").new_page()
    outsider.goto(newcomer.page.url)
    expect(outsider.locator("body")).to_contain_text(f"Nafi {NAME}")
    expect(outsider.locator("body")).to_contain_text("valid")
    assert ADDRESS not in outsider.content()
    assert newcomer.complaints == []
