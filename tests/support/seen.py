"""What the suite has opened and rendered: after a full run, what no test came to fails it.

A route counts as opened when its view answered below 400, so that being sent to the sign-in or refused
is not enough. Other processes that tests start (the portal of the browser tests, workers) are not looked
into: what they show is also shown by an ordinary test, on machines without a browser too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typst
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import Template
from django.test.signals import template_rendered
from django.urls import URLPattern, URLResolver, get_resolver

TEMPLATES = Path(settings.BASE_DIR) / "templates"
_IMPORT = re.compile(r'#import "([^"]+)"')
_SHARED = (
    r"(operations/(asset|operation|qip)|core/document|liaison/(contact|engagement|tasking)|"
    r"training/(exercise|guidance|lesson|moduledraft|trainingrecord))"
)
_LOOKED_AT = (
    rf"({_SHARED}|core/(apitoken|componentmark|delegation|outboxentry|proposal|retentionrules)"
    r"|operations/(asset|qip)rules|training/(trainingrules|module))"
)

# Addresses of Django's admin that nobody may open, each with the test that holds it shut. What is
# opened after all, and what is not there any more, must go from here.
EXCUSED = {
    r"admin/(?!core/holding/)\w+/\w+/<path:object_id>/delete/": "nothing is deleted: test_admin_every_page",
    rf"admin/{_LOOKED_AT}/add/": "made elsewhere, looked at only: test_admin_every_page",
    rf"admin/{_SHARED}/<path:object_id>/history/": "stands on the record's own page: test_admin_every_page",
}


@dataclass
class Seen:
    """Routes and templates, by the names that Django gives them."""

    routes: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)
    looks: bool = True

    def add(self, routes: Iterable[str] = (), templates: Iterable[str] = ()) -> None:
        if self.looks:
            self.routes.update(routes)
            self.templates.update(templates)

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """For a test that opens everything and asserts nothing of what it shows."""
        self.looks = False
        try:
            yield
        finally:
            self.looks = True


SEEN = Seen()


class RouteWatch:
    """Innermost of the middleware: whoever comes here was let in by all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # The admin sends away by itself, from within its views.
        sent_away = response.get("Location", "").startswith("/admin/login/")
        if response.status_code < 400 and not sent_away and getattr(request, "came_to_view", False):
            SEEN.add(routes=[request.resolver_match.route])
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Asked last, and so not at all when another one has answered in place of the view."""
        request.came_to_view = True


def watch() -> None:
    """Begin, before the first request. Django tells of its templates; Typst is asked on the way in."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.RouteWatch"]
    template_rendered.connect(_rendered, dispatch_uid="tests.seen")
    compile_paper = typst.compile

    def compile_and_tell(source: Any, *arguments: Any, **options: Any) -> Any:
        made = compile_paper(source, *arguments, **options)
        SEEN.add(templates=_with_imports(Path(source)))
        return made

    typst.compile = compile_and_tell


def _rendered(template: Template, **_sent: object) -> None:
    if ours := _ours(template.origin.name):
        SEEN.add(templates=[ours])


@cache
def _ours(path: str) -> str:
    """The name of a template of the portal; "" for those of libraries. A page renders it many times."""
    return str(Path(path).relative_to(TEMPLATES)) if Path(path).is_relative_to(TEMPLATES) else ""


def _with_imports(source: Path) -> Iterator[str]:
    """A Typst template of ours and the neighbours that it imports."""
    if source.is_relative_to(TEMPLATES):
        yield str(source.relative_to(TEMPLATES))
        for name in _IMPORT.findall(source.read_text()):
            yield from _with_imports(source.parent / name)


def routes_of(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every route below the resolver, named as `ResolverMatch.route` names it."""
    for entry in resolver.url_patterns:
        own = str(entry.pattern)
        route = prefix + own.removeprefix("^") if prefix else own
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes_of(entry, route)


def templates_in(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def missing(
    seen: Seen, routes: Iterable[str], templates: Iterable[str], excused: Mapping[str, str] = EXCUSED
) -> list[str]:
    """What no test has come to, and the excuses that excuse nothing, a line each."""
    known = set(routes)
    shut = {excuse: {route for route in known if re.fullmatch(excuse, route)} for excuse in excused}
    lines = [
        f"route that no test has opened: {route!r}" for route in known - seen.routes.union(*shut.values())
    ]
    lines += [f"template that no test has rendered: {name}" for name in set(templates) - seen.templates]
    for excuse, found in shut.items():
        if not found:
            lines.append(f"excuse for a route that is not there: {excuse}")
        lines += [f"excused, but opened: {route!r} ({excuse})" for route in found & seen.routes]
    return sorted(lines)


# Options of pytest that leave tests out.
_NARROWING = ("keyword", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")


def is_full(config: pytest.Config) -> bool:
    """Whether all that `make test` runs was asked for, and nothing less."""
    words: list[str] = config.getini("addopts")
    return (
        config.args == config.getini("testpaths")
        and config.option.markexpr == words[words.index("-m") + 1]
        and not any(getattr(config.option, name, None) for name in _NARROWING)
    )


class WholeSuite:
    """The plugin: workers hand over what they saw, the controller says what is missing."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # A worker that crashed hands over nothing; the run has failed then anyway.
        SEEN.add(*getattr(node, "workeroutput", {}).get("seen", ((), ())))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["seen"] = (sorted(SEEN.routes), sorted(SEEN.templates))
        elif session.exitstatus == pytest.ExitCode.OK and is_full(session.config):
            # A test that failed half-way has not opened what it would have.
            self.lines = missing(SEEN, routes_of(get_resolver()), templates_in(TEMPLATES))
            if self.lines:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.lines:
            terminalreporter.section("what no test has come to", red=True)
            for line in self.lines:
                terminalreporter.write_line(line)
