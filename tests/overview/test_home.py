"""The home page: what waits, and whether promises are kept, as a figure with its numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.cast import Cast, make_cast
from tests.factories.liaison import CommitmentFactory, EngagementFactory
from tests.support.pages import body, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_promises_are_drawn_for_those_who_may_read_them(cast: Cast) -> None:
    met = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    today = timezone.localdate()
    for weeks, state in ((2, "kept"), (3, "kept"), (4, "broken")):
        CommitmentFactory(engagement=met, due_on=today - timedelta(weeks=weeks), state=state)
    shown = words(body(signed_in(cast.owner).get("/")))
    assert "Are we keeping our word?" in shown
    assert "As a table" in shown
    assert "67" in shown
    assert "As a table" not in body(signed_in(cast.outsider).get("/"))


def test_a_returned_report_waits_with_its_reason_for_its_author_only(cast: Cast) -> None:
    EngagementFactory(
        owner_office=cast.team,
        author=cast.owner,
        state="returned",
        purpose="Ford after the flood",
        returned_reason="Say who promised",
    )
    page = words(body(signed_in(cast.owner).get("/")))
    assert "Ford after the flood" in page
    assert "Say who promised" in page
    assert "Say who promised" not in body(signed_in(cast.outsider).get("/"))
