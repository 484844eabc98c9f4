"""The stream over HTTP: `GET /stream?topic=…&topic=…` as server-sent events, for people who have signed in.

A topic is never refused: one that does not exist for the reader says nothing. A place from which to
resume comes as `Last-Event-ID` from a browser that lost its connection; or as `after` from one that
opens it anew, once for each page that is open there, of which the earliest counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from types import FrameType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from cimic_portal.core.stream.hub import DECIDED_FOR, UNDECIDED, Listener, note_bytes
from cimic_portal.core.stream.places import find
from cimic_portal.core.stream.process import Process

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/stream"
MOST_TOPICS = 40
# Of one person: a stream for each browser is usual. Of the process: what it has been measured for.
MOST_OF_PERSON = 20
MOST_LISTENERS = 5000
# Milliseconds before a browser comes back.
RETRY = 2000
_TOPIC = re.compile(r"[a-z_]{1,40}:[A-Z0-9]{1,40}")
_SESSION = re.compile(r"[a-z0-9]{8,40}")
_HEADERS = [
    (b"cache-control", b"no-store, no-transform"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"vary", b"Origin, Cookie"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]


class RefusedRequestError(Exception):
    """Answered with `status` and no word of why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class StreamApp:
    """The ASGI application of the stream's own server process."""

    def __init__(self) -> None:
        self.process = Process()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            request = _Request(scope)
            try:
                listener, told = await self._enter(request)
            except RefusedRequestError as refusal:
                await _refuse(send, request, refusal.status)
            else:
                await self._stay(listener, told, request, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.process.start()
        except Exception:
            logger.exception("The stream does not start.")
            await send({"type": "lifespan.startup.failed"})
            return
        self._hang_up_at_the_end()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.process.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _hang_up_at_the_end(self) -> None:
        """End all streams as soon as the server is told to stop; by themselves they never end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(number)

            def stop(number: int, frame: FrameType | None, before: Any = before) -> None:
                loop.call_soon_threadsafe(self.process.hub.close)
                if callable(before):
                    before(number, frame)

            signal.signal(number, stop)

    async def _enter(self, request: _Request) -> tuple[Listener, list[bytes]]:
        """The listener, in the hub, and what it is told first."""
        request.judge()
        asked_at = time.monotonic()
        try:
            guest = await self.process.guest(request.session) if request.session else None
        except Exception as error:
            logger.exception("Nobody could be let in.")
            raise RefusedRequestError(503) from error
        if guest is None:
            raise RefusedRequestError(401)
        hub = self.process.hub
        if hub.listeners_of(guest.person) >= MOST_OF_PERSON:
            raise RefusedRequestError(429)
        if len(hub.listeners) >= MOST_LISTENERS:
            raise RefusedRequestError(503)
        listener = Listener(request.session, guest.person, guest.access, asked_at, request.topics)
        if not request.words:
            hub.add(listener)
            listener.told = hub.position
            return listener, [note_bytes("open", hub.position)]
        # A word that is not ours is a place that is not reached.
        places = [-1 if place is None else place for place in map(find, request.words)]
        return listener, await self.process.begin(listener, min(places))

    async def _stay(
        self, listener: Listener, told: list[bytes], request: _Request, receive: Receive, send: Send
    ) -> None:
        """Tell until the browser goes, or the listener is closed."""
        tasks = [
            asyncio.create_task(self._write(listener, told, request, send)),
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(listener.closed.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.process.hub.remove(listener)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        if isinstance(ended[0], Exception):
            logger.error("A stream broke.", exc_info=ended[0])
        if listener.closed.is_set():
            # A browser that does not even take this is cut off by the server.
            with contextlib.suppress(TimeoutError, OSError, RuntimeError):
                await asyncio.wait_for(send({"type": "http.response.body", "body": b""}), 1)

    async def _write(self, listener: Listener, told: list[bytes], request: _Request, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), *request.headers()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await _send(send, f"retry: {RETRY}\n\n".encode() + b"".join(told))
        while True:
            messages = [await listener.queue.get()]
            while not listener.queue.empty():
                messages.append(listener.queue.get_nowait())
            if time.monotonic() - messages[0].decided_at > DECIDED_FOR or UNDECIDED in messages:
                await _send(send, b"".join(await self.process.begin_again(listener, messages)))
            else:
                await _send(send, b"".join(message.data for message in messages))
                listener.told = messages[-1].position


class _Request:
    """What a browser asks for."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._headers: dict[bytes, str] = {name: value.decode("latin-1") for name, value in scope["headers"]}
        query = parse_qsl(scope["query_string"].decode("latin-1"))
        self._asked = [value for name, value in query if name == "topic"]
        after = [value for name, value in query if name == "after"]
        # Where the browser and its pages were, as they were told; empty when nothing was told yet.
        last = self._headers.get(b"last-event-id")
        self.words = [last] if last else [word for word in after if word]
        self.origin = self._headers.get(b"origin", "")

    def judge(self) -> None:
        """Raise unless this is a request for the stream that comes from one of our own pages."""
        if self._scope["path"] != PATH:
            raise RefusedRequestError(404)
        if self._scope["method"] != "GET":
            raise RefusedRequestError(405)
        if self.origin and not self.origin_is_ours:
            raise RefusedRequestError(403)
        if not self.origin and self._headers.get(b"sec-fetch-site", "none") not in {"same-origin", "none"}:
            raise RefusedRequestError(403)
        if max(len(self._asked), len(self.words)) > MOST_TOPICS:
            raise RefusedRequestError(400)

    @property
    def origin_is_ours(self) -> bool:
        ours = urlsplit(settings.PORTAL_URL)
        return self.origin == f"{ours.scheme}://{ours.netloc}"

    @property
    def session(self) -> str:
        """The key in the session cookie; empty where it is none."""
        for part in self._headers.get(b"cookie", "").split(";"):
            name, _sign, value = part.strip().partition("=")
            if name == settings.SESSION_COOKIE_NAME and _SESSION.fullmatch(value):
                return value
        return ""

    @property
    def topics(self) -> frozenset[str]:
        """Those that could be a record's; nobody asks for what is a person's own."""
        return frozenset(topic for topic in self._asked if _TOPIC.fullmatch(topic) and "person:" not in topic)

    def headers(self) -> Iterable[tuple[bytes, bytes]]:
        yield from _HEADERS
        if self.origin_is_ours:
            # The stream may be another port of the same host.
            yield b"access-control-allow-origin", self.origin.encode()
            yield b"access-control-allow-credentials", b"true"


async def _send(send: Send, content: bytes) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, request: _Request, status: int) -> None:
    headers = [(b"content-length", b"0"), *request.headers()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
