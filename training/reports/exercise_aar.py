"""The after-action review of an exercise as a document: made by a worker; its source is the exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.makers import Made, Progress, ReportMaker
from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.paper.period import period_text
from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.texts.blocks import as_blocks
from training.models import (
    MARK,
    Exercise,
    ExerciseFinding,
    ExerciseObjective,
    ExerciseObservation,
    ExerciseReview,
    ExerciseRun,
    ExerciseSeat,
)
from training.reports.exercise_comparison import Comparison, Taken, compare

if TYPE_CHECKING:
    from cimic_portal.core.models import Document, Person

KIND = "exercise_aar"
_COLOURS = {"achieved": "green", "partly": "amber", "not": "red", "": "grey"}


def make_exercise_aar(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters: `exercise` (reference)."""
    rows = Exercise.objects.visible_to(person).select_related("kind", "owner_office", "area", "theme")
    exercise = rows.filter(reference=document.parameters["exercise"]).first()
    if exercise is None:
        raise RefusedError(_("There is no such exercise that its maker may read now."))
    progress(0, 1)
    content = make_pdf(
        "exercise_aar",
        aar_data(exercise, person),
        classification=exercise.classification,
        title=_("After-action review: %(exercise)s") % {"exercise": exercise},
        made_by=str(person),
        made_at=timezone.now(),
        period=_period(exercise, person),
        filters="",
        stamp=MARK,
    )
    progress(1, 1)
    return Made(content, exercise.classification, [exercise])


EXERCISE_AAR = ReportMaker(
    KIND, gettext_lazy("After-action review of an exercise"), make_exercise_aar, forms=("pdf",)
)


def _runs(exercise: Exercise, person: Person) -> list[ExerciseRun]:
    """Those that are over."""
    rows = ExerciseRun.objects.visible_to(person).filter(exercise=exercise)
    return list(rows.filter(started_at__isnull=False, ended_at__isnull=False))


def _period(exercise: Exercise, person: Person) -> str:
    """From the first STARTEX to the last ENDEX; the planned one where no run was played."""
    times = [(run.started_at, run.ended_at) for run in _runs(exercise, person)]
    began = min((start for start, _end in times if start), default=exercise.starts_at)
    return period_text(began, max((end for _start, end in times if end), default=exercise.ends_at))


def _played(exercise: Exercise, person: Person) -> str:
    """STARTEX and ENDEX of each team."""
    return "; ".join(
        f"{run}: {period_text(run.started_at, run.ended_at)}"
        for run in _runs(exercise, person)
        if run.started_at and run.ended_at
    )


def aar_data(exercise: Exercise, person: Person) -> dict[str, Any]:
    """What `exercise_aar.typ` sets: words and numbers."""
    review = ExerciseReview.objects.visible_to(person).filter(exercise=exercise).first()
    return {
        "words": _words(),
        "subtitle": str(exercise.get_form_display()),
        "facts": [
            (_("State"), str(exercise.get_state_display())),
            (_("Planned"), period_text(exercise.starts_at, exercise.ends_at)),
            (_("STARTEX to ENDEX"), _played(exercise, person)),
            (_("Run by"), str(exercise.owner_office)),
            (_("Type"), str(exercise.kind or "")),
            (_("Area"), f"{exercise.area} {exercise.area.pcode}" if exercise.area else ""),
        ],
        "purpose": exercise.purpose,
        "texts": _texts(review),
        "objectives": _objectives(exercise, person),
        "findings": _findings(exercise, person),
        "teams": _teams(exercise, person),
        "comparison": _comparison(compare(exercise, person)) if exercise.dimensions else None,
        "scenario": as_blocks(exercise.scenario),
    }


def _words() -> dict[str, Any]:
    return {
        "objectives": _("Objectives"),
        "findings": _("Findings"),
        "teams": _("Who took part"),
        "scenario": _("Scenario"),
        "comparison": _("Decisions, run beside run"),
        "sums": _("Sums"),
        "not_written": _("Not written yet."),
        "no_findings": _("No finding was entered."),
        "nothing_seen": _("Nothing was noted."),
        "team_heads": [_("Role"), _("Component"), _("Played by"), _("Team")],
        "follows": _("Followed up by"),
    }


def _texts(review: ExerciseReview | None) -> list[tuple[str, str]]:
    """The four questions, each with its answer."""
    asked = (
        ("expected", _("What was expected")),
        ("happened", _("What happened")),
        ("why", _("Why")),
        ("next_steps", _("What comes next")),
    )
    return [(label, getattr(review, name) if review else "") for name, label in asked]


def _objectives(exercise: Exercise, person: Person) -> list[dict[str, Any]]:
    seen: dict[int, list[str]] = {}
    rows = ExerciseObservation.objects.visible_to(person).filter(run__exercise=exercise)
    for row in rows.standing().select_related("run", "author"):
        line = f"{row.clock} {row.run.team}: {row.seen} ({row.get_rating_display()}; {row.author})"
        seen.setdefault(row.objective_id, []).append(line)
    return [
        {
            "what": str(one),
            "who": str(Component(one.component).label) if one.component else _("All together"),
            "measure": one.measure,
            "state": str(one.get_rating_display()) if one.rating else _("not evaluated"),
            "colour": _COLOURS[one.rating],
            "summary": one.summary,
            "seen": seen.get(one.pk, []),
        }
        for one in ExerciseObjective.objects.visible_to(person).filter(exercise=exercise)
    ]


def _findings(exercise: Exercise, person: Person) -> list[dict[str, Any]]:
    rows = ExerciseFinding.objects.visible_to(person).filter(exercise=exercise, withdrawn_reason="")
    return [
        {
            "observation": row.observation,
            "insight": row.insight,
            "recommendation": row.recommendation,
            "owner": str(row.owner) if row.owner else "",
        }
        for row in rows.select_related("owner__office")
    ]


def _teams(exercise: Exercise, person: Person) -> list[list[str]]:
    rows = ExerciseSeat.objects.visible_to(person).filter(exercise=exercise)
    seats = rows.select_related("role", "run", "position__office", "person").order_by("run__number", "pk")
    return [
        [
            seat.role.title,
            str(seat.role.get_component_display()),
            seat.who,
            seat.run.team if seat.run else str(seat.role.get_side_display()),
        ]
        for seat in seats
    ]


def _comparison(found: Comparison) -> dict[str, Any]:
    heads = [_("Decision"), *(one.run.team for one in found.sums)]
    rows = [
        [str(row.inject), *(_cell(cell) if cell else _("not decided") for cell in row.cells)]
        for row in found.rows
    ]
    sums = [[name, *(f"{score:+d}" for score in scores)] for name, scores in found.lines]
    sums.append([_("All together"), *(f"{one.total:+d}" for one in found.sums)])
    sums.append([_("Mean time to decide"), *(one.mean_time for one in found.sums)])
    sums.append([_("Objections"), *(str(one.objections) for one in found.sums)])
    return {"heads": heads, "rows": rows, "sums": sums}


def _cell(cell: Taken) -> str:
    who = ", ".join(str(row.role) for row in cell.objections)
    against = _("against %(roles)s") % {"roles": who} if who else _("no objection")
    return f"{cell.option} ({cell.time}; {against})"
