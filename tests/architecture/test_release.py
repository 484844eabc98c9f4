"""What a release needs: silent checks under production settings, and static files without any secret."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.run import UNSERVED

DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()


def test_checks_of_a_deployment_are_silent(tmp_path: Path) -> None:
    """As a process, told by the environment and by files alone; the database is not asked."""
    secrets = {
        "SECRET_KEY": "k9#fW2vQ8zLr5TnXy7BcJm4HdGs6PaEu3RtYw1KxZq0VbNoM-of-the-test",
        "EMAIL_URL": "smtp+tls://portal:secret@mail.example:587",
        "DATABASE_PASSWORD": "of-the-role",
        "REDIS_PASSWORD": "of-the-broker",
    }
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "cimic_portal.settings.production",
        "ALLOWED_HOSTS": "portal.example",
        "DATABASE_URL": "postgres://portal_app@postgres.invalid/portal",
        "REDIS_URL": "redis://valkey.invalid:6379/0",
        "PORTAL_DATA": str(tmp_path),
    }
    for name, value in secrets.items():
        path = tmp_path / name.lower()
        path.write_text(f"{value}\n")
        environment[f"{name}_FILE"] = str(path)
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.long
def test_the_image_collects_its_static_files_without_secrets(tmp_path: Path) -> None:
    """The command of the Dockerfile, in a folder of what is committed, with its variables alone."""
    found = re.search(
        r"RUN DJANGO_SETTINGS_MODULE=(\S+) (python manage\.py (?:[^\n]*\\\n)*[^\n]*)", DOCKERFILE
    )
    assert found
    code, static = tmp_path / "code", tmp_path / "static"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    for name in tracked.stdout.decode().split("\0"):
        if name and not name.startswith(("tests/", "benchmarks/")) and (CHECKOUT / name).is_file():
            (code / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / name, code / name)
    (code / "node_modules").symlink_to(CHECKOUT / "node_modules")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": found[1],
        "PORTAL_STATIC": str(static),
        "PORTAL_DATA": str(tmp_path / "data"),
    }
    subprocess.run(["sh", "-c", found[2]], cwd=code, env=environment, check=True)
    assert (static / "staticfiles.json").exists()
    names = {path.name for path in static.iterdir()}
    assert names & {"rest_framework", "guardian", "django_extensions"} == set()
    assert all(f"--ignore {name}" in DOCKERFILE or f'--ignore "{name}"' in DOCKERFILE for name in UNSERVED)
    assert not (tmp_path / "data").exists()


def test_the_image_runs_as_nobody_in_particular() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert last.index("\nUSER") < last.index("\nCMD")
    assert "SECRET" not in DOCKERFILE
