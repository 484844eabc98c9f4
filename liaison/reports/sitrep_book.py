"""The SITREP as a workbook: figures, engagements, taskings, commitments and limits, each on its sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from django.utils.translation import gettext as _

from cimic_portal.core.paper.period import period_text
from cimic_portal.core.paper.sheet import Column, Sheet, write_book
from cimic_portal.core.sharing.levels import Classification
from liaison.models.commitment import CommitmentSide, CommitmentState
from liaison.models.engagement import Atmosphere, EngagementState
from liaison.models.tasking import Priority, TaskingState
from liaison.reports.sitrep_figures import commitment_figures, engagement_figures, grid, tasking_figures
from liaison.reports.sitrep_rows import CommitmentRow, EngagementRow, Sitrep, TaskingRow
from liaison.reports.sitrep_words import limits, words


def sitrep_book(report: Sitrep) -> IO[bytes]:
    """The SITREP as XLSX in a temporary file at its beginning; the same rows and figures as on paper."""
    note = " · ".join(filter(None, [report.office, period_text(report.since, report.until), report.filters]))
    serials = report.serials()
    engagements = (_engagement(row, serials) for row in report.in_order())
    taskings = (_tasking(row, report, serials) for row in report.taskings)
    commitments = (_commitment(row, report, serials) for row in report.commitments)
    sheets = [
        Sheet(_("Figures"), _figure_columns(), _figures(report), note),
        Sheet(_("Engagements"), _engagement_columns(), engagements, note),
        Sheet(_("Taskings"), _tasking_columns(), taskings, note),
        Sheet(_("Commitments"), _commitment_columns(), commitments, note),
        Sheet(_("Limits"), [Column("line", words()["limits"], width=120)], _limits(report), note),
    ]
    return write_book(
        sheets,
        title=_("CIMIC SITREP"),
        classification=report.classification,
        made_by=report.made_by,
        made_at=report.made_at,
    )


def _limits(report: Sitrep) -> Iterator[Mapping[str, object]]:
    return ({"line": line} for line in limits(report))


def _figure_columns() -> list[Column]:
    return [
        Column("table", _("Table"), "choice", width=36),
        Column("of", _("Of"), "choice", width=28),
        Column("by", _("By"), "choice"),
        Column("count", _("Count"), "integer"),
    ]


def _figures(report: Sitrep) -> Iterator[Mapping[str, object]]:
    """One row for each number, so that the sheet can be filtered and pivoted."""
    for table in (engagement_figures(report), tasking_figures(report), commitment_figures(report)):
        for name, numbers in table.rows:
            for head, number in zip(table.heads[1:], numbers, strict=True):
                yield {"table": table.caption, "of": name, "by": head, "count": number}


def _engagement_columns() -> list[Column]:
    return [
        Column("serial", _("No."), "choice", width=8),
        Column("starts_at", _("Start"), "moment"),
        Column("ends_at", _("End"), "moment"),
        Column("purpose", _("Purpose")),
        Column("kind", _("Kind"), "choice"),
        Column("state", _("State"), "choice"),
        Column("office", _("Office"), "choice", width=24),
        Column("place", _("Place"), width=24),
        Column("area", _("Area"), "choice"),
        Column("pcode", _("P-code"), "choice", width=12),
        Column("grid", _("Grid (MGRS)"), "grid"),
        Column("latitude", _("Latitude"), "decimal"),
        Column("longitude", _("Longitude"), "decimal"),
        Column("met", _("Met")),
        Column("ours", _("For us")),
        Column("organisations", _("Organisations"), width=30),
        Column("key_points", _("Key points"), width=60),
        Column("atmosphere", _("Atmosphere"), "choice", width=12),
        Column("atmosphere_why", _("Why")),
        Column("local_context", _("Local context")),
        Column("next_steps", _("Next steps")),
        Column("do_no_harm", _("Do no harm")),
        *_closing_columns(),
    ]


def _engagement(row: EngagementRow, serials: Mapping[str, str]) -> dict[str, object]:
    return {
        "serial": serials[row.reference],
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "purpose": row.purpose,
        "kind": row.kind,
        "state": EngagementState(row.state).label,
        "office": row.office,
        "place": row.place,
        "area": row.area,
        "pcode": row.pcode,
        "grid": grid(row.latitude, row.longitude),
        "latitude": row.latitude,
        "longitude": row.longitude,
        "met": "; ".join(map(str, row.met)),
        "ours": "; ".join(map(str, row.ours)),
        "organisations": "; ".join(row.organisations),
        "key_points": row.key_points,
        "atmosphere": None if row.atmosphere is None else Atmosphere(row.atmosphere).label,
        "atmosphere_why": row.atmosphere_why,
        "local_context": row.local_context,
        "next_steps": row.next_steps,
        "do_no_harm": row.do_no_harm,
        **_closing(row),
    }


def _tasking_columns() -> list[Column]:
    return [
        Column("title", _("What")),
        Column("about", _("About"), width=30),
        Column("assignee", _("Who"), width=28),
        Column("priority", _("Priority"), "choice", width=12),
        Column("due_at", _("Due"), "moment"),
        Column("state", _("State"), "choice"),
        Column("overdue", _("Overdue"), "choice", width=10),
        Column("outcome", _("Outcome")),
        Column("state_reason", _("Reason")),
        Column("answered_by", _("Answered by"), width=16),
        *_closing_columns(),
    ]


def _tasking(row: TaskingRow, report: Sitrep, serials: Mapping[str, str]) -> dict[str, object]:
    return {
        "title": row.title,
        "about": row.about,
        "assignee": row.assignee,
        "priority": Priority(row.priority).label,
        "due_at": row.due_at,
        "state": TaskingState(row.state).label,
        "overdue": row.is_overdue(report.made_at),
        "outcome": row.outcome,
        "state_reason": row.state_reason,
        "answered_by": ", ".join(serials.get(reference, reference) for reference in row.answered_by),
        **_closing(row),
    }


def _commitment_columns() -> list[Column]:
    return [
        Column("what", _("What")),
        Column("side", _("Side"), "choice"),
        Column("promised_by", _("Who promised"), width=28),
        Column("promised_to", _("To whom"), width=28),
        Column("due_on", _("By when"), "date"),
        Column("state", _("State"), "choice"),
        Column("overdue", _("Overdue"), "choice", width=10),
        Column("note", _("How it ended")),
        Column("engagement", _("Made in"), "choice", width=10),
        *_closing_columns(),
    ]


def _commitment(row: CommitmentRow, report: Sitrep, serials: Mapping[str, str]) -> dict[str, object]:
    return {
        "what": row.what,
        "side": CommitmentSide(row.side).label,
        "promised_by": row.promised_by,
        "promised_to": row.promised_to,
        "due_on": row.due_on,
        "state": CommitmentState(row.state).label,
        "overdue": row.is_overdue(report.made_at),
        "note": row.note,
        "engagement": serials.get(row.engagement, ""),
        **_closing(row),
    }


def _closing_columns() -> list[Column]:
    """What every row ends with: its level, and whether the figures count it."""
    return [
        Column("classification", _("Classification"), "choice", width=22),
        Column("counted", _("Counted in the figures"), "choice", width=12),
    ]


def _closing(row: EngagementRow | TaskingRow | CommitmentRow) -> dict[str, object]:
    return {"classification": Classification(row.classification).label, "counted": row.counted}
