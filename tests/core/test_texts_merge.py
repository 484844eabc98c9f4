"""Two texts beside each other, and two that grew out of one brought together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cimic_portal.core.texts.difference import Piece, difference, marked
from cimic_portal.core.texts.merge import MARK_BETWEEN, MARK_END, MARK_MINE, has_marks, merge

LINES = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=8).map("\n".join)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb", "x\na\nb", "a\nb\ny", "x\na\nb\ny"),
        ("a", "b", "b", "b"),
        ("a", "a", "c", "c"),
        ("", "a", "", "a"),
        ("", "", "\n", "\n"),
        ("a\r\nb", "a\nb", "a\nc", "a\nc"),
    ],
)
def test_changes_in_different_places_are_taken_from_both(base, mine, theirs, merged):
    assert (merge(base, mine, theirs).text, merge(base, mine, theirs).conflicts) == (merged, 0)


def test_a_place_where_both_wrote_is_marked_with_both():
    found = merge("a\nb\nc", "a\nmine\nc", "a\ntheirs\nc", mine_name="yours", theirs_name="meanwhile")
    assert found.conflicts == 1
    assert found.text == "a\n<<<<<<< yours\nmine\n======= meanwhile\ntheirs\n>>>>>>>\nc"
    assert has_marks(found.text)


def test_what_one_removed_and_the_other_changed_is_marked():
    found = merge("a\nb\nc", "a\nc", "a\nB\nc")
    assert found.conflicts == 1
    assert "B" in found.text


@given(LINES, LINES, LINES)
def test_no_line_that_either_put_in_is_lost_and_the_marks_are_counted(base, mine, theirs):
    found = merge(base, mine, theirs)
    lines = found.text.split("\n")
    for text in (mine, theirs):
        assert {line for line in text.split("\n") if line not in base.split("\n")} <= set(lines)
    for mark in (MARK_MINE, MARK_BETWEEN, MARK_END):
        assert sum(line.startswith(mark) for line in lines) == found.conflicts


@given(LINES, LINES)
def test_with_one_side_unchanged_the_other_is_the_merge(base, other):
    for found in (merge(base, base, other), merge(base, other, base)):
        assert found.text == other
        assert found.conflicts == 0


def test_the_difference_is_told_by_words():
    (row,) = difference("Hold the old bridge", "Hold the new bridge")
    assert row.before == (Piece("Hold the "), Piece("old", changed=True), Piece(" bridge"))
    assert row.after == (Piece("Hold the "), Piece("new", changed=True), Piece(" bridge"))


@given(LINES, LINES)
def test_both_sides_can_be_read_out_of_the_difference(before, after):
    rows = difference(before, after)
    if not rows:
        assert before.splitlines() == after.splitlines()
    elif not any(row.skipped for row in rows):
        for side, text in (("before", before), ("after", after)):
            lines = [getattr(row, side) for row in rows if getattr(row, side) is not None]
            assert ["".join(piece.text for piece in line) for line in lines] == text.splitlines()


def test_long_equal_stretches_are_counted_and_not_shown():
    rows = difference("\n".join("abcdefghij"), "\n".join("abcdefghiX"))
    assert rows[0].skipped == 7
    assert [row.changed for row in rows[1:]] == [False, False, True]


def test_a_text_with_what_was_put_in_and_taken_out():
    (line,) = marked("the old bridge", "the new bridge")
    assert [(word.text, word.what) for word in line] == [
        ("old", "removed"),
        ("the ", ""),
        ("new", "added"),
        (" bridge", ""),
    ]


def test_a_line_too_long_to_compare_by_words_is_shown_changed_whole():
    (row,) = difference("a " * 2000, "b " * 2000)
    assert [piece.changed for piece in row.before + row.after] == [True, True]
