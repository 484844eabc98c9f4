"""The drill: a working portal dies, and comes back as of a moment and as of its last change."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from cimic_portal.embedded.account import choose_account
from cimic_portal.embedded.layout import CHECKOUT, Layout
from cimic_portal.embedded.postgres import APP, Postgres
from cimic_portal.embedded.processes import spawn, stop
from cimic_portal.keeping.base import drop_old
from cimic_portal.keeping.place import KeepingError, Place, finished, name_of
from cimic_portal.keeping.restore import restore
from tests.support.waiting import until

pytestmark = pytest.mark.long

BACKUP = "portal_backup"
MOST_LOST_SECONDS = 60
_WRITE = (
    "INSERT INTO core_organisation (short_name, name, kind, component, is_mission, phone, email,"
    " website, is_archived, created_at, updated_at)"
    " VALUES (%s, %s, 'ingo', 5, false, '', '', '', false, clock_timestamp(), now()) RETURNING created_at"
)
Facts = dict[str, tuple[int, str]]


class Mission:
    """A portal's database and files, and somebody who writes."""

    def __init__(self, data: Path) -> None:
        self.layout = Layout(data)
        self.layout.create()
        self.postgres = Postgres(self.layout)
        self.written: list[tuple[str, datetime]] = []

    def migrate(self) -> None:
        more = {
            "DATABASE_URL": self.postgres.url(APP),
            "DATABASE_OWNER_URL": self.postgres.url("portal_owner"),
            "DJANGO_SETTINGS_MODULE": "cimic_portal.settings.development",
        }
        environment = {name: value for name, value in os.environ.items() if name != "PORTAL_ROLE"} | more
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=CHECKOUT, env=environment, check=True)

    def write(self, count: int) -> None:
        """So many organisations, each in a transaction, through the triggers of the trail; and a file before
        each, as uploads are kept."""
        with psycopg2.connect(self.postgres.url(APP)) as link, link.cursor() as cursor:
            for number in range(len(self.written), len(self.written) + count):
                content = f"upload {number}".encode()
                name = hashlib.sha256(content).hexdigest()
                path = self.layout.data / "files" / "attachments" / name[:2] / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                cursor.execute(_WRITE, [f"D{number:09}", name])
                row = cursor.fetchone()
                link.commit()
                assert row
                self.written.append((name, row[0]))

    def facts(self) -> Facts:
        """For each table the number of rows and a checksum of them all."""
        return facts(self.postgres)


def facts(postgres: Postgres) -> Facts:
    with postgres.connect("portal") as query:
        query.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in query.fetchall()]
        found: Facts = {}
        for table in tables:
            rows = "string_agg(t::text, E'\\n' ORDER BY t::text)"
            query.execute(f"SELECT count(*), md5(coalesce({rows}, '')) FROM {table} t")
            found[table] = query.fetchone()
        return found


def environment_of(mission: Mission, folder: Path) -> dict[str, str]:
    return os.environ | {
        "BACKUP_DATABASE_URL": mission.postgres.url(BACKUP),
        "BACKUP_DIR": str(folder / "backups"),
        "BACKUP_STATE": str(folder / "state.json"),
        "PORTAL_DATA": str(mission.layout.data),
    }


def keeping(*words: str | Path, environment: dict[str, str] | None = None) -> str:
    command = [sys.executable, "-m", "cimic_portal.keeping", *map(str, words)]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def restored(folder: Path, moment: str, data: Path) -> Iterator[Postgres]:
    """A server in a new data folder, once it has replayed up to the moment."""
    layout = Layout(data)
    layout.create()
    account = choose_account(layout)
    user = [] if account.user is None else [f"--cluster-user={account.user}"]
    places = ["--from", folder / "backups", "--cluster", account.cluster, "--files", data / "files", *user]
    print(keeping("restore_to", moment, *places))
    postgres = Postgres(layout)
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()


def test_a_dead_mission_comes_back_as_of_a_moment_and_as_of_its_end(tmp_path: Path) -> None:
    mission = Mission(tmp_path / "mission")
    server = mission.postgres.start()
    with mission.postgres.connect("postgres") as query:
        query.execute(f"CREATE ROLE {BACKUP} LOGIN REPLICATION")
    mission.migrate()
    mission.write(50)
    environment = environment_of(mission, tmp_path)
    state = tmp_path / "state.json"
    keeper = spawn([sys.executable, "-m", "cimic_portal.keeping", "keep"], env=environment, cwd=CHECKOUT)
    try:
        until(lambda: state.exists() and "base" in json.loads(state.read_text()), "the first whole backup")
        mission.write(200)
        before = mission.facts()
        moment = datetime.now(UTC)
        # Somebody goes on writing until the machine dies under them.
        writer = threading.Thread(target=write_until_death, args=[mission])
        writer.start()
        until(lambda: len(mission.written) > 1000, "work after the moment")
        os.killpg(server.pid, signal.SIGKILL)
        keeper.kill()
        writer.join()
    finally:
        stop(keeper, signal.SIGKILL)
        mission.postgres.stop()

    check_what_is_lost(tmp_path, mission)
    with restored(tmp_path, moment.isoformat(), tmp_path / "moment") as postgres:
        after = facts(postgres)
        assert after.keys() == before.keys()
        assert after == before
        assert after["core_organisation"][0] == after["core_organisationevent"][0] >= 250
        # A new history has begun, and is kept like any.
        new = environment | {"BACKUP_DATABASE_URL": postgres.url(BACKUP)}
        assert "Kept and verified" in keeping("backup", environment=new)

    check_refusals(tmp_path, moment)
    # The way back is open from that one too, and ends where its own history does.
    with restored(tmp_path, "latest", tmp_path / "again") as postgres:
        assert facts(postgres) == before


def check_what_is_lost(folder: Path, mission: Mission) -> None:
    """Measured by the moments of the rows themselves: of those that were confirmed, the last seconds."""
    with restored(folder, "latest", folder / "end") as postgres, postgres.connect("portal") as query:
        query.execute("SELECT name FROM core_organisation WHERE short_name LIKE 'D%'")
        rows = {name for (name,) in query.fetchall()}
    files = {path.name for path in (folder / "end" / "files").rglob("*") if path.is_file()}
    for what, kept in (("rows", rows), ("files", files)):
        lost = [at for name, at in mission.written if name not in kept]
        seconds = (mission.written[-1][1] - lost[0]).total_seconds() if lost else 0
        print(f"{len(mission.written)} writes confirmed, {len(lost)} {what} lost: the last {seconds:.3f} s.")
        assert kept
        assert seconds <= MOST_LOST_SECONDS


def check_refusals(folder: Path, moment: datetime) -> None:
    """Nothing is written over, nothing damaged is used, no moment is promised that cannot be reached."""
    place = Place(folder / "backups")
    old, new = folder / "moment" / "files", folder / "nowhere"
    with pytest.raises(KeepingError, match="is not empty"):
        restore(place, moment, new, old)
    with pytest.raises(KeepingError, match="go no further back"):
        restore(place, moment - timedelta(days=1), new, new)
    with pytest.raises(KeepingError, match="in the future"):
        restore(place, datetime.now(UTC) + timedelta(days=1), new, new)
    # As if the days had passed: the newest from before the days that count stays, older ones go.
    first = finished(place)[0]
    days = [name_of(datetime.now(UTC) - timedelta(days=age)) for age in (40, 20, 10)]
    for name in days:
        shutil.copytree(first, first.with_name(name))
    assert drop_old(place, 14) == days[:1]
    assert [base.name for base in finished(place)][:2] == days[1:]
    packed = first.with_name(days[2]) / "base.tar.gz"
    packed.write_bytes(packed.read_bytes()[:-1000])
    with pytest.raises(KeepingError, match="damaged"):
        restore(place, moment - timedelta(days=5), new, new)
    assert not new.exists()
    for name in days[1:]:
        shutil.rmtree(first.with_name(name))


def write_until_death(mission: Mission) -> None:
    with pytest.raises(psycopg2.Error):
        while True:
            mission.write(10)
