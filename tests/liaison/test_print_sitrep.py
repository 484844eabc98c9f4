"""The SITREP on paper and as a workbook: complete, literal, and counted as the sharing rule says."""

import re
from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimic_portal.core.paper.sketch import Outline
from liaison.models.commitment import CommitmentSide, CommitmentState
from liaison.models.engagement import Atmosphere, EngagementState
from liaison.models.tasking import TaskingState
from liaison.reports.sitrep_book import sitrep_book
from liaison.reports.sitrep_figures import commitment_figures, engagement_figures, places, tasking_figures
from liaison.reports.sitrep_paper import sitrep_data, sitrep_pdf
from liaison.reports.sitrep_rows import Attendee, CommitmentRow, EngagementRow, Sitrep, TaskingRow
from tests.support.papers import pages_of

HERE = timezone(timedelta(hours=1))
MADE_AT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
SECTOR = Outline("Sector", [[(16.0, 5.5), (18.5, 5.5), (18.5, 7.5), (16.0, 7.5), (16.0, 5.5)]])

MEETING = EngagementRow(
    reference="ENG0000001",
    purpose="Tension over grazing",
    kind="Key leader engagement",
    starts_at=datetime(2026, 11, 18, 9, 30, tzinfo=UTC),
    office="LO Sector North",
    place="Oum",
    area="Ouham",
    pcode="CF31",
    latitude=6.49,
    longitude=17.45,
    met=[Attendee("El Hadj B.", "spokesman", "Herders’ council"), Attendee(organisation="UNHCR")],
    ours=[Attendee("Cpt A. Morel", "LO Sector North")],
    key_points="Both sides accept a joint visit.",
    atmosphere=Atmosphere.NEGATIVE,
    atmosphere_why="First contact since October.",
    next_steps="Letter by 23 Nov.",
)
TASK = TaskingRow(
    reference="TSK0000001",
    title="Meet both councils",
    assignee="LO Sector North",
    due_at=MADE_AT - timedelta(days=1),
    state=TaskingState.IN_PROGRESS,
    answered_by=["ENG0000001"],
)
PROMISE = CommitmentRow(
    what="Joint-visit letter",
    side=CommitmentSide.OURS,
    promised_by="Sector North",
    promised_to="Herders’ council",
    due_on=date(2026, 11, 21),
    engagement="ENG0000001",
)
REPORT = Sitrep(
    office="Sector North",
    since=datetime(2026, 11, 16, tzinfo=HERE),
    until=datetime(2026, 11, 23, tzinfo=HERE),
    made_by="Cpt A. Morel, LO Sector North",
    made_at=MADE_AT,
    sources=3,
    engagements=[MEETING],
    taskings=[TASK],
    commitments=[PROMISE],
    outlines=[SECTOR],
)
EMPTY = replace(REPORT, engagements=[], taskings=[], commitments=[], outlines=[], sources=0)
HOSTILE = '#panic() *a* $b$ [c] \\ @d <e> // f {{g}} "h" =1+1'


def many(count):
    return [
        replace(
            MEETING,
            reference=f"ENG{number:07}",
            purpose=f"Purpose {number}.",
            starts_at=MEETING.starts_at + timedelta(minutes=7 * number),
            place=f"Place {number % 60}",
            latitude=5.6 + number % 60 / 40,
            longitude=16.2 + number % 17 / 8,
            key_points=f"begin{number}. " + "Words of a report. " * (number * 7 % 50) + f"end{number}.",
            next_steps=f"last{number}.",
        )
        for number in range(count)
    ]


def pages(report):
    return pages_of(sitrep_pdf(report))


def packed(text):
    return re.sub(r"[\s\xad]+", "", text)


def sheets(report):
    with sitrep_book(report) as file:
        book = openpyxl.load_workbook(file)
    return {page.title: list(page.iter_rows(min_row=3, values_only=True)) for page in book}


def test_a_quiet_week_is_one_page_that_holds_everything():
    (page,) = pages(REPORT)
    for words in (
        "CIMIC SITREP",
        "16 to 22 Nov 2026",
        "3 records",
        "E1 Tension over grazing",
        "18 Nov 2026, 10:30 (09:30Z)",
        "Oum, Ouham CF31",
        "33N YH 70969 18025",
        "Herders’ council (El Hadj B., spokesman); UNHCR",
        "Both sides accept a joint visit.",
        "Negative: First contact since October.",
        "Letter by 23 Nov.",
        "Answered by E1",
        "Made in E1",
        "Figure 1",
        "What this report does not contain",
    ):
        assert packed(words) in packed(page), words


def test_nothing_happened_is_a_report_too():
    (page,) = pages(EMPTY)
    for words in ("No engagements", "No taskings", "No commitments", "No place", "0 records", "UNCLASSIFIED"):
        assert words in page


def test_without_boundaries_the_places_are_a_table():
    page = "".join(pages(replace(REPORT, outlines=[])))
    assert "Figure 1" not in page
    assert "Places of the engagements" in page
    assert "33N YH 70969 18025" in page


def test_three_hundred_engagements_are_all_there_once_in_order():
    # The quicker reader: a hundred pages and more.
    with pypdfium2.PdfDocument(sitrep_pdf(replace(REPORT, engagements=many(300)))) as opened:
        text = "\n".join(page.get_textpage().get_text_range() for page in opened)
    assert re.findall(r"Purpose (\d+)\.", text) == [str(number) for number in range(300)]
    assert [int(serial) for serial in re.findall(r"^E(\d+)", text, re.MULTILINE)] == list(range(1, 301))


def test_an_engagement_is_not_torn_between_pages_unless_it_is_long():
    report = replace(REPORT, engagements=many(60))
    whole = [it["whole"] for it in sitrep_data(report)["engagements"]]
    assert 40 < sum(whole) <= 60
    at = pages(report)
    for number, keeps in enumerate(whole):
        (first,) = [page for page, text in enumerate(at) if f"Purpose {number}." in text]
        assert f"begin{number}." in at[first]
        if keeps:
            assert f"last{number}." in at[first]


def test_a_report_longer_than_a_page_runs_over():
    text = "start. " + "Words of a long report. " * 700 + "finish."
    at = pages(replace(REPORT, engagements=[replace(MEETING, key_points=text)]))
    assert len(at) > 3
    assert "start." in at[0]
    assert any("finish." in page for page in at[2:])


@pytest.mark.parametrize("row", [MEETING, TASK, PROMISE], ids=["engagement", "tasking", "commitment"])
def test_every_text_of_a_row_is_shown_literally_on_paper_and_sheet(row):
    names = [field.name for field in fields(row) if isinstance(getattr(row, field.name), str)]
    names = [name for name in names if name not in ("reference", "engagement", "state", "side", "atmosphere")]
    assert len(names) >= 4
    drawer = {EngagementRow: "engagements", TaskingRow: "taskings", CommitmentRow: "commitments"}[type(row)]
    for name in names:
        report = replace(REPORT, **{drawer: [replace(row, **{name: f"{name} {HOSTILE}"})]})
        assert packed(f"{name} {HOSTILE}") in packed("".join(pages(report))), name
        assert any(f"{name} {HOSTILE}" in map(str, cells) for cells in sheets(report)[drawer.capitalize()]), (
            name
        )


def test_texts_about_the_report_and_the_attendance_are_shown_literally():
    people = [Attendee(f"name {HOSTILE}", f"post {HOSTILE}", f"body {HOSTILE}")]
    report = replace(
        REPORT,
        office=f"office {HOSTILE}",
        made_by=f"maker {HOSTILE}",
        filters=f"filter {HOSTILE}",
        engagements=[replace(MEETING, met=people, ours=people)],
        outlines=[replace(SECTOR, name=f"area {HOSTILE}")],
    )
    text = packed("".join(pages(report)))
    for word in ("office", "maker", "filter", "name", "post", "body"):
        assert packed(f"{word} {HOSTILE}") in text, word


rows = st.lists(
    st.builds(
        lambda kind, atmosphere, counted, level: (kind, atmosphere, counted, level),
        st.sampled_from(["Meeting", "Call", "Site visit"]),
        st.sampled_from([*Atmosphere, None]),
        st.booleans(),
        st.sampled_from([1, 2, 3]),
    ),
    max_size=25,
)


@given(rows)
@settings(max_examples=60, deadline=None)
def test_engagement_figures_count_what_counts(given_rows):
    engagements = [
        replace(
            MEETING, reference=str(n), kind=kind, atmosphere=atmosphere, counted=counted, classification=level
        )
        for n, (kind, atmosphere, counted, level) in enumerate(given_rows)
    ]
    report = replace(EMPTY, engagements=engagements)
    table = engagement_figures(report)
    expected = Counter(row.kind for row in engagements if row.counted)
    assert {kind: numbers[-1] for kind, numbers in table.rows[:-1]} == expected
    assert table.rows[-1][1][-1] == sum(expected.values())
    for place, atmosphere in enumerate(Atmosphere):
        counted = sum(row.counted and row.atmosphere == atmosphere for row in engagements)
        assert sum(numbers[place] for _kind, numbers in table.rows[:-1]) == counted
        assert table.rows[-1][1][place] == counted
    assert all(len(numbers) == len(table.heads) - 1 for _kind, numbers in table.rows)
    assert report.classification == max([row.classification for row in engagements], default=1)
    assert sum(place.engagements for place in places(report)) == sum(expected.values())


def test_what_only_a_grant_opened_is_shown_and_stays_out_of_every_figure():
    report = replace(
        REPORT,
        engagements=[MEETING, replace(MEETING, reference="X", kind="Secret kind", counted=False)],
        taskings=[TASK, replace(TASK, reference="Y", state=TaskingState.DONE, counted=False)],
        commitments=[PROMISE, replace(PROMISE, state=CommitmentState.BROKEN, counted=False)],
    )
    counted = replace(REPORT, outlines=[])
    for figures in (engagement_figures, tasking_figures, commitment_figures):
        assert figures(report) == figures(counted)
    text = "".join(pages(report))
    assert text.count("Not counted") == 3 + 1
    assert "3 records were opened to its maker by name or by grant only." in text.replace("\n", " ")
    assert "by name or by grant" not in "".join(pages(REPORT))
    assert [row[-1] for row in sheets(report)["Engagements"][1:]] == ["yes", "no"]


@pytest.mark.parametrize(
    ("state", "due_on", "overdue"),
    [
        (CommitmentState.OPEN, date(2026, 11, 21), True),
        (CommitmentState.OPEN, date(2026, 11, 22), False),
        (CommitmentState.OPEN, None, False),
        (CommitmentState.KEPT, date(2026, 11, 21), False),
    ],
)
def test_a_commitment_is_overdue_from_the_day_after(state, due_on, overdue):
    row = replace(PROMISE, state=state, due_on=due_on)
    assert row.is_overdue(MADE_AT) is overdue
    assert row.is_overdue(datetime(2026, 11, 22, 22, 59, tzinfo=UTC)) is overdue


@pytest.mark.parametrize(
    ("state", "overdue"),
    [
        (TaskingState.ISSUED, True),
        (TaskingState.ACKNOWLEDGED, True),
        (TaskingState.IN_PROGRESS, True),
        (TaskingState.DONE, False),
        (TaskingState.DECLINED, False),
        (TaskingState.WITHDRAWN, False),
    ],
)
def test_a_tasking_is_overdue_while_open_after_its_time(state, overdue):
    assert replace(TASK, state=state).is_overdue(MADE_AT) is overdue
    assert not replace(TASK, state=state, due_at=MADE_AT).is_overdue(MADE_AT)


def test_the_report_is_as_classified_as_its_highest_row():
    report = replace(REPORT, commitments=[replace(PROMISE, classification=3)])
    assert all(page.splitlines().count("STRICTLY CONFIDENTIAL") >= 2 for page in pages(report))
    with sitrep_book(report) as file:
        book = openpyxl.load_workbook(file)
    assert {page["A1"].value for page in book} == {"STRICTLY CONFIDENTIAL"}


def test_reports_that_are_not_released_say_so():
    draft = replace(MEETING, state=EngagementState.DRAFT)
    text = "".join(pages(replace(REPORT, engagements=[draft])))
    assert "Draft" in text
    assert "have not been released" in text
    assert "have not been released" not in "".join(pages(REPORT))


def test_places_are_numbered_by_visits_and_joined_by_point():
    rows = [
        replace(MEETING, reference="1", place="Once", latitude=6.1, longitude=17.0),
        replace(MEETING, reference="2", place="Twice", latitude=6.2, longitude=17.0),
        replace(MEETING, reference="3", place="Twice, market", latitude=6.20001, longitude=17.0),
        replace(MEETING, reference="4", place="No grid", latitude=None, longitude=None),
        replace(MEETING, reference="5", place="", latitude=None, longitude=None),
    ]
    found = places(replace(REPORT, engagements=rows))
    assert [(place.number, place.name, place.engagements) for place in found] == [
        (1, "Twice", 2),
        (2, "Once", 1),
        (3, "No grid", 1),
    ]
    assert found[2].grid == ""


def test_paper_and_workbook_hold_the_same_figures():
    report = replace(REPORT, engagements=many(40))
    figures = sheets(report)["Figures"][1:]
    told = [
        (table.caption, name, head, number)
        for table in (engagement_figures(report), tasking_figures(report), commitment_figures(report))
        for name, numbers in table.rows
        for head, number in zip(table.heads[1:], numbers, strict=True)
    ]
    assert figures == told


def test_the_workbook_has_a_row_for_each_record():
    report = replace(REPORT, engagements=many(40), taskings=[TASK] * 3, commitments=[PROMISE] * 2)
    found = sheets(report)
    assert list(found) == ["Figures", "Engagements", "Taskings", "Commitments", "Limits"]
    assert [len(found[name]) - 1 for name in ("Engagements", "Taskings", "Commitments")] == [40, 3, 2]
    assert found["Engagements"][1][:2] == ("E1", datetime(2026, 11, 18, 10, 30))


def test_equal_rows_give_equal_bytes():
    assert sitrep_pdf(REPORT) == sitrep_pdf(REPORT)
    with sitrep_book(REPORT) as first, sitrep_book(REPORT) as second:
        assert first.read() == second.read()
