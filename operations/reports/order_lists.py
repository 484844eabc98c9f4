"""Annexes that are tables: the tasks by phase and participant, and who is who."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.geo.position import GeoPosition
from cimic_portal.core.templatetags.moments import moment_text
from operations.reports.order_annexes import Annex, Content, Line, Table
from operations.reports.order_words import stacked
from operations.schedule.reading import Who, who_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Place, Position
    from operations.models import OperationTask, Phase
    from operations.models.participation import TakingPart
    from operations.reports.order_reading import OrderBook

_NOWHERE = 10_000


def grid_of(place: Place) -> str:
    """The grid reference of a place; empty where its position is not known."""
    if place.latitude is None or place.longitude is None:
        return ""
    return GeoPosition.of(place.latitude, place.longitude).mgrs


def doer(task: OperationTask) -> str:
    return str(task.office or task.organisation or _("Nobody yet"))


def by_participant(book: OrderBook, tasks: Iterable[OperationTask]) -> dict[Who, list[OperationTask]]:
    """Tasks under who does them: the lead's first, then the others', then what is nobody's."""
    ranks = {who_of(row): rank for rank, row in enumerate(book.plan.participations)}
    found: dict[Who, list[OperationTask]] = {}
    for task in sorted(
        tasks, key=lambda task: (ranks.get(who_of(task), _NOWHERE), doer(task), book.numbers[task.pk])
    ):
        found.setdefault(who_of(task), []).append(task)
    return found


def _tasks(book: OrderBook) -> Content | None:
    if not book.plan.tasks:
        return None
    by_phase: dict[int | None, list[OperationTask]] = {}
    for task in book.plan.tasks:
        by_phase.setdefault(task.phase_id, []).append(task)
    tables = [
        _task_table(book, _phase_words(phase), by_phase[phase.pk])
        for phase in book.plan.phases
        if phase.pk in by_phase
    ]
    if None in by_phase:
        tables.append(_task_table(book, _("Outside of the phases"), by_phase[None]))
    return Content(tables, intro=_("Times are the mission's, with Zulu in brackets. » critical path."))


def _phase_words(phase: Phase) -> str:
    return f"{phase.name}, {moment_text(phase.starts_at)} – {moment_text(phase.ends_at)}"


def _task_table(book: OrderBook, caption: str, tasks: Sequence[OperationTask]) -> Table:
    rows: list[Line] = []
    for own in by_participant(book, tasks).values():
        rows.append(Line(group=doer(own[0])))
        rows += (Line(_task(book, task)) for task in own)
    heads = [_("No."), _("Task"), _("Place"), _("Start"), _("End"), _("After no.")]
    return Table(caption, heads, (0.45, 3.1, 1.6, 1.5, 1.5, 0.8), rows)


def _task(book: OrderBook, task: OperationTask) -> list[str]:
    mark = "» " if task.pk in book.plan.on_path else ""
    place = [str(task.place), grid_of(task.place)] if task.place else []
    return [
        book.number(task),
        "\n".join(part for part in (mark + task.title, task.details) if part),
        "\n".join(part for part in place if part),
        stacked(task.starts_at),
        stacked(task.ends_at),
        ", ".join(book.number(need) for need in book.plan.needs_of(task)),
    ]


def _contacts(book: OrderBook) -> Content:
    rows = [Line(cells) for row in book.plan.participations for cells in _participant(book, row)]
    others = list(_deciding(book))
    if others:
        rows += [Line(group=_("Who decides, and who owns risks")), *map(Line, others)]
    heads = [_("Participant"), _("Role"), _("Position"), _("Held by"), _("Phone"), _("Mail")]
    table = Table(_("Who is who"), heads, (2, 1, 1.6, 1.6, 1.5, 2.2), rows)
    return Content([table], intro=_("As the portal knew them when this was made."))


def _participant(book: OrderBook, row: TakingPart) -> Iterator[list[str]]:
    speaker = book.speaker_of(row)
    first = [str(row), str(row.get_role_display())]
    if speaker is not None:
        yield from ([*first, *cells] for cells in _post(book, speaker))
    elif row.organisation is not None:
        yield [*first, _("nobody in the portal"), "–", row.organisation.phone, row.organisation.email]
    else:
        yield [*first, _("no head of office"), "–", "", ""]


def _post(book: OrderBook, position: Position) -> Iterator[list[str]]:
    """A line for each who holds it."""
    people = book.holders.get(position.pk, ())
    for person in people:
        yield [position.title, str(person), person.phone, person.email]
    if not people:
        yield [position.title, _("vacant"), "", ""]


def _deciding(book: OrderBook) -> Iterator[list[str]]:
    told = {one.pk for row in book.plan.participations if (one := book.speaker_of(row)) is not None}
    decides, owns = _("Decides"), _("Owns risks")
    posts = [(book.operation.approver, _("Approves"))]
    posts += [(row.decider, decides) for row in book.plan.decisions if row.decider]
    posts += [(row.owner, owns) for row in book.risks if row.owner]
    for position, role in posts:
        if position.pk not in told:
            told.add(position.pk)
            yield from ([str(position.office), role, *cells] for cells in _post(book, position))


TASKS = Annex("tasks", gettext_lazy("Task list"), _tasks, order=10)
CONTACTS = Annex("contacts", gettext_lazy("Contacts"), _contacts, order=40)
