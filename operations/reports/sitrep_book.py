"""The SITREP of an operation as a workbook: the same rows as on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from django.utils.translation import gettext as _

from cimic_portal.core.paper.period import period_text
from cimic_portal.core.paper.sheet import Column, Sheet, write_book
from operations.models import JournalEntry, ReachedDecision
from operations.reports.sitrep_paper import grid_of, limits, title_of, who_does, worst_first
from operations.reports.sitrep_rows import OperationSitrep, TaskRow


def sitrep_book(report: OperationSitrep) -> IO[bytes]:
    """The SITREP as XLSX; the same rows as on paper, all tasks besides."""
    note = f"{report.operation.order_name} · {period_text(report.since, report.until)}"
    sheets = [
        Sheet(_("Journal"), _entry_columns(), (_entry_cells(row) for row in report.entries), note),
        Sheet(_("Decisions"), _decision_columns(), map(_decision_cells, report.decisions), note),
        Sheet(_("Tasks"), _task_columns(), map(_task_cells, worst_first(report)), note),
        Sheet(_("Next 48 hours"), _task_columns(), map(_task_cells, report.ahead), note),
        Sheet(_("Limits"), [Column("line", _("Limits"), width=120)], _lines(limits(report)), note),
    ]
    return write_book(
        sheets,
        title=title_of(report.operation),
        classification=report.operation.classification,
        made_by=report.made_by,
        made_at=report.made_at,
    )


def _lines(lines: Sequence[str]) -> Iterator[Mapping[str, object]]:
    return ({"line": line} for line in lines)


def _entry_columns() -> list[Column]:
    return [
        Column("number", _("No."), "integer", width=6),
        Column("when", _("When"), "moment"),
        Column("kind", _("Kind"), "choice"),
        Column("urgent", _("Urgent"), "choice", width=10),
        Column("text", _("What"), width=70),
        Column("office", _("Office"), "choice", width=24),
        Column("author", _("Entered by"), "choice", width=24),
        Column("where", _("Place"), width=24),
        Column("grid", _("Grid (MGRS)"), "grid"),
        Column("task", _("Task"), width=30),
        Column("state", _("Task is"), "choice"),
        Column("percent", _("Per cent"), "integer"),
    ]


def _entry_cells(row: JournalEntry) -> dict[str, object]:
    return {
        "number": row.number,
        "when": row.happened_at,
        "kind": str(row.get_kind_display()),
        "urgent": row.is_urgent,
        "text": row.text,
        "office": str(row.position.office),
        "author": str(row.author),
        "where": row.where,
        "grid": grid_of(row),
        "task": row.task_title,
        "state": str(row.get_reported_state_display()) if row.reported_state else "",
        "percent": row.reported_percent,
    }


def _decision_columns() -> list[Column]:
    return [
        Column("title", _("Decision")),
        Column("condition", _("Condition")),
        Column("reached", _("Reached"), "moment"),
        Column("entry", _("By entry"), "integer"),
        Column("decider", _("Who decides"), "choice", width=28),
        Column("decision", _("What follows")),
        Column("reason", _("Reason")),
        Column("decided", _("Decided"), "moment"),
        Column("by", _("Decided by"), "choice", width=24),
    ]


def _decision_cells(row: ReachedDecision) -> dict[str, object]:
    return {
        "title": row.title,
        "condition": row.condition,
        "reached": row.reached_at,
        "entry": row.entry.number,
        "decider": str(row.decider or ""),
        "decision": row.decision,
        "reason": row.reason,
        "decided": row.decided_at,
        "by": str(row.decided_by or ""),
    }


def _task_columns() -> list[Column]:
    return [
        Column("title", _("Task")),
        Column("who", _("Done by"), "choice", width=28),
        Column("start", _("Start"), "moment"),
        Column("end", _("End"), "moment"),
        Column("state", _("State"), "choice"),
        Column("percent", _("Per cent"), "integer"),
        Column("note", _("In words")),
        Column("reported", _("Reported"), "moment"),
    ]


def _task_cells(row: TaskRow) -> dict[str, object]:
    return {
        "title": row.task.title,
        "who": who_does(row),
        "start": row.task.starts_at,
        "end": row.task.ends_at,
        "state": str(row.progress.get_state_display()) if row.progress else "",
        "percent": row.progress.percent if row.progress else None,
        "note": row.progress.note if row.progress else "",
        "reported": row.progress.reported_at if row.progress else None,
    }
