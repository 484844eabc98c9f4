"""Where backups lie, and what the commands are told by the environment."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from cimic_portal.settings.parts.environment import Environment

_NAME = "%Y%m%dT%H%M%SZ"


class KeepingError(Exception):
    """A backup or a restore cannot go on; the text tells people what to do."""


@dataclass(frozen=True)
class Place:
    """One folder of backups: whole ones, every change between them, and the files."""

    folder: Path

    @property
    def bases(self) -> Path:
        """The database whole, a folder for each backup, named by the moment when it was complete."""
        return self.folder / "base"

    @property
    def changes(self) -> Path:
        """The write-ahead log, a folder for each history that a server went through."""
        return self.folder / "wal"

    @property
    def files(self) -> Path:
        """What the portal keeps outside the database."""
        return self.folder / "files"

    def create(self) -> None:
        try:
            for folder in (self.bases, self.changes, self.files):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise KeepingError(f"The folder {self.folder} cannot be written: {error.strerror}.") from error


def name_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_NAME)


def moment_of(base: Path) -> datetime:
    """When the backup in this folder was complete: no earlier moment can be reached from it."""
    return datetime.strptime(base.name, _NAME).replace(tzinfo=UTC)


def finished(place: Place) -> list[Path]:
    """The whole backups that were brought to their end and verified, oldest first."""
    return sorted(path for path in place.bases.glob("*Z") if path.is_dir())


@dataclass(frozen=True)
class Plan:
    """Whose backups are kept, where, when and for how long."""

    place: Place
    address: str
    password: str
    files: Path
    state: Path | None
    at: time
    days: int


def plan() -> Plan:
    """As the environment says: see `docs/howto/configure.md`."""
    env = Environment()
    folder, address = env.str("BACKUP_DIR", default=""), env.str("BACKUP_DATABASE_URL", default="")
    if not folder or not address:
        raise KeepingError("BACKUP_DIR and BACKUP_DATABASE_URL say where to and from where; one is missing.")
    state = env.str("BACKUP_STATE", default="")
    try:
        at = time.fromisoformat(env.str("BACKUP_AT", default="02:00"))
        days = int(env.str("BACKUP_KEEP_DAYS", default="14"))
    except ValueError as error:
        raise KeepingError(f"BACKUP_AT is a time as 02:00, BACKUP_KEEP_DAYS a number: {error}.") from error
    if days < 1:
        raise KeepingError("BACKUP_KEEP_DAYS is at least 1.")
    return Plan(
        place=Place(Path(folder)),
        address=address,
        password=env.str("BACKUP_DATABASE_PASSWORD", default=""),
        files=Path(env.str("PORTAL_DATA", default=".portal")).resolve() / "files",
        state=Path(state) if state else None,
        at=at.replace(tzinfo=UTC),
        days=days,
    )
