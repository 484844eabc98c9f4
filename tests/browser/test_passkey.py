"""A passkey and an app, set up and used in Chromium, with a key that the browser itself plays."""

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value

from cimic_portal.overview.demo.mission import PASSWORD
from tests.browser.judging import judge

pytestmark = pytest.mark.browser
WHO = "training"
WIDTHS = (1360, 390)


def play_key(page: Any) -> Any:
    """A key that answers at once, as one with a fingerprint does."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return devtools


def test_passkey_and_app_open_the_portal(visit: Any, tmp_path: Any, colours: str) -> None:
    visitor = visit(WHO, color_scheme=colours)
    page = visitor.page
    play_key(page)
    faults = []

    def look(name: str) -> None:
        faults.extend(judge(visitor, name, WIDTHS))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=tmp_path / f"{name}-{colours}-{width}.png", full_page=True)

    visitor.open("/me/second-factor/")
    look("none")
    visitor.link("Add a passkey or key")
    look("confirm")
    page.get_by_label("Password").fill(PASSWORD)
    visitor.press("Go on")
    look("key")
    visitor.fill("Name", "blue key").press("Add it")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    look("codes")
    visitor.link("I have kept them").link("Set up an app")
    look("app")
    secret = page.locator("span.code").inner_text()
    page.get_by_label("Code").fill(f"{hotp_value(secret, int(time.time()) // 30):06}")
    visitor.press("Use this app")
    page.get_by_text("In use since").wait_for()
    look("both")
    visitor.open("/sign-out/").press("Sign out")
    visitor.sign_in(WHO)
    look("asked")
    visitor.press("Use a passkey or key")
    page.wait_for_url(f"{visitor.address}/")
    visitor.open("/me/second-factor/")
    # Both are taken away again: others come as the same person.
    visitor.link("Remove")
    page.get_by_label("Password").fill(PASSWORD)
    visitor.press("Go on")
    visitor.press("Remove the app")
    visitor.open("/me/second-factor/").link("Remove blue key")
    visitor.press("Remove the key")
    page.get_by_text("Set up an app").wait_for()
    assert faults == []
    # The stream of a page that is left may hear that its session ended.
    assert [one for one in visitor.complaints if not ("401" in one and "/stream" in one)] == []
