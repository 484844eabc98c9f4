"""What a reader of files may do: write inside its folder alone, end in time, take a fair share of memory."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MOST_SECONDS, MOST_MEMORY = 20, 400 * 2**20
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Where the path stands among what the event tells, and the folder that it is seen from, if any.
_CHANGING = {"os.mkdir": (0, 2), "os.rename": (1, 3), "os.symlink": (1, 2), "os.link": (1, 3)}
_CHANGING |= {"os.remove": (0, 1), "os.rmdir": (0, 1)}
_STARTING = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.getaddrinfo"}


class TooLongError(BaseException):
    """Of no kind that a reader could catch. Counted in time of the processor: a busy machine is no reason."""


class Watch:
    """Hears by Python's audit events of every file that is written and every program that is started."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.outside: list[str] = []
        # A hook cannot be taken away again.
        sys.addaudithook(self._hear)

    def _hear(self, event: str, given: tuple[Any, ...]) -> None:
        if self.folder is None:
            return
        if event == "open":
            path, _mode, flags = given
            if isinstance(path, (str, bytes)) and flags & _WRITING:
                self._look(event, path)
        elif event in _CHANGING:
            path, seen_from = (given[place] for place in _CHANGING[event])
            base = Path(f"/proc/self/fd/{seen_from}").readlink() if seen_from >= 0 else "."
            self._look(event, os.path.join(base, os.fsdecode(path)))  # noqa: PTH118 - Path would open files
        elif event in _STARTING:
            self.outside.append(f"{event} {given[:1]}")

    def _look(self, event: str, path: str | bytes) -> None:
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - no more than the text
        if not place.startswith((str(self.folder), "/dev/null")):
            self.outside.append(f"{event} {place}")


_WATCH = Watch()


def _too_long(*_about: Any) -> None:
    raise TooLongError


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """While this runs, whatever is written or started outside the folder, or takes too much, fails."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    old = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    _WATCH.folder = folder
    try:
        yield
    finally:
        _WATCH.folder = None
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)
        outside, _WATCH.outside = _WATCH.outside, []
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert not outside, outside
    assert grown < MOST_MEMORY, f"It took {grown // 2**20} MB more."
