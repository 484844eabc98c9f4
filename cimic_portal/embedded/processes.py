"""Child processes that never outlive the one who started them."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .layout import EmbeddedError

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
# What ends us. One that comes while a child is being forked would be lost, so it waits until that is done.
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOG_LIMIT = 10 * 1024 * 1024


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """A hook for the child, between fork and exec: the kernel sends it `death_signal` when we die.

    It holds for the thread that starts the child: start children from the main thread. Linux only;
    elsewhere the next start ends what was left over.
    """
    parent = os.getpid()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    def hook() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

    return hook


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches only its keeper.

    Output goes to `log` (appended; the file before it is kept as `.1` beyond 10 MB) or to our own output.
    `user` is a numeric id to drop to, with the same group and no others.
    """
    if log is not None and log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(log.suffix + ".1"))
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log is not None else None
        hook = die_with_parent(death_signal)
        stack.callback(
            signal.pthread_sigmask, signal.SIG_SETMASK, signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        )
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=env,
            cwd=cwd,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            start_new_session=True,
            preexec_fn=hook,
        )


def stop(process: subprocess.Popen[bytes], first: signal.Signals, *, patience: float = 30) -> None:
    """Ask `process` to end with `first`; after `patience` seconds, or when it left children, end them all."""
    if process.poll() is None:
        process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def command_line(pid: int) -> str:
    """The words with which process `pid` was started, or nothing when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listing = [shutil.which("ps") or "/bin/ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout


def end_leftover(pid_file: Path, marker: str, end_signal: signal.Signals) -> None:
    """End what an earlier keeper left behind, and remove its process id file.

    A process id may belong to somebody else after a crash or reboot: only a process whose command line
    holds `marker` is ours.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        pid = 0
    if pid and marker in command_line(pid):
        # When its keeper died a moment ago it is ending by itself; else it is told to.
        if not wait_until(lambda: marker not in command_line(pid), 5):
            os.kill(pid, end_signal)
        if not wait_until(lambda: marker not in command_line(pid), 30):
            raise EmbeddedError(f"Process {pid} of an earlier run does not end; end it and try again.")
    pid_file.unlink(missing_ok=True)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look at `condition` until it is true, for at most `seconds`; return whether it became true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
