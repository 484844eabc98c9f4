"""The order of the stream: nobody who resumes by position misses what was committed late."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.models import Document, StreamEvent
from cimic_portal.core.services.stream import announce, announce_to, drop_old, give_positions, topic_of
from cimic_portal.core.stream import places
from cimic_portal.core.stream.reading import fresh_news, window
from tests.factories.core import DocumentFactory, ago
from tests.support.threads import AtOnce, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def document() -> Document:
    return DocumentFactory()


def say(document: Document, kind: str, step: Step | None = None) -> None:
    with transaction.atomic():
        announce(document, topic_of(document), kind)
        if step is not None:
            step.here()


def kinds(after: int) -> tuple[list[str], int]:
    news, _doors = fresh_news(after)
    return [one.kind for one in news], news[-1].position if news else after


def test_late_commit_of_an_early_row_is_not_skipped(document: Document) -> None:
    """Two connections: the first writes before the second, and commits after it."""
    start, _news = window()
    step = Step()
    with AtOnce() as at_once:
        at_once.start(lambda: say(document, "early", step))
        step.wait()
        try:
            say(document, "late")
            first, place = kinds(start)
        finally:
            step.release()
        assert at_once.outcomes() == [None]
    second, place = kinds(place)
    rows = dict(StreamEvent.objects.values_list("kind", "pk"))
    assert rows["early"] < rows["late"]
    assert (first, second) == (["late"], ["early"])
    assert kinds(place) == ([], place)


def test_positions_are_given_by_one_at_a_time(document: Document) -> None:
    """A second process that numbers waits until the numbers of the first can be seen."""
    start, _news = window()
    say(document, "first")
    step = Step()

    def number_slowly() -> None:
        with transaction.atomic():
            give_positions(10)
            step.here()

    with AtOnce() as at_once:
        at_once.start(number_slowly)
        step.wait()
        say(document, "second")
        reader = at_once.start(lambda: kinds(start))
        try:
            at_once.wait_until_one_is_blocked()
        finally:
            step.release()
        heard, _place = reader.result(60)
    assert heard == ["first", "second"]


def test_what_is_undone_is_not_told(document: Document) -> None:
    start, _news = window()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(document, topic_of(document), "undone")
        raise ZeroDivisionError
    assert kinds(start) == ([], start)


def test_long_transaction_elsewhere_holds_nothing_up(document: Document) -> None:
    """An import that writes for minutes does not delay the news of others."""
    start, _news = window()
    step = Step()

    def work_long() -> None:
        with transaction.atomic():
            DocumentFactory(owner_office=document.owner_office, author=document.author)
            step.here()

    with AtOnce() as at_once:
        at_once.start(work_long)
        step.wait()
        try:
            say(document, "meanwhile")
            assert kinds(start)[0] == ["meanwhile"]
        finally:
            step.release()


def test_window_begins_where_nothing_is_missing(document: Document) -> None:
    for kind in ("one", "two", "three"):
        say(document, kind)
    give_positions(10)
    floor, news = window()
    assert [one.kind for one in news] == ["one", "two", "three"]
    assert floor == news[0].position - 1
    StreamEvent.objects.filter(kind__in=["one", "two"]).update(created_at=ago(days=4))
    assert drop_old() == 2
    assert window() == (news[2].position - 1, news[2:])
    StreamEvent.objects.update(created_at=ago(days=4))
    drop_old()
    assert window() == (news[2].position, [])


def test_database_wakes_whoever_listens_after_the_commit(document: Document) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN portal_stream")
    driver = connection.connection

    def woken() -> bool:
        driver.poll()
        found = bool(driver.notifies)
        driver.notifies.clear()
        return found

    step = Step()
    with AtOnce() as at_once:
        at_once.start(lambda: say(document, "told", step))
        step.wait()
        try:
            assert not woken()
        finally:
            step.release()
        at_once.outcomes()
        # An answer of the server brings the notice along.
        assert Document.objects.unscoped("a question").exists()
        assert woken()


def test_news_belong_into_the_transaction_of_their_change(document: Document) -> None:
    with pytest.raises(ProgrammingMistakeError):
        announce(document, topic_of(document), "changed")
    with pytest.raises(ProgrammingMistakeError):
        announce_to([document.author_id], "changed")


def test_places_tell_nothing_and_come_back() -> None:
    for position in (0, 1, 2**40):
        words = {places.hide(position) for _ in range(3)}
        assert len(words) == 3
        assert {places.find(word) for word in words} == {position}
    word = places.hide(7)
    for damaged in ("", "7", word[:-1], word[1:], word.swapcase(), "é" * 32, "A" * 32):
        assert places.find(damaged) is None
