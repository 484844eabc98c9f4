"""The demo mission grown in bulk: what is added is settled, past, and under the rule like its pattern."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from cimic_portal.overview.demo.growth import grow
from liaison.models import Attendance, Commitment, Engagement
from tests.factories.cast import make_cast
from tests.factories.liaison import AttendanceFactory, CommitmentFactory, EngagementFactory

pytestmark = pytest.mark.django_db
WHY = "the test counts what was added"


@pytest.fixture
def patterns():
    """Two meetings that are settled, and beside them a draft and one with an open promise."""
    cast = make_cast()
    began = timezone.now() - timedelta(days=40)
    made = [
        EngagementFactory(
            owner_office=cast.team,
            author=cast.owner,
            state="released",
            starts_at=began,
            ends_at=began + timedelta(hours=1),
            submitted_at=began + timedelta(hours=2),
            published_at=began + timedelta(hours=3),
            audience_components=[1, 3],
        )
        for _number in range(3)
    ]
    for engagement in made:
        AttendanceFactory(engagement=engagement, contact=None, person=cast.colleague)
        CommitmentFactory(engagement=engagement, state="kept", due_on=began.date() + timedelta(days=9))
    CommitmentFactory(engagement=made[2], state="open")
    EngagementFactory(owner_office=cast.team, author=cast.owner, state="draft")
    return made[:2]


def added():
    return Engagement.objects.unscoped(WHY).order_by("pk")[4:]


def test_it_grows_to_the_number_asked_for_and_no_further(patterns):
    assert grow(40, lambda line: None) == 36
    assert Engagement.objects.unscoped(WHY).count() == 40
    assert grow(40, lambda line: None) == 0
    assert grow(43, lambda line: None) == 3


def test_what_is_added_is_settled_and_lies_in_ten_years(patterns):
    grow(40, lambda line: None)
    rows = list(added())
    now = timezone.now()
    days = {row.starts_at.date() for row in rows}
    assert len(days) == 36
    assert timedelta(days=3300) < max(days) - min(days) < timedelta(days=3650)
    for row in rows:
        assert row.state == "released"
        assert row.starts_at < row.ends_at < row.submitted_at < row.published_at < now
        assert row.created_at == row.submitted_at
    assert len({row.reference for row in rows}) == 36


def test_who_was_there_and_what_was_promised_come_along(patterns):
    grow(40, lambda line: None)
    rows = [row.pk for row in added()]
    assert Attendance.objects.unscoped(WHY).filter(engagement__in=rows).count() == 36
    promises = list(Commitment.objects.unscoped(WHY).filter(engagement__in=rows).select_related("engagement"))
    assert len(promises) == 36
    assert {promise.state for promise in promises} == {"kept"}
    for promise in promises:
        assert 8 <= (promise.due_on - promise.engagement.starts_at.date()).days <= 10


def test_what_is_added_is_read_by_those_who_read_its_pattern(patterns):
    grow(40, lambda line: None)
    patterns[0].refresh_from_db()
    # The colleague who was there is among them.
    assert len(patterns[0].reader_keys) > 4
    assert {tuple(row.reader_keys) for row in added()} == {tuple(patterns[0].reader_keys)}


def test_it_stands_in_the_trail(patterns):
    grow(40, lambda line: None)
    events = apps.get_model("liaison.EngagementEvent").objects.unscoped(WHY)
    written = events.filter(pgh_obj__in=[row.pk for row in added()])
    assert set(written.values_list("pgh_label", "pgh_context__verb")) == {("insert", "demo.grow")}
    assert written.count() == 36


def test_it_is_refused_where_demo_data_may_not_exist(patterns, settings):
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        grow(40, lambda line: None)
