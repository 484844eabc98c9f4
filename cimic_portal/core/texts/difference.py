"""Two texts beside each other: which lines and which words were taken out and put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Unchanged lines that stay in view around a change.
AROUND = 2
# Longer lines are shown as changed whole: to compare their words would take too long.
MOST_WORDS = 3000
# The part of a line that has to have stayed for its words to be shown one by one.
_KEPT = 0.4
# Marks of Markdown that a reader of the page never sees: before a heading, and around bold words.
_HEADING = re.compile(r"#{1,6} +")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words of a line, and whether they stand on this side only."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Row:
    """One line of each side. None: there is no such line. `skipped`: so many equal lines are left out."""

    before: tuple[Piece, ...] | None = None
    after: tuple[Piece, ...] | None = None
    changed: bool = False
    skipped: int = 0
    # Whether the line of each side is a heading.
    headings: tuple[bool, bool] = (False, False)


def difference(before: str, after: str) -> list[Row]:
    """The rows of a side-by-side view; empty where the texts are alike."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return []
    rows: list[Row] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            rows += [_alike(line) for line in old[i1:i2]]
        else:
            rows += _changed(old[i1:i2], new[j1:j2], _plain)
    return list(_near(rows))


@dataclass(frozen=True)
class Word:
    """Some words in one column: `what` is "", "added" or "removed"."""

    text: str
    what: str = ""


def marked(before: str, after: str) -> list[list[Word]]:
    """The lines of `after`, with what was put in and taken out since `before` at its place."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[list[Word]] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            lines += [[Word(line)] for line in old[i1:i2]]
        else:
            for row in _changed(old[i1:i2], new[j1:j2]):
                removed = [Word(piece.text, "removed") for piece in row.before or () if piece.changed]
                kept = [Word(piece.text, "added" if piece.changed else "") for piece in row.after or ()]
                lines.append([*removed, *kept])
    return lines


def condensed(row: Row) -> list[Word]:
    """One line of a difference in one column: what was taken out and put in at its place.

    Where little of the line stayed, the old one stands whole before the new one.
    """
    before, after = list(row.before or ()), list(row.after or ())
    if not row.changed:
        return [Word(piece.text) for piece in after]
    kept = sum(len(piece.text) for piece in after if not piece.changed)
    if kept < _KEPT * sum(len(piece.text) for piece in (*before, *after)) / 2:
        whole = [("removed", before), ("added", after)]
        return [Word("".join(piece.text for piece in side), what) for what, side in whole if side]
    words: list[Word] = []
    while before or after:
        while before and before[0].changed:
            words.append(Word(before.pop(0).text, "removed"))
        while after and after[0].changed:
            words.append(Word(after.pop(0).text, "added"))
        if before and after:
            words.append(Word(after.pop(0).text))
            before.pop(0)
    return words


def _changed(old: Sequence[str], new: Sequence[str], shown: Callable[[str], str] = str) -> Iterator[Row]:
    """`shown`: what stands for a line; lines that differ in nothing shown stand whole, as changed."""
    for place in range(max(len(old), len(new))):
        left = old[place] if place < len(old) else None
        right = new[place] if place < len(new) else None
        headings = (_is_heading(left), _is_heading(right))
        told = [None if line is None else shown(line) for line in (left, right)]
        if told[0] is not None and told[1] is not None and told[0] != told[1]:
            yield Row(*_words(told[0], told[1]), changed=True, headings=headings)
        else:
            yield Row(_whole(told[0]), _whole(told[1]), changed=True, headings=headings)


def _alike(line: str) -> Row:
    piece = (Piece(_plain(line)),)
    return Row(piece, piece, headings=(_is_heading(line), _is_heading(line)))


def _is_heading(line: str | None) -> bool:
    return line is not None and _HEADING.match(line) is not None


def _plain(line: str) -> str:
    """The line as a page shows it."""
    heading = _HEADING.match(line)
    return _BOLD.sub(r"\1", line[heading.end() :] if heading else line)


def _whole(line: str | None) -> tuple[Piece, ...] | None:
    return None if line is None else (Piece(line, changed=True),)


def _words(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The two lines, word by word."""
    old, new = _WORDS.findall(left), _WORDS.findall(right)
    if len(old) + len(new) > MOST_WORDS:
        return (Piece(left, changed=True),), (Piece(right, changed=True),)
    before: list[Piece] = []
    after: list[Piece] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        for pieces, words in ((before, old[i1:i2]), (after, new[j1:j2])):
            if words:
                pieces.append(Piece("".join(words), changed=what != "equal"))
    return tuple(before), tuple(after)


def _near(rows: Sequence[Row]) -> Iterator[Row]:
    """The changes with the lines around them; longer stretches between are only counted."""
    changed = [place for place, row in enumerate(rows) if row.changed]
    near = {place + step for place in changed for step in range(-AROUND, AROUND + 1)}
    left_out = 0
    for place, row in enumerate(rows):
        if place in near:
            if left_out:
                yield Row(skipped=left_out)
            left_out = 0
            yield row
        else:
            left_out += 1
    if left_out:
        yield Row(skipped=left_out)
