"""Both services of one data folder, shared by whoever works with it.

Whoever comes first starts them and owns them; others use them. Three lock files tell who is who; the kernel
lets go of a lock when its process dies, so no crash leaves one behind.
"""

import contextlib
import fcntl
import subprocess
from pathlib import Path
from typing import IO

from .keys import secret
from .layout import Layout
from .postgres import APP, OWNER, Postgres
from .valkey import Valkey


class Services:
    """Postgres and Valkey of `data`; `durable=False` trades safety against power cuts for speed."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.layout = Layout(data)
        self.postgres = Postgres(self.layout, durable=durable)
        self.valkey = Valkey(self.layout)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._locks: dict[str, IO[bytes]] = {}

    @property
    def owned(self) -> bool:
        """Whether we started the services, and so stop them."""
        return "owner" in self._locks

    def start(self) -> None:
        """Start what is not running; return when both answer."""
        self.layout.create()
        self._lock("start", fcntl.LOCK_EX)
        try:
            self._lock("user", fcntl.LOCK_SH)
            if self._try_lock("owner"):
                self.processes["Postgres"] = self.postgres.start()
                self.processes["Valkey"] = self.valkey.start()
        except BaseException:
            self.stop()
            raise
        finally:
            self._unlock("start")

    def alone(self, *, wait: bool = False) -> bool:
        """Whether nobody else uses the services; with `wait`, return only when that is so."""
        self._unlock("user")
        if wait:
            self._lock("user", fcntl.LOCK_EX)
            return True
        return self._try_lock("user")

    def stop(self) -> None:
        """Stop what we started, the broker first. What others started is left running."""
        self.processes.clear()
        if self.owned:
            self.valkey.stop()
            self.postgres.stop()
            with contextlib.suppress(OSError):
                self.layout.sockets.rmdir()
        for name in list(self._locks):
            self._unlock(name)

    def environment(self) -> dict[str, str]:
        """What the settings read: see `docs/howto/configure.md`. The services need not run."""
        self.layout.create()
        return {
            "PORTAL_DATA": str(self.layout.data),
            "DATABASE_URL": self.postgres.url(APP),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER),
            "REDIS_URL": self.valkey.cache_url(),
            "CELERY_BROKER_URL": self.valkey.broker_url(),
            "SECRET_KEY": secret(self.layout.secrets, "secret_key"),
        }

    def _lock(self, name: str, kind: int) -> None:
        file = (self.layout.run / f"{name}.lock").open("ab")
        try:
            fcntl.flock(file, kind)
        except BaseException:
            file.close()
            raise
        self._locks[name] = file

    def _try_lock(self, name: str) -> bool:
        try:
            self._lock(name, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(self, name: str) -> None:
        held = self._locks.pop(name, None)
        if held is not None:
            held.close()
