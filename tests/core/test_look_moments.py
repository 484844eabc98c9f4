"""Times in the mission's zone (Africa/Bangui, UTC+1) with Z beside them, and positions on the grid."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils import timezone

from cimic_portal.core.templatetags.moments import ago_text

NOON = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mission_zone():
    with override_settings(TIME_ZONE="Africa/Bangui"):
        timezone.get_default_timezone.cache_clear()
        yield
    timezone.get_default_timezone.cache_clear()


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_moment_shows_mission_time_and_zulu() -> None:
    html = render("{% moment when %}", when=NOON)
    assert ">22 Nov 2026, 13:05 (12:05Z)<" in html
    assert 'datetime="2026-11-22T12:05:00Z"' in html


def test_moment_ignores_the_zone_that_happens_to_be_active() -> None:
    with timezone.override("Asia/Tokyo"):
        assert "13:05 (12:05Z)" in render("{% moment when %}", when=NOON)


def test_moment_names_the_day_of_zulu_where_it_differs() -> None:
    assert "23 Nov 2026, 00:30 (22 Nov 23:30Z)" in render(
        "{% moment when %}", when=datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    )


def test_moment_where_the_mission_lives_on_zulu_is_said_once() -> None:
    with override_settings(TIME_ZONE="UTC"):
        timezone.get_default_timezone.cache_clear()
        assert ">22 Nov 2026, 12:05Z<" in render("{% moment when %}", when=NOON)


@pytest.mark.parametrize("tag", ["moment", "clock", "day", "ago"])
def test_no_time_shows_nothing(tag: str) -> None:
    assert render(f"{{% {tag} when %}}", when=None) == ""


def test_clock_without_zulu_keeps_it_in_the_title() -> None:
    html = render("{% clock when zulu=False %}", when=NOON)
    assert ">13:05<" in html
    assert 'title="22 Nov 2026, 13:05 (12:05Z)"' in html


def test_day_of_a_time_is_the_mission_s_day() -> None:
    assert ">23 Nov 2026<" in render("{% day when %}", when=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert ">22 Nov 2026<" in render("{% day when %}", when=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=-20), "now"),
        (timedelta(minutes=-12, seconds=-5), "12 min ago"),
        (timedelta(hours=-2, minutes=-50), "2 h ago"),
        (timedelta(minutes=30), "in 30 min"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(hours=-13), "today 00:05"),
        (timedelta(hours=-14), "yesterday 23:05"),
        (timedelta(hours=20), "tomorrow 09:05"),
        (timedelta(days=-4), "18 Nov"),
        (timedelta(days=-400), "18 Oct 2025"),
    ],
)
def test_ago_speaks_as_people_do(gap: timedelta, words: str) -> None:
    assert ago_text(NOON + gap, now=NOON) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 23), "tomorrow"),
        (date(2026, 11, 25), "25 Nov"),
    ],
)
def test_ago_of_a_date(day: date, words: str) -> None:
    assert ago_text(day, now=NOON) == words


def test_grid_shows_mgrs_and_degrees() -> None:
    html = render("{% grid lat lon %}", lat=Decimal("4.361200"), lon=Decimal("18.555000"))
    assert "34N BK" in html
    assert "4.361200, 18.555000" in html


def test_grid_of_an_unknown_position_shows_nothing() -> None:
    assert render("{% grid lat lon %}", lat=None, lon=Decimal("18.5")) == ""
