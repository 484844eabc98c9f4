"""Simple rich text as typed blocks, for paper: the same rules as `as_html`, and no markup left in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.tree import SyntaxTreeNode

from cimic_portal.core.texts.markdown import parse


@dataclass(frozen=True)
class Run:
    """Some words that look alike. Line ends in them are kept."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Block:
    """One block of a text.

    kind: "heading" (with `level`, at most one deeper than the one before it), "paragraph", "list"
    (`items` of blocks; `start` is the first number, 0 for bullets) or "table" (`heads` and `rows` of cells).
    """

    kind: str
    runs: Sequence[Run] = ()
    level: int = 0
    start: int = 0
    items: Sequence[Sequence[Block]] = ()
    heads: Sequence[Sequence[Run]] = ()
    rows: Sequence[Sequence[Sequence[Run]]] = ()


def as_blocks(text: str, *, top: int = 3) -> list[Block]:
    """The text as blocks. `top`: the level of its uppermost heading. Raises nothing, whatever was typed."""
    return list(_levelled(_blocks(SyntaxTreeNode(parse(text))), top))


def _levelled(blocks: Iterator[Block], top: int) -> Iterator[Block]:
    """Headings as an outline without gaps, as a screen reader needs it."""
    open_levels: list[int] = []
    for block in blocks:
        if block.kind != "heading":
            yield block
            continue
        open_levels = [level for level in open_levels if level < block.level]
        yield replace(block, level=top + len(open_levels))
        open_levels.append(block.level)


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    for child in node.children:
        if child.type == "heading":
            yield Block("heading", _runs(child), level=int(child.tag[1:]))
        elif child.type in ("bullet_list", "ordered_list"):
            first = int(child.attrs.get("start", 1)) if child.type == "ordered_list" else 0
            yield Block("list", start=first, items=[_item(item) for item in child.children])
        elif child.type == "table":
            heads, *rows = [[_runs(cell) for cell in row.children] for row in _table_rows(child)]
            yield Block("table", heads=heads, rows=rows)
        else:
            yield Block("paragraph", _runs(child))


def _item(item: SyntaxTreeNode) -> list[Block]:
    """A heading within a list is a line in bold: an outline does not go through lists."""
    return [
        Block("paragraph", [replace(run, bold=True) for run in block.runs])
        if block.kind == "heading"
        else block
        for block in _blocks(item)
    ]


def _table_rows(table: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [row for part in table.children for row in part.children]


def _runs(node: SyntaxTreeNode) -> list[Run]:
    return list(_joined(_words(node, Run(""))))


def _words(node: SyntaxTreeNode, like: Run) -> Iterator[Run]:
    if not node.children:
        yield replace(like, text=node.content)
    for child in node.children:
        if child.type == "strong":
            yield from _words(child, replace(like, bold=True))
        elif child.type == "em":
            yield from _words(child, replace(like, italic=True))
        else:
            yield from _words(child, like)


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Neighbours that look alike as one, so that a word is never cut in two."""
    last: Run | None = None
    for run in runs:
        if last is not None and (last.bold, last.italic) == (run.bold, run.italic):
            last = replace(last, text=last.text + run.text)
            continue
        if last is not None and last.text:
            yield last
        last = run
    if last is not None and last.text:
        yield last
