"""Two texts that grew out of one are brought together, line by line.

Where only one of them changed a line, its change is taken; where both did so differently, both stand
between marks for a person to decide. No line that either wrote is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

MARK_MINE = "<<<<<<<"
MARK_BETWEEN = "======="
MARK_END = ">>>>>>>"


@dataclass(frozen=True)
class Merged:
    """The proposed text, and how many places a person has to decide."""

    text: str
    conflicts: int


def merge(
    base: str, mine: str, theirs: str, *, mine_name: str = "", theirs_name: str = "", end_name: str = ""
) -> Merged:
    """Bring `mine` and `theirs` together, which both came from `base`. The names stand beside the marks."""
    texts = [_lines(text) for text in (base, mine, theirs)]
    lines: list[str] = []
    conflicts = 0
    for common, own, other in _chunks(*texts):
        if other in (own, common):
            lines += own
        elif own == common:
            lines += other
        else:
            conflicts += 1
            lines += [f"{MARK_MINE} {mine_name}".rstrip(), *own, f"{MARK_BETWEEN} {theirs_name}".rstrip()]
            lines += [*other, f"{MARK_END} {end_name}".rstrip()]
    return Merged("\n".join(lines), conflicts)


def has_marks(text: str) -> bool:
    """Whether a place is left in the text that nobody has decided."""
    return any(line.startswith((MARK_MINE, MARK_END)) for line in text.splitlines())


def _lines(text: str) -> list[str]:
    """Unlike `splitlines`, an empty line at the very end counts: nothing that was typed is lost."""
    return text.replace("\r\n", "\n").split("\n")


Chunk = tuple[list[str], list[str], list[str]]


def _chunks(base: list[str], mine: list[str], theirs: list[str]) -> list[Chunk]:
    """The three texts cut at the lines that all of them share, in order."""
    to_mine, to_theirs = _partners(base, mine), _partners(base, theirs)
    chunks: list[Chunk] = []
    at = [0, 0, 0]
    for place, line in enumerate(base):
        if place not in to_mine or place not in to_theirs:
            continue
        own, other = to_mine[place], to_theirs[place]
        if [place, own, other] != at:
            chunks.append((base[at[0] : place], mine[at[1] : own], theirs[at[2] : other]))
        chunks.append(([line], [line], [line]))
        at = [place + 1, own + 1, other + 1]
    rest = (base[at[0] :], mine[at[1] :], theirs[at[2] :])
    return [*chunks, rest] if any(rest) else chunks


def _partners(base: list[str], other: list[str]) -> dict[int, int]:
    """The place of each line of `base` that stands in `other` as well; both rise together."""
    blocks = SequenceMatcher(None, base, other).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
