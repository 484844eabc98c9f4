"""The process that keeps: it fetches every change as it happens, the files, and each night the whole."""

import json
import signal
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import psycopg2

from cimic_portal.embedded.processes import spawn, stop

from .base import drop_old, take
from .files import drop_removed, mirror
from .place import KeepingError, Plan, finished, moment_of
from .server import SLOT, Server, run

EVERY = 15.0


class Keeper:
    """Of one plan. `work` returns when `end` is set."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.server = Server(plan.address, plan.password)
        self.end = threading.Event()
        self.state: dict[str, str] = {}
        self._receiver: subprocess.Popen[bytes] | None = None
        self._damaged: list[str] = []
        self._mark: tuple[str, datetime] | None = None

    def work(self, every: float = EVERY) -> None:
        """Trouble is told and tried again: a database that is away comes back."""
        self.plan.place.create()
        try:
            while not self.end.is_set():
                try:
                    self.step()
                except (KeepingError, OSError, psycopg2.Error) as error:
                    say(f"Not kept: {error}")
                self.end.wait(every)
        finally:
            if self._receiver is not None:
                stop(self._receiver, signal.SIGINT)

    def step(self) -> None:
        """Once around. Files go after the changes that name them, never before."""
        self._receive()
        now = datetime.now(UTC)
        if self._mark is not None and self.server.has_arrived(self._mark[0]):
            self.state["changes"] = self._mark[1].isoformat()
        self._mark = (self.server.mark(), now)
        self._mirror(now)
        if self._is_due(now):
            whole(self.plan)
        if bases := finished(self.plan.place):
            self.state["base"] = moment_of(bases[-1]).isoformat()
        if self.plan.state is not None:
            fresh = self.plan.state.with_suffix(".new")
            fresh.write_text(json.dumps(self.state))
            fresh.rename(self.plan.state)

    def _mirror(self, now: datetime) -> None:
        damaged = mirror(self.plan.files, self.plan.place.files)
        if damaged and damaged != self._damaged:
            say(f"Damaged, so not kept: {', '.join(damaged)}")
        self._damaged = damaged
        if not damaged:
            self.state["files"] = now.isoformat()

    def _is_due(self, now: datetime) -> bool:
        last = datetime.combine(now.date(), self.plan.at)
        last = last if last <= now else last - timedelta(days=1)
        bases = finished(self.plan.place)
        return not bases or moment_of(bases[-1]) < last

    def _receive(self) -> None:
        if self._receiver is not None and self._receiver.poll() is None:
            return
        if self._receiver is not None:
            say("The receiver of changes had ended; it is started again.")
        folder = self.plan.place.changes / self.server.history()
        folder.mkdir(mode=0o700, exist_ok=True)
        slot = self.server.program("pg_receivewal", f"--slot={SLOT}", "--create-slot", "--if-not-exists")
        run(slot, "The server keeps no place for the backup.", self.server.environment)
        # Each change is on disk before it counts as received.
        options = [f"--slot={SLOT}", "--synchronous", "--no-loop", f"--directory={folder}"]
        self._receiver = spawn(self.server.program("pg_receivewal", *options), env=self.server.environment)


def whole(plan: Plan) -> Path:
    """One whole backup, files included; what is too old goes."""
    plan.place.create()
    base = take(Server(plan.address, plan.password), plan.place)
    mirror(plan.files, plan.place.files)
    drop_removed(plan.files, plan.place.files, plan.days + 1)
    size = sum(path.stat().st_size for path in base.iterdir())
    say(f"Kept and verified: {base.name}, {size / 2**20:.1f} MB.")
    for name in drop_old(plan.place, plan.days):
        say(f"Dropped as older than {plan.days} days: {name}.")
    return base


def keep(plan: Plan) -> None:
    """Until a signal comes."""
    keeper = Keeper(plan)

    def leave(_number: int, _frame: FrameType | None) -> None:
        keeper.end.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    keeper.work()


def say(text: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}", flush=True)
