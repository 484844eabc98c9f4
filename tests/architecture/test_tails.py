"""The tail decides how a code base feels: the longest function, the largest file."""

import ast
from collections.abc import Iterator
from pathlib import Path

from cimic_portal.embedded.layout import CHECKOUT

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
SOURCES = ("cimic_portal", "operations", "liaison", "training", "static/js", "templates")
KINDS = {".py", ".js", ".html", ".typ"}


def _files() -> Iterator[Path]:
    for source in SOURCES:
        for path in (CHECKOUT / source).rglob("*"):
            if path.suffix in KINDS and "migrations" not in path.parts:
                yield path


def _functions(path: Path) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in _files()}
    assert len(lengths) > 50
    assert {str(path.relative_to(CHECKOUT)): n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{path.relative_to(CHECKOUT)}:{line} {name}: {length} lines"
        for path in _files()
        if path.suffix == ".py"
        for name, line, length in _functions(path)
        if length > LONGEST_FUNCTION
    ]
    assert long == []
