"""The words of the SITREP on paper that stand in it whatever its rows say."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liaison.models.engagement import EngagementState
from liaison.reports.sitrep_rows import Sitrep


def words() -> dict[str, str]:
    """Headings, heads of tables, and what stands where there is nothing."""
    return {
        "figures": _("Figures"),
        "figures_and_places": _("Figures and places"),
        "where": _("Places"),
        "engagements": _("Engagements"),
        "taskings": _("Taskings"),
        "commitments": _("Commitments"),
        "taskings_about": _("open or closed in the period"),
        "commitments_about": _("made or due in the period"),
        "limits": _("What this report does not contain"),
        "no_engagements": _("No engagements in this period."),
        "no_places": _("No place is recorded for this period."),
        "no_taskings": _("No taskings in this period."),
        "no_commitments": _("No commitments in this period."),
        "places": _("Places of the engagements"),
        "number": _("No."),
        "place": _("Place"),
        "grid": _("Grid (MGRS)"),
        "engagements_short": _("Eng."),
        "what": _("What"),
        "who": _("Who"),
        "due": _("Due"),
        "state": _("State"),
        "promised_by": _("Who promised"),
        "promised_to": _("To whom"),
        "by_when": _("By when"),
    }


def records(count: int) -> str:
    """A number of records in words."""
    return ngettext("{count} record", "{count} records", count).format(count=count)


def limits(report: Sitrep) -> list[str]:
    """The sentences on what is missing; they never tell whether anything is hidden."""
    lines = [
        _(
            "This report holds only records that {made_by} may read. It was drawn from {records} as they "
            "stood when it was made; it does not say whether there are others."
        ).format(made_by=report.made_by, records=records(report.sources))
    ]
    by_name = sum(not row.counted for row in report.rows())
    if by_name:
        lines.append(
            ngettext(
                "{count} record was opened to its maker by name or by grant only. It is shown, marked "
                "“Not counted”, and stays out of the figures.",
                "{count} records were opened to its maker by name or by grant only. They are shown, marked "
                "“Not counted”, and stay out of the figures.",
                by_name,
            ).format(count=by_name)
        )
    if any(row.state != EngagementState.RELEASED for row in report.engagements):
        lines.append(_("Engagements marked with another state have not been released by their office."))
    return lines
