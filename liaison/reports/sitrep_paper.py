"""The SITREP as PDF: its rows turned into the words that the template sets."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cimic_portal.core.paper.marking import marking
from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.paper.period import period_text
from cimic_portal.core.paper.sketch import Spot, sketch
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.templatetags.moments import clock_text, day_text, moment_text
from liaison.models.commitment import CommitmentSide, CommitmentState
from liaison.models.engagement import Atmosphere, EngagementState
from liaison.models.tasking import Priority, TaskingState
from liaison.reports.sitrep_figures import (
    PlaceRow,
    commitment_figures,
    engagement_figures,
    grid,
    place_key,
    places,
    tasking_figures,
)
from liaison.reports.sitrep_rows import CommitmentRow, EngagementRow, Sitrep, TaskingRow
from liaison.reports.sitrep_words import limits, records, words

# In millimetres: beside the figures while the legend is short, else over the whole width.
_BESIDE = (84.0, 54.0)
_ALONE = (176.0, 105.0)
_SHORT_LEGEND = 6
# More numbers than this cannot be told apart on a sketch.
_MOST_NUMBERS = 40
# A report up to this many characters stays on one page; a longer one may run over.
_WHOLE = 1500

_ATMOSPHERE_COLOURS = {Atmosphere.POSITIVE: "green", Atmosphere.NEUTRAL: "grey", Atmosphere.NEGATIVE: "red"}
_TASKING_COLOURS = {
    TaskingState.ISSUED: "amber",
    TaskingState.ACKNOWLEDGED: "blue",
    TaskingState.IN_PROGRESS: "blue",
    TaskingState.DONE: "green",
    TaskingState.DECLINED: "red",
    TaskingState.WITHDRAWN: "grey",
}
_COMMITMENT_COLOURS = {
    CommitmentState.OPEN: "blue",
    CommitmentState.KEPT: "green",
    CommitmentState.BROKEN: "red",
    CommitmentState.RELEASED: "grey",
}
_LEVEL_COLOURS = {Classification.CONFIDENTIAL: "amber", Classification.STRICTLY_CONFIDENTIAL: "red"}

Pill = dict[str, str]


def sitrep_pdf(report: Sitrep, *, language: str = "en") -> bytes:
    """The SITREP as PDF; equal rows give equal bytes."""
    return make_pdf(
        "sitrep",
        sitrep_data(report),
        classification=report.classification,
        title=_("CIMIC SITREP"),
        made_by=report.made_by,
        made_at=report.made_at,
        period=period_text(report.since, report.until),
        filters=report.filters,
        language=language,
    )


def sitrep_data(report: Sitrep) -> dict[str, Any]:
    """What `sitrep.typ` sets: words, numbers and millimetres."""
    where = places(report)
    numbers = {place.key: place.number for place in where}
    serials = report.serials()
    return {
        "words": words(),
        "office": report.office,
        "facts": [(_("Drawn from"), records(report.sources))],
        "figures": [engagement_figures(report), tasking_figures(report), commitment_figures(report)],
        "map": _map(report, where),
        "places": [_place(place) for place in where],
        "engagements": [_engagement(row, serials, numbers) for row in report.in_order()],
        "taskings": [_tasking(row, report, serials) for row in report.taskings],
        "commitments": [_commitment(row, report, serials) for row in report.commitments],
        "limits": limits(report),
    }


def _map(report: Sitrep, where: Sequence[PlaceRow]) -> dict[str, Any] | None:
    beside = len(where) <= _SHORT_LEGEND
    width, most_height = _BESIDE if beside else _ALONE
    spots = [
        Spot(str(place.number) if place.number <= _MOST_NUMBERS else "", place.longitude, place.latitude)
        for place in where
        if place.longitude is not None and place.latitude is not None
    ]
    drawn = sketch(report.outlines, spots, width=width, most_height=most_height)
    if drawn is None or not spots:
        return None
    caption = _("Places of the engagements, for orientation only")
    if len(where) > _MOST_NUMBERS:
        caption = _("The {count} most visited places (small dots: the others), for orientation only").format(
            count=_MOST_NUMBERS
        )
    names = "; ".join(f"{place.number} {place.name or place.grid}" for place in where[:_MOST_NUMBERS])
    alt = _("Sketch map. Places: {places}. The list of places below holds the same.").format(places=names)
    return {"beside": beside, "sketch": drawn, "caption": caption, "alt": alt}


def _place(place: PlaceRow) -> dict[str, Any]:
    return {
        "number": str(place.number),
        "name": place.name,
        "area": place.area,
        "grid": place.grid,
        "engagements": str(place.engagements),
    }


def _engagement(
    row: EngagementRow, serials: Mapping[str, str], numbers: Mapping[Hashable, int]
) -> dict[str, Any]:
    facts = [
        (_("Met"), "; ".join(_met(row))),
        (_("For us"), "; ".join(map(str, row.ours))),
        (_("Key points"), row.key_points),
        (_("Atmosphere"), _atmosphere(row)),
        (_("Local context"), row.local_context),
        (_("Next steps"), row.next_steps),
        (_("Do no harm"), row.do_no_harm),
    ]
    shown = [(name, text.strip()) for name, text in facts if text.strip()]
    return {
        "serial": serials[row.reference],
        "purpose": row.purpose,
        "when": _span(row),
        "kind": row.kind,
        "office": row.office,
        "number": str(numbers.get(place_key(row), "")),
        "where": ", ".join(filter(None, [row.place, " ".join(filter(None, [row.area, row.pcode]))])),
        "grid": grid(row.latitude, row.longitude),
        "pills": _pills(row),
        "facts": shown,
        "whole": sum(len(text) for _name, text in shown) <= _WHOLE,
    }


def _met(row: EngagementRow) -> list[str]:
    """Each organisation with those who spoke for it: `Herders' council (El Hadj B., spokesman)`."""
    groups: dict[str, list[str]] = {}
    for one in row.met:
        groups.setdefault(one.organisation, []).append(", ".join(filter(None, [one.name, one.post])))
    lines = []
    for organisation, people in groups.items():
        named = "; ".join(filter(None, people))
        lines.append(f"{organisation} ({named})" if organisation and named else organisation or named)
    return lines


def _atmosphere(row: EngagementRow) -> str:
    if row.atmosphere is None:
        return row.atmosphere_why
    label = str(Atmosphere(row.atmosphere).label)
    return f"{label}: {row.atmosphere_why}" if row.atmosphere_why.strip() else label


def _span(row: EngagementRow) -> str:
    """`18 Nov 2026, 10:30 (09:30Z)`, with the end where one is known."""
    if row.ends_at is None:
        return moment_text(row.starts_at)
    same_day = day_text(row.ends_at) == day_text(row.starts_at)
    end = clock_text(row.ends_at) if same_day else moment_text(row.ends_at)
    return _("{since} to {until}").format(since=moment_text(row.starts_at), until=end)


def _pills(row: EngagementRow) -> list[Pill]:
    pills: list[Pill] = []
    if row.state != EngagementState.RELEASED:
        pills.append(_pill(str(EngagementState(row.state).label), "grey"))
    if row.atmosphere is not None:
        atmosphere = Atmosphere(row.atmosphere)
        pills.append(_pill(str(atmosphere.label), _ATMOSPHERE_COLOURS[atmosphere]))
    return pills + _level_and_count(row)


def _level_and_count(row: EngagementRow | TaskingRow | CommitmentRow) -> list[Pill]:
    """The level where it is above unclassified, and whether the record stays out of the totals."""
    level = Classification(row.classification)
    pills = [_pill(marking(level).words, _LEVEL_COLOURS[level])] if level in _LEVEL_COLOURS else []
    return pills if row.counted else [*pills, _pill(_("Not counted"), "grey")]


def _pill(words: str, colour: str) -> Pill:
    return {"words": words, "colour": colour}


def _tasking(row: TaskingRow, report: Sitrep, serials: Mapping[str, str]) -> dict[str, Any]:
    state = TaskingState(row.state)
    pills = [_pill(str(state.label), _TASKING_COLOURS[state])]
    if row.is_overdue(report.made_at):
        pills.append(_pill(_("Overdue"), "red"))
    answers = ", ".join(serials.get(reference, reference) for reference in row.answered_by)
    notes = [
        row.about,
        row.outcome,
        row.state_reason,
        _("Answered by {engagements}").format(engagements=answers) if answers else "",
    ]
    return {
        "what": row.title,
        "notes": [note.strip() for note in notes if note.strip()],
        "who": row.assignee,
        "due_day": day_text(row.due_at),
        "due_clock": clock_text(row.due_at),
        "priority": str(Priority(row.priority).label) if row.priority != Priority.ROUTINE else "",
        "pills": pills + _level_and_count(row),
    }


def _commitment(row: CommitmentRow, report: Sitrep, serials: Mapping[str, str]) -> dict[str, Any]:
    state = CommitmentState(row.state)
    pills = [_pill(str(state.label), _COMMITMENT_COLOURS[state])]
    if row.is_overdue(report.made_at):
        pills.append(_pill(_("Overdue"), "red"))
    made_in = serials.get(row.engagement, "")
    notes = [row.note, _("Made in {engagement}").format(engagement=made_in) if made_in else ""]
    return {
        "what": row.what,
        "notes": [note.strip() for note in notes if note.strip()],
        "promised_by": row.promised_by,
        "promised_to": row.promised_to,
        "side": str(CommitmentSide(row.side).label),
        "by_when": "" if row.due_on is None else day_text(row.due_on),
        "pills": pills + _level_and_count(row),
    }
