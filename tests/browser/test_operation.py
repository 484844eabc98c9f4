"""The way of an operation: drafted, objected to, approved, amended, conducted, reviewed and closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor
from tests.browser.watching import SOON, enter, expect_same_page, stay

pytestmark = pytest.mark.browser
TITLE = "Market days at the ferry of Oumwe"
OBJECTION = "The market is guarded by the community police, not by soldiers."
REASONS = "Soldiers stay at the ferry; the police guard the market."
AMENDED = "Go round by the northern bridge."
FINDING = "Traders came when the market guard stood there."


def draft(author: Visitor) -> str:
    """Drafted for the CIMIC section, with the police in support and two others; its address."""
    page = author.open("/operations/new/").page
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Type", exact=True).select_option(label="Joint patrol")
    page.get_by_label("Purpose").fill("Traders from both banks come to the market and go home unharmed.")
    for name, days in (("starts_at", 1), ("ends_at", 12)):
        page.locator(f"[name={name}_0]").fill(str(timezone.localdate() + timedelta(days=days)))
        page.locator(f"[name={name}_1]").fill("06:00")
    for number, (role, office, post) in enumerate(
        (
            ("lead", "Sector North CIMIC", ""),
            ("support", "Police Sector North", "Community policing officer"),
            ("consulted", "CMCoord", "CMCoord officer"),
            ("informed", "CWAC", ""),
        )
    ):
        row = f"participants-{number}"
        if not page.locator(f"[name={row}-role]").count():
            author.press("Add a participant")
        page.locator(f"[name={row}-role]").select_option(role)
        pick(page, f"{row}-office_text", office)
        if post:
            pick(page, f"{row}-position_text", post, f"{post}, {office}")
    page.locator("[name=approver]").select_option(label="Sector commander, Sector North")
    page.get_by_label("Police", exact=True).check()
    page.get_by_label("Humanitarian", exact=True).check()
    author.press("Save draft")
    page.wait_for_url(re.compile(r"/operations/[0-9A-Z]{10}/$"))
    return page.url


def pick(page: Page, field: str, typed: str, option: str = "") -> None:
    page.locator(f"[name={field}]").fill(typed)
    page.locator("[role=option]").filter(has_text=option or typed).first.click()


def plan(author: Visitor, address: str) -> None:
    """What must stand before anybody can approve: the mission in words, and a risk with its effect."""
    page = author.page
    write(author, address, "mission", "Keep the market open.")
    author.open(f"{address}plan/risks/new/")
    page.get_by_label("Risk", exact=True).fill("The ferry is closed by the flood")
    page.get_by_label(re.compile("civilians", re.IGNORECASE)).first.fill("Families sleep on the bank")
    author.press("Save")


def write(author: Visitor, address: str, section: str, text: str) -> None:
    page = author.open(f"{address}plan/sections/{section}/").page
    page.locator("#id_text").fill(text)
    author.press("Save section")
    page.wait_for_url(re.compile(f"section-{section}"))


def answer(visitor: Visitor, address: str, choice: str, reason: str = "") -> None:
    page = visitor.open(address).page
    page.locator(".actions").get_by_role("link", name="Answer").click()
    form = page.locator("#verb form")
    form.get_by_label(choice, exact=True).check()
    form.get_by_label("Comment or reason").fill(reason)
    form.locator("button[type=submit]").click()
    page.locator(".notice-success").wait_for()


def step(visitor: Visitor, address: str, name: str, **typed: str) -> None:
    visitor.open(address).verb(name, **typed)


def test_from_draft_to_lessons(visit: Callable[..., Visitor]) -> None:
    author, police, cmcoord, commander, partner = (
        visit(name) for name in ("liaison", "police", "cmcoord", "commander", "partner")
    )
    address = draft(author)
    plan(author, address)
    partner.open(address)
    expect(partner.page.get_by_role("heading", level=1)).to_contain_text("nothing at this address")
    step(author, address, "Send into staffing")

    answer(police, address, "Objects", OBJECTION)
    commander.open(address)
    expect(commander.page.locator("main")).to_contain_text("silence is not consent")
    answer(cmcoord, address, "Concurs")
    page = commander.open(address).page
    page.locator(".actions").get_by_role("link", name="Approve").click()
    expect(page.locator("#verb")).to_contain_text(OBJECTION)
    page.locator("#verb form").get_by_label(re.compile("Reason")).fill(REASONS)
    page.locator("#verb form button[type=submit]").click()
    page.locator(".notice-success").wait_for()
    expect(page.locator("main")).to_contain_text(REASONS)

    # Everybody reads the order now, and says so.
    step(partner, address, "Acknowledge the order")
    step(police, address, "Acknowledge the order")
    author.open(address)
    expect(author.page.locator("main")).to_contain_text("2/4")

    amend(author, commander, address)
    police.open(f"{address}plan/")
    expect(police.page.locator("main")).to_contain_text(AMENDED)
    step(police, address, "Acknowledge the order")

    step(author, address, "Begin")
    follow(author, (police, partner), address)
    step(author, address, "Complete")
    review(author, police, address)
    step(author, address, "Close")
    expect(author.page.locator("main")).to_contain_text("closed")
    releasing = visit("releasing")
    learn(author, police, releasing, address)
    for visitor in (author, police, cmcoord, commander, partner, releasing):
        assert visitor.complaints == []


def amend(author: Visitor, commander: Visitor, address: str) -> None:
    """The order in force is not written in; a FRAGO is, and the commander sees what it changes."""
    author.open(f"{address}plan/")
    expect(author.page.locator(".section-ways a").get_by_text("Write")).to_have_count(0)
    step(author, address, "Write a FRAGO", What_changes="Ferry closed", Why="The flood")
    write(author, address, "execution", AMENDED)
    step(author, address, "Submit FRAGO")
    page = commander.open(address).page
    page.locator(".actions").get_by_role("link", name="Issue FRAGO").click()
    expect(page.locator("#verb")).to_contain_text(AMENDED)
    page.locator("#verb form button[type=submit]").click()
    page.locator(".notice-success").wait_for()
    expect(page.locator("main")).to_contain_text("FRAGO 01")


def follow(author: Visitor, watching: tuple[Visitor, ...], address: str) -> None:
    """What the lead enters in the journal stands before the others without their doing."""
    pages = [visitor.open(f"{address}journal/").page for visitor in watching]
    for page in pages:
        stay(page)
    enter(author.open(f"{address}journal/").page, "The first boats have landed")
    for page in pages:
        expect(page.locator("#journal .entry").first).to_contain_text("first boats", timeout=SOON)
        expect_same_page(page)


def review(author: Visitor, police: Visitor, address: str) -> None:
    """What was learnt is entered by those who were there, and somebody follows it up."""
    police.open(f"{address}review/").link("Add a finding")
    police.fill("What was seen", FINDING).fill("What should be done", "Guard together on every market day.")
    police.press("Enter finding")
    police.page.locator(".notice-success").wait_for()

    author.open(f"{address}review/").link("Write review")
    for name in ("expected", "happened", "why", "next_steps"):
        author.page.locator(f"[name={name}]").fill(f"Told in one sentence: {name}.")
    author.press("Save review")
    author.page.locator(".notice-success").wait_for()
    author.link("Correct")
    pick(
        author.page,
        "owner_text",
        "Community policing officer",
        "Community policing officer, Police Sector North",
    )
    author.press("Save")
    author.page.locator(".notice-success").wait_for()
    author.open(f"{address}review/").verb("Finish review")
    author.open(f"{address}review/")
    expect(author.page.locator("main")).to_contain_text(FINDING)


def learn(author: Visitor, police: Visitor, releasing: Visitor, address: str) -> None:
    """The finding is a lesson; it is acted on, validated, and offered to whoever plans alike."""
    title = FINDING.rstrip(".")
    author.open(f"{address}review/").link(title)
    lesson = author.page.url
    author.page.locator(".actions").get_by_role("link", name="Plan the action").click()
    form = author.page.locator("#verb form")
    form.get_by_label("What is to be done").fill("A line in the order of every market day")
    form.get_by_label("By when").fill(str(timezone.localdate() + timedelta(days=30)))
    form.locator("button[type=submit]").click()
    author.page.locator(".notice-success").wait_for()
    step(police, lesson, "Report the change", What_has_changed="The line stands in three orders")
    step(releasing, lesson, "Validate as lesson learned")
    expect(releasing.page.locator("main")).to_contain_text("lesson learned")

    author.open(draft(author))
    offered = author.page.locator("section", has=author.page.get_by_role("heading", name="Lessons of others"))
    expect(offered).to_contain_text(title)
    expect(offered).to_contain_text("Same type")
