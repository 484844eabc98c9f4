"""The order on paper: everything it must hold, whatever was typed, on every page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cimic_portal.core.errors import RefusedError
from operations.models import (
    DecisionPoint,
    MandateTask,
    Objective,
    OperationTask,
    Participation,
    PlanRevision,
    PlanSection,
    Risk,
)
from operations.reports import order_annexes
from operations.reports.order_annexes import Annex, Content, Line, Table, add_annex
from operations.reports.order_words import date_time_group, zone_letter
from operations.services.booking import request_asset
from operations.services.diligence import Assessment, record_assessment
from operations.services.frago import acknowledge_order
from tests.core.test_paper_pdf import HOSTILE
from tests.factories.core import AreaFactory, OfficeFactory, PlaceFactory, PositionFactory
from tests.factories.operations_assets import asked, truck_of
from tests.factories.schedule import large_operation
from tests.operations.paper_steps import amended, approved, fresh, latest, made, packed, pages, text_of
from tests.operations.schedule_steps import day, phase, task
from tests.operations.steps import WHY, drafted, revision_of, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Any) -> Any:
    """A draft with a phase and two tasks, one after the other, of two participants."""
    operation = drafted(cast)
    visit = phase(operation, cast.owner, "Visits", 5, 12)
    place = PlaceFactory(name="Ford of Oum", latitude=6.1, longitude=2.4)
    recce = task(operation, cast.owner, "Recce", 6, 7, phase=visit, office=cast.team, place=place)
    task(operation, cast.owner, "Patrol", 7, 8, phase=visit, office=cast.police, needs=(recce,))
    return operation


def test_what_a_reader_of_an_order_looks_for(cast: Any) -> None:
    operation = approved(cast, objection="Exams are on")
    acknowledge_order(fresh(operation), actor=cast.other_component, version=fresh(operation).version)
    told = text_of(made(cast.owner, latest(operation)).content)
    for words in (
        f"Operation order {operation.order_name}: Market days",
        "Lead office",
        "Liaison team",
        "Copy",
        "4, made for Liaison team",
        f"Date-time group{date_time_group(operation.approved_at)}",
        "Africa/Bangui, UTC+1 (A)",
        "Task organisation",
        "1. Situation",
        "2. Mission",
        "3. Execution",
        "4. Sustainment",
        "5. Command and signal",
        "Markets open first",
        "Looting first",
        "Stalls lost",
        "Close the market first",
        "Shots are heard",
        "Approval",
        "Exams are on",
        "Objects",
        "Vehicles stay out",
        "Acknowledgement",
        str(cast.other_component),
        "not yet",
        "Annex A",
    ):
        assert packed(words) in told, words


def test_each_page_says_level_order_number_and_page(cast: Any) -> None:
    operation = large_operation(cast, tasks=60, participants=12, classification=2)
    found = pages(made(cast.owner, revision_of(operation)).content)
    assert len(found) > 4
    for number, page in enumerate(found, start=1):
        assert page.count("CONFIDENTIAL") >= 2
        assert f"Page {number} of {len(found)}" in page
        assert packed("DRAFT – NOT IN FORCE") in packed(page)


def test_what_is_not_in_force_says_so_on_every_page(cast: Any) -> None:
    operation = drafted(cast)
    for stamp, step in (
        ("DRAFT – NOT IN FORCE", lambda: operation),
        ("DRAFT IN STAFFING – NOT IN FORCE", lambda: staffed(cast, operation)),
    ):
        step()
        assert all(
            packed(stamp) in packed(page) for page in pages(made(cast.owner, latest(operation)).content)
        )


def test_the_order_in_force_carries_no_stamp_and_the_old_one_that_it_is_superseded(cast: Any) -> None:
    operation = approved(cast)
    first = latest(operation)
    assert "NOTINFORCE" not in text_of(made(cast.owner, first).content)
    amended(cast, operation)
    first.refresh_from_db()
    first.operation = fresh(operation)
    for page in pages(made(cast.partner, first).content):
        assert packed("SUPERSEDED BY FRAGO 01 OF") in packed(page)
    now = text_of(made(cast.partner, latest(operation)).content)
    assert "SUPERSEDED" not in now
    assert packed(f"{operation.order_name} with FRAGO 01") in now
    assert packed(f"{operation.order_name}, in force from") in now


@pytest.mark.parametrize(("state", "words"), [("suspended", "SUSPENDED"), ("cancelled", "CANCELLED")])
def test_an_order_that_stands_still_or_ended_says_so(cast: Any, state: str, words: str) -> None:
    operation = approved(cast)
    type(operation).objects.unscoped(WHY).filter(pk=operation.pk).update(state=state)
    assert words in text_of(made(cast.owner, latest(operation)).content)


@pytest.mark.parametrize(
    "text",
    [
        *HOSTILE,
        "<b onmouseover=alert(1)>x</b>",
        "x" * 400,
        "nul\x00in the middle",
        "السوق مفتوح كل يوم",
        "\u202eturned\u202c",
        "\ud83d\ude00 😀",
    ],
)
def test_whatever_is_typed_in_a_section_is_words(cast: Any, text: str) -> None:
    operation = drafted(cast)
    typed = f"begin {text} end"
    revision = revision_of(operation)
    row = PlanSection.objects.unscoped(WHY).get(revision=revision, kind="mission")
    # A NUL never gets into the database; it is taken out of what paper shows.
    row.text = typed.replace("\x00", "").encode("utf-8", "ignore").decode()
    row.save()
    found = text_of(made(cast.owner, revision).content)
    assert "begin" in found
    assert "end" in found
    if text.isascii() and text.isalnum():
        assert text in found


def test_rich_text_is_set_and_not_shown_as_marks(cast: Any) -> None:
    operation = drafted(cast)
    row = PlanSection.objects.unscoped(WHY).get(revision=revision_of(operation), kind="execution")
    row.text = (
        "## Intent\n\nBe **seen** early\n\n- first\n- second\n\n| Who | When |\n|---|---|\n| all | 07:30 |"
    )
    row.save()
    found = "\n".join(pages(made(cast.owner, revision_of(operation)).content))
    assert "**" not in found
    assert "|" not in found
    assert "##" not in found
    assert packed("Be seen early") in packed(found)
    for words in ("Intent", "first", "second", "Who", "07:30"):
        assert words in found


def test_every_field_is_words_and_never_markup(cast: Any) -> None:
    """Each text of each row holds signs that would mean something to the setter."""
    sign = "#panic() *b* $x$ @l <e> \\u{41}"
    operation = drafted(cast, title=f"Title {sign}", purpose=f"Purpose {sign}")
    revision = revision_of(operation)
    times = {"starts_at": operation.starts_at, "ends_at": operation.ends_at}
    office = OfficeFactory(organisation=cast.mission, name=f"Office {sign}")
    Participation.objects.create(
        operation=operation,
        office=office,
        role="support",
        position=PositionFactory(office=office, title=f"Post {sign}"),
        note=f"Note {sign}",
    )
    phase_of_it = phase(operation, cast.owner, f"Phase {sign}", 5, 12)
    Objective.objects.create(
        revision=revision,
        text=f"Aim {sign}",
        measure=f"Measure {sign}",
        mandate_task=MandateTask.objects.create(code="X", text=f"Mandate {sign}"),
    )
    OperationTask.objects.create(
        revision=revision,
        title=f"Task {sign}",
        details=f"Details {sign}",
        phase=phase_of_it,
        office=office,
        place=PlaceFactory(name=f"Place {sign}"),
        **times,
    )
    DecisionPoint.objects.create(
        revision=revision, title=f"Decide {sign}", condition=f"When {sign}", due_at=operation.starts_at
    )
    Risk.objects.create(revision=revision, text=f"Risk {sign}", civilians=f"People {sign}")
    found = text_of(made(cast.owner, revision).content)
    for word in (
        *("Title", "Purpose", "Office", "Post", "Note", "Phase", "Aim", "Measure", "Mandate", "Task"),
        *("Details", "Place", "Decide", "When", "Risk", "People"),
    ):
        assert packed(f"{word} {sign}") in found, word


def test_long_words_and_tables_of_many_columns_stay_on_the_page(cast: Any) -> None:
    operation = drafted(cast, title="T" * 150)
    row = PlanSection.objects.unscoped(WHY).get(revision=revision_of(operation), kind="situation")
    wide = " | ".join(f"Column{n}" for n in range(20))
    row.text = f"| {wide} |\n|{'---|' * 20}\n| {wide} |\n\n{'- deep ' * 1}" + "".join(
        f"\n{'  ' * n}- level {n} {'w' * 90}" for n in range(12)
    )
    row.save()
    task(operation, cast.owner, "L" * 190, 6, 7, office=cast.team, details="D" * 900)
    assert "L" * 190 in text_of(made(cast.owner, revision_of(operation)).content)


def test_the_task_list_has_times_grid_and_what_waits(cast: Any, plan: Any) -> None:
    found = text_of(made(cast.owner, revision_of(plan)).content)
    assert packed("Ford of Oum") in found
    assert "31NEH" in found or re.search(r"31[A-Z]{3}\d{10}", found)
    assert packed("Where one waits for another") in found
    local = day(6)
    assert packed(f"{local:%d %b %Y}, 00:00".lstrip("0")) in found
    assert packed(f"({(local.astimezone(UTC)):%d %b} 23:00Z)".replace("(0", "(")) in found


def test_the_matrix_names_tasks_decisions_and_what_goes_on(cast: Any, plan: Any) -> None:
    task(plan, cast.owner, "Long watch", 6, 11, office=cast.police)
    DecisionPoint.objects.create(
        revision=revision_of(plan), title="Go or wait", condition="Rain", due_at=day(6) + timedelta(hours=9)
    )
    found = pages(made(cast.owner, revision_of(plan)).content)
    matrix = packed("\n".join(page for page in found if "Synchronisation matrix" in page))
    for words in ("Long watch", "Go or wait", "Recce", "Patrol", "→", "◇", "Visits"):
        assert packed(words) in matrix, words


def test_the_map_has_scale_grid_and_a_legend(cast: Any, plan: Any) -> None:
    area = AreaFactory(name="Oum")
    type(plan).objects.unscoped(WHY).filter(pk=plan.pk).update(
        area=area, boundary=[[2.2, 6.0], [2.8, 6.0], [2.8, 6.4]]
    )
    found = text_of(made(cast.owner, revision_of(plan)).content)
    for words in ("Map", "Grid: MGRS, WGS 84", "Lower left corner 31N", "1 :", "Places of the tasks"):
        assert packed(words) in found, words


def test_due_diligence_stands_where_other_forces_are_supported(cast: Any) -> None:
    operation = drafted(cast, non_un_support=True)
    assert packed("Not recorded. Without it") in text_of(made(cast.owner, latest(operation)).content)
    record_assessment(
        operation,
        Assessment(
            supported="Police of Oum, fuel",
            risk="Beatings last year",
            mitigation="Lists checked",
            decision="mitigate",
            monitoring="Weekly visit",
        ),
        actor=cast.owner,
        version=fresh(operation).version,
    )
    found = text_of(made(cast.owner, latest(operation)).content)
    for words in ("Police of Oum, fuel", "Beatings last year", "Proceed with mitigation", "Weekly visit"):
        assert packed(words) in found, words


def test_contacts_name_posts_holders_and_mail(cast: Any) -> None:
    cast.other_component.phone = "+236 70 00 00 01"
    cast.other_component.save()
    operation = approved(cast)
    found = text_of(made(cast.owner, latest(operation)).content)
    for words in (str(cast.other_component), cast.other_component.email, "+236 70 00 00 01", "Approves"):
        assert packed(words) in found, words


def test_an_annex_of_another_part_is_added_with_its_letter_and_sources(
    cast: Any, plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_annexes, "_annexes", dict(order_annexes._annexes))
    narrow = large_operation(cast, tasks=1, participants=1, classification=3)
    table = Table("What is booked", ["Asset", "Until"], (2, 1), [Line(["Water truck", "noon"])])
    add_annex(Annex("boats", "Boats", lambda book: Content([table], sources=[narrow]), order=30))
    add_annex(Annex("nothing", "Nothing", lambda book: None, order=15))
    paper = made(cast.owner, revision_of(plan))
    found = text_of(paper.content)
    assert packed("Annex C · Boats") in found
    assert packed("Annex D · Contacts") in found
    assert "Watertruck" in found
    assert paper.classification == 3
    assert narrow in paper.sources


def test_level_and_sources_are_those_of_the_operation(cast: Any) -> None:
    operation = large_operation(cast, tasks=3, participants=2, classification=2)
    revision = revision_of(operation)
    paper = made(cast.owner, revision)
    assert paper.classification == 2
    assert list(paper.sources) == [operation, revision]


def test_nothing_is_made_of_what_its_maker_may_not_read(cast: Any) -> None:
    operation = drafted(cast)
    with pytest.raises(RefusedError):
        made(cast.partner, revision_of(operation))
    PlanRevision.objects.unscoped(WHY).update(state="dropped")
    with pytest.raises(RefusedError):
        made(cast.owner, revision_of(operation))


def test_queries_do_not_grow_with_the_plan(cast: Any) -> None:
    counted = []
    for tasks, participants in ((8, 3), (60, 20)):
        operation = large_operation(cast, tasks=tasks, participants=participants)
        revision = revision_of(operation)
        cast.owner.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            made(cast.owner, revision, office=cast.team)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 25, counted


@pytest.mark.parametrize(
    ("hours", "letter"), [(0, "Z"), (1, "A"), (3, "C"), (9, "I"), (10, "K"), (12, "M"), (-1, "N"), (-12, "Y")]
)
def test_letters_of_the_zones(hours: int, letter: str) -> None:
    assert zone_letter(timedelta(hours=hours)) == letter
    assert zone_letter(timedelta(hours=hours, minutes=30)) == ""


def test_the_date_time_group_is_zulu() -> None:
    assert date_time_group(datetime(2026, 3, 2, 4, 5, tzinfo=UTC)) == "020405Z MAR 26"


def test_assets_are_an_annex_and_sources(cast: Any, plan: Any) -> None:
    """What is confirmed and what is only asked for stand apart; another's booking is not told of."""
    truck = truck_of(cast.team, cast.colleague, name="Water truck")
    plant = truck_of(cast.hq, cast.head_above, name="Bridge layer")
    other = truck_of(cast.team, cast.colleague, name="Elsewhere truck")
    for asset, operation in ((truck, plan), (plant, plan), (other, drafted(cast))):
        request_asset(operation, asked(cast, asset), actor=cast.owner)
    paper = made(cast.owner, revision_of(plan))
    told = text_of(paper.content)
    confirmed, requested = told.index("Watertruck"), told.index("Bridgelayer")
    assert confirmed < told.index("notyetconfirmed") < requested
    assert "Elsewheretruck" not in told
    assert truck in paper.sources
