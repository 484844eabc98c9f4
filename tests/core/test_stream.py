"""The live stream as browsers meet it: a real server process, real sessions, the rule at every event."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from django.utils import timezone

from cimic_portal.core.models import Document, Holding, Person, StreamEvent
from cimic_portal.core.services.stream import announce, announce_to, drop_old, give_positions, topic_of
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.stream import places, reading
from cimic_portal.core.stream.hub import ACCESS, Hub, Listener, Message
from cimic_portal.core.stream.process import Process
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, HoldingFactory, PositionFactory, ago
from tests.support.pages import signed_in
from tests.support.stream import Ear, StreamServer, cookie_of

pytestmark = pytest.mark.django_db(transaction=True)
# The rule of the domain, "At once".
RULE = 5.0
READERS = {"owner", "colleague", "head", "head_above", "delegate", "other_component", "group_member"}


@pytest.fixture(scope="module")
def server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StreamServer]:
    running = StreamServer(tmp_path_factory.mktemp("stream")).start()
    yield running
    running.end()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def document(cast: Cast) -> Document:
    """Of the team, released to the police."""
    return DocumentFactory(
        owner_office=cast.team, author=cast.owner, published=True, audience_components=[Component.POLICE]
    )


@pytest.fixture
def hear(server: StreamServer) -> Iterator[Callable[..., Ear]]:
    opened: list[Ear] = []

    def open_one(person: Person, *records: Document, **asked: Any) -> Ear:
        opened.append(server.open(person, *map(topic_of, records), **asked))
        return opened[-1]

    yield open_one
    for ear in opened:
        ear.close()


def say(record: Document, kind: str = "changed", part: int | None = None, topic: str = "") -> None:
    with transaction.atomic():
        announce(record, topic or topic_of(record), kind, part)


def nudge(person: Person, kind: str) -> None:
    """Something of the person's own, which always comes: what was said before has then been decided."""
    with transaction.atomic():
        announce_to([person.pk], kind)


def test_everyone_hears_what_they_may_see_and_nothing_else(
    cast: Cast, document: Document, hear: Callable[..., Ear], server: StreamServer
) -> None:
    told = set()
    for name, person in cast.everyone().items():
        if not (person.is_active and person.access.held):
            assert server.ask(topic_of(document), cookie=cookie_of(person)).status == 401, name
            continue
        ear = hear(person, document)
        say(document, "told", 7)
        nudge(person, "last")
        heard = ear.news()
        if heard["kind"] == "told":
            assert heard == {"topic": topic_of(document), "kind": "told", "part": 7}
            told.add(name)
            heard = ear.news()
        assert heard == {"topic": "me", "kind": "last", "part": None}
    assert told == READERS


def test_news_of_one_record_on_the_page_of_another_needs_both(
    cast: Cast, document: Document, hear: Callable[..., Ear]
) -> None:
    inner = DocumentFactory(owner_office=cast.team, author=cast.owner)
    colleague, police = hear(cast.colleague, document, inner), hear(cast.other_component, document, inner)
    say(inner, "hidden record", topic=topic_of(document))
    say(document, "hidden topic", topic=topic_of(inner))
    say(document, "both open")
    assert [colleague.news()["kind"] for _ in range(3)] == ["hidden record", "hidden topic", "both open"]
    assert police.news()["kind"] == "both open"


def test_only_what_was_asked_for_is_told(cast: Cast, document: Document, hear: Callable[..., Ear]) -> None:
    other = DocumentFactory(owner_office=cast.team, author=cast.owner)
    ear = hear(cast.owner, document)
    say(other, "other")
    say(document, "asked")
    assert ear.news()["kind"] == "asked"


def test_nobody_hears_what_is_anothers_own(
    cast: Cast, server: StreamServer, hear: Callable[..., Ear]
) -> None:
    ear = server.open(cast.owner, f"person:{cast.colleague.pk}", "me")
    nudge(cast.colleague, "theirs")
    nudge(cast.owner, "mine")
    assert ear.news()["kind"] == "mine"
    ear.close()


def test_topic_that_does_not_exist_is_like_one_that_is_hidden(
    cast: Cast, document: Document, server: StreamServer
) -> None:
    """Same status, same headers, same silence."""
    invented, hidden = "document:2222222222", topic_of(document)
    answers = [server.open(cast.partner, topic) for topic in (invented, hidden, "nonsense", "")]
    say(document)
    nudge(cast.partner, "last")
    for ear in answers:
        assert {name: value for name, value in ear.headers.items() if name != "date"} == {
            name: value for name, value in answers[0].headers.items() if name != "date"
        }
        assert ear.note() == "open"
        assert ear.news()["kind"] == "last"
        ear.close()


def lower_clearance(cast: Cast, document: Document) -> None:
    Person.objects.filter(pk=cast.other_component.pk).update(clearance=Classification.UNCLASSIFIED)


def switch_off(cast: Cast, document: Document) -> None:
    Person.objects.filter(pk=cast.other_component.pk).update(is_active=False)


def end_post(cast: Cast, document: Document) -> None:
    Holding.objects.filter(person=cast.other_component).update(until=timezone.now())


def end_session(cast: Cast, document: Document) -> None:
    Session.objects.all().delete()


def change_password(cast: Cast, document: Document) -> None:
    cast.other_component.set_password("another password of theirs")
    cast.other_component.save()


@pytest.mark.parametrize("loss", [lower_clearance, switch_off, end_post, end_session, change_password])
def test_stream_ends_within_the_rule(
    cast: Cast, document: Document, hear: Callable[..., Ear], server: StreamServer, loss: Any
) -> None:
    cookie = cookie_of(cast.other_component)
    ear = server.ask(topic_of(document), cookie=cookie)
    say(document)
    assert ear.news()["kind"] == "changed"
    loss(cast, document)
    assert ear.ends(RULE)
    assert server.ask(topic_of(document), cookie=cookie).status == 401
    ear.close()


def narrow_audience(document: Document) -> None:
    Document.objects.unscoped("the test narrows it").filter(pk=document.pk).update(audience_components=[])


def raise_level(document: Document) -> None:
    Document.objects.unscoped("the test raises it").filter(pk=document.pk).update(
        classification=Classification.STRICTLY_CONFIDENTIAL
    )


@pytest.mark.parametrize("change", [narrow_audience, raise_level])
def test_record_that_went_out_of_sight_says_nothing_more(
    cast: Cast, document: Document, hear: Callable[..., Ear], change: Any
) -> None:
    """What was announced before the change and is sent after it follows the change too."""
    police = cast.other_component
    police.clearance = Classification.CONFIDENTIAL
    police.save()
    ear = hear(police, document)
    say(document, "before")
    assert ear.news()["kind"] == "before"
    with transaction.atomic():
        announce(document, topic_of(document), "in the same moment")
        change(document)
    say(document, "after")
    nudge(police, "last")
    assert ear.news()["kind"] == "last"


def test_lost_post_of_two_is_followed_and_the_page_is_told_to_look(
    cast: Cast, hear: Callable[..., Ear]
) -> None:
    second = HoldingFactory(person=cast.outsider, position=PositionFactory(office=cast.team))
    draft = DocumentFactory(owner_office=cast.team, author=cast.owner)
    ear = hear(cast.outsider, draft)
    assert ear.note() == "open"
    say(draft, "before")
    assert ear.news()["kind"] == "before"
    Holding.objects.filter(pk=second.pk).update(until=ago(seconds=1))
    assert ear.note(RULE) == "access"
    say(draft, "after")
    nudge(cast.outsider, "last")
    assert ear.news()["kind"] == "last"


class TestStrangers:
    def test_without_a_session_there_is_no_stream(self, document: Document, server: StreamServer) -> None:
        for cookie in (
            "",
            "sessionid=",
            f"sessionid={'a' * 32}",
            'sessionid="\\000"',
            "sessionid=" + "x" * 4000,
        ):
            answer = server.ask(topic_of(document), "document:2222222222", cookie=cookie)
            assert (answer.status, answer.body()) == (401, b"")

    def test_session_without_a_person_is_none(self, client: Any, server: StreamServer) -> None:
        client.get("/sign-in/")
        session = client.session
        session["something"] = 1
        session.save()
        assert server.ask(cookie=f"{settings.SESSION_COOKIE_NAME}={session.session_key}").status == 401

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://localhost:1"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
        ],
    )
    def test_page_of_another_origin_is_refused(
        self, cast: Cast, server: StreamServer, headers: dict[str, str]
    ) -> None:
        answer = server.ask(cookie=cookie_of(cast.owner), **headers)
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers

    def test_our_own_page_is_let_in_from_its_own_port(self, cast: Cast, server: StreamServer) -> None:
        answer = server.ask(cookie=cookie_of(cast.owner), Origin=settings.PORTAL_URL)
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == settings.PORTAL_URL
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert "no-store" in answer.headers["cache-control"]
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["content-type"].startswith("text/event-stream")
        answer.close()

    def test_too_much_is_refused(self, cast: Cast, server: StreamServer) -> None:
        cookie = cookie_of(cast.owner)
        assert server.ask(*["document:2222222222"] * 41, cookie=cookie).status == 400
        assert server.ask(after=["anywhere"] * 41, cookie=cookie).status == 400
        many = [server.ask(cookie=cookie) for _ in range(20)]
        assert {ear.status for ear in many} == {200}
        assert server.ask(cookie=cookie).status == 429
        for ear in many:
            ear.close()


class TestResuming:
    def test_nothing_is_lost_or_told_twice_over_a_restart(
        self, cast: Cast, document: Document, tmp_path: Any
    ) -> None:
        server = StreamServer(tmp_path).start()
        ear = server.open(cast.owner, topic_of(document))
        heard = []
        for number in range(3):
            say(document, f"n{number}")
            heard.append(ear.news()["kind"])
        server.end(signal.SIGKILL)
        for number in range(3, 6):
            say(document, f"n{number}")
        server.start()
        say(document, "n6")
        again = server.open(cast.owner, topic_of(document), Last_Event_ID=ear.place)
        say(document, "n7")
        heard += [again.news()["kind"] for _ in range(5)]
        nudge(cast.owner, "last")
        assert again.news()["kind"] == "last"
        assert heard == [f"n{number}" for number in range(8)]
        server.end()
        assert again.ends(RULE)
        assert "Traceback" not in server.log

    def test_place_may_stand_in_the_address(
        self, cast: Cast, document: Document, hear: Callable[..., Ear]
    ) -> None:
        first = hear(cast.owner, document)
        assert first.note() == "open"
        say(document, "missed")
        assert hear(cast.owner, document, after=first.place).news()["kind"] == "missed"

    def test_the_earliest_of_several_places_counts(
        self, cast: Cast, document: Document, hear: Callable[..., Ear]
    ) -> None:
        first = hear(cast.owner, document)
        assert first.note() == "open"
        early = first.place
        say(document, "one")
        assert first.news()["kind"] == "one"
        say(document, "two")
        again = hear(cast.owner, document, after=[first.place, early])
        assert [again.news()["kind"] for _ in range(2)] == ["one", "two"]

    def test_a_page_says_from_where_on_it_follows(
        self, cast: Cast, document: Document, hear: Callable[..., Ear]
    ) -> None:
        first = hear(cast.owner, document)
        say(document, "before")
        assert first.news()["kind"] == "before"
        page = signed_in(cast.owner).get("/").content.decode()
        say(document, "while it was on its way")
        place = re.findall(r'data-stream-place="([^"]+)"', page)[0]
        assert hear(cast.owner, document, after=place).news()["kind"] == "while it was on its way"

    def test_what_was_missed_follows_the_rule_of_now(
        self, cast: Cast, document: Document, hear: Callable[..., Ear]
    ) -> None:
        first = hear(cast.other_component, document)
        assert first.note() == "open"
        say(document, "missed")
        narrow_audience(document)
        again = hear(cast.other_component, document, after=first.place)
        assert again.note() == "resumed"

    @pytest.mark.parametrize("word", ["17", "AAAA", "x" * 32, "é", "of the future"])
    def test_place_that_cannot_be_resumed_from_makes_the_page_read_anew(
        self, cast: Cast, document: Document, hear: Callable[..., Ear], word: str
    ) -> None:
        say(document, "kept")
        place = places.hide(2**40) if word == "of the future" else word
        ear = hear(cast.owner, document, after=place)
        assert ear.note() == "reset"
        say(document, "new")
        assert ear.news()["kind"] == "new"

    def test_place_before_what_is_kept_makes_the_page_read_anew(
        self, cast: Cast, document: Document, tmp_path: Any
    ) -> None:
        server = StreamServer(tmp_path).start()
        ear = server.open(cast.owner, topic_of(document))
        say(document, "told")
        assert ear.news()["kind"] == "told"
        say(document, "old")
        server.end()
        give_positions(10)
        StreamEvent.objects.update(created_at=ago(days=4))
        assert drop_old() == 2
        server.start()
        assert server.open(cast.owner, topic_of(document), after=ear.place).note() == "reset"
        server.end()


class TestToldTooLate:
    """What waited too long for a browser is decided anew; the page looks anew only if its access changed."""

    def told(self, person: Person, record: Document, untold: list[Message], *, lends: bool) -> bytes:
        """What the stream writes, after it could not decide on one event, or not in time."""
        topic, session = topic_of(record), cookie_of(person).partition("=")[2]

        async def begin_again() -> bytes:
            process = Process()
            guest = await process.guest(session)
            assert guest is not None
            process.hub = Hub(*await asyncio.to_thread(in_thread, reading.window))
            listener = Listener(session, guest.person, guest.access, 0.0, frozenset({topic}))
            process.hub.add(listener)
            listener.told = process.hub.position
            await asyncio.to_thread(in_thread, say, record, "missed")
            if lends:
                await asyncio.to_thread(in_thread, give_post, person)
            process.hub.deliver(
                *await asyncio.to_thread(in_thread, reading.fresh_news, listener.told),
                asked_at=time.monotonic(),
            )
            told = await process.begin_again(listener, [await listener.queue.get(), *untold])
            await process.stop()
            return b"".join(told)

        return asyncio.run(begin_again())

    def test_it_gets_what_it_missed_and_no_more(self, cast: Cast, document: Document) -> None:
        told = self.told(cast.owner, document, [], lends=False)
        assert told.count(b'"kind":"missed"') == 1
        assert b"event: resumed" in told
        assert ACCESS not in told

    @pytest.mark.parametrize("lends", [True, False])
    def test_page_looks_anew_when_its_access_changed(
        self, cast: Cast, document: Document, lends: bool
    ) -> None:
        """It changed in this moment, or before, and the word of it was dropped."""
        told = self.told(cast.owner, document, [] if lends else [Message(ACCESS, 1, 0.0)], lends=lends)
        assert told.startswith(ACCESS)
        assert told.count(b'"kind":"missed"') == 1


def in_thread(work: Callable[..., Any], *about: Any) -> Any:
    """Its connection ends with it."""
    try:
        return work(*about)
    finally:
        connections.close_all()


def give_post(person: Person) -> None:
    HoldingFactory(person=person, position=PositionFactory())


def test_slow_browser_is_closed_and_reads_anew(
    cast: Cast, document: Document, server: StreamServer, hear: Callable[..., Ear]
) -> None:
    """It stops reading; the others do not wait for it. What it got until then has no gap."""
    quick = hear(cast.colleague, document)
    slow = server.ask(topic_of(document), cookie=cookie_of(cast.owner), narrow=True)
    assert slow.note() == "open"
    many, batch = 4000, 100
    for start in range(0, many, batch):
        with transaction.atomic():
            for number in range(start, start + batch):
                announce(document, topic_of(document), "k" * 60, number)
        assert [quick.news()["part"] for _ in range(batch)] == list(range(start, start + batch))
    got = []
    while (found := slow.block()) is not None:
        got.append(json.loads(found["data"])["part"])
    assert got == list(range(len(got)))
    assert 0 < len(got) < many
    again = hear(cast.owner, document, after=slow.place)
    assert again.note() == "reset"
    say(document, "new")
    assert again.news()["kind"] == "new"
    slow.close()
