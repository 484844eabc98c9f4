"""Pills, badges, marks and icons say in words what they show."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def record(**changes: object) -> SimpleNamespace:
    fields = {
        "classification": 1,
        "audience_components": [1, 3],
        "audience_organisations": [],
        "is_published": True,
        "state_tone": "done",
        "get_state_display": lambda: "Released",
    }
    return SimpleNamespace(**(fields | changes))


def badge(**changes: object) -> str:
    return render("{% sharing_badge record %}", record=record(**changes))


def test_badge_spells_the_level_only_above_unclassified() -> None:
    assert "<b>" not in badge(classification=1)
    assert "<b>Confidential</b>" in badge(classification=2)
    assert "<b>Strictly confidential</b>" in badge(classification=3)


def test_badge_says_level_and_audience_in_words() -> None:
    assert 'aria-label="Confidential, may be read by: military, civilian"' in badge(classification=2)
    assert "military, 2 organisations" in badge(audience_components=[1], audience_organisations=[7, 9])


def test_badge_draws_components_in_their_order() -> None:
    html = badge(audience_components=[4, 1])
    assert html.index("#shape-triangle") < html.index("#shape-square")


def test_badge_of_a_draft_says_that_nothing_is_shared_yet() -> None:
    html = badge(is_published=False)
    assert "badge-unshared" in html
    assert "not shared yet; then read by: military, civilian" in html


def test_badge_without_audience_names_the_own_office() -> None:
    html = badge(audience_components=[])
    assert "read by its owner office only" in html
    assert "own office" in html


def test_badge_refuses_a_level_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="4"):
        badge(classification=4)


def test_pill_of_a_record() -> None:
    assert (
        render("{% state_pill record %}", record=record()) == '<span class="pill pill-done">released</span>'
    )


def test_pill_of_words_is_escaped() -> None:
    html = render("{% state_pill label=label tone='waiting' %}", label="<i>acknowledge</i>")
    assert "<i>" not in html
    assert "pill-waiting" in html


def test_pill_refuses_an_unknown_tone() -> None:
    with pytest.raises(ValueError, match="purple"):
        render("{% state_pill label='x' tone='purple' %}")


@pytest.mark.parametrize(
    ("component", "name", "letter"),
    [
        (1, "Military", "M"),
        (2, "Police", "P"),
        (3, "Civilian", "C"),
        (4, "Humanitarian", "H"),
        (5, "Host state", "S"),
    ],
)
def test_component_mark_is_named(component: int, name: str, letter: str) -> None:
    assert f'aria-label="{name}"' in render("{% component_mark number %}", number=component)
    assert f"<b>{letter}</b>" in render("{% component_mark number 'large' %}", number=component)
    assert name in render("{% component_mark number 'named' %}", number=component)


def test_icon_is_hidden_from_screen_readers() -> None:
    html = render("{% icon 'home' %}")
    assert 'aria-hidden="true"' in html
    assert "<path" in html


def test_icon_that_is_not_drawn_fails() -> None:
    with pytest.raises(KeyError):
        render("{% icon 'homme' %}")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("auto", ""), ('"><script>', "")],
)
def test_theme_follows_the_cookie(chosen: str, expected: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = chosen
    assert render("{% theme_attribute %}", request=request) == expected


def test_theme_without_a_request_is_the_device_s() -> None:
    assert render("{% theme_attribute %}") == ""


def test_page_level_is_unclassified_unless_said() -> None:
    source = "{% page_level as level %}{{ level.label }}"
    assert render(source) == "Unclassified"
    assert render(source, page_classification=3) == "Strictly confidential"
