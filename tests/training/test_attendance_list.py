"""The list of a session: taken along, filled in offline, imported as it is."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from cimic_portal.core.tablefile import read_table
from tests.factories.core import PersonFactory, ago
from tests.factories.training_course import CourseFactory, SessionFactory, record_for, seat_for
from tests.operations.steps import WHY
from tests.support.pages import body, signed_in, words
from training.models import Enrolment, Session
from training.reports.attendance import COLUMNS, lines_of
from training.services.attendance import ATTENDANCE_TABLE, MOST_ATTENDING, try_attendance

pytestmark = pytest.mark.django_db
FILLED = {"Attendance": "yes", "Result": "passed", "Score": 91}
FORMS = ("csv", "xlsx")


@pytest.fixture
def begun(cast: Any) -> Session:
    """Given by the police, with two who have a seat, of whom one has an address like a formula."""
    session: Session = SessionFactory(
        course=CourseFactory(office=cast.police), starts_at=ago(hours=3), ends_at=ago(hours=1), seats=5
    )
    cast.colleague.email = "=colleague@carana.example"
    cast.colleague.save()
    seat_for(cast.owner, session=session)
    seat_for(cast.colleague, session=session)
    seat_for(cast.head, session=session, state="waiting")
    return session


def taken_along(session: Session, client: Any, form: str) -> bytes:
    answer = client.get(reverse(f"attendance_{form}", args=[session.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def filled_in(content: bytes, form: str) -> bytes:
    """As somebody would by hand: every line gets its marks, the rest stays."""
    if form == "csv":
        head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        told = [
            [str(FILLED.get(name, cell)) for name, cell in zip(head, line, strict=True)] for line in lines
        ]
        target = io.StringIO()
        csv.writer(target).writerows([head, *told])
        return target.getvalue().encode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    (head, *rows) = book.active.iter_rows(min_row=3)
    for row in rows:
        for name, cell in zip(head, row, strict=True):
            cell.value = FILLED.get(name.value, cell.value)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_what_was_taken_along_and_filled_in_is_entered_whole(cast: Any, begun: Session, form: str) -> None:
    client = signed_in(cast.other_component)
    content = filled_in(taken_along(begun, client, form), form)
    address = reverse("attendance_import", args=[begun.pk])
    shown = client.post(address, {"file": io.BytesIO(content)})
    assert "2 lines can be entered" in words(body(shown))
    assert "stays out" not in words(body(shown))
    client.post(address, {"rows": shown.context["sent"], "version": begun.version})
    marked = Enrolment.objects.unscoped(WHY).filter(session=begun, state="attended")
    assert set(marked.values_list("record__person__email", "result", "score")) == {
        (person.email, "passed", 91) for person in (cast.owner, cast.colleague)
    }


@pytest.mark.parametrize("form", FORMS)
def test_marks_that_were_given_stand_in_it_and_go_back_unchanged(
    cast: Any, begun: Session, form: str
) -> None:
    seated = Enrolment.objects.unscoped(WHY).filter(session=begun)
    seated.filter(record__person=cast.owner).update(state="attended", result="failed", score=12)
    seated.filter(record__person=cast.colleague).update(state="absent")
    content = taken_along(begun, signed_in(cast.other_component), form)
    rows = try_attendance(begun, read_table(content, ATTENDANCE_TABLE), actor=cast.other_component)
    assert [row.problems for row in rows] == [[], []]
    marks = {(row.mark.attended, row.mark.result, row.mark.score) for row in rows if row.mark}
    assert marks == {(True, "failed", 12), (False, "", None)}


@pytest.mark.parametrize("form", FORMS)
def test_it_is_for_those_who_mark_once_it_has_begun(cast: Any, begun: Session, form: str) -> None:
    address = reverse(f"attendance_{form}", args=[begun.pk])
    marks = reverse("session_marks", args=[begun.pk])
    client = signed_in(cast.other_component)
    assert address in body(client.get(marks))
    assert address in body(client.get(reverse("attendance_import", args=[begun.pk])))
    for person in (cast.owner, cast.head, cast.partner):
        assert signed_in(person).get(address).status_code == 403
    ahead = SessionFactory(course=begun.course)
    assert client.get(reverse(f"attendance_{form}", args=[ahead.pk])).status_code == 403


def test_its_columns_are_those_that_the_import_reads():
    read = {column.key: ATTENDANCE_TABLE.heads[column.heading.casefold()] for column in COLUMNS}
    assert read == {column.key: column.key for column in COLUMNS}
    assert set(read) == set(ATTENDANCE_TABLE.heads.values())


def test_the_import_takes_the_list_of_the_largest_session(cast: Any, begun: Session) -> None:
    """Everybody on the most seats there are, and as many who were absent and freed a seat each."""
    from cimic_portal.core.views.export import table_file

    (most,) = (
        one.limit_value for one in Session._meta.get_field("seats").validators if one.code == "max_value"
    )
    assert 2 * most == MOST_ATTENDING
    record = record_for(cast.owner)
    record.person = PersonFactory.build(given_name="G" * 60, family_name="F" * 60, email=f"{'e' * 60}@x.org")
    rows = [Enrolment(record=record, state="attended", result="passed", score=100)] * MOST_ATTENDING
    for form in FORMS:
        answer = table_file(cast.owner, form, COLUMNS, lines_of(rows), title="Attendance", level=1)
        table = read_table(b"".join(answer.streaming_content), ATTENDANCE_TABLE)
        assert len(table) == MOST_ATTENDING
