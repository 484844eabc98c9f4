"""A demo person at a browser."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, Page

from cimic_portal.overview.demo.mission import PASSWORD


class Visitor:
    """Signs in, opens pages, presses buttons; remembers what the browser complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("console", lambda said: self._heard(said.type, said.text, said.location.get("url", "")))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str, of: str) -> None:
        # A refused form answers 422, and the browser says so; that is no mistake of the page.
        if kind in ("error", "warning") and "422" not in text and "404" not in text:
            self.complaints.append(f"{text} {of}".rstrip())

    def sign_in(self, name: str) -> Self:
        self.open("/sign-in/")
        self.page.get_by_label("Email").fill(f"{name}@carana.example")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", level=1).wait_for()
        return self

    def open(self, path: str) -> Self:
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")
        return self

    def link(self, name: str) -> Self:
        self.page.get_by_role("link", name=name).first.click()
        return self

    def fill(self, label: str, value: str) -> Self:
        self.page.get_by_label(label).first.fill(value)
        return self

    def press(self, name: str, within: Locator | None = None) -> Self:
        (within or self.page).get_by_role("button", name=name).first.click()
        return self

    def verb(self, name: str, **typed: str) -> Self:
        """A verb of the page: its link opens the dialog, where it is confirmed."""
        self.page.locator(".actions").get_by_role("link", name=name).click()
        form = self.page.locator("#verb form")
        for label, value in typed.items():
            form.get_by_label(label.replace("_", " ").capitalize()).fill(value)
        form.locator("button[type=submit]").click()
        self.page.locator(".notice-success").wait_for()
        return self

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()
