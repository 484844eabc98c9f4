"""What the page does by itself: drafts on the device, rows, the map, the dialog, colours, and a lost link."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FORM = "/liaison/engagements/new/"


def kept(page):
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))")


def begin(officer, purpose="Bridge at Tabo"):
    officer.open(FORM).fill("Purpose", purpose)
    expect(officer.page.locator("[data-draft-state]")).to_contain_text("Saved on this device")
    return officer.page


def test_draft_is_dated_in_the_time_of_the_mission_wherever_the_device_is(visit):
    page = begin(visit("liaison", timezone_id="Pacific/Auckland"))
    zone = ZoneInfo(page.locator("#words").get_attribute("data-zone"))
    now = datetime.now(ZoneInfo("UTC"))
    fitting = {f"{when.astimezone(zone):%H:%M} ({when:%H:%M}Z)" for when in (now, now - timedelta(minutes=1))}
    said = re.search(r"\d\d:\d\d.*", page.locator("[data-draft-state]").inner_text())
    assert said
    assert said[0] in fitting


def test_draft_comes_back_with_its_rows_and_is_forgotten_once_saved(visit):
    officer = visit("liaison")
    page = begin(officer)
    officer.press("Add a promise")
    page.locator("[name=promises-1-what]").fill("A road grader")
    page.get_by_label("Police", exact=True).check()
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved on this device")
    page.wait_for_function("() => Object.values(localStorage).some((kept) => kept.includes('A road grader'))")

    officer.open("/").open(FORM)
    expect(page.locator("[data-draft-notice]")).to_be_visible()
    assert page.get_by_label("Purpose").input_value() == "Bridge at Tabo"
    assert page.locator("[name=promises-1-what]").input_value() == "A road grader"
    assert page.get_by_label("Police", exact=True).is_checked()

    page.locator("[name=promises-1-what]").fill("")
    page.locator("[name=met-0-contact_text]").fill("Chief of Tabo")
    officer.press("Save as draft")
    page.locator(".notice-success").wait_for()
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('draft:'))")
    assert officer.complaints == []


def test_draft_stays_when_the_form_is_refused(visit):
    officer = visit("liaison")
    page = begin(officer, purpose="Refused at first")
    page.locator("[name=position]").fill("nowhere at all")
    officer.press("Save as draft")
    page.locator("#error-summary").wait_for()
    assert page.get_by_label("Purpose").input_value() == "Refused at first"
    assert len(kept(page)) == 1


def test_draft_is_dropped_on_request(visit):
    page = begin(visit("liaison"))
    page.reload()
    page.get_by_role("button", name="Drop it").click()
    page.wait_for_function("() => document.querySelector('[name=purpose]').value === ''")
    assert kept(page) == []


def test_draft_of_one_person_is_not_shown_to_the_next(visit):
    officer = visit("liaison")
    page = begin(officer, purpose="Mine alone")
    officer.open("/sign-out/").press("Sign out")
    page.get_by_role("heading", name="Sign in").wait_for()
    officer.sign_in("releasing").open(FORM)
    page.wait_for_load_state("networkidle")
    assert page.get_by_label("Purpose").input_value() == ""


def test_sign_out_offers_to_remove_what_the_device_keeps(visit):
    officer = visit("liaison")
    page = begin(officer)
    officer.open("/sign-out/").press("Remove it from this device")
    expect(page.locator("[data-drafts-kept]")).to_have_text("Removed from this device.")
    assert kept(page) == []


def test_row_that_is_removed_does_not_hinder_saving(visit):
    officer = visit("liaison")
    page = officer.open(FORM).page
    rows = page.locator("[data-rows=promises] [data-row]:visible")
    before = rows.count()
    officer.press("Add a promise")
    assert page.evaluate("document.activeElement.name").startswith("promises-")
    expect(rows).to_have_count(before + 1)
    page.locator("[data-rows=promises] [data-row-remove]:visible").last.click()
    expect(rows).to_have_count(before)
    officer.fill("Purpose", "With a row less")
    page.locator("[name=met-0-contact_text]").fill("Chief of Tabo")
    officer.press("Save as draft")
    page.locator(".notice-success").wait_for()


def test_press_on_the_map_fills_the_grid_and_names_the_area(visit):
    officer = visit("liaison")
    page = officer.open(FORM).page
    officer.press("Choose on the map")
    area = page.locator("[data-position-map] path.map-area").first
    area.wait_for()
    area.click()
    page.wait_for_function(
        "() => /^\\d\\d[A-Z] [A-Z]{2} /.test(document.querySelector('[name=position]').value)"
    )
    assert "XC" in page.locator("[data-position-said]").inner_text()
    assert officer.complaints == []


def test_typed_position_is_looked_up(visit):
    page = visit("liaison").open(FORM).page
    page.locator("[name=position]").fill("31M DS 56000 24000")
    page.keyboard.press("Tab")
    expect(page.locator("[data-position-said]")).to_contain_text("XC")


def test_verb_opens_in_the_dialog_and_closes_with_escape(visit):
    releasing = visit("releasing")
    page = releasing.open("/liaison/engagements/?state=submitted").page
    page.locator("td:first-child a").first.click()
    address = page.url
    page.get_by_role("link", name="Return").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.url == address


def test_without_a_link_nothing_is_sent_and_nothing_is_lost(visit):
    officer = visit("liaison")
    page = begin(officer, purpose="Written behind the hill")
    page.context.set_offline(True)
    officer.press("Save as draft")
    expect(page.locator("#notices")).to_contain_text("cannot be reached")
    assert page.get_by_label("Purpose").input_value() == "Written behind the hill"
    page.context.set_offline(False)
    expect(page.locator("#notices .notice")).to_have_count(0)


def test_chosen_colours_stay_on_every_page(visit):
    officer = visit("liaison")
    page = officer.open("/").page
    page.locator(".corner > summary").click()
    page.get_by_label("Dark").check()
    officer.open("/liaison/engagements/")
    # In the page as it comes from the server: nothing has to run before the first paint.
    assert 'data-theme="dark"' in page.request.get(page.url).text()
    page.locator(".corner > summary").click()
    page.get_by_label("As this device").check()
    assert "data-theme" not in page.request.get(page.url).text().split("<head>")[0]


def test_list_and_form_work_without_javascript(visit):
    officer = visit("liaison", java_script_enabled=False)
    page = officer.open("/liaison/engagements/").page
    page.locator("summary", has_text="State").click()
    page.get_by_label("Released").check()
    page.get_by_role("button", name="Apply").first.click()
    expect(page.locator(".chip.on").first).to_contain_text("State: Released")
    officer.open(FORM).fill("Purpose", "Typed without scripts")
    page.locator("[name=met-0-contact_text]").fill("Chief of Tabo")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator(".notice-success")).to_be_visible()


def test_what_is_typed_before_the_suggestions_are_there_is_looked_up_all_the_same(visit):
    planner = visit("planner")
    page = planner.page
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile(r"suggest[^/]*\.js"), hold)
    with page.expect_request(re.compile(r"suggest[^/]*\.js")):
        planner.open("/liaison/taskings/new/")
    page.locator("[name=assignee_text]").fill("Liaison officer 1")
    held[0].continue_()
    expect(page.get_by_role("option", name="Liaison officer 1, Sector North CIMIC")).to_be_visible()
