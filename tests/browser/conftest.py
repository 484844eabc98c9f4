"""Chromium against a running portal with the demo mission."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from cimic_portal.embedded.environment import chromium as chromium_program
from tests.browser.judging import COLOURS, SOME, WIDTHS
from tests.browser.visitor import Visitor
from tests.support.running import Portal


# Both end with this folder: Playwright keeps an event loop in the thread, and the portal five processes.
@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    running = Portal(tmp_path_factory.mktemp("browser") / "data").up()
    yield running
    running.end()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    # Where it is missing, tests/conftest.py has skipped what needs it, or the run fails here.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_program(), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def signed_in() -> dict[str, list[Any]]:
    """The cookies of each demo person who has signed in: once, for a password is checked slowly."""
    return {}


@pytest.fixture
def visit(
    chromium: Browser, portal: Portal, signed_in: dict[str, list[Any]], tmp_path: Path
) -> Iterator[Callable[..., Visitor]]:
    """`visit("liaison")`: a demo person, signed in, in a browser window of their own.

    Whoever comes a second time in a test signs in there anew, as on another machine.
    """
    contexts = []
    here: set[str] = set()

    def enter(name: str, **options: object) -> Visitor:
        context = chromium.new_context(accept_downloads=True, locale="en-GB", **options)
        contexts.append(context)
        visitor = Visitor(context.new_page(), portal.address)
        if name in here:
            return visitor.sign_in(name)
        here.add(name)
        context.add_cookies(signed_in.get(name, []))
        # The session has ended where an earlier test signed out.
        if "/sign-in/" in visitor.open("/").page.url:
            visitor.sign_in(name)
            signed_in[name] = context.cookies()
        return visitor

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture(params=COLOURS)
def colours(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def widths(thorough: bool, colours: str) -> tuple[int, ...]:
    """Of the window in which a page is judged."""
    return WIDTHS if thorough else SOME[colours]


@pytest.fixture
def turn(thorough: bool, colours: str) -> Callable[[Sequence[str]], Sequence[str]]:
    """Of some pages those whose turn it is in these colours: all, or every second one."""
    return lambda paths: paths if thorough else paths[COLOURS.index(colours) :: len(COLOURS)]
