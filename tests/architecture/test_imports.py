"""The import contracts break when somebody imports upwards. That they hold is part of `make check`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cimic_portal.embedded.layout import CHECKOUT

PACKAGES = ("cimic_portal", "operations", "liaison", "training")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages alone, in a folder where a wrong import may be planted."""
    folder = tmp_path_factory.mktemp("contracts")
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(
    ("place", "imported", "broken"),
    [
        ("cimic_portal/core/planted.py", "liaison.models", "Between apps, imports run down"),
        ("operations/planted.py", "training", "Between apps, imports run down"),
        ("liaison/planted.py", "training", "Between apps, imports run down"),
        ("liaison/planted.py", "cimic_portal.settings", "Between apps, imports run down"),
        ("liaison/services/planted.py", "liaison.views", "Inside an app, imports run down"),
        (
            "cimic_portal/core/models/planted.py",
            "cimic_portal.core.services",
            "Inside an app, imports run down",
        ),
        ("cimic_portal/overview/planted.py", "liaison.views", "liaison is entered through its services"),
        ("cimic_portal/embedded/planted.py", "cimic_portal.core", "The embedded services know nothing"),
    ],
)
def test_upward_import_breaks_the_contract(copy: Path, place: str, imported: str, broken: str) -> None:
    (copy / place).write_text(f"import {imported}\n")
    try:
        lint = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
        done = subprocess.run(lint, cwd=copy, capture_output=True, text=True, check=False)
    finally:
        (copy / place).unlink()
    assert done.returncode == 1
    assert any(line.startswith(broken) and "BROKEN" in line for line in done.stdout.splitlines())
