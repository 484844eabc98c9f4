"""The text of a version with its list of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from cimic_portal.core.texts.markdown import as_html

# Headings as `as_html` writes them: it escapes what was typed, so nothing else looks like this.
_HEADING = re.compile(r"<h([3-6])>(.*?)</h\1>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """One line of the contents. `depth`: 0 for the uppermost; `title` is plain words, escaped already."""

    anchor: str
    depth: int
    title: SafeString


@dataclass(frozen=True)
class ShownText:
    body: SafeString
    contents: list[Heading]


def shown_text(text: str) -> ShownText:
    """The text as markup, each heading with an address of its own."""
    contents: list[Heading] = []

    def addressed(found: re.Match[str]) -> str:
        level, words = int(found[1]), found[2]
        anchor = f"part-{len(contents) + 1}"
        title: SafeString = mark_safe(strip_tags(words))  # noqa: S308 - of escaped text, tags taken out
        contents.append(Heading(anchor, level - 3, title))
        return f'<h{level} id="{anchor}">{words}</h{level}>'

    body: SafeString = mark_safe(_HEADING.sub(addressed, as_html(text)))  # noqa: S308 - safe before
    return ShownText(body, contents)


def headings_of(text: str) -> list[str]:
    """The headings in plain words, for whoever comments on one of them."""
    return [unescape(heading.title) for heading in shown_text(text).contents]
