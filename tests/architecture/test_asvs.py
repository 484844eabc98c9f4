"""The table of the ASVS 5.0 is whole, and the tests and files that it names exist."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from cimic_portal.embedded.layout import CHECKOUT

TABLE = CHECKOUT / "docs" / "security" / "asvs.md"
LEVEL_1 = [
    "1.2.1",
    "1.2.2",
    "1.2.3",
    "1.2.4",
    "1.2.5",
    "1.3.1",
    "1.3.2",
    "1.5.1",
    "2.1.1",
    "2.2.1",
    "2.2.2",
    "2.3.1",
    "3.2.1",
    "3.2.2",
    "3.3.1",
    "3.4.1",
    "3.4.2",
    "3.5.1",
    "3.5.2",
    "3.5.3",
    "4.1.1",
    "4.4.1",
    "5.2.1",
    "5.2.2",
    "5.3.1",
    "5.3.2",
    "6.1.1",
    "6.2.1",
    "6.2.2",
    "6.2.3",
    "6.2.4",
    "6.2.5",
    "6.2.6",
    "6.2.7",
    "6.2.8",
    "6.3.1",
    "6.3.2",
    "6.4.1",
    "6.4.2",
    "7.2.1",
    "7.2.2",
    "7.2.3",
    "7.2.4",
    "7.4.1",
    "7.4.2",
    "8.1.1",
    "8.2.1",
    "8.2.2",
    "8.3.1",
    "9.1.1",
    "9.1.2",
    "9.1.3",
    "9.2.1",
    "10.4.1",
    "10.4.2",
    "10.4.3",
    "10.4.4",
    "10.4.5",
    "11.3.1",
    "11.3.2",
    "11.4.1",
    "12.1.1",
    "12.2.1",
    "12.2.2",
    "13.4.1",
    "14.2.1",
    "14.3.1",
    "15.1.1",
    "15.2.1",
    "15.3.1",
]
# Of the chapters on files, sessions, authorization, and logging and errors.
LEVEL_2 = [
    "5.1.1",
    "5.2.3",
    "5.4.1",
    "5.4.2",
    "5.4.3",
    "7.1.1",
    "7.1.2",
    "7.1.3",
    "7.3.1",
    "7.3.2",
    "7.4.3",
    "7.4.4",
    "7.4.5",
    "7.5.1",
    "7.5.2",
    "7.6.1",
    "7.6.2",
    "8.1.2",
    "8.2.3",
    "8.4.1",
    "16.1.1",
    "16.2.1",
    "16.2.2",
    "16.2.3",
    "16.2.4",
    "16.2.5",
    "16.3.1",
    "16.3.2",
    "16.3.3",
    "16.3.4",
    "16.4.1",
    "16.4.2",
    "16.4.3",
    "16.5.1",
    "16.5.2",
    "16.5.3",
]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::([\w:]+))?`")
FILE = re.compile(
    r"`((?:cimic_portal|static)/[\w/.-]+|docker-compose\.yml|\.dockerignore|requirements\.txt)`"
)
LINK = re.compile(r"\]\(([^)#]+\.md)\)")
ROWS = ROW.findall(TABLE.read_text())


@cache
def functions(path: str) -> frozenset[str]:
    """The tests of a file, those of a class behind its name."""
    found = set()
    for node in ast.parse((CHECKOUT / path).read_text()).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {f"{prefix}{one.name}" for one in inner if isinstance(one, ast.FunctionDef)}
    return frozenset(found)


def test_every_point_has_one_row() -> None:
    assert (len(LEVEL_1), len(LEVEL_2)) == (70, 36)
    numbers = [number for number, _asks, _how in ROWS]
    assert sorted(numbers) == sorted(LEVEL_1 + LEVEL_2)


@pytest.mark.parametrize(("number", "asks", "how"), ROWS, ids=[number for number, *_rest in ROWS])
def test_what_a_row_names_exists(number: str, asks: str, how: str) -> None:
    tests, files = TEST.findall(how), FILE.findall(how) + LINK.findall(how)
    for path, name in tests:
        assert (CHECKOUT / path).is_file(), path
        assert not name or name in functions(path), f"{path}::{name}"
    for path in FILE.findall(how):
        assert (CHECKOUT / path).exists(), path
    for path in LINK.findall(how):
        assert (TABLE.parent / path).is_file(), path
    said = re.search(r"\*\*(?:Not met|Does not apply)\*\*|lint|\(#[\w-]+\)|The page of|There are none", how)
    assert tests or files or said, f"{number} says nothing of how"


def test_no_source_control_goes_into_the_image() -> None:
    assert ".git" in (CHECKOUT / ".dockerignore").read_text().split()
