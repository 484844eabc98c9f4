"""Components drawn with and without what is optional; pages for errors stand alone."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from cimic_portal.core.errors import RefusedError, StaleError
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.errors import portal_error


def request(path: str = "/") -> object:
    made = RequestFactory().get(path)
    made.user = AnonymousUser()
    return made


def test_action_that_is_refused_shows_its_reason() -> None:
    actions = [
        {"label": "Release", "url": "/r/", "refused": "You wrote this report.", "primary": True},
        {"label": "Share", "url": "/s/"},
    ]
    html = render_to_string("components/actions.html", {"actions": actions})
    assert 'aria-disabled="true" aria-describedby="refused-1"' in html
    assert '<p class="refused" id="refused-1"><b>Release:</b> You wrote this report.</p>' in html
    assert 'href="/r/"' not in html
    assert 'href="/s/" data-dialog' in html


def test_rail_marks_the_current_section_and_shows_counts() -> None:
    sections = [
        SimpleNamespace(label="Home", url="/", icon="home", group=1, current=False, count=None),
        SimpleNamespace(label="Areas", url="/areas/", icon="areas", group=2, current=True, count=7),
    ]
    html = render_to_string("components/rail.html", {"sections": sections})
    assert 'href="/areas/" title="Areas" aria-current="page"' in html
    assert '<span class="rail-count">7</span>' in html
    assert html.count("rail-start") == 1


def test_rail_with_many_sections_keeps_the_rest_behind_more() -> None:
    sections = [
        SimpleNamespace(label=f"S{n}", url=f"/{n}/", icon="home", group=1, current=False) for n in range(6)
    ]
    html = render_to_string("components/rail.html", {"sections": sections})
    assert html.count('href="/5/"') == 2
    assert html.count('href="/4/"') == 2
    assert html.count('href="/3/"') == 1


def test_progress_stops_asking_when_it_is_done() -> None:
    running = {"url": "/p/", "label": "Making", "value": 1, "maximum": 3}
    assert 'hx-trigger="every 2s"' in render_to_string("components/progress.html", running)
    assert "hx-get" not in render_to_string("components/progress.html", running | {"done": True})


def test_sparkline_needs_two_points() -> None:
    one, two = [{"value": 3}], [{"value": 3}, {"value": 9}]
    tag = Template("{% sparkline points %}")
    assert tag.render(Context({"points": one})) == ""
    html = tag.render(Context({"points": two}))
    assert 'aria-label="From 3 to 9"' in html


def test_sparkline_of_equal_values_is_a_line() -> None:
    html = Template("{% sparkline points %}").render(Context({"points": [{"value": 0}, {"value": 0}]}))
    assert "nan" not in html


@pytest.mark.parametrize(
    ("level", "words"), [(1, "Unclassified"), (2, "Confidential"), (3, "Strictly confidential")]
)
def test_every_page_carries_its_level_on_top_and_at_the_bottom(level: int, words: str) -> None:
    html = render_to_string("layouts/entrance.html", {"page_classification": level}, request())
    drawn = re.findall(r'<p class="classification level-(\d)" id="level-(top|foot)">([^<]+)</p>', html)
    assert drawn == [(str(level), "top", words), (str(level), "foot", words)]


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html"])
def test_error_page(page: str) -> None:
    html = render_to_string(page, {}, request())
    assert "<h1>" in html
    assert 'href="/"' in html


def test_page_of_a_breakdown_needs_no_request() -> None:
    html = render_to_string("500.html")
    assert "could not finish" in html
    assert "htmx" not in html.split("</head>")[0].split("stylesheet")[1]


def test_stale_page_lists_the_changes_and_keeps_what_was_written() -> None:
    asked = RequestFactory().post(
        "/",
        {"version": "3", "reason": "The <date> is missing.", "new_password": "correct horse battery"},
        headers={"referer": "http://testserver/e/1/"},
    )
    asked.user = AnonymousUser()
    error = StaleError(["State: was “Draft”, is “Submitted”"])
    html = portal_error(asked, error).content.decode()
    assert "<li>State: was “Draft”, is “Submitted”</li>" in html
    assert "The &lt;date&gt; is missing." in html
    assert "correct horse" not in html
    assert 'href="http://testserver/e/1/"' in html


def test_refused_page_gives_the_reason() -> None:
    error = RefusedError("You wrote this report.")
    html = render_to_string(
        "errors/portal_error.html", {"error": error, "changes": [], "back": "", "typed": []}, request()
    )
    assert "<p>You wrote this report.</p>" in html


def test_message_of_a_saved_form_tells_the_device_to_forget_its_draft() -> None:
    message = SimpleNamespace(level_tag="success", extra_tags="draft:engagement-new")
    html = render_to_string("components/flash.html", {"messages": [message]})
    assert 'data-tags="draft:engagement-new"' in html


@pytest.mark.parametrize(
    ("sent", "tag"),
    [("engagement-new", "draft:engagement-new"), ("", ""), ("two words", ""), ("x" * 81, ""), ('"><b>', "")],
)
def test_draft_tag_takes_only_keys(sent: str, tag: str) -> None:
    assert draft_tag(RequestFactory().post("/", {"draft": sent})) == tag
