"""The real machinery around a test: a broker of its own, workers, and a mail server that remembers."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import redis
from aiosmtpd.controller import Controller
from celery import current_app

from cimic_portal.embedded.layout import CHECKOUT, Layout
from cimic_portal.embedded.processes import spawn
from cimic_portal.embedded.valkey import Valkey
from tests.support.services import child_environment
from tests.support.waiting import until

QUEUES = ("notify", "mail", "reports")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailServer:
    """Takes mail over SMTP. `on_mail` runs after a message was taken and before that is answered."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.on_mail: Callable[[], None] | None = None
        self._controller: Controller | None = None
        self.port = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        if self.on_mail is not None:
            self.on_mail()
        return "250 OK"

    def start(self) -> None:
        """On the port of before, if it ran before."""
        self.port = self.port or _free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class Portal:
    """Broker, mail server and the processes of one test; everything is ended with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.signals = folder / "signals"
        self.signals.mkdir()
        layout = Layout(folder / "broker")
        layout.create()
        self.valkey = Valkey(layout)
        self._broker: subprocess.Popen[bytes] | None = None
        self.mail = MailServer()
        self.mail.start()
        self._children: list[subprocess.Popen[bytes]] = []
        self.start_broker()

    def start_broker(self) -> None:
        self._broker = self.valkey.start()

    def kill_broker(self) -> None:
        """As a power cut would: what was not on disk yet is gone."""
        assert self._broker is not None
        self._broker.kill()
        self._broker.wait()

    def connection(self) -> Any:
        """For the test itself, in place of the portal's own."""
        patience = {"socket_timeout": 1.0, "max_retries": 1, "interval_start": 0, "interval_step": 0}
        return current_app.connection_for_write(self.valkey.broker_url(), transport_options=patience)

    def length(self, queue: str) -> int:
        client = redis.Redis.from_url(self.valkey.cache_url())
        with client:
            return int(client.llen(queue))

    def environment(self, **more: str) -> dict[str, str]:
        return child_environment() | {
            "REDIS_URL": self.valkey.cache_url(),
            "CELERY_BROKER_URL": self.valkey.broker_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "TEST_SIGNALS": str(self.signals),
            "OUTBOX_LEASE": "1",
            "OUTBOX_FIRST_WAIT": "0.2",
            **more,
        }

    def worker(
        self, *queues: str, concurrency: int = 1, ready: bool = True, **environment: str
    ) -> subprocess.Popen[bytes]:
        """A worker for these queues (all, if none is named), taking work when this returns."""
        log = self.folder / f"worker-{len(self._children)}.log"
        command = [sys.executable, "-m", "celery", "--app=tests.support.worker_app", "worker"]
        command += [f"--queues={','.join(queues or QUEUES)}", f"--concurrency={concurrency}"]
        command += [f"--hostname=w{len(self._children)}@test", "--loglevel=INFO"]
        command += ["--without-gossip", "--without-mingle"]
        child = spawn(command, log=log, env=self.environment(**environment), cwd=CHECKOUT)
        self._children.append(child)
        if ready:
            until(lambda: child.poll() is not None or "ready." in log.read_text(), "the worker is ready", 90)
            assert child.poll() is None, log.read_text()
        return child

    def begun(self, name: str) -> list[int]:
        """Process ids of the workers that began this work, in order."""
        files = sorted(self.signals.glob(f"{name}-begun-*"))
        return [int(file.read_text()) for file in files if file.read_text()]

    def let_go_on(self, name: str) -> None:
        (self.signals / f"{name}-go").touch()

    def kill(self, child: subprocess.Popen[bytes]) -> None:
        """kill -9 of a process and of everything it started."""
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A web process of the portal that does what `program` says."""
        prelude = "import os, sys, django; django.setup()\n"
        return subprocess.run(
            [sys.executable, "-c", prelude + program, *arguments],
            env=self.environment(),
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def close(self) -> None:
        for child in self._children:
            if child.poll() is None:
                self.kill(child)
        self.mail.stop()
        self.valkey.stop()
