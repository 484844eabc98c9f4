"""One set of embedded services for a test run, shared by its workers.

The controller makes a folder and starts the services in it; the workers of pytest-xdist are told by an
environment variable. Each process has a database, cache and broker of its own, and a folder for files.
"""

import os
import shutil
import tempfile
from pathlib import Path

from cimic_portal.embedded.postgres import APP, OWNER
from cimic_portal.embedded.services import Services

_VARIABLE = "PORTAL_TEST_RUN"


class TestRun:
    """The run to which this process belongs, as controller or as worker."""

    __test__ = False

    def __init__(self) -> None:
        # A test may start a test run of its own: only our direct children are our workers.
        parent, _, folder = os.environ.get(_VARIABLE, "").partition(":")
        self.controls = parent != str(os.getppid()) or "PYTEST_XDIST_WORKER" not in os.environ
        if self.controls:
            self.folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
            self.worker = "main"
            number = 0
        else:
            self.folder = Path(folder)
            self.worker = os.environ["PYTEST_XDIST_WORKER"]
            number = 1 + int(self.worker.removeprefix("gw"))
        self.services = Services(self.folder / "services", durable=False)
        self.database = f"test_{self.worker}"
        os.environ.update(self.environment(number))
        # The server of static files looks for its folder when it starts.
        (self.folder / self.worker / "static").mkdir(parents=True)
        # The tests come in as owner and change role: see `database.py`.
        os.environ["PORTAL_ROLE"] = "owner"
        if self.controls:
            os.environ[_VARIABLE] = f"{os.getpid()}:{self.folder}"

    def environment(self, number: int) -> dict[str, str]:
        """The variables from which the settings of this process are read."""
        postgres, valkey = self.services.postgres, self.services.valkey
        return self.services.environment() | {
            "PORTAL_DATA": str(self.folder / self.worker),
            "DATABASE_URL": postgres.url(APP, self.database),
            "DATABASE_OWNER_URL": postgres.url(OWNER, self.database),
            "REDIS_URL": valkey.cache_url(2 * number),
            "CELERY_BROKER_URL": valkey.broker_url(2 * number + 1),
        }

    def start(self) -> None:
        """Start the services and give the owner what only a test run needs."""
        self.services.start()
        with self.services.postgres.connect("postgres") as query:
            query.execute(f"GRANT {APP} TO {OWNER} WITH INHERIT FALSE, SET TRUE")
            query.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")

    def stop(self) -> None:
        """Stop the services and remove what the run made."""
        if self.controls:
            self.services.stop()
            shutil.rmtree(self.folder, ignore_errors=True)


def child_environment() -> dict[str, str]:
    """For a portal process that a test starts: the database of this test, under the run-time role."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"PORTAL_ROLE", _VARIABLE}}
    return inherited | {"DJANGO_SETTINGS_MODULE": "cimic_portal.settings.test"}
