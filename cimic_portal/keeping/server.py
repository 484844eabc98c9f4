"""The server whose changes are kept, and Postgres's own programs that fetch them."""

import os
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from cimic_portal.embedded.account import package_folder

from .place import KeepingError

# Keeps what was not fetched yet on the server while nobody fetches it.
SLOT = "portal_backup"
_RECEIVER = "portal_receiver"


@dataclass(frozen=True)
class Server:
    """Reached with a role that may replicate. The password stands in no command line."""

    address: str
    password: str = ""

    @property
    def environment(self) -> dict[str, str]:
        more = {"PGPASSWORD": self.password} if self.password else {}
        return os.environ | more | {"PGAPPNAME": _RECEIVER}

    def program(self, name: str, *options: str | Path) -> list[str]:
        """A call of one of the programs that connect."""
        return [str(binary(name)), f"--dbname={self.address}", "--no-password", *map(str, options)]

    def history(self) -> str:
        """Which cluster this is, and on which timeline: a restore to a moment begins a new one."""
        query = (
            "SELECT system_identifier || '-' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
            " FROM pg_control_system()"
        )
        return str(self._ask(query)[0])

    def mark(self) -> str:
        """Commit a note that changes nothing, and say where in the log it stands.

        A restore to a moment needs a commit after it to know that the moment is over; at night nobody
        else makes one.
        """
        return str(self._ask("SELECT pg_logical_emit_message(true, 'portal_backup', '')")[0])

    def has_arrived(self, position: str) -> bool:
        """Whether the receiver has what stands there, on its disk."""
        query = "SELECT count(*) FROM pg_stat_replication WHERE application_name = %s AND flush_lsn >= %s"
        return bool(self._ask(query, _RECEIVER, position)[0])

    def _ask(self, query: str, *values: str) -> tuple[Any, ...]:
        options: dict[str, Any] = {"password": self.password} if self.password else {}
        try:
            link = psycopg2.connect(self.address, connect_timeout=10, **options)
        except psycopg2.OperationalError as error:
            raise KeepingError(f"The database does not answer: {str(error).strip()}") from error
        with closing(link), link, link.cursor() as cursor:
            cursor.execute(query, values or None)
            found: tuple[Any, ...] | None = cursor.fetchone()
            assert found is not None
            return found


def binary(name: str) -> Path:
    """One of Postgres's programs, of the version that the portal is tested with."""
    return package_folder() / "pginstall" / "bin" / name


def run(command: list[str], complaint: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise KeepingError(f"{complaint}\n{done.stderr.strip()[-2000:]}")
