"""The home page: what waits, and whether promises are kept, as a figure with its numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.cast import Cast, make_cast
from tests.factories.core import ago
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


class TestWhatChanged:
    """It stands on the page until its reader says that they have seen it."""

    def released(self, cast: Cast, purpose: str) -> None:
        EngagementFactory(
            owner_office=cast.team,
            author=cast.colleague,
            purpose=purpose,
            state="released",
            published_at=timezone.now(),
        )

    def shown_until(self, page: str) -> str:
        return page.partition('name="until" value="')[2].partition('"')[0]

    def test_another_sign_in_empties_nothing(self, cast: Cast) -> None:
        self.released(cast, "Ford after the flood")
        for _device in range(3):
            assert "Ford after the flood" in body(signed_in(cast.owner).get("/"))

    def test_marked_as_seen_it_goes_and_what_came_meanwhile_stays(self, cast: Cast) -> None:
        self.released(cast, "Ford after the flood")
        client = signed_in(cast.owner)
        until = self.shown_until(body(client.get("/")))
        self.released(cast, "Bridge closed")
        answer = client.post(reverse("changes_seen"), {"until": until}, follow=True)
        assert "Marked as seen." in words(body(answer))
        for page in (body(answer), body(signed_in(cast.owner).get("/"))):
            assert "Bridge closed" in page
            assert "Ford after the flood" not in page
        # Only one's own: a colleague has not seen it.
        assert "Ford after the flood" in body(signed_in(cast.head).get("/"))

    @pytest.mark.parametrize("until", ["", "yesterday", "2026-02-31T10:00:00+00:00", "2026-02-03T10:00:00"])
    def test_a_mangled_moment_marks_nothing(self, cast: Cast, until: str) -> None:
        answer = signed_in(cast.owner).post(reverse("changes_seen"), {"until": until})
        assert answer.status_code == 302
        cast.owner.refresh_from_db()
        assert cast.owner.seen_until is None

    def test_it_moves_neither_back_nor_ahead_of_the_clock(self, cast: Cast) -> None:
        client = signed_in(cast.owner)
        client.post(reverse("changes_seen"), {"until": "2999-01-01T00:00:00+00:00"})
        cast.owner.refresh_from_db()
        seen = cast.owner.seen_until
        assert seen is not None
        assert seen <= timezone.now()
        client.post(reverse("changes_seen"), {"until": ago(days=3).isoformat()})
        cast.owner.refresh_from_db()
        assert cast.owner.seen_until == seen

    def test_all_that_is_marked_was_shown(self, cast: Cast) -> None:
        for number in range(12):
            self.released(cast, f"Meeting number {number:02}")
        page = body(signed_in(cast.owner).get("/"))
        assert all(f"Meeting number {number:02}" in page for number in range(12))
        assert "4 more" in words(page)
