"""The synchronisation matrix in words: participants down, days, weeks or months across.

A sheet shows six columns, so that titles can be read whole; what is longer goes on with the next table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.reports.order_annexes import Annex, Cell, Content, Entry, Matrix, MatrixRow
from operations.reports.order_lists import by_participant, doer
from operations.schedule.axis import Axis, bounds_of, whole_span
from operations.schedule.reading import who_of

if TYPE_CHECKING:
    from operations.models import DecisionPoint, OperationTask
    from operations.reports.order_reading import OrderBook
    from operations.schedule.reading import ReadPlan

COLUMNS = 6
_DAY = timedelta(days=1)
# The longest plan that is shown by days, and by weeks.
_BY_DAYS, _BY_WEEKS = 12 * _DAY, 182 * _DAY

Span = tuple[datetime, datetime]


def spans_of(plan: ReadPlan) -> list[Span]:
    """The columns of time, from the first to the last thing that the plan holds."""
    start, end = whole_span(plan)
    unit = "day" if end - start <= _BY_DAYS else "week" if end - start <= _BY_WEEKS else "month"
    starts = list(bounds_of(Axis(start, end, 1), unit))
    return list(zip(starts, [*starts[1:], end], strict=True))


def _matrix(book: OrderBook) -> Content | None:
    plan = book.plan
    if not plan.tasks and not plan.decisions:
        return None
    spans = spans_of(plan)
    pieces = [spans[at : at + COLUMNS] for at in range(0, len(spans), COLUMNS)]
    tables = [_table(book, piece, place, len(pieces)) for place, piece in enumerate(pieces, start=1)]
    intro = _(
        "The numbers are those of the task list; times are the mission's. » critical path, "
        "◇ decision point, → goes on from before."
    )
    return Content(tables, intro=intro)


def _table(book: OrderBook, spans: Sequence[Span], place: int, of: int) -> Matrix:
    owners = by_participant(book, book.plan.tasks)
    names = {who_of(row): (str(row), str(row.get_role_display())) for row in book.plan.participations}
    names |= {who: (doer(own[0]), "") for who, own in owners.items() if who not in names}
    rows, idle = [], []
    decisions = [_decisions(book.plan, span) for span in spans]
    if any(cell.entries for cell in decisions):
        rows.append(MatrixRow(_("Decision points"), "", decisions))
    for who, (name, role) in names.items():
        cells = [_cell(book, owners.get(who, ()), span) for span in spans]
        if any(cell.entries or cell.on for cell in cells):
            rows.append(MatrixRow(name, role, cells))
        else:
            idle.append(name)
    caption = _("Synchronisation matrix, %(from)s to %(to)s") % {
        "from": _day(spans[0][0]),
        "to": _day(spans[-1][1] - _DAY / 2),
    }
    if of > 1:
        caption = _("%(caption)s (%(place)d of %(of)d)") % {"caption": caption, "place": place, "of": of}
    return Matrix(
        caption,
        _("Participant"),
        [_head(book.plan, span) for span in spans],
        rows,
        note=_("Without tasks in this time: %(names)s.") % {"names": ", ".join(idle)} if idle else "",
    )


def _day(at: datetime) -> str:
    return format_date(timezone.localtime(at), "j M Y")


def _head(plan: ReadPlan, span: Span) -> tuple[str, str]:
    """`3–9 Nov`, and the phases that run then."""
    first, last = timezone.localtime(span[0]), timezone.localtime(span[1] - _DAY / 2)
    phases = [row.name for row in plan.phases if _meets(row.starts_at, row.ends_at, span)]
    if first.date() == last.date():
        words = format_date(first, "D j M")
    elif first.month == last.month:
        words = f"{first.day}–{format_date(last, 'j M')}"
    else:
        words = f"{format_date(first, 'j M')} – {format_date(last, 'j M')}"
    return words, ", ".join(phases)


def _meets(starts_at: datetime, ends_at: datetime, span: Span) -> bool:
    return starts_at < span[1] and ends_at > span[0]


def _cell(book: OrderBook, tasks: Sequence[OperationTask], span: Span) -> Cell:
    here = [task for task in tasks if _meets(task.starts_at, task.ends_at, span)]
    begun = [task for task in here if task.starts_at >= span[0]]
    on = [book.number(task) for task in here if task.starts_at < span[0]]
    return Cell(
        [
            Entry(book.number(task), task.title, _when(task, span), task.pk in book.plan.on_path)
            for task in begun
        ],
        f"→ {', '.join(on)}" if on else "",
    )


def _decisions(plan: ReadPlan, span: Span) -> Cell:
    return Cell(list(_due(plan.decisions, span)))


def _due(decisions: Sequence[DecisionPoint], span: Span) -> Iterator[Entry]:
    for row in decisions:
        if span[0] <= row.due_at < span[1]:
            yield Entry("◇", row.title, _clock(row.due_at, span))


def _clock(at: datetime, span: Span) -> str:
    """The clock, with the day where the column has several."""
    local = timezone.localtime(at)
    return format_date(local, "H:i" if span[1] - span[0] <= _DAY * 1.1 else "j M H:i")


def _when(task: OperationTask, span: Span) -> str:
    begins, ends = timezone.localtime(task.starts_at), timezone.localtime(task.ends_at)
    until = format_date(ends, "H:i" if begins.date() == ends.date() else "j M H:i")
    return f"{_clock(task.starts_at, span)} – {until}"


MATRIX = Annex("matrix", gettext_lazy("Synchronisation matrix"), _matrix, order=20, across=True)
