"""The text of a version: its list of contents, and the places in it that a comment can be about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from cimic_portal.core.texts.markdown import as_html

# Headings and blocks as `as_html` writes them: it escapes what was typed, so nothing else looks like this.
# A point of a list ends where the list below it begins; one that holds paragraphs is those paragraphs.
_BLOCK = re.compile(
    r"<h(?P<level>[3-6])>(?P<title>.*?)</h(?P=level)>"
    r"|(?P<open><p>|<table[^>]*>|<li>(?!\s*<(?:p|h[3-6])>))(?P<words>.*?)"
    r"(?P<close></p>|</table>|(?=</li>|\s*<[uo]l[ >]))",
    re.DOTALL,
)
# As many characters of a place as `GuidanceComment.place` keeps.
LONGEST_PLACE = 200


@dataclass(frozen=True)
class Heading:
    """One line of the contents. `depth`: 0 for the uppermost; `title` is plain words, escaped already."""

    anchor: str
    depth: int
    title: SafeString


@dataclass(frozen=True)
class Place:
    """A heading, a paragraph, a point of a list or a table.

    `words`: how it begins, in plain words; by them it is found again, whatever is changed around it.
    `number` counts the places from the top; `heading`: the words of the one above it, empty before the first.
    """

    number: int
    words: str
    heading: str
    is_heading: bool = False


# What stands at a place: within its words at their end, and below it. Markup that is safe.
Margin = Callable[[Place], tuple[str, str]]


@dataclass(frozen=True)
class ShownText:
    body: SafeString
    contents: list[Heading]
    places: list[Place]


def shown_text(text: str, margin: Margin = lambda _place: ("", "")) -> ShownText:
    """The text as markup, each heading with an address of its own, and with what stands beside it."""
    contents: list[Heading] = []
    places: list[Place] = []

    def drawn(found: re.Match[str]) -> str:
        above = next((one.words for one in reversed(places) if one.is_heading), "")
        place = Place(len(places) + 1, _plain(found["title"] or found["words"] or ""), above)
        if found["level"]:
            place = replace(place, is_heading=True)
        places.append(place)
        within, below = margin(place)
        if found["level"]:
            return f"{_addressed(found, contents)}{within}{below}"
        if found["open"].startswith("<table"):
            return f"{found[0]}{within}{below}"
        return f"{found['open']}{found['words']}{within}{found['close']}{below}"

    body: SafeString = mark_safe(_BLOCK.sub(drawn, as_html(text)))  # noqa: S308 - safe before
    return ShownText(body, contents, [place for place in places if place.words])


def _addressed(found: re.Match[str], contents: list[Heading]) -> str:
    level, words = int(found["level"]), found["title"]
    anchor = f"part-{len(contents) + 1}"
    title: SafeString = mark_safe(strip_tags(words))  # noqa: S308 - of escaped text, tags taken out
    contents.append(Heading(anchor, level - 3, title))
    return f'<h{level} id="{anchor}">{words}</h{level}>'


def _plain(markup: str) -> str:
    """Of cells of a table and lines of a paragraph too the words alone, in one line."""
    words = unescape(strip_tags(markup.replace("<", " <") if "<t" in markup else markup))
    return " ".join(words.split())[:LONGEST_PLACE].rstrip()
