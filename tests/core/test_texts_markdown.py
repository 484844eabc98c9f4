"""Simple rich text: what is allowed is drawn, and nothing else passes."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cimic_portal.core.texts.markdown import as_html

HEADINGS = {"h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
ALLOWED = {"p", "ul", "ol", "li", "strong", "em"} | HEADINGS | TABLES


class _Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.other: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.other.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


# The one a list begins with; the other lets keys move a table that is wider than the window.
GIVEN = {("ol", "start"), ("table", "tabindex")}


def check(markup: str) -> _Tags:
    tags = _Tags(markup)
    assert tags.other == []
    for tag, attrs in tags.found:
        assert tag in ALLOWED
        assert [name for name, _value in attrs if (tag, name) not in GIVEN] == []
        assert all(value.isdecimal() for _name, value in attrs)
    return tags


NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<!-- hidden -->",
    "<?php echo 1 ?>",
    "<!DOCTYPE html>",
    "<![CDATA[x]]>",
    "<p style='position:fixed'>over all</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](https://elsewhere.example)",
    "[x][1]\n\n[1]: https://elsewhere.example",
    "![x](https://elsewhere.example/pixel.png)",
    "<https://elsewhere.example>",
    "https://elsewhere.example",
    "&lt;script&gt; &#60;script&#62; &amp;",
    "`<b>code</b>`",
    "```html\n<b>x</b>\n```",
    "    <b>indented</b>",
    "> <b>quoted</b>",
    "~~struck~~",
    "---",
    "| a | b |\n|:-:|--:|\n| <b>1</b> | [x](javascript:1) |",
    "# <i>title</i>",
    "- <u>point</u>",
    "**<b>bold</b>** *<i>soft</i>*",
    "\\<script>",
    "a\x00b\u202ec",
    "*" * 500 + "_" * 500,
    "- " * 400 + "x",
    "1" * 400 + ". x",
    "999999999999. x",
    "|" * 600,
    "[" * 500 + "]" * 500,
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_else_passes(text):
    check(as_html(text))


@given(st.text(alphabet=st.sampled_from("<>&\"'`*_#-+|:[]()!\\/= \n1.ab\t~")))
def test_whatever_is_typed(text):
    check(as_html(text))


def test_what_was_typed_is_shown_as_typed():
    for text in ("<b>x</b>", "[x](https://a.example)", "`code`", "&lt;", "![p](q)"):
        assert check(as_html(text)).text.strip() == text


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("words", ["p"]),
        ("# One\n## Two\n###### Six", ["h3", "h4", "h5"]),
        ("- a\n- b", ["ul", "li", "li"]),
        ("3. a\n4. b", ["ol", "li", "li"]),
        ("**a** and *b*", ["p", "strong", "em"]),
        ("| a |\n|---|\n| b |", ["table", "thead", "tr", "th", "tbody", "tr", "td"]),
    ],
)
def test_what_is_allowed_is_drawn(text, tags):
    assert [tag for tag, _attrs in check(as_html(text)).found] == tags


def test_a_list_goes_on_at_its_number():
    assert '<ol start="3">' in as_html("3. a")
