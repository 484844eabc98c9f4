"""The guard of routes and templates: what no test came to is named, and only after a full run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver, include, path, re_path

from tests.support import seen
from tests.support.seen import Seen, WholeSuite, is_full, missing, routes_of, templates_in


def answers(request: HttpRequest, **_parts: str) -> HttpResponse:
    return HttpResponse("here")


def refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


# The names under which no sign-in is asked for.
OPEN = "healthz"
urlpatterns = [
    path("opened/", answers, name=OPEN),
    path("never/", answers, name=OPEN),
    path("refused/", refuses, name=OPEN),
    path("at-the-door/", answers, name="home"),
    path(
        "below/", include([re_path(r"^(?P<pk>[0-9]+)/$", answers, name=OPEN), path("", answers, name=OPEN)])
    ),
]


@pytest.fixture
def planted(settings: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A portal with these routes alone, and nothing seen yet."""
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(seen, "SEEN", Seen())
    # The pages for errors name routes that are not planted.
    client.raise_request_exception = False
    return client


def test_a_route_that_nobody_opens_is_named(planted: Client, db: None) -> None:
    for address in ("/opened/", "/below/7/", "/refused/", "/at-the-door/", "/nothing/"):
        planted.get(address)
    assert missing(seen.SEEN, routes_of(get_resolver()), (), excused={}) == [
        "route that no test has opened: 'at-the-door/'",
        "route that no test has opened: 'below/'",
        "route that no test has opened: 'never/'",
        "route that no test has opened: 'refused/'",
    ]


def test_nothing_counts_while_it_looks_away(planted: Client) -> None:
    with seen.SEEN.looking_away():
        planted.get("/opened/")
    assert seen.SEEN.routes == set()
    planted.get("/opened/")
    assert seen.SEEN.routes == {"opened/"}


def test_included_and_extended_templates_count_as_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "SEEN", Seen())
    render_to_string("404.html", {"user": AnonymousUser()})
    assert {"404.html", "errors/base.html"} <= seen.SEEN.templates


def test_a_template_that_nobody_renders_is_named(tmp_path: Path) -> None:
    for name in ("used.html", "part/planted.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = missing(Seen(templates={"used.html"}), (), templates_in(tmp_path), excused={})
    assert found == ["template that no test has rendered: part/planted.html"]


def test_an_excuse_that_excuses_nothing_is_told() -> None:
    excused = {"shut/": "nobody may", "gone/": "was here once", "a/": "opened after all"}
    assert missing(Seen(routes={"a/"}), ("shut/", "a/"), (), excused) == [
        "excuse for a route that is not there: gone/",
        "excused, but opened: 'a/' (a/)",
    ]


def test_what_the_workers_saw_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "SEEN", Seen())
    suite = WholeSuite()
    for route in ("a/", "b/"):
        suite.pytest_testnodedown(SimpleNamespace(workeroutput={"seen": ([route], [f"{route}.html"])}))
    suite.pytest_testnodedown(SimpleNamespace())
    assert (seen.SEEN.routes, seen.SEEN.templates) == ({"a/", "b/"}, {"a/.html", "b/.html"})


@pytest.mark.parametrize(
    ("changed", "full"),
    [
        ({}, True),
        ({"keyword": "release"}, False),
        ({"markexpr": "long"}, False),
        ({"deselect": ["tests/core/test_health.py"]}, False),
        ({"lf": True}, False),
    ],
)
def test_only_a_full_run_is_judged(changed: dict[str, Any], full: bool) -> None:
    ini = {"testpaths": ["tests"], "addopts": ["-ra", "-m", "not long"]}
    option = SimpleNamespace(**{"keyword": "", "markexpr": "not long", **changed})
    asked = SimpleNamespace(args=["tests"], option=option, getini=ini.__getitem__)
    assert is_full(asked) is full
    asked.args = ["tests/core"]
    assert not is_full(asked)


def test_this_run_is_watched(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "SEEN", Seen())
    client.get("/sign-in/")
    assert seen.SEEN.routes == {"sign-in/"}
    assert {"account/login.html", "layouts/entrance.html"} <= seen.SEEN.templates
