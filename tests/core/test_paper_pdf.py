"""PDF: what people typed is shown as they typed it, and every page says what it must."""

import io
import re
import string
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.paper import pdf
from cimic_portal.core.paper.pdf import make_pdf, reports_folder
from tests.support.papers import pages_of

MADE_AT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
WIDE = [{"heading": "Text", "share": 1, "numbers": False}]
NARROW = [
    {"heading": "Text", "share": 1, "numbers": False},
    {"heading": "Rest", "share": 5, "numbers": False},
]

FRAME = {"classification": 1, "title": "T", "made_by": "M", "made_at": MADE_AT, "period": "", "filters": ""}
LEVELS = [(1, "UNCLASSIFIED"), (2, "CONFIDENTIAL"), (3, "STRICTLY CONFIDENTIAL")]

# Each would do something if it were markup or code.
HOSTILE = [
    "#set page(width: 1cm)",
    "#panic()",
    '#read("/etc/passwd")',
    "#{ 1 + 1 }",
    "*bold* _italic_ `raw`",
    "$x^2 + \\alpha$",
    "[content] {code} (group)",
    "back\\slash \\u{41} \\\\ \\#",
    "@reference and <label>",
    "// comment /* comment */ after",
    "-- --- ... ~ -?",
    "'single' \"double\"",
    "= Heading",
    "- item",
    "+ item",
    "/ term: text",
    "https://example.org/a_b*c*d",
    '"}; {"data": 1}',
    "&amp; <script>alert(1)</script>",
    "100 % of {count} {made_by} %(x)s",
    "ligatures: office, waffle, affix",
    "▲ ◆ ● ■ ⬟ ✓ → ≤ × ∑ ½ €",
    "Église, Nyírő, Đà Nẵng, Český, Кириллица, Ελληνικά",
]


def table(rows, columns=WIDE, **more):
    given = {
        "classification": 1,
        "title": "Engagements",
        "made_by": "Cpt A. Morel, LO Sector North",
        "made_at": MADE_AT,
        "period": "16 to 22 Nov 2026",
        "filters": "Sector North",
    }
    return make_pdf("table", {"columns": columns, "rows": rows, "facts": []}, **{**given, **more})


def packed(text):
    """The text without white space and hyphens at line ends: what wrapping changes."""
    return re.sub(r"[\s\xad\u200b]+", "", text)


def drawn(document, page=0):
    """The page in grey, one number a point: 0 black, 255 white."""
    with pypdfium2.PdfDocument(document) as opened:
        return opened[page].render(scale=1, grayscale=True).to_numpy().squeeze()


def template_folder(tmp_path, settings, body):
    folder = tmp_path / "project" / "templates" / "reports"
    folder.mkdir(parents=True)
    (folder / "hostile.typ").write_text(body)
    settings.BASE_DIR = tmp_path / "project"


def make_hostile():
    given = {
        "classification": 1,
        "title": "T",
        "made_by": "M",
        "made_at": MADE_AT,
        "period": "",
        "filters": "",
    }
    return make_pdf("hostile", {}, **given)


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_is_shown_literally(text):
    assert packed(text) in packed(pages_of(table([[text]]))[0])


@pytest.mark.parametrize("field", ["title", "made_by", "period", "filters"])
def test_the_frame_shows_typed_text_literally(field):
    text = "#panic() *a* $b$ [c] \\ @d <e>"
    assert packed(text) in packed(pages_of(table([["x"]], **{field: text}))[0])


@given(st.text(alphabet=string.ascii_letters + string.digits + string.punctuation + " \n", max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_typed_text_is_shown_literally(text):
    assert packed(f"begin{text}end") in packed(pages_of(table([[f"begin{text}end"]]))[0])


@pytest.mark.parametrize("word", ["x" * 400, "http://example.org/" + "a/b-c_d" * 40, "ي" * 300, "😀" * 150])
def test_a_word_without_end_stays_in_its_column(word):
    page = drawn(table([[word, "rest"]], columns=NARROW))
    plain = drawn(table([["y", "rest"]], columns=NARROW))
    right = plain.shape[1] - 47  # the right margin is 17 mm, 48 points
    assert page[:, right:].min() == 255
    # Between the first column and the second there is the inset of the cells, and no ink.
    rows = slice(230, 330)
    gap = slice(128, 131)
    assert page[rows, 48:125].min() < 128
    assert page[rows, gap].min() > 200


def test_a_long_word_copies_without_what_breaks_it():
    word = "abcdefghij" * 20
    found = pages_of(table([[word, "rest"]], columns=NARROW))[0]
    assert word in re.sub(r"\n", "", found)


def test_arabic_is_joined_and_runs_from_the_right():
    text = "اجتماع مع لجنة المياه في السوق"
    document = table([[text]])
    assert sorted(packed(text)) == sorted(re.findall("[\u0600-\u06ff]", pages_of(document)[0]))
    middle = 298  # of the page, in points
    assert inked(text).min() > middle
    assert inked("a meeting with the committee").max() < middle


def test_each_line_runs_its_own_way():
    lines = "اجتماع مع لجنة\na meeting"
    # Below the heads; the rules between rows are lighter than ink.
    across = (drawn(table([[lines]]))[158:300] < 120).any(axis=0).nonzero()[0]
    assert across.min() < 60
    assert across.max() > 530
    assert not ((across > 150) & (across < 400)).any()


def inked(text):
    """Where across the page the text of the only cell leaves ink."""
    return (drawn(table([[text]])) != drawn(table([[" "]]))).any(axis=0).nonzero()[0]


@pytest.mark.parametrize("sign", ["\u202e", "\u202d", "\u2067", "\x00", "\x07", "\x1b", "\ud800", "\ufffe"])
def test_signs_without_a_shape_change_nothing(sign):
    document = table([[f"name{sign} Oum 12"]])
    assert "name Oum 12" in pages_of(document)[0]
    assert document == table([["name Oum 12"]])


def test_line_ends_are_kept():
    lines = ["first", "second", "third", "fourth"]
    found = pages_of(table([["first\nsecond\r\nthird\u2028fourth"]]))[0].splitlines()
    assert [line.strip() for line in found if line.strip() in lines] == lines


def test_pictures_and_many_scripts_are_drawn():
    found = pages_of(table([["😀 🚁 አማርኛ עברית বাংলা हिन्दी ไทย ქართული"]]))[0]
    assert "😀" in found
    assert "አማርኛ" in found
    assert "stand as boxes" not in found


def test_a_character_that_no_font_has_is_a_box_and_the_document_says_so():
    document = table([["Mr 王 \ue000 of Oum"]])
    found = pages_of(document)[0]
    assert "Some characters are not in the fonts of this document and stand as boxes." in found
    assert "of Oum" in found
    missing, without = drawn(document), drawn(table([["Mr  of Oum"]]))
    assert (missing < 128).sum() > (without < 128).sum()
    assert pypdf.PdfReader(io.BytesIO(document)).root_object["/MarkInfo"]["/Marked"]


def test_equal_input_gives_equal_bytes():
    first = table([["x"], ["😀"]])
    pdf._fonts.cache_clear()
    pdf._families.cache_clear()
    assert table([["x"], ["😀"]]) == first
    here = timezone(timedelta(hours=1))
    assert table([["x"], ["😀"]], made_at=MADE_AT.astimezone(here)) == first
    assert table([["y"], ["😀"]]) != first


def test_only_the_fonts_of_the_wheels_are_used():
    reader = pypdf.PdfReader(io.BytesIO(table([["plain 😀 اجتماع ▲ ① ∑ አ"]])))
    names = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }
    assert any("PlexSansArabic" in name for name in names)
    assert all(re.search("Noto|IBMPlex|DejaVuSansMono|Libertinus|NewCM", name) for name in names), names


def test_the_document_is_tagged_and_says_what_it_is():
    reader = pypdf.PdfReader(io.BytesIO(table([["x"]], title="Engagements", language="fr")))
    root = reader.root_object
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "/StructTreeRoot" in root
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", metadata)
    assert re.search(r"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>A", metadata)
    assert reader.metadata.title == "Engagements"
    assert reader.metadata.author == "Cpt A. Morel, LO Sector North"
    assert reader.metadata.creation_date == MADE_AT


@pytest.mark.parametrize(
    ("level", "words"), [(1, "UNCLASSIFIED"), (2, "CONFIDENTIAL"), (3, "STRICTLY CONFIDENTIAL")]
)
def test_every_page_says_its_level_maker_period_and_number(level, words):
    pages = pages_of(table([[f"row {number}"] for number in range(120)], classification=level))
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        lines = [line.strip() for line in text.splitlines()]
        assert lines.count(words) == 2, text
        assert f"Page {number} of {len(pages)}" in text
        assert "Made by Cpt A. Morel, LO Sector North, 22 Nov 2026, 14:05 (13:05Z)" in text
        assert "Period 16 to 22 Nov 2026 · Filter Sector North" in text


def test_the_levels_differ_in_black_and_white():
    def bands(level):
        page = drawn(table([["x"]], classification=level))
        return int(page[33, 60]), int(page[25:29, 60].min())

    assert len({bands(level) for level in (1, 2, 3)}) == 3


def test_a_table_repeats_its_heads():
    pages = pages_of(table([[f"row {number}"] for number in range(120)], columns=WIDE))
    assert all("Text" in page.splitlines() or "Text " in page.splitlines() for page in pages)


def test_rows_are_all_there_once():
    found = "\n".join(pages_of(table([[f"row {number}."] for number in range(300)])))
    assert re.findall(r"row (\d+)\.", found) == [str(number) for number in range(300)]


def test_a_long_filter_is_whole_at_the_head_and_short_at_the_foot():
    filters = "; ".join(f"condition {number}" for number in range(30))
    first, *others = pages_of(table([["x"]] * 100, filters=filters))
    assert packed(filters) in packed(first)
    assert all("condition 3" in page and "condition 29" not in page for page in others)


def test_data_of_every_kind_arrives():
    rows = [["\n".join(map(str, (MADE_AT.year, 1.5, True)))]]
    assert "2026" in pages_of(table(rows))[0]
    assert pdf.as_json({"a": MADE_AT, "b": MADE_AT.date(), "c": (1, None)}) == (
        '{"a": "22 Nov 2026, 14:05 (13:05Z)", "b": "22 Nov 2026", "c": [1, null]}'
    )
    with pytest.raises(TypeError, match="No form on paper for object"):
        pdf.as_json({"a": object()})


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "Table", "table.typ", "", "a/b"])
def test_only_names_of_templates_are_taken(name):
    with pytest.raises(ProgrammingMistakeError):
        make_pdf(name, {}, **FRAME)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('#read("/etc/hostname")', "file not found"),
        ('#read("../../secret.txt")', "escape"),
        ('#read("../secret.txt")', "escape"),
        ('#include "../secret.typ"', "escape"),
        ('#image("/../../../../../../etc/hostname")', "escape"),
        ('#import "@local/thing:1.0.0": *', "package not found"),
    ],
)
def test_a_template_reads_nothing_outside_its_folder(tmp_path, settings, body, why):
    template_folder(tmp_path, settings, f'#set document(title: "T")\n{body}')
    (tmp_path / "project" / "secret.txt").write_text("secret")
    (tmp_path / "project" / "templates" / "secret.txt").write_text("secret")
    (tmp_path / "project" / "templates" / "secret.typ").write_text("secret")
    with pytest.raises(typst.TypstError, match=why):
        make_hostile()


def test_a_template_reads_its_neighbours(tmp_path, settings):
    template_folder(tmp_path, settings, '#set document(title: "T")\n#include "near.typ"')
    (reports_folder() / "near.typ").write_text("= Near")
    assert "Near" in pages_of(make_hostile())[0]


def test_the_templates_use_no_package_and_evaluate_nothing():
    folder = reports_folder()
    paths = list(Path(folder).rglob("*"))
    assert {path.suffix for path in paths} == {".typ"}
    for path in paths:
        assert not path.is_symlink()
        source = re.sub(r"//.*", "", path.read_text())
        assert re.findall(r"#?import\s+([^:\n]+)", source) in ([], ['"frame.typ"'], ['"parts.typ"'])
        assert not re.search(r"\b(eval|plugin|read|include|csv|yaml|toml|xml|cbor|image)\s*\(", source), path
        assert len(re.findall(r"\bjson\(", source)) == (2 if path.name == "frame.typ" else 0)
