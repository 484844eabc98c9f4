"""The stream's own server process, and a browser's end of one stream."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from cimic_portal.core.models import Person
from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.processes import spawn, stop
from cimic_portal.embedded.run import STREAM_OPTIONS
from tests.support.pages import signed_in
from tests.support.running import free_port
from tests.support.services import child_environment
from tests.support.waiting import until

PATIENCE = 30.0


class StreamServer:
    """uvicorn with the portal's stream, as `make run` starts it, on the database of this test."""

    def __init__(self, folder: Path) -> None:
        self.port, self._log = free_port(), folder / "stream.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> StreamServer:
        command = [sys.executable, "-m", "uvicorn", "--host=127.0.0.1", f"--port={self.port}"]
        command += [*STREAM_OPTIONS, "cimic_portal.asgi:application"]
        self.process = child = spawn(command, log=self._log, env=child_environment(), cwd=CHECKOUT)
        until(lambda: child.poll() is not None or self._answers(), "the stream answers", PATIENCE)
        assert child.poll() is None, self.log
        return self

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def log(self) -> str:
        return self._log.read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        stop(self.process, number, patience=PATIENCE)

    def open(self, person: Person, *topics: str, **asked: Any) -> Ear:
        """A stream of this person, after the server said that it is open."""
        ear = self.ask(*topics, cookie=cookie_of(person), **asked)
        assert ear.status == 200
        return ear

    def ask(
        self,
        *topics: str,
        cookie: str = "",
        after: str | Sequence[str] = (),
        narrow: bool = False,
        **headers: str,
    ) -> Ear:
        """Any request for the stream, let in or not. `narrow`: over a line that holds very little."""
        places = [after] if isinstance(after, str) else after
        query = [("topic", topic) for topic in topics] + [("after", place) for place in places]
        sent = {"Host": f"localhost:{self.port}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if cookie:
            sent["Cookie"] = cookie
        return Ear(self.port, f"/stream?{urlencode(query)}", sent, narrow)


def cookie_of(person: Person) -> str:
    client = signed_in(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Ear:
    """Reads one answer as its bytes come; every wait has a deadline."""

    def __init__(self, port: int, path: str, headers: dict[str, str], narrow: bool) -> None:
        self.place = ""
        self._socket = socket.socket()
        if narrow:
            # Small segments keep the buffers at both ends small.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(("127.0.0.1", port))
        lines = [f"GET {path} HTTP/1.0", *(f"{name}: {value}" for name, value in headers.items())]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self._bytes, self._ended = b"", False
        head = self._until(b"\r\n\r\n", PATIENCE) or ""
        first, *rest = head.split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, _colon, value in (one.partition(": ") for one in rest)}

    def _until(self, mark: bytes, seconds: float) -> str | None:
        """What stands before `mark`; None when the answer ended instead."""
        deadline = time.monotonic() + seconds
        while mark not in self._bytes:
            if self._ended:
                return None
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                came = self._socket.recv(65536)
            except ConnectionError:
                came = b""
            self._ended = not came
            self._bytes += came
        text, _mark, self._bytes = self._bytes.partition(mark)
        return text.decode()

    def block(self, seconds: float = PATIENCE) -> dict[str, str] | None:
        """The next event or note, but signs of life; None when the stream ended."""
        while (text := self._until(b"\n\n", seconds)) is not None:
            fields = dict(line.partition(": ")[::2] for line in text.split("\n"))
            self.place = fields.get("id", self.place)
            if "data" in fields and fields.get("event") != "beat":
                return fields
        return None

    def note(self, seconds: float = PATIENCE) -> str:
        """The name of the next note; an event of the records is none."""
        found = self.block(seconds)
        return found.get("event", "") if found is not None else "ended"

    def news(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next event of the records."""
        while (found := self.block(seconds)) is not None:
            if "event" not in found:
                told: dict[str, Any] = json.loads(found["data"])
                return told
        raise AssertionError("the stream ended")

    def ends(self, seconds: float) -> bool:
        """Whether the server ends it within so many seconds; what comes before is passed over."""
        deadline = time.monotonic() + seconds
        try:
            while self.block(max(deadline - time.monotonic(), 0.001)) is not None:
                pass
        except TimeoutError:
            return False
        return True

    def body(self) -> bytes:
        """All of an answer that ends by itself."""
        while not self._ended:
            self._until(b"\0", PATIENCE)
        return self._bytes

    def close(self) -> None:
        self._socket.close()
