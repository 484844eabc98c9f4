"""A difference is shown as pages show the text: headings as headings, without marks."""

from __future__ import annotations

from cimic_portal.core.texts.difference import Row, difference, marked


def side(row: Row, place: int) -> str:
    return "".join(piece.text for piece in (row.before, row.after)[place] or ())


def test_headings_and_bold_words_stand_without_their_marks() -> None:
    before = "## Purpose\n\nWarn **in time**.\n\n### Who"
    after = "## Purpose\n\nWarn **at once**.\n\n### Who warns"
    rows = difference(before, after)
    assert [side(row, 0) for row in rows if not row.skipped] == ["Purpose", "", "Warn in time.", "", "Who"]
    assert [side(row, 1) for row in rows][-1] == "Who warns"
    assert [row.headings for row in rows] == [(True, True), *[(False, False)] * 3, (True, True)]


def test_a_line_that_became_a_heading_is_shown_as_changed() -> None:
    (row,) = difference("Purpose", "# Purpose")
    assert row.changed
    assert row.headings == (False, True)
    assert (side(row, 0), side(row, 1)) == ("Purpose", "Purpose")


def test_what_is_still_written_keeps_its_marks() -> None:
    assert [[word.text for word in line] for line in marked("# One", "# Two")] == [["One", "# ", "Two"]]
