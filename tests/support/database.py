"""The test database: migrated once as owner, copied for each worker, used under the run-time role."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.postgres import APP, OWNER

from .services import TestRun

_TEMPLATE = "portal_template"


def create(run: TestRun) -> None:
    """Make this worker's database, and before it the template when nobody has."""
    with (run.folder / "template.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run.folder / "template.done"
        if not done.exists():
            _make_template(run)
            done.touch()
    with run.services.postgres.connect("postgres") as query:
        query.execute(f"CREATE DATABASE {run.database} OWNER {OWNER} TEMPLATE {_TEMPLATE}")
        # Rights on a database are not copied with it; `install_rights` takes this one away.
        query.execute(f"REVOKE TEMPORARY ON DATABASE {run.database} FROM PUBLIC")
    connection_created.connect(_take_run_time_role, dispatch_uid="tests.role")


def _make_template(run: TestRun) -> None:
    """Migrate an empty database; on the next run take what came out, while no migration changes.

    A fresh clone, as in CI, always migrates.
    """
    with run.services.postgres.connect("postgres") as query:
        query.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
        query.execute(f"CREATE DATABASE {_TEMPLATE} OWNER {OWNER}")
    kept = CHECKOUT / ".cache" / f"test-schema-{_schema_digest()}.sql"
    if kept.exists():
        _program(run, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "-1", f"--file={kept}")
        return
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = _TEMPLATE
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    kept.parent.mkdir(exist_ok=True)
    for old in kept.parent.glob("test-schema-*.sql"):
        old.unlink(missing_ok=True)
    fresh = run.folder / kept.name
    _program(run, "pg_dump", f"--file={fresh}")
    shutil.move(fresh, kept)


def _schema_digest() -> str:
    """Changes with whatever migrate reads: the migrations, and the rights and triggers set after them."""
    digest = hashlib.sha256((CHECKOUT / "requirements.txt").read_bytes())
    digest.update(" ".join(settings.INSTALLED_APPS).encode())
    found: set[Path] = set()
    for app in ("cimic_portal", "operations", "liaison", "training"):
        found.update((CHECKOUT / app).rglob("migrations/*.py"), (CHECKOUT / app).rglob("apps.py"))
        found.update((CHECKOUT / app).rglob("ret*.py"))
    for folder in ("audit", "sharing"):
        found.update((CHECKOUT / "cimic_portal" / "core" / folder).rglob("*.py"))
    for path in sorted(found):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _program(run: TestRun, name: str, *options: str) -> None:
    """Run a client program of Postgres on the template."""
    program = run.services.postgres.account.binaries / name
    address = run.services.postgres.url("postgres", _TEMPLATE)
    subprocess.run([program, *options, address], check=True, stdout=subprocess.DEVNULL)


def _take_run_time_role(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP}")


@contextmanager
def owner_role() -> Iterator[None]:
    """Work as the owner of the tables; triggers of tables stay off, so that the trail can be emptied."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(f"SET ROLE {APP}")


_flush = TransactionTestCase._fixture_teardown


def _flush_as_owner(test: TransactionTestCase) -> None:
    with owner_role():
        _flush(test)


TransactionTestCase._fixture_teardown = _flush_as_owner
