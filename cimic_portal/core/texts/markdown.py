"""Simple rich text: headings, paragraphs, lists, tables, bold and emphasis, and nothing else.

The parser starts from nothing and knows only the rules that are switched on here: no HTML, no
links, no images, no code. Whatever else is typed stands there as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# A heading of the text stands below the page's own title and that of the section.
_HEADINGS_BELOW = 2
_LOWEST = 6
_TAGS = frozenset(
    "p h3 h4 h5 h6 ul ol li table thead tbody tr th td strong em".split()  # noqa: SIM905 - reads as one
)


@cache
def _parser() -> MarkdownIt:
    rules = ["heading", "list", "table", "emphasis", "escape"]
    return MarkdownIt("zero", {"html": False, "linkify": False}).enable(rules)


def parse(text: str) -> list[Token]:
    """The text as tokens of the rules above; whatever else was typed is text."""
    return _parser().parse(text)


def as_html(text: str) -> SafeString:
    """The text as markup that is safe to show. Raises nothing, whatever was typed."""
    parser = _parser()
    tokens = parse(text)
    _rank_headings(tokens)
    drawn = parser.renderer.render(list(_plain(tokens)), parser.options, {})
    safe: SafeString = mark_safe(drawn)  # noqa: S308 - only the tags above, all text is escaped
    return safe


def _rank_headings(tokens: Iterable[Token]) -> None:
    """Headings in turn below those of the page: whoever begins with ## skips none, and none is skipped."""
    own = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    ranks = {tag: rank for rank, tag in enumerate(sorted({token.tag for token in own}))}
    above = _HEADINGS_BELOW
    for token in own:
        level = min(ranks[token.tag] + 1 + _HEADINGS_BELOW, above + 1, _LOWEST)
        token.tag = f"h{level}"
        above = level


def _plain(tokens: Iterable[Token]) -> Iterator[Token]:
    """Tags of ours without attributes, but those named here; the rest left out."""
    for token in tokens:
        # A list that begins at seven goes on at seven; no other attribute is kept.
        token.attrs = {"start": int(token.attrs["start"])} if token.attrs.get("start") is not None else {}
        # Where it is wider than the window it is moved by keys as well.
        if token.type == "table_open":
            token.attrs = {"tabindex": 0}
        if token.children is not None:
            token.children = list(_plain(token.children))
        if token.tag in _TAGS or (token.tag == "" and token.type in {"inline", "text", "text_special"}):
            yield token
