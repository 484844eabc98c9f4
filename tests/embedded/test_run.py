"""`make run` as a person meets it: up, stopped, crashed, killed, twice on one machine."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.processes import command_line, wait_until
from cimic_portal.embedded.services import Services
from tests.support.processes import processes_of
from tests.support.services import child_environment

pytestmark = pytest.mark.long
READY = "The portal is at"


class Portal:
    """One `make run` on a data folder, after its set-up."""

    def __init__(self, data: Path, port: int, **variables: str) -> None:
        self.data, self.port, self.text = data, port, ""
        settings = {
            name: value for name, value in child_environment().items() if name != "DJANGO_SETTINGS_MODULE"
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cimic_portal.embedded", "run", "--port", str(port)],
            cwd=CHECKOUT,
            env=settings | {"PORTAL_DATA": str(data)} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def up(self) -> "Portal":
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

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        self.text += self.process.communicate(timeout=120)[0]
        return self.process.returncode


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first run."""
    data = tmp_path_factory.mktemp("run") / "data"
    portal = Portal(data, _free_port()).up()
    assert portal.end(signal.SIGINT) == 0, portal.text
    assert processes_of(data) == []
    return data


@pytest.fixture
def run() -> Iterator[Callable[..., Portal]]:
    started: list[Portal] = []

    def start(data: Path, **variables: str) -> Portal:
        started.append(Portal(data, _free_port(), **variables))
        return started[-1]

    yield start
    for portal in started:
        portal.process.kill()
        portal.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _processes_with(data: Path, word: str) -> list[int]:
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in found if word in command_line(pid) and str(data) in command_line(pid)]


def test_second_run_keeps_the_data(prepared: Path, run: Callable[..., Portal]) -> None:
    services = Services(prepared)
    services.start()
    with services.postgres.connect("portal", "portal_owner") as query:
        query.execute("CREATE TABLE kept_over_runs AS SELECT 1 AS one")
    services.stop()
    portal = run(prepared).up()
    assert portal.status() < 500
    assert "Collecting" not in portal.text
    with services.postgres.connect("portal", "portal_owner") as query:
        query.execute("DROP TABLE kept_over_runs")
    assert portal.end(signal.SIGINT) == 0
    assert processes_of(prepared) == []


def test_two_portals_run_side_by_side(prepared: Path, tmp_path: Path, run: Callable[..., Portal]) -> None:
    other = tmp_path / "other"
    shutil.copytree(prepared, other, ignore=shutil.ignore_patterns("*.lock", "*.pid"))
    first, second = run(prepared), run(other)
    assert first.up().status() < 500
    assert second.up().status() < 500
    assert second.end(signal.SIGINT) == 0
    assert first.status() < 500
    assert first.end(signal.SIGTERM) == 0


def test_crash_of_one_stops_all(prepared: Path, run: Callable[..., Portal]) -> None:
    portal = run(prepared).up()
    (beat,) = _processes_with(prepared, "celery")
    os.kill(beat, signal.SIGKILL)
    assert portal.ended() == 1
    assert "The beat ended unexpectedly" in portal.text
    assert processes_of(prepared) == []


def test_crash_of_the_database_stops_all(prepared: Path, run: Callable[..., Portal]) -> None:
    portal = run(prepared).up()
    (postgres,) = _processes_with(prepared, "bin/postgres")
    os.kill(postgres, signal.SIGKILL)
    assert portal.ended() == 1
    assert "Postgres ended unexpectedly" in portal.text
    assert processes_of(prepared) == []


def test_killed_keeper_leaves_nothing_and_the_next_run_is_well(
    prepared: Path, run: Callable[..., Portal]
) -> None:
    portal = run(prepared).up()
    portal.end(signal.SIGKILL)
    assert wait_until(lambda: processes_of(prepared) == [], 60)
    portal = run(prepared).up()
    assert portal.status() < 500
    assert portal.end(signal.SIGINT) == 0


def test_interrupted_first_run_leaves_nothing(tmp_path: Path, run: Callable[..., Portal]) -> None:
    portal = run(tmp_path / "data")
    for line in portal.process.stdout or ():
        if "Bringing the tables" in line:
            break
    assert portal.end(signal.SIGINT) == 0
    assert processes_of(tmp_path / "data") == []


def test_used_port_and_used_folder_are_told(
    prepared: Path, tmp_path: Path, run: Callable[..., Portal]
) -> None:
    portal = run(prepared).up()
    same_port = Portal(tmp_path / "data", portal.port)
    assert same_port.ended() == 1
    assert f"Port {portal.port} cannot be used" in same_port.text
    same_folder = run(prepared)
    assert same_folder.ended() == 1
    assert "is running already" in same_folder.text
    assert portal.end(signal.SIGINT) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hide behind another user")
def test_root_without_user_namespaces(tmp_path: Path) -> None:
    """Where the machine refuses namespaces, Postgres runs as `nobody` from a folder of its own."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "sleep"):
        (programs / name).symlink_to(shutil.which(name) or "")
    data = tmp_path / "data"
    command = [sys.executable, "-m", "cimic_portal.embedded", "exec", "--", "sh", "-c", "echo $DATABASE_URL"]
    settings = child_environment() | {"PORTAL_DATA": str(data), "PATH": str(programs)}
    done = subprocess.run(command, cwd=CHECKOUT, env=settings, capture_output=True, text=True, check=False)
    home = Path((data / "postgres.home").read_text().strip())
    try:
        assert done.returncode == 0, done.stderr
        assert f"host={home}/sockets" in done.stdout
        assert (home / "cluster").owner() == "nobody"
        assert not (data / "postgres").exists()
    finally:
        shutil.rmtree(home)
