"""The test run: embedded services, a database for each worker, settings read from them."""

import os
from typing import Any

import django
import pytest
from django.conf import settings
from xdist.scheduler import LoadFileScheduling

from cimic_portal.embedded.environment import chromium
from tests.support.services import TestRun

if settings.configured:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests choose their settings themselves.")

# The settings are read from the environment, so the addresses must stand before Django is set up.
RUN = TestRun()
os.environ["DJANGO_SETTINGS_MODULE"] = "cimic_portal.settings.test"
django.setup()
# Workers inherit the environment and must come to this file with their settings unread.
del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_configure(config: pytest.Config) -> None:
    """Routes and templates that no test comes to fail a full run."""
    # Reads the settings.
    from tests.support import seen

    seen.watch()
    config.pluginmanager.register(seen.WholeSuite())


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if RUN.controls and not session.config.option.collectonly:
        RUN.start()


def pytest_unconfigure() -> None:
    RUN.stop()


_BROWSER = "tests/browser/"


class Together(LoadFileScheduling):
    """The tests of a file stay on one worker, for what they share; those of the browser all do: a portal."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith(_BROWSER) else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First the largest group; what needs Chromium is skipped without it, unless BROWSER_TESTS=required."""
    items.sort(key=lambda item: not item.nodeid.startswith(_BROWSER))
    if chromium() is None and os.environ.get("BROWSER_TESTS") != "required":
        reason = "Chromium is not on this machine: apt install chromium"
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Give this worker a database of its own, in place of the one that pytest-django would make."""
    from tests.support import database

    with django_db_blocker.unblock():
        database.create(RUN)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and caches of one test do not reach the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "all"])
def thorough(request: pytest.FixtureRequest) -> bool:
    """For tests of very many like cases: `make test` goes through some of them, `make test-long` all."""
    return bool(request.param)
