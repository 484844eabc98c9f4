"""One process of the stream: looks for news, asks anew who may hear them, and keeps connections warm.

Everything of the database runs in two threads with a connection each: one for the news, and one for
people, so that a crowd that comes back at once does not hold up what is new.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import close_old_connections, connection, connections
from psycopg2 import Error as DriverError

from cimic_portal.core.models.streamevent import CHANNEL
from cimic_portal.core.pulse import STREAM, Pulse
from cimic_portal.core.stream import reading
from cimic_portal.core.stream.hub import ACCESS, Hub, Listener, Message, event_bytes, note_bytes

logger = logging.getLogger(__name__)

T = TypeVar("T")

# How often news are looked for when the database wakes nobody, in seconds.
LOOK_EVERY = 1.0
# How old what is known of a listener may grow before it is asked again, and how often one looks for them.
CHECK_AFTER = 2.0
CHECK_TICK = 0.2
CHECK_BATCH = 500
# A proxy closes what is silent for a minute; a browser learns so that its connection is still one.
BEAT_EVERY = 15.0
# More than this is not told one by one: the page reads anew.
MOST_MISSED = 500
_REST = 1.0
SWITCH = 0.0002


class _Desk:
    """A thread with a connection of its own, which answers one question after the other."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def ask(self, question: Callable[..., T], *about: Any) -> T:
        def answer() -> T:
            close_old_connections()
            return question(*about)

        return await asyncio.get_running_loop().run_in_executor(self._thread, answer)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown()


class Process:
    """Begins with `start()`; `hub` is there from then on."""

    hub: Hub

    def __init__(self) -> None:
        self._news, self._people = _Desk("stream-news"), _Desk("stream-people")
        self._woken = asyncio.Event()
        self._ear: Any = None
        self._pulse = Pulse()
        self._pulse.queues = (STREAM,)
        self._entering: dict[str, asyncio.Future[reading.Guest | None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Read where the stream stands. Raises when the database does not answer."""
        # Each byte sent lets go of the interpreter; a thread that computes would keep it for 5 ms each time.
        sys.setswitchinterval(SWITCH)
        self.hub = Hub(*await self._news.ask(reading.window))
        for work in (self._look, self._check, self._beat):
            self._tasks.append(asyncio.create_task(_for_ever(work)))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._close_ear()
        await self._news.close()
        await self._people.close()

    # News

    async def _look(self) -> None:
        """Wait until woken, then hand on what is new."""
        if self._ear is None:
            self._open_ear(await self._news.ask(_listen))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), LOOK_EVERY)
        self._woken.clear()
        asked_at = time.monotonic()
        news, doors = await self._news.ask(reading.fresh_news, self.hub.position)
        self.hub.deliver(news, doors, asked_at=asked_at)
        if len(news) == reading.BATCH:
            self._woken.set()
        await self._news.ask(self._pulse.beat)

    def _open_ear(self, ear: Any) -> None:
        self._ear = ear
        asyncio.get_running_loop().add_reader(ear.fileno(), self._heard)
        # Something may have been said before.
        self._woken.set()

    def _heard(self) -> None:
        try:
            self._ear.poll()
            self._ear.notifies.clear()
        except DriverError:
            # The next look opens another; until then the look itself finds what is new.
            self._close_ear()
        self._woken.set()

    def _close_ear(self) -> None:
        if self._ear is not None:
            asyncio.get_running_loop().remove_reader(self._ear.fileno())
            with contextlib.suppress(DriverError):
                self._ear.close()
            self._ear = None

    # People

    async def guest(self, session: str) -> reading.Guest | None:
        """Whose session this is; None for nobody's. Those who ask at the same time share the queries."""
        waiting = self._entering.get(session)
        if waiting is None:
            waiting = self._entering[session] = asyncio.get_running_loop().create_future()
            if len(self._entering) == 1:
                self._tasks.append(asyncio.create_task(self._let_in()))
        return await asyncio.shield(waiting)

    async def _let_in(self) -> None:
        """Answer everyone who waits at the door, until nobody does."""
        while self._entering:
            asked = list(self._entering)[:CHECK_BATCH]
            try:
                found = await self._people.ask(reading.guests, asked)
            except Exception as error:
                for session in asked:
                    self._entering.pop(session).set_exception(error)
                continue
            for session in asked:
                self._entering.pop(session).set_result(found.get(session))
        self._tasks = [task for task in self._tasks if task is not asyncio.current_task()]

    async def begin(self, listener: Listener, after: int) -> list[bytes]:
        """Take the listener into the hub; what they may hear of what came behind `after` is returned.

        Nothing is lost or told twice between the two: the listener is added in the same step in which
        nothing more is found to be missing. Behind the window, or where too much is missing, they are
        told to read anew.
        """
        told: list[bytes] = []
        reset = not self.hub.reaches(after) or len(self.hub.missed(listener.topics, after)) > MOST_MISSED
        while not reset and (news := self.hub.missed(listener.topics, after)):
            doors = await self._people.ask(reading.doors_of, news)
            told += [event_bytes(one) for one in news if listener.may_hear(one, doors)]
            after = news[-1].position
        self.hub.add(listener)
        listener.told = self.hub.position
        return [*told, note_bytes("reset" if reset else "resumed", self.hub.position)]

    async def begin_again(self, listener: Listener, untold: list[Message]) -> list[bytes]:
        """As if the browser had come anew: for one that could not be told in time.

        `untold`: what was taken out of the queue for it. The page looks anew only where its access is
        another than when it was last told; else it gets what it missed, and no more.
        """
        self.hub.remove(listener)
        while not listener.queue.empty():
            untold.append(listener.queue.get_nowait())
        asked_at = time.monotonic()
        guest = await self.guest(listener.session)
        if guest is None or guest.person != listener.person:
            listener.closed.set()
            return []
        changed = guest.access != listener.access or any(message.data == ACCESS for message in untold)
        listener.access, listener.checked_at = guest.access, asked_at
        return [*([ACCESS] if changed else []), *await self.begin(listener, listener.told)]

    async def _check(self) -> None:
        """Ask anew about the listeners that were asked about longest ago."""
        await asyncio.sleep(CHECK_TICK)
        asked_at = time.monotonic()
        due = [one for one in self.hub.listeners if asked_at - one.checked_at >= CHECK_AFTER]
        due = sorted(due, key=lambda one: one.checked_at)[:CHECK_BATCH]
        if due:
            found = await self._people.ask(reading.guests, {one.session for one in due})
            for listener in due:
                guest = found.get(listener.session)
                same = guest is not None and guest.person == listener.person
                self.hub.renew(listener, guest.access if guest and same else None, asked_at=asked_at)

    async def _beat(self) -> None:
        await asyncio.sleep(BEAT_EVERY)
        self.hub.beat(now=time.monotonic())


def _listen() -> Any:
    """A connection on which the database says when something was written."""
    wrapper = connection.copy()
    wrapper.ensure_connection()
    with wrapper.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    # Only the driver's own connection is used from here on, on the event loop.
    return wrapper.connection


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again; what fails is tried again after a moment."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("The stream could not do its work; it tries again.")
            await asyncio.sleep(_REST)
