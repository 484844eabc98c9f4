"""Postgres and Valkey of a data folder: started, shared, crashed, started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from cimic_portal.embedded.layout import CHECKOUT, EmbeddedError
from cimic_portal.embedded.processes import wait_until
from cimic_portal.embedded.services import Services
from tests.support.processes import processes_of


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    # Deeper than a socket path may be.
    found = Services(tmp_path / ("deep" * 20) / "data", durable=False)
    yield found
    found.stop()


def _again(services: Services) -> Services:
    return Services(services.layout.data, durable=False)


def test_restart_keeps_rows_and_queued_work(services: Services) -> None:
    services.start()
    environment = services.environment()
    with services.postgres.connect("portal", "portal_owner") as query:
        query.execute("CREATE TABLE kept AS SELECT 'Birao' AS name")
    with redis.Redis.from_url(environment["REDIS_URL"]) as broker:
        broker.lpush("notify", "task")
    services.stop()
    assert processes_of(services.layout.data) == []

    services.start()
    assert services.environment() == environment
    with services.postgres.connect("portal", "portal_owner") as query:
        query.execute("SELECT name FROM kept")
        assert query.fetchall() == [("Birao",)]
    with redis.Redis.from_url(environment["REDIS_URL"]) as broker:
        assert broker.lrange("notify", 0, -1) == [b"task"]


def test_roles_and_settings_are_those_of_production(services: Services) -> None:
    services.start()
    with services.postgres.connect("portal", "portal_app") as query:
        query.execute(
            "SELECT datlocprovider, datlocale, pg_get_userbyid(datdba)"
            " FROM pg_database WHERE datname = 'portal'"
        )
        assert query.fetchone() == ("b", "PG_UNICODE_FAST", "portal_owner")
        query.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls"
            " FROM pg_roles WHERE rolname LIKE 'portal%'"
        )
        assert query.fetchall() == [(False, False, False, False)] * 2
        query.execute("SHOW timezone")
        assert query.fetchone() == ("UTC",)
        query.execute("SHOW listen_addresses")
        assert query.fetchone() == ("",)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query.execute("CREATE TABLE mine (id int)")


def test_broker_asks_for_the_password_and_drops_nothing(services: Services) -> None:
    services.start()
    with (
        redis.Redis(unix_socket_path=str(services.valkey.socket)) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    with redis.Redis.from_url(services.environment()["REDIS_URL"]) as broker:
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert broker.config_get("port") == {"port": "0"}


def test_second_user_shares_what_the_first_started(services: Services) -> None:
    services.start()
    guest = _again(services)
    guest.start()
    assert (services.owned, guest.owned) == (True, False)
    assert not services.alone()
    guest.stop()
    assert services.postgres.answers()
    assert services.valkey.answers()
    assert services.alone()


def test_start_after_a_crash_of_both(services: Services) -> None:
    services.start()
    for process in services.processes.values():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    services.stop()
    services.start()
    assert services.postgres.answers()
    assert services.valkey.answers()


def test_process_id_of_somebody_else_is_left_alone(services: Services) -> None:
    services.start()
    services.stop()
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        for file in (services.layout.postgres / "postmaster.pid", services.layout.run / "valkey.pid"):
            file.write_text(f"{bystander.pid}\n{services.layout.postgres}\n")
        services.start()
        assert services.postgres.answers()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_services_end_with_a_killed_owner(services: Services) -> None:
    data = services.layout.data
    script = (
        "import sys, pathlib\nfrom cimic_portal.embedded.services import Services\n"
        "Services(pathlib.Path(sys.argv[1]), durable=False).start()\nprint('up', flush=True)\ninput()\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(data)], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    assert len(processes_of(data)) >= 2
    owner.kill()
    owner.communicate()
    # Whoever comes next need not wait: the services start anew at once.
    services.start()
    assert services.owned
    services.stop()
    assert wait_until(lambda: processes_of(data) == [], 10)


def test_secrets_are_closed_and_foreign_folders_keep_their_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    services = Services(tmp_path, durable=False)
    services.environment()
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in services.layout.secrets.iterdir()} == {0o600}
    assert services.layout.sockets.stat().st_mode & 0o777 == 0o700
    services.layout.sockets.rmdir()


def test_socket_folder_that_others_may_open_is_refused(tmp_path: Path) -> None:
    services = Services(tmp_path)
    services.layout.sockets.mkdir(mode=0o755)
    try:
        with pytest.raises(EmbeddedError, match="belongs to somebody else"):
            services.start()
    finally:
        services.layout.sockets.rmdir()


def test_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match="cannot be written"):
        Services(tmp_path / "file" / "data").start()
