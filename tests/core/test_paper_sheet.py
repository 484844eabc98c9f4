"""CSV and XLSX: what goes in comes out as text, never as a formula, and numbers stay numbers."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cimic_portal.core.paper import sheet as sheet_module
from cimic_portal.core.paper.cells import MOST_UNITS
from cimic_portal.core.paper.sheet import (
    Column,
    Sheet,
    TooManyRowsError,
    file_name,
    write_book,
    write_csv,
    write_xlsx,
)

ZONE = ZoneInfo("Africa/Bangui")
MADE_AT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"  # the last eight are full-width or small forms
ONE = [Column("a", "A")]

pieces = st.sampled_from(
    [*SIGNS, *" \t\r\n\"';,`|\x00\x1f\u200b\u00a0\ufeff\u202e😀", "\ud800", "_x0041_", "_x000A_"]
)
hostile = st.lists(st.one_of(pieces, st.characters()), max_size=20).map("".join)


def csv_rows(columns, rows, **more):
    text = b"".join(write_csv(columns, rows, zone=ZONE, **more)).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def xlsx(columns, rows, **more):
    given = {
        "title": "List",
        "classification": 1,
        "made_by": "Cpt A. Morel",
        "made_at": MADE_AT,
        "zone": ZONE,
    }
    return write_xlsx(columns, rows, **{**given, **more})


def xlsx_cells(columns, rows, **more):
    with xlsx(columns, rows, **more) as file:
        return list(openpyxl.load_workbook(file).active.iter_rows(min_row=4))


def begins_with_sign(text):
    return text.lstrip(' \t\r\n"`\u200b\u00a0\ufeff\u202e')[:1] in [*SIGNS]


@given(hostile)
@example("=1+1")
@example("  =1+1")
@example('"=1+1"')
@example("\t=1+1")
@example("\uff1d1+1")
@example("\r=1")
@example("\x00=1")
def test_csv_text_is_never_a_formula(text):
    cell = csv_rows(ONE, [{"a": text}])[1][0] if text else ""
    assert not begins_with_sign(cell)
    assert cell[:1] not in ["\t", "\r", "\n"]


@given(hostile)
@example("a;=1+1")
@example('a;"=1+1')
@example("a\n+1")
@example("a\n@SUM(1)")
def test_csv_read_with_semicolons_has_no_formula(text):
    raw = b"".join(write_csv(ONE, [{"a": "x"}, {"a": text}])).decode()[1:]
    for line in re.split("\r?\n", raw):
        assert not any(begins_with_sign(piece) for piece in line.split(";"))


@given(hostile)
@example("_x0041_=1")
@settings(max_examples=60, deadline=None)
def test_xlsx_text_is_never_a_formula(text):
    (cell,) = xlsx_cells(ONE, [{"a": text}])[0] if text else (None,)
    if cell is None or cell.value is None:
        return
    assert cell.data_type == "s"
    assert not begins_with_sign(cell.value)


letters = st.text(
    alphabet=st.characters(exclude_categories=["C"], exclude_characters=SIGNS + "\u2028\u2029\x85"),
    min_size=1,
)


@given(st.lists(letters, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_ordinary_text_comes_back_unchanged(texts):
    rows = [{"a": text} for text in texts]
    assert [row[0] for row in csv_rows(ONE, rows)[1:]] == texts
    assert [cells[0].value for cells in xlsx_cells(ONE, rows)] == texts


@given(
    st.one_of(
        st.integers(-(10**15) + 1, 10**15 - 1), st.floats(allow_nan=False, allow_infinity=False, width=32)
    )
)
@settings(max_examples=60, deadline=None)
def test_numbers_stay_numbers(number):
    columns = [Column("a", "A", "decimal")]
    assert float(csv_rows(columns, [{"a": number}])[1][0]) == number
    cell = xlsx_cells(columns, [{"a": number}])[0][0]
    assert cell.data_type == "n"
    assert cell.value == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize("number", [10**15 + 1, -(10**18), Decimal("0.1234567890123456789")])
def test_numbers_beyond_fifteen_digits_keep_every_digit(number):
    cell = xlsx_cells([Column("a", "A", "integer")], [{"a": number}])[0][0]
    assert cell.value.lstrip("'") == str(number)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), Decimal("NaN")])
def test_numbers_that_are_none_do_not_stop_the_list(number):
    columns = [Column("a", "A", "decimal")]
    assert csv_rows(columns, [{"a": number}])[1][0].lstrip("'").lower() == str(number).lower()
    assert xlsx_cells(columns, [{"a": number}])[0][0].value.lstrip("'").lower() == str(number).lower()


def test_telephone_numbers_stay_readable():
    rows = [{"a": "+236 70 12 34 56"}]
    assert csv_rows(ONE, rows)[1] == ["'+236 70 12 34 56"]
    cell = xlsx_cells(ONE, rows)[0][0]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("+236 70 12 34 56", "s", True)


def test_telephone_with_a_call_in_it_is_not_one():
    assert xlsx_cells(ONE, [{"a": "+236 70 (SUM(1))"}])[0][0].value == "'+236 70 (SUM(1))"


def test_moments_stand_on_the_mission_clock():
    columns = [Column("a", "When", "moment")]
    rows = [{"a": datetime(2026, 11, 22, 23, 5, tzinfo=UTC)}]
    assert csv_rows(columns, rows)[1] == ["2026-11-23T00:05:00+01:00"]
    with xlsx(columns, rows) as file:
        page = openpyxl.load_workbook(file).active
    assert page["A4"].value == datetime(2026, 11, 23, 0, 5)
    assert page["A4"].is_date
    assert page["A3"].value == "When (Africa/Bangui)"


def test_a_moment_without_zone_is_refused():
    columns = [Column("a", "When", "moment")]
    rows = [{"a": datetime(2026, 11, 22)}]
    with pytest.raises(ValueError, match="time zone"):
        list(write_csv(columns, rows))
    with pytest.raises(ValueError, match="time zone"):
        xlsx(columns, rows)


def test_dates_are_dates_and_old_ones_stay_text():
    columns = [Column("a", "Day", "date")]
    rows = [{"a": date(2026, 11, 22)}, {"a": date(1850, 1, 2)}]
    assert [row[0] for row in csv_rows(columns, rows)[1:]] == ["2026-11-22", "1850-01-02"]
    cells = xlsx_cells(columns, rows)
    assert cells[0][0].value == datetime(2026, 11, 22)
    assert cells[1][0].value == "1850-01-02"


def test_nothing_yes_and_choices_in_words():
    columns = [Column("a", "A"), Column("b", "B", "choice"), Column("c", "C")]
    rows = [{"a": None, "b": True, "c": "end"}]
    assert csv_rows(columns, rows)[1] == ["", "yes", "end"]
    assert [cell.value for cell in xlsx_cells(columns, rows)[0]] == [None, "yes", "end"]


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "=" + "x" * 32_766])
def test_a_cell_too_long_is_cut_with_a_note(text):
    for value in (csv_rows(ONE, [{"a": text}])[1][0], xlsx_cells(ONE, [{"a": text}])[0][0].value):
        assert len(value.encode("utf-16-le")) // 2 <= MOST_UNITS
        assert value.endswith("characters]")


def test_a_cell_just_full_is_not_cut():
    text = "x" * MOST_UNITS
    assert xlsx_cells(ONE, [{"a": text}])[0][0].value == text


def test_more_rows_than_a_sheet_holds_are_refused_and_leave_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(sheet_module, "MOST_ROWS", 10)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    xlsx(ONE, [{"a": "x"}] * 7).close()
    with pytest.raises(TooManyRowsError, match="at most 7 rows"):
        xlsx(ONE, [{"a": "x"}] * 8)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("level", "words"), [(1, "UNCLASSIFIED"), (2, "CONFIDENTIAL"), (3, "STRICTLY CONFIDENTIAL")]
)
def test_the_classification_stands_on_sheet_and_print(level, words):
    with xlsx(ONE, [{"a": "x"}], classification=level, title="Engagements", note="15 to 22 Nov 2026") as file:
        page = openpyxl.load_workbook(file).active
    assert page["A1"].value == words
    assert page.oddHeader.center.text.endswith(words)
    assert page.oddFooter.center.text.endswith(words)
    assert page["A2"].value == "Engagements · 15 to 22 Nov 2026 · Cpt A. Morel · 2026-11-22 14:05 +0100"


def test_heads_stay_in_view_and_filter():
    with xlsx([Column("a", "A"), Column("b", "B", width=7)], [{"a": "x", "b": 1}] * 3) as file:
        page = openpyxl.load_workbook(file).active
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:B6"
    assert page.print_title_rows == "$3:$3"
    assert page.column_dimensions["B"].width == pytest.approx(7, abs=1)


def test_an_empty_list_is_a_sheet_with_heads():
    assert csv_rows(ONE, []) == [["A"]]
    assert xlsx_cells(ONE, []) == []


def test_headings_and_titles_are_inert_too():
    columns = [Column("a", "=1+1")]
    assert csv_rows(columns, [])[0] == ["'=1+1"]
    with xlsx(columns, [], title="=2+2 [a]/b") as file:
        book = openpyxl.load_workbook(file)
    assert book.active["A3"].value == "'=1+1"
    assert book.active["A2"].value.startswith("'=2+2")


def test_sheet_names_fit_and_differ():
    sheets = [
        Sheet(name, ONE, [{"a": "x"}])
        for name in ["Engagements: a/b" * 4, "engagements: a/b" * 4, "", "History"]
    ]
    with write_book(sheets, title="T", classification=1, made_by="M", made_at=MADE_AT) as file:
        names = openpyxl.load_workbook(file).sheetnames
    assert names == [
        "Engagements a bEngagements a bE",
        "engagements a bengagements a 2",
        "Sheet",
        "History 2",
    ]


def test_equal_input_gives_equal_bytes():
    rows = [{"a": "x"}, {"a": -5}]
    with xlsx(ONE, rows) as first, xlsx(ONE, rows) as second:
        assert first.read() == second.read()


def test_csv_comes_in_pieces_while_rows_are_read():
    read = 0

    def rows():
        nonlocal read
        for _ in range(20_000):
            read += 1
            yield {"a": "some words of an ordinary length"}

    pieces = write_csv(ONE, rows())
    first = next(pieces)
    assert read < 5_000
    assert 60_000 < len(first) < 80_000


def test_file_names_say_the_classification():
    name = file_name("Réunions: «été»/../etc", classification=3, made_at=MADE_AT, ending="csv")
    assert name == "Strictly confidential Reunions ete .. etc 2026-11-22.csv"


def test_dashes_of_a_period_stay_in_the_file_name():
    name = file_name("SITREP, 16–22 Nov", classification=1, made_at=MADE_AT, ending="pdf")
    assert name == "Unclassified SITREP 16-22 Nov 2026-11-22.pdf"
