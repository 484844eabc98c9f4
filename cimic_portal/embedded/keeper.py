"""The keeper: starts processes in turn, watches them, and stops them all in the opposite turn."""

import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .processes import spawn, stop
from .services import Services

# How long a task that is running may take to finish after Ctrl-C, in seconds; and after a crash.
PATIENCE = 60.0
PATIENCE_AFTER_CRASH = 10.0


@dataclass
class Child:
    """One process of the portal, started from the checkout."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, environment: Mapping[str, str], cwd: Path) -> None:
        self.process = spawn(self.command, log=self.log, env=environment, cwd=cwd)


@dataclass
class Keeper:
    """Keeps the services and the processes above them. Nothing it started outlives it."""

    services: Services
    environment: dict[str, str]
    checkout: Path
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        child.start(self.environment, self.checkout)
        self.children.append(child)

    def fallen(self) -> tuple[str, int, Path] | None:
        """Name, exit code and log of a process that ended by itself; nothing while all is well."""
        logs = {"Postgres": self.services.postgres.log, "Valkey": self.services.valkey.log}
        found = [(name, process, logs[name]) for name, process in self.services.processes.items()]
        found += [(child.name, child.process, child.log) for child in self.children if child.process]
        for name, process, log in found:
            code = process.poll()
            if code is not None:
                return name, code, log
        return None

    def watch(self) -> tuple[str, int, Path]:
        """Wait until a process ends by itself; Ctrl-C interrupts."""
        while (fallen := self.fallen()) is None:
            time.sleep(0.2)
        return fallen

    def stop(self, patience: float = PATIENCE) -> None:
        """Stop the newest first, the services last. A second Ctrl-C ends what still runs at once."""
        while self.children:
            process = self.children[-1].process
            try:
                if process is not None:
                    stop(process, signal.SIGTERM, patience=patience)
                self.children.pop()
            except KeyboardInterrupt:
                patience = 0.1
        self.services.stop()


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for the screen."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
