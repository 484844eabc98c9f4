"""One running portal, as `make run` starts it, on a data folder of its own."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from pathlib import Path

from cimic_portal.embedded.layout import CHECKOUT
from tests.support.services import child_environment

READY = "The portal is at"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Portal:
    """One `make run` on a data folder, after its set-up."""

    def __init__(self, data: Path, port: int | None = None, **variables: str) -> None:
        self.data, self.port, self.text = data, port or free_port(), ""
        settings = {
            name: value for name, value in child_environment().items() if name != "DJANGO_SETTINGS_MODULE"
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cimic_portal.embedded", "run", "--port", str(self.port)],
            cwd=CHECKOUT,
            env=settings | {"PORTAL_DATA": str(data)} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def up(self) -> Portal:
        for line in self.process.stdout or ():
            self.text += line
            if READY in line:
                return self
        raise AssertionError(f"The portal did not come up:\n{self.text}")

    def status(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/")
        status = connection.getresponse().status
        connection.close()
        return status

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        self.text += self.process.communicate(timeout=120)[0]
        return self.process.returncode
