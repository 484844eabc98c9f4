"""The SITREP of an operation on paper: its rows turned into the words that the template sets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.geo.position import GeoPosition
from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.paper.period import period_text
from cimic_portal.core.templatetags.moments import clock_text, day_text, moment_text
from operations.models import EntryKind, JournalEntry, Operation, ReachedDecision, TaskState
from operations.reports.sitrep_rows import OperationSitrep, TaskRow

_STATE_COLOURS = {"in_progress": "blue", "held_up": "amber", "done": "green"}


def title_of(operation: Operation) -> str:
    return _("SITREP: %(operation)s") % {"operation": operation}


def limits(report: OperationSitrep) -> list[str]:
    """What the report is drawn from, and what it leaves out."""
    lines = [
        _(
            "Drawn from the journal, the plan in force and the records of this operation as {made_by} may "
            "read them; nothing from elsewhere stands in it."
        ).format(made_by=report.made_by)
    ]
    if report.struck:
        lines.append(
            ngettext(
                "{count} entry of the period was struck and is left out; it stays in the journal.",
                "{count} entries of the period were struck and are left out; they stay in the journal.",
                report.struck,
            ).format(count=report.struck)
        )
    return lines


def sitrep_pdf(report: OperationSitrep) -> bytes:
    """The SITREP as PDF."""
    return make_pdf(
        "operation_sitrep",
        sitrep_data(report),
        classification=report.operation.classification,
        title=title_of(report.operation),
        made_by=report.made_by,
        made_at=report.made_at,
        period=period_text(report.since, report.until),
        filters="",
    )


def sitrep_data(report: OperationSitrep) -> dict[str, Any]:
    """What `operation_sitrep.typ` sets: words and numbers."""
    operation = report.operation
    return {
        "words": {
            "situation": _("Changes of the situation"),
            "decisions": _("Decision points and orders"),
            "tasks": _("Tasks"),
            "ahead": _("The next 48 hours"),
            "journal": _("Journal of the period"),
            "findings": _("Findings and monitoring"),
            "limits": _("What this report is drawn from"),
            "no_situation": _("No change of the situation was entered in this period."),
            "no_decisions": _("No decision point was reached and no FRAGO issued in this period."),
            "no_tasks": _("No progress was reported in this period."),
            "no_ahead": _("No task begins in the next 48 hours."),
            "no_entries": _("Nothing was entered in this period."),
            "task_heads": [_("Task"), _("Done by"), _("State"), _("Reported"), _("In words")],
            "ahead_heads": [_("Task"), _("Done by"), _("Begins"), _("Ends")],
            "entry_heads": [_("No."), _("When"), _("Who"), _("What")],
            "figures": _("In figures"),
        },
        "subtitle": operation.order_name,
        "facts": [
            (_("State"), str(operation.get_state_display())),
            (_("Area"), f"{operation.area} {operation.area.pcode}" if operation.area else ""),
            (_("Lead"), str(operation.owner_office)),
            (_("Participants"), str(report.participants)),
        ],
        "purpose": operation.purpose,
        "figures": _figures(report),
        "situation": [_entry(row) for row in report.situation],
        "decisions": [*map(_decision, report.decisions), *map(_frago, report.fragos)],
        "tasks": [_task(row) for row in worst_first(report)],
        "ahead": [_ahead(row) for row in report.ahead],
        "entries": [_entry(row) for row in report.entries],
        "findings": _findings(report),
        "limits": limits(report),
    }


def _figures(report: OperationSitrep) -> list[tuple[str, str]]:
    states = dict(TaskState.choices) | {"": _("Not reported")}
    tasks = [f"{states[name]} {count}" for name, count in sorted(report.states.items())]
    entries = [f"{label} {count}" for label, count in report.by_kind if count]
    return [
        (_("Entries"), ", ".join([str(len(report.entries)), *entries])),
        (_("Tasks"), ", ".join([str(sum(report.states.values())), *tasks])),
    ]


def worst_first(report: OperationSitrep) -> list[TaskRow]:
    """What is held up, reported in this period or before; then what moved."""
    held = {row.task.pk for row in report.held_up}
    return [*report.held_up, *(row for row in report.moved if row.task.pk not in held)]


def _entry(row: JournalEntry) -> dict[str, Any]:
    pills = [str(row.get_kind_display())] if row.kind != EntryKind.REPORT else []
    notes = [row.where, grid_of(row), row.task_title]
    if row.reported_state:
        notes.append(f"{row.get_reported_state_display()} {row.reported_percent} %")
    if row.corrects is not None:
        notes.append(_("corrects %(number)s") % {"number": row.corrects.number})
    return {
        "number": str(row.number),
        "day": day_text(row.happened_at),
        "clock": clock_text(row.happened_at),
        "who": row.position.office.short_name or str(row.position.office),
        "as": f"{row.author}, {row.position.title}",
        "text": row.text,
        "urgent": _("urgent") if row.is_urgent else "",
        "kind": ", ".join(pills),
        "notes": [note for note in notes if note],
    }


def grid_of(row: JournalEntry) -> str:
    return GeoPosition.of(*row.point).mgrs if row.point else ""


def _decision(row: ReachedDecision) -> dict[str, Any]:
    told = _("reached by entry %(number)s, %(when)s") % {
        "number": row.entry.number,
        "when": moment_text(row.reached_at),
    }
    if row.decided_at is None:
        waits = _("waits for %(position)s") % {"position": row.decider or _("the lead office")}
        return {
            "what": row.title,
            "state": _("reached"),
            "colour": "amber",
            "lines": [row.condition, told, waits],
        }
    by = _("decided by %(person)s, %(when)s") % {
        "person": row.decided_by,
        "when": moment_text(row.decided_at),
    }
    lines = [row.decision, _("Reason: %(reason)s") % {"reason": row.reason}, told, by]
    return {"what": row.title, "state": _("decided"), "colour": "green", "lines": lines}


def _frago(row: Any) -> dict[str, Any]:
    lines = [row.reason, moment_text(row.decided_at)]
    return {"what": f"{row}: {row.title}", "state": _("issued"), "colour": "blue", "lines": lines}


def who_does(row: TaskRow) -> str:
    return str(row.task.office or row.task.organisation or "–")


def _task(row: TaskRow) -> dict[str, Any]:
    assert row.progress is not None
    return {
        "what": row.task.title,
        "who": who_does(row),
        "state": f"{row.progress.get_state_display()} {row.progress.percent} %",
        "colour": _STATE_COLOURS.get(row.progress.state, "grey"),
        "when": moment_text(row.progress.reported_at),
        "note": row.progress.note,
    }


def _ahead(row: TaskRow) -> list[str]:
    return [row.task.title, who_does(row), moment_text(row.task.starts_at), moment_text(row.task.ends_at)]


def _findings(report: OperationSitrep) -> list[str]:
    lines = [f"{row.observation} → {row.recommendation}" for row in report.findings]
    lines += [
        f"{_('Sign of a violation')}: {row.text}" if row.is_violation else row.text for row in report.notes
    ]
    return lines
