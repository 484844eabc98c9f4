"""The keeper stops what it started: in order, after a crash, and when it is killed itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cimic_portal.embedded.keeper import Child, Keeper
from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.processes import wait_until
from cimic_portal.embedded.services import Services
from tests.support.processes import processes_of

# Writes its name when it is ready and when it is told to stop; a stubborn one does not listen.
POLITE = """
import pathlib, signal, sys
log, name, manner = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def note(text):
    with log.open("a") as file:
        file.write(f"{name} {text}\\n")
def leave(*_):
    note("stopped")
    if manner != "stubborn":
        sys.exit(0)
signal.signal(signal.SIGTERM, leave)
note("ready")
while True:
    signal.pause()
"""


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    services = Services(tmp_path / "data")
    services.layout.data.mkdir()
    return Keeper(services, dict(os.environ), CHECKOUT)


def _start(keeper: Keeper, name: str, manner: str = "polite") -> Path:
    """Start a child and wait until it listens; return the file in which all children write."""
    notes = keeper.services.layout.data / "notes"
    command = [sys.executable, "-c", POLITE, str(notes), name, manner]
    keeper.start(Child(name, command, keeper.services.layout.data / f"{name}.log"))
    assert wait_until(lambda: notes.exists() and f"{name} ready" in notes.read_text(), 20)
    return notes


def test_stop_takes_the_newest_first(keeper: Keeper) -> None:
    for name in ("web", "worker", "beat"):
        notes = _start(keeper, name)
    keeper.stop()
    assert notes.read_text().splitlines()[3:] == ["beat stopped", "worker stopped", "web stopped"]
    assert processes_of(keeper.services.layout.data) == []


def test_stop_ends_who_does_not_listen(keeper: Keeper) -> None:
    _start(keeper, "worker", "stubborn")
    keeper.stop(patience=0.1)
    assert processes_of(keeper.services.layout.data) == []


def test_watch_names_who_ended(keeper: Keeper) -> None:
    _start(keeper, "web")
    log = keeper.services.layout.data / "beat.log"
    keeper.start(Child("The beat", [sys.executable, "-c", "print('no schedule'); raise SystemExit(3)"], log))
    assert keeper.watch() == ("The beat", 3, log)
    assert log.read_text() == "no schedule\n"
    keeper.stop()


def test_nothing_outlives_a_killed_keeper(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    script = f"""
import os, pathlib, sys
sys.path.insert(0, {str(CHECKOUT)!r})
from cimic_portal.embedded.keeper import Keeper
from cimic_portal.embedded.services import Services
from tests.embedded.test_keeper import _start
keeper = Keeper(Services(pathlib.Path({str(data)!r})), dict(os.environ), pathlib.Path("/"))
for name in ("web", "worker", "beat"):
    _start(keeper, name)
print("up", flush=True)
keeper.watch()
"""
    owner = subprocess.Popen([sys.executable, "-c", script], cwd=CHECKOUT, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    assert len(processes_of(data)) == 4
    owner.kill()
    owner.communicate()
    assert wait_until(lambda: processes_of(data) == [], 20)
