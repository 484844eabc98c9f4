"""Two texts beside each other: which lines and which words were taken out and put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Unchanged lines that stay in view around a change.
AROUND = 2
# Longer lines are shown as changed whole: to compare their words would take too long.
MOST_WORDS = 3000
# The part of a line that has to have stayed for its words to be shown one by one.
_KEPT = 0.4
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


def difference(before: str, after: str) -> list[Row]:
    """The rows of a side-by-side view; empty where the texts are alike."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return []
    rows: list[Row] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            rows += [Row((Piece(line),), (Piece(line),)) for line in old[i1:i2]]
        else:
            rows += _changed(old[i1:i2], new[j1:j2])
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


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    for place in range(max(len(old), len(new))):
        left = old[place] if place < len(old) else None
        right = new[place] if place < len(new) else None
        if left is not None and right is not None:
            yield Row(*_words(left, right), changed=True)
        else:
            yield Row(_whole(left), _whole(right), changed=True)


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
