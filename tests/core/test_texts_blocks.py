"""Rich text as blocks for paper: the same as on the page, and whatever else was typed is text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimic_portal.core.texts.blocks import Run, as_blocks


def plain(block):
    return "".join(run.text for run in block.runs)


def test_headings_paragraphs_and_looks():
    heading, paragraph = as_blocks("# Ground\n\nOpen the **market** and *wait*\nfor word")
    assert (heading.kind, heading.level, plain(heading)) == ("heading", 3, "Ground")
    assert list(paragraph.runs) == [
        Run("Open the "),
        Run("market", bold=True),
        Run(" and "),
        Run("wait", italic=True),
        Run("\nfor word"),
    ]


def test_headings_are_an_outline_without_gaps():
    text = "### Deep\n\n# High\n\n#### Far below\n\n### Between\n\n## Second"
    assert [block.level for block in as_blocks(text)] == [3, 3, 4, 4, 4]


def test_lists_keep_their_numbers_and_their_lists():
    bullets, numbers = as_blocks("- one\n- two\n  - inner\n\n7. seven\n8. eight")
    assert (bullets.start, numbers.start) == (0, 7)
    assert [plain(item[0]) for item in numbers.items] == ["seven", "eight"]
    assert plain(bullets.items[1][1].items[0][0]) == "inner"


def test_a_heading_within_a_list_is_a_bold_line():
    (found,) = as_blocks("- # Loud")
    assert found.items[0][0].kind == "paragraph"
    assert found.items[0][0].runs[0].bold


def test_a_table_with_its_heads():
    (found,) = as_blocks("| Who | When |\n|---|---|\n| all | **07:30** |\n| chiefs |  |")
    assert [[run.text for run in cell] for cell in found.heads] == [["Who"], ["When"]]
    assert list(found.rows[0][1]) == [Run("07:30", bold=True)]
    assert list(found.rows[1][1]) == []


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b> & <script>alert(1)</script>",
        "[name](https://example.org) ![picture](x.png)",
        "`code` #panic() $x$ @label",
        "https://example.org/a_b",
    ],
)
def test_what_is_no_rule_of_ours_stands_as_it_was_typed(text):
    assert "".join(plain(block) for block in as_blocks(text)) == text


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_typed_raises(text):
    for block in as_blocks(text):
        assert block.kind in {"heading", "paragraph", "list", "table"}
