"""Periods in words, on the mission's clock (UTC+1 in the tests)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cimic_portal.core.paper.period import period_text

HERE = timezone(timedelta(hours=1))


def day(day, month=11):
    return datetime(2026, month, day, tzinfo=HERE)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (day(16), day(23), "16 to 22 Nov 2026"),
        (
            day(28, 10),
            day(4),
            "28 Oct 2026 to 3 Nov 2026",
        ),
        (day(16), day(17), "16 Nov 2026"),
        (datetime(2026, 11, 15, 23, tzinfo=UTC), datetime(2026, 11, 16, 23, tzinfo=UTC), "16 Nov 2026"),
        (
            datetime(2026, 11, 16, 6, tzinfo=HERE),
            day(17),
            "16 Nov 2026, 06:00 (05:00Z) to 17 Nov 2026, 00:00 (16 Nov 23:00Z)",
        ),
    ],
)
def test_periods_are_named_by_their_days_or_moments(since, until, words):
    assert period_text(since, until) == words
