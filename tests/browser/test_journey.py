"""The way of a contact: logged, released, tasked on, told of, done, and in the SITREP."""

import re
from datetime import timedelta
from urllib.request import urlopen

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.support.papers import pages_of

pytestmark = pytest.mark.browser

PURPOSE = "Ford at Oumwe after the flood"
CONTACT = "Zephyrin Quatrebarbes"
ORGANISATION = "Ferry committee of Oumwe"
TASK = "Ask the ferry committee for its second boat"


def days_ahead(days):
    return timezone.localtime() + timedelta(days=days)


def test_contact_becomes_tasking_notification_and_sitrep(visit, portal):
    officer = visit("liaison")
    address = log_contact(officer)

    # Before release the partner sees nothing of it.
    partner = visit("partner")
    partner.open(address)
    expect(partner.page.get_by_role("heading", level=1)).to_contain_text("nothing at this address")

    releasing = visit("releasing").open(address)
    releasing.verb("Release report")
    assert "Released" in releasing.text

    # The audience names humanitarian partners, so now the partner reads it: the report, not its drafts.
    partner.open(address)
    expect(partner.page.get_by_role("heading", level=1)).to_contain_text(PURPOSE)
    expect(partner.page.locator("main")).to_contain_text("The ford carries foot traffic only.")

    tasking = task_the_officer(visit("planner"))

    # Told at once, by the real worker.
    officer.open("/notifications/")
    expect_soon(officer, TASK)
    officer.open(tasking)
    officer.verb("Acknowledge")
    officer.open(tasking)
    officer.verb("Report done", outcome="The boat comes on Monday.")
    expect(officer.page.locator("main")).to_contain_text("The boat comes on Monday.")
    partner.open(tasking)
    expect(partner.page.get_by_role("heading", level=1)).to_contain_text("nothing at this address")

    text = sitrep_of_the_week(releasing)
    assert PURPOSE in text
    assert "SITREP" in text
    for visitor in (officer, releasing, partner):
        assert visitor.complaints == []


def log_contact(officer):
    """Log a contact with a new person by MGRS and submit it; the report's address."""
    page = officer.page
    officer.open("/").link("Log contact")
    officer.fill("Purpose", PURPOSE)
    page.get_by_label("Kind").select_option(label="Liaison meeting")
    start = timezone.localtime() - timedelta(hours=4)
    page.locator("[name=starts_at_0]").fill(f"{start:%Y-%m-%d}")
    page.locator("[name=starts_at_1]").fill(f"{start:%H:%M}")
    page.locator("[name=met-0-contact_text]").fill(CONTACT)
    page.locator("[name=met-0-organisation_text]").fill(ORGANISATION)
    page.locator("[name=met-0-role]").fill("Chair")
    page.locator("[name=position]").fill("31M DS 56000 24000")
    officer.fill("Key points", "The ford carries foot traffic only.")
    page.get_by_label("Atmosphere").select_option(label="Positive")
    page.get_by_label("Humanitarian", exact=True).check()
    officer.press("Submit for release")
    page.locator(".notice-success").wait_for()
    assert CONTACT in officer.text
    assert re.search(r"31M DS 56000 2[34]", officer.text)
    return page.url


def task_the_officer(planner):
    """Issue a tasking to the liaison officer's position; its address."""
    page = planner.page
    planner.open("/liaison/taskings/new/")
    page.locator("[name=assignee_text]").press_sequentially("Liaison officer 1, Sector N")
    page.locator("[name=assignee_text]").fill("Liaison officer 1")
    page.get_by_role("option", name="Liaison officer 1, Sector North CIMIC").click()
    planner.fill("What", TASK)
    planner.fill("Why", "One boat cannot carry the school children and the market.")
    due = days_ahead(2)
    page.locator("[name=due_at_0]").fill(f"{due:%Y-%m-%d}")
    page.locator("[name=due_at_1]").fill("12:00")
    planner.press("Issue tasking")
    page.locator(".notice-success").wait_for()
    return page.url


def expect_soon(visitor, words):
    """Reload until the words stand on the page: the worker delivers within moments."""
    page = visitor.page
    for _try in range(60):
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{words!r} was not told")


def sitrep_of_the_week(releasing):
    """Have the SITREP of the last seven days made, and read its PDF."""
    page = releasing.page
    releasing.open("/liaison/sitrep/new/")
    releasing.press("Make the report")
    link = page.get_by_role("link", name="Open PDF")
    link.first.wait_for(timeout=60_000)
    with page.expect_download() as download:
        link.first.click()
    return " ".join(" ".join(pages_of(download.value.path().read_bytes())).split())


def test_portal_says_that_it_is_well(portal):
    with urlopen(f"{portal.address}/healthz") as answer:
        assert answer.status == 200
