"""How late live news are: 2,000 browsers on the portal's stream, beside a bare ASGI stream.

Run as `python benchmarks/stream.py [listeners]`. The same client, on the same machine and the same
server program, first hears events that a bare application sends to everybody, then events that verbs
announce: written to the database, numbered, and compared with the rule for each listener. Then the
stream's process is killed and started again while events go on, and every browser resumes from
where it was. Target: the 99th percentile of the delay at most 3 times the bare one, none lost.
"""

import asyncio
import json
import os
import resource
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.processes import spawn, stop, wait_until
from cimic_portal.embedded.run import STREAM_OPTIONS
from cimic_portal.embedded.services import Services

EVENTS = 20
EVERY = 0.5
PATIENCE = 60.0


# The rival: the server alone.

_queues: set[asyncio.Queue[bytes]] = set()


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """Tells everybody whatever is asked for by `/say`."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/say":
        for queue in _queues:
            queue.put_nowait(b'id: x\ndata: {"part":%s}\n\n' % scope["query_string"])
        await send({"type": "http.response.body", "body": b""})
        return
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    _queues.add(queue)
    await send({"type": "http.response.body", "body": b"event: open\ndata: {}\n\n", "more_body": True})
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})


class Crowd:
    """Browsers, each with one stream; what each heard, and when."""

    def __init__(self, port: int, paths: list[tuple[str, str]]) -> None:
        self.port, self.asked = port, paths
        self.heard: list[dict[int, float]] = [{} for _ in paths]
        self.twice = self.open = 0
        self.places = [""] * len(paths)

    async def listen(self, number: int) -> None:
        path, cookie = self.asked[number]
        while True:
            try:
                await self._once(number, path, cookie)
            except (OSError, asyncio.IncompleteReadError, EOFError):
                await asyncio.sleep(0.1 + secrets.randbelow(400) / 1000)

    async def _once(self, number: int, path: str, cookie: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        place = f"Last-Event-ID: {self.places[number]}\r\n" if self.places[number] else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n{place}\r\n".encode())
        try:
            if b" 200 " not in await reader.readline():
                raise EOFError
            self.open += 1
            try:
                while line := await reader.readline():
                    self._take(number, line)
            finally:
                self.open -= 1
        finally:
            writer.close()
        raise EOFError

    def _take(self, number: int, line: bytes) -> None:
        if line.startswith(b"id: "):
            self.places[number] = line[4:].strip().decode()
        elif line.startswith(b'data: {"'):
            part = json.loads(line[6:])["part"]
            self.twice += part in self.heard[number]
            self.heard[number][part] = time.perf_counter()

    async def wait(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                print(f"  not within {PATIENCE:.0f} s: {what}")
                return
            await asyncio.sleep(0.05)

    def all_heard(self, part: int) -> bool:
        return all(part in one for one in self.heard)


async def measure(
    crowd: Crowd, say: Callable[[int], Coroutine[Any, Any, None]], break_off: Callable[[], None] | None
) -> tuple[list[float], int, float]:
    """Delays of all deliveries in milliseconds; how many were lost; seconds until all were back."""
    tasks = [asyncio.create_task(crowd.listen(number)) for number in range(len(crowd.asked))]
    await crowd.wait(lambda: crowd.open == len(crowd.asked), "all browsers are let in")
    said: dict[int, float] = {}
    for part in range(EVENTS):
        said[part] = time.perf_counter()
        await say(part)
        await asyncio.sleep(EVERY)
    await crowd.wait(lambda: crowd.all_heard(EVENTS - 1), "the last event is heard")
    delays = [(at - said[part]) * 1000 for one in crowd.heard for part, at in one.items()]
    back = 0.0
    if break_off is not None:
        begun = time.perf_counter()
        loop = asyncio.get_running_loop()
        restarted = loop.run_in_executor(None, break_off)
        for part in range(EVENTS, 2 * EVENTS):
            said[part] = time.perf_counter()
            await say(part)
            await asyncio.sleep(EVERY / 5)
        await restarted
        await crowd.wait(lambda: crowd.all_heard(2 * EVENTS - 1), "everybody is back")
        back = time.perf_counter() - begun
    lost = sum(len(said) - len(one) for one in crowd.heard)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return delays, lost, back


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(app: str, port: int, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "uvicorn", "--host=127.0.0.1", f"--port={port}", "--backlog=4096"]
    options = [one for one in STREAM_OPTIONS if app != "benchmarks.stream:bare" or "lifespan" not in one]
    process = spawn([*command, *options, app], log=log, env=environment, cwd=CHECKOUT)

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    if not wait_until(answers, 60):
        raise SystemExit(f"The server did not start: {log.read_text()}")
    return process


def make_people(count: int) -> tuple[Any, list[str]]:
    """A document that everybody may see, and a session for each of so many people with a post."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from cimic_portal.core.models import Document, Holding, Office, Organisation, Person, Position

    mission = Organisation.objects.create(name="Mission", is_mission=True)
    offices = [
        Office.objects.create(organisation=mission, name=f"Team {number}", component=1)
        for number in range(20)
    ]
    people = Person.objects.bulk_create(
        Person(email=f"p{number}@example.org", component=1, clearance=2, password="x")
        for number in range(count)
    )
    cookies = []
    for number, person in enumerate(people):
        post = Position.objects.create(office=offices[number % len(offices)], title=f"Officer {number}")
        Holding.objects.create(person=person, position=post, since=timezone.now())
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "cimic_portal.core.backends.PortalBackend"
        session.save()
        cookies.append(str(session.session_key))
    document = Document.objects.create(
        kind="x", form="pdf", title="Read by all", owner_office=offices[0], author=people[0],
        audience_components=[1], published_at=timezone.now(),
    )  # fmt: skip
    return document, cookies


def show(name: str, delays: list[float], listeners: int, bare: float = 0) -> float:
    cuts = statistics.quantiles(delays, n=100) if len(delays) > 1 else [0.0] * 99
    ratio = f"{cuts[98] / bare:8.2f} (target 3.00)" if bare else ""
    print(f"{name:32}{listeners:6} listeners   p50 {cuts[49]:7.1f} ms   p99 {cuts[98]:7.1f} ms{ratio}")
    return cuts[98]


def run(listeners: int, environment: dict[str, str], folder: Path) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import transaction

    from cimic_portal.core.services.stream import announce, topic_of

    document, sessions = make_people(listeners)
    port = free_port()
    server = serve("benchmarks.stream:bare", port, environment, folder / "bare.log")

    async def say_bare(part: int) -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /say?{part} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()

    crowd = Crowd(port, [("/", "")] * listeners)
    delays, _lost, _back = asyncio.run(measure(crowd, say_bare, None))
    stop(server, signal.SIGTERM, patience=5)
    limit = show("bare ASGI stream", delays, listeners)

    servers = [serve("cimic_portal.asgi:application", port, environment, folder / "stream.log")]

    def announce_one(part: int) -> None:
        with transaction.atomic():
            announce(document, topic_of(document), "changed", part)

    async def say(part: int) -> None:
        await asyncio.to_thread(announce_one, part)

    def kill() -> None:
        stop(servers[-1], signal.SIGKILL, patience=5)
        servers.append(serve("cimic_portal.asgi:application", port, environment, folder / "stream.log"))

    path = f"/stream?topic={topic_of(document)}"
    crowd = Crowd(port, [(path, f"{settings.SESSION_COOKIE_NAME}={session}") for session in sessions])
    delays, lost, back = asyncio.run(measure(crowd, say, kill))
    show("the portal's stream", delays, listeners, limit)
    print(f"over a kill and a restart: lost {lost}, told twice {crowd.twice}, all back after {back:.1f} s")
    stop(servers[-1], signal.SIGTERM, patience=5)


def main() -> None:
    listeners = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        services = Services(Path(folder), durable=False)
        services.start()
        try:
            environment = os.environ | services.environment()
            environment |= {"DJANGO_SETTINGS_MODULE": "cimic_portal.settings.development"}
            os.environ.update(environment)
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            if spawn(migrate, env=environment, cwd=CHECKOUT).wait() != 0:
                raise SystemExit("The tables could not be made.")
            run(listeners, environment, Path(folder))
        finally:
            services.stop()


if __name__ == "__main__":
    main()
