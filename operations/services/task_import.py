"""A table of tasks that comes as a file: tried row by row, and entered as far as it fits.

The columns are those of the portal's own spreadsheet of tasks, so that one can be filled in and
sent back. Every row that cannot be entered says why; the others can be entered without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.tablefile import TableShape, line_of, refuse_file
from operations.models import OperationTask, Participation, Phase, PlanRevision
from operations.schedule.graph import in_order
from operations.schedule.state import Schedule, Span
from operations.services.schedule import new_problems, put_task
from operations.services.schedule_checks import WHY, TaskInput, load, schedule_verb

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# The columns of the portal's own sheet of tasks.
TASK_TABLE = TableShape(
    heads={
        "no.": "number",
        "task": "title",
        "phase": "phase",
        "done by": "who",
        "start": "start",
        "end": "end",
        "needs": "needs",
        "details": "details",
    },
    needed=("title", "start", "end"),
    sheet="tasks",
    no_head=gettext_lazy("None of the first lines names the columns Task, Start and End."),
    no_rows=gettext_lazy("The table holds no tasks."),
)
LIMITS = {"title": 200, "details": 4000}
SHOWN = 60
_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d %b %Y %H:%M", "%d %b %Y")


@dataclass
class ImportRow:
    """One row of the table: its texts by column, what was read from it, and why it cannot be entered.

    `needs`: the other rows that it needs, by their place in the table.
    """

    line: int
    cells: Mapping[str, str]
    data: TaskInput | None = None
    needs: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def text(self, column: str) -> str:
        return self.cells.get(column, "")


def try_rows(revision: PlanRevision, rows: Iterable[Mapping[str, str]]) -> list[ImportRow]:
    """What each row would become, and what stands against it; nothing is saved."""
    return _Trial(revision, rows).rows


def import_tasks(
    revision: PlanRevision, rows: Iterable[Mapping[str, str]], *, actor: Person
) -> list[OperationTask]:
    """Enter the rows that fit, in one step; those that do not are left out, as the preview said.

    Raises RefusedError, or InvalidError at `file` where none fits.
    """
    with schedule_verb("task.import", revision, actor=actor) as (current, schedule):
        trial = _Trial(current, rows)
        made: dict[int, OperationTask] = {}
        for number in trial.order:
            row = trial.rows[number]
            if row.problems or row.data is None:
                continue
            needs = (*row.data.needs, *(made[need] for need in sorted(row.needs)))
            made[number] = put_task(current, schedule, replace(row.data, needs=needs))
        if not made:
            refuse_file(_("None of the rows can be entered."))
        return [made[number] for number in sorted(made)]


class _Trial:
    """The rows held to the schedule as it would stand with those before them; `order`: needed ones first."""

    def __init__(self, revision: PlanRevision, rows: Iterable[Mapping[str, str]]) -> None:
        self.revision = revision
        self.rows = [ImportRow(line_of(row), row) for row in rows]
        phases = Phase.objects.unscoped(WHY).filter(revision=revision)
        parts = Participation.objects.unscoped(WHY).filter(operation=revision.operation_id)
        tasks = OperationTask.objects.unscoped(WHY).filter(revision=revision)
        self.phases = {row.name.casefold(): row for row in phases}
        named = parts.select_related("office", "organisation")
        self.parts = {str(part).casefold(): part for part in named}
        self.stands = {row.title.casefold(): row for row in tasks}
        self.names = self._names()
        for row in self.rows:
            self._read(row)
        self.order = in_order(range(len(self.rows)), {n: row.needs for n, row in enumerate(self.rows)})
        for number in set(range(len(self.rows))) - set(self.order):
            self.rows[number].problems.append(_("It stands on a circle of rows that need each other."))
        schedule = load(revision)
        for number in self.order:
            self._hold(schedule, number)

    def _names(self) -> dict[str, int]:
        """How rows name each other: by the number in the first column, else by the words of the task."""
        names: dict[str, int] = {}
        for column in ("number", "title"):
            for number, row in enumerate(self.rows):
                if row.text(column):
                    names.setdefault(row.text(column).casefold(), number)
        return names

    def _read(self, row: ImportRow) -> None:
        """What the texts of a row say."""
        problems = row.problems
        if not row.text("title"):
            problems.append(_("The task has no words."))
        for name, most in LIMITS.items():
            if len(row.text(name)) > most:
                problems.append(_("A text is longer than %(most)d characters.") % {"most": most})
        if any("\x00" in text for text in row.cells.values()):
            problems.append(_("A text holds a character that cannot be stored."))
        start, end = (_moment(row.text(name), problems) for name in ("start", "end"))
        phase = self.phases.get(row.text("phase").casefold())
        if row.text("phase") and phase is None:
            problems.append(_("There is no phase “%(name)s”.") % {"name": row.text("phase")[:SHOWN]})
        part = self.parts.get(row.text("who").casefold())
        if row.text("who") and part is None:
            words = _("“%(name)s” does not take part in this operation.")
            problems.append(words % {"name": row.text("who")[:SHOWN]})
        known = self._needs(row)
        if start is not None and end is not None and not problems:
            office, organisation = (part.office, part.organisation) if part else (None, None)
            row.data = TaskInput(
                row.text("title"),
                start,
                end,
                row.text("details"),
                phase,
                office=office,
                organisation=organisation,
                needs=tuple(known),
            )

    def _needs(self, row: ImportRow) -> list[OperationTask]:
        """The tasks of the plan that it needs; the other rows that it needs are noted in the row."""
        known: list[OperationTask] = []
        for name in filter(None, (part.strip().casefold() for part in row.text("needs").split(";"))):
            if name in self.names:
                row.needs.add(self.names[name])
            elif name in self.stands:
                known.append(self.stands[name])
            else:
                row.problems.append(_("It needs “%(name)s”, which is not there.") % {"name": name[:SHOWN]})
        return known

    def _hold(self, schedule: Schedule, number: int) -> None:
        row = self.rows[number]
        for need in sorted(row.needs):
            if self.rows[need].problems:
                words = _("It needs line %(line)d, which cannot be entered.")
                row.problems.append(words % {"line": self.rows[need].line})
        if row.problems or row.data is None:
            return
        # Rows that are not saved yet stand in the trial under numbers below zero.
        before = tuple(OperationTask(pk=-need - 1, revision=self.revision) for need in sorted(row.needs))
        trial = replace(row.data, needs=(*row.data.needs, *before))
        found = new_problems(self.revision, schedule, trial)
        row.problems += [words for lines in found.values() for words in lines]
        if not row.problems:
            phase = row.data.phase.pk if row.data.phase else None
            schedule.tasks[-number - 1] = Span(row.data.title, row.data.starts_at, row.data.ends_at, phase)


def _moment(text: str, problems: list[str]) -> datetime | None:
    """A time on the mission's clock, or with an offset of its own."""
    found = None
    # Of the right form, but no such day: told below like the others.
    with suppress(ValueError):
        found = parse_datetime(text)
    for form in _FORMS:
        if found is None:
            try:
                found = datetime.strptime(text, form)
            except ValueError:
                continue
    if found is None:
        words = _("“%(text)s” is no time; write it as 2026-11-24 08:00.")
        problems.append(words % {"text": text[:SHOWN]})
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)
