"""Every command that the documents name exists."""

import re
from pathlib import Path

import pytest

from cimic_portal.embedded.layout import CHECKOUT

DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_make_targets_of_documents_exist(document: Path) -> None:
    named = set(re.findall(r"`make ([a-z-]+)", document.read_text()))
    named |= set(re.findall(r"^ *make ([a-z-]+)", document.read_text(), re.MULTILINE))
    assert named <= TARGETS


def test_the_commands_of_the_issue_exist() -> None:
    assert {"run", "test", "test-long", "check"} <= TARGETS
