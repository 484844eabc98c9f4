"""Pages that are watched while others work: what somebody enters must show without a reload."""

from playwright.sync_api import Page, expect

# Milliseconds within which the watching see it, on a busy machine.
SOON = 20_000


def stay(page: Page) -> None:
    """So that a reload would be noticed."""
    page.evaluate("window.still = 'the same page'")


def expect_same_page(page: Page) -> None:
    assert page.evaluate("window.still") == "the same page"


def enter(page: Page, text: str) -> None:
    expect(page.locator("[data-quick-form][data-started]")).to_be_attached()
    page.get_by_label("What happened").fill(text)
    page.keyboard.press("Control+Enter")
    page.locator(".notice-success").wait_for()
    expect(page.locator("#journal .entry").first).to_contain_text(text)
