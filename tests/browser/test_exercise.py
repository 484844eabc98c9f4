"""The way of an exercise: planned, played by two components, observed, reviewed; its lesson is offered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_operation import draft, pick
from tests.browser.visitor import Visitor
from tests.browser.watching import SOON, expect_same_page, stay

pytestmark = pytest.mark.browser
BAND = "EXERCISE EXERCISE EXERCISE"
FINDING = "The police heard of the flood from the market."
SEATS = (
    ("Force", "Military", "Liaison officer 1", "Sector North CIMIC"),
    ("Police", "Police", "Community policing officer", "Police Sector North"),
)
INJECTS = ("Water over the road", "A bus is missing", "Which road is kept open")


def test_from_the_plan_to_a_lesson_that_is_offered(visit: Callable[..., Visitor]) -> None:
    control, force, police = (visit(name) for name in ("training", "liaison", "police"))
    address = plan(control)
    # The dialog covers the masthead.
    control.open(address).page.locator(".actions").get_by_role("link", name="Schedule").click()
    expect(control.page.locator("#dialog .exercise-band")).to_have_text(BAND)
    control.page.keyboard.press("Escape")
    control.verb("Schedule")
    play(control, force, police, address)
    evaluate(control, address)
    ask_for_paper(control, address)

    force.open(draft(force))
    offered = force.page.locator("section", has=force.page.get_by_role("heading", name="Lessons of others"))
    expect(offered).to_contain_text(FINDING.rstrip("."))
    expect(offered).to_contain_text("Same type")
    for visitor in (control, force, police):
        assert visitor.complaints == []


def plan(control: Visitor) -> str:
    """Objective, a role of each component, a team with its seats, three injects; the exercise's address."""
    page = control.open("/training/exercises/new/").page
    page.get_by_label("Title").fill("Flood at the ferry")
    page.locator("[name=purpose]").fill("Each warns the other within ten minutes.")
    page.locator("[name=scenario]").fill("It has rained for six days.")
    for name, days in (("starts_at", 0), ("ends_at", 1)):
        page.locator(f"[name={name}_0]").fill(str(timezone.localdate() + timedelta(days=days)))
        page.locator(f"[name={name}_1]").fill("06:00")
    page.locator("[name=kind]").select_option(label="Joint patrol")
    page.locator("[name=dimensions]").fill("Time")
    for component in ("Military", "Police"):
        page.get_by_label(component, exact=True).check()
    control.press("Save exercise")
    page.wait_for_url(re.compile(r"/exercises/[0-9A-Z]{10}/plan/$"))
    address = page.url.removesuffix("plan/")
    enter(control, address, "objectives", what="Warn in time", measure="Minutes until the other knows")
    for title, component, _post, _office in SEATS:
        control.open(f"{address}plan/roles/new/")
        page.locator("[name=title]").fill(title)
        page.locator("[name=component]").select_option(label=component)
        if title == "Force":
            page.locator("[name=is_lead]").check()
        save(page)
    enter(control, address, "runs", team="Team Ferry")
    control.open(f"{address}runs/1/seats/")
    for place, (_title, _component, post, office) in enumerate(SEATS):
        field = page.locator("[name^=position_][name$=_text]").nth(place).get_attribute("name")
        pick(page, str(field), post, f"{post}, {office}")
    save(page, "Save seats")
    write_injects(control, address)
    return address


def enter(control: Visitor, address: str, part: str, **typed: str) -> None:
    page = control.open(f"{address}plan/{part}/new/").page
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    save(page)


def save(page: Page, name: str = "Save") -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.locator(".notice-success").wait_for()


def write_injects(control: Visitor, address: str) -> None:
    """One by the clock, one by hand, one that asks for a decision."""
    page = control.page
    for place, title in enumerate(INJECTS):
        control.open(f"{address}plan/injects/new/")
        page.locator("[name=title]").fill(title)
        page.locator("[name=text]").fill(f"{title}: what do you do?")
        for box in page.locator("[name=roles]").all():
            box.check()
        if place == 0:
            page.locator("[name=at_minute]").fill("0")
        if title == INJECTS[2]:
            page.locator("details.more summary").click()
            for number, option in enumerate(("North", "South")):
                page.locator(f"[name=option_{number}]").fill(option)
                page.locator(f"[name=score_{number}_0]").fill(str(number))
        save(page)


def play(control: Visitor, force: Visitor, police: Visitor, address: str) -> None:
    board = f"{address}runs/1/"
    control.open(board).verb("STARTEX")
    inbox = force.open(f"{board}inbox/").page
    expect(inbox.locator(".masthead")).to_contain_text(BAND)
    expect(inbox.locator("#exercise-inbox")).to_contain_text(INJECTS[0], timeout=2 * SOON)
    for step, state in (("Pause", "paused"), ("Resume", "running")):
        control.open(board)
        expect_state_of(inbox, lambda step=step: control.verb(step), state)
    # By its number the portal is another host, to which the stream does not go: the page asks by itself.
    unheard = board.replace("//localhost", "//127.0.0.1")
    police.address = police.address.replace("//localhost", "//127.0.0.1")
    other = police.sign_in("police").open(f"{unheard}inbox/").page
    expect(other.locator("#exercise-inbox")).to_contain_text(INJECTS[0])
    for title in INJECTS[1:]:
        control.open(board).press("Deliver now")
        expect(control.page.locator(".notice-success")).to_contain_text(title)
        expect(other.locator("#exercise-inbox")).to_contain_text(title, timeout=2 * SOON)

    message(force, board, INJECTS[0])
    force.page.locator("[name=text]").fill("We call the police and close the road.")
    save(force.page, "Send answer")
    message(force, board, INJECTS[2])
    force.page.get_by_label("North", exact=True).check()
    force.page.locator("[name=why]").fill("It is shorter.")
    save(force.page, "Propose")
    message(police, unheard, INJECTS[2])
    police.page.get_by_label("Objects", exact=True).check()
    police.page.locator("form[aria-label=stance] [name=text]").fill("It floods first.")
    save(police.page, "Say so")
    message(force, board, INJECTS[2])
    force.page.get_by_label("South", exact=True).check()
    force.page.locator("[name=reasoning]").fill("The police know the road.")
    save(force.page, "Decide")

    page = control.open(board).page
    page.locator("[name=seen]").fill("Told after four minutes")
    page.locator("[name=objective]").select_option(index=1)
    page.locator("[name=rating]").select_option(label="Partly achieved")
    page.locator("[name=seen]").focus()
    expect(page.locator("[data-quick-form][data-started]")).to_be_attached()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#exercise-board")).to_contain_text("Told after four minutes")
    watching = force.open(f"{board}inbox/").page
    control.open(address)
    expect_state_of(watching, lambda: control.verb("ENDEX"), "ended")


def expect_state_of(page: Page, step: Callable[[], object], state: str) -> None:
    """What another does shows in the pills of the exercise and of the run; the page is not loaded anew."""
    stay(page)
    step()
    for pill in ("#exercise-state .pill", "#exercise-inbox > p > .pill"):
        expect(page.locator(pill)).to_have_text(state, timeout=SOON)
    expect_same_page(page)


def message(player: Visitor, board: str, title: str) -> None:
    player.open(f"{board}inbox/").link(title)
    player.page.locator("#exercise-message").wait_for()


def evaluate(control: Visitor, address: str) -> None:
    page = control.open(f"{address}evaluation/").page
    control.link("Evaluate")
    page.locator("[name=rating]").first.check()
    page.locator("[name=summary]").fill("Warned in time, but by one way only.")
    save_form(page)
    control.open(f"{address}evaluation/text/")
    for name in ("expected", "happened", "why", "next_steps"):
        page.locator(f"[name={name}]").fill(f"Told in one sentence: {name}.")
    save_form(page)
    control.open(f"{address}evaluation/findings/new/")
    page.locator("[name=observation]").fill(FINDING)
    page.locator("[name=recommendation]").fill("One list of who calls whom.")
    pick(page, "owner_text", "Community policing officer", "Community policing officer, Police Sector North")
    save_form(page)
    control.open(f"{address}evaluation/").verb("Finish evaluation")


def save_form(page: Page) -> None:
    page.locator("form.form button[type=submit]").first.click()
    page.locator(".notice-success").wait_for()


def ask_for_paper(control: Visitor, address: str) -> None:
    page = control.open(f"{address}aar/").page
    save_form(page)
    expect(page.get_by_role("link", name=re.compile("Download|Open")).first).to_be_visible(timeout=3 * SOON)
