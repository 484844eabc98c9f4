"""Where the embedded services keep their files."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


class EmbeddedError(Exception):
    """A service could not be started or stopped; the text tells people what to do."""


def data_folder() -> Path:
    """The folder named by PORTAL_DATA, else `.portal` of the checkout; absolute, links followed."""
    return Path(os.environ.get("PORTAL_DATA") or CHECKOUT / ".portal").expanduser().resolve()


@dataclass(frozen=True)
class Layout:
    """The drawers of one data folder. Two data folders share nothing."""

    data: Path

    @property
    def postgres(self) -> Path:
        """The database cluster, unless it has to live elsewhere (see `account.py`)."""
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def run(self) -> Path:
        """Locks and process ids."""
        return self.data / "run"

    @property
    def sockets(self) -> Path:
        """A short path: the kernel refuses socket paths over 107 bytes, and data folders may be deep."""
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        root = Path("/tmp")  # noqa: S108 - not TMPDIR, which differs between two shells of one person
        return (root if root.is_dir() else Path(tempfile.gettempdir())) / f"portal-{os.geteuid()}-{digest}"

    def create(self) -> None:
        """Make what is missing, closed to everybody else. Folders that exist keep their permissions."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.valkey, self.log, self.secrets, self.run):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise EmbeddedError(
                f"The data folder {self.data} cannot be written: {error.strerror}."
            ) from error
        private_folder(self.sockets)


def private_folder(folder: Path) -> None:
    """Make `folder` with mode 0700, or check that the one found is ours alone.

    It stands in a folder that everybody can write, so somebody else may have made it first.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise EmbeddedError(
            f"{folder} belongs to somebody else or is open to others; remove it and try again."
        )
