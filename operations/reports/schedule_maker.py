"""Tasks and time of one revision as a document: matrix and lists as PDF, the tasks as XLSX."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.makers import Made, Progress, ReportMaker
from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.paper.period import period_text
from cimic_portal.core.paper.sheet import Column, Sheet, write_book
from cimic_portal.core.templatetags.moments import moment_text
from operations.models import Operation, OperationTask, PlanRevision
from operations.schedule.axis import make_axis
from operations.schedule.picture import Arrow, Row, draw_gantt, draw_matrix
from operations.schedule.reading import ReadPlan, read_plan

if TYPE_CHECKING:
    from cimic_portal.core.models import Document, Person

KIND = "schedule"
# The drawing in points: an A4 sheet across, without the column of names.
WIDTH = 610.0


def make_schedule(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters: `operation` (reference) and `revision` (number), both as the maker reads them then."""
    asked = document.parameters
    rows = Operation.objects.visible_to(person).select_related("kind", "owner_office")
    operation = rows.filter(reference=asked["operation"]).first()
    revisions = PlanRevision.objects.visible_to(person).select_related("operation")
    revision = revisions.filter(operation=operation, number=asked["revision"]).first()
    if operation is None or revision is None:
        raise RefusedError(_("There is no such plan that its maker may read now."))
    progress(0, 1)
    plan = read_plan(revision, person)
    content = _pdf(plan, person) if document.form == "pdf" else _book(plan, person)
    progress(1, 1)
    # The revision as well: a draft is fetched by those alone who read drafts.
    return Made(content, operation.classification, [operation, revision])


SCHEDULE = ReportMaker(KIND, gettext_lazy("Tasks and time"), make_schedule)


def _title(plan: ReadPlan) -> str:
    return _("Tasks and time: %(operation)s") % {"operation": plan.revision.operation}


def _period(plan: ReadPlan) -> str:
    return period_text(*plan.revision.period)


def _book(plan: ReadPlan, person: Person) -> IO[bytes]:
    """Its first sheet can be filled in and imported again."""
    note = f"{plan.revision} · {_period(plan)}"
    numbers = {task.pk: number for number, task in enumerate(plan.tasks, start=1)}
    sheets = [
        Sheet(_("Tasks"), _columns(), (_task(plan, task, numbers) for task in plan.tasks), note),
        Sheet(
            _("Phases"),
            [
                Column("name", _("Phase"), width=30),
                Column("start", _("Start"), "moment"),
                Column("end", _("End"), "moment"),
                Column("intent", _("Intent")),
            ],
            (
                {"name": row.name, "start": row.starts_at, "end": row.ends_at, "intent": row.intent}
                for row in plan.phases
            ),
            note,
        ),
    ]
    return write_book(
        sheets,
        title=_title(plan),
        classification=plan.revision.operation.classification,
        made_by=str(person),
        made_at=plan.now,
    )


def _columns() -> list[Column]:
    return [
        Column("number", _("No."), "integer", width=6),
        Column("title", _("Task")),
        Column("phase", _("Phase"), "choice"),
        Column("who", _("Done by"), "choice", width=28),
        Column("start", _("Start"), "moment"),
        Column("end", _("End"), "moment"),
        Column("needs", _("Needs"), "choice", width=12),
        Column("details", _("Details")),
        Column("state", _("State"), "choice"),
        Column("percent", _("Per cent"), "integer"),
        Column("critical", _("Critical path"), "choice", width=10),
        Column("conflicts", _("Conflicts")),
    ]


def _task(plan: ReadPlan, task: OperationTask, numbers: dict[int, int]) -> dict[str, object]:
    progress = plan.progress.get(task.key)
    return {
        "number": numbers[task.pk],
        "title": task.title,
        "phase": task.phase.name if task.phase else "",
        "who": str(task.office or task.organisation or ""),
        "start": task.starts_at,
        "end": task.ends_at,
        "needs": "; ".join(str(numbers[need]) for need in sorted(plan.needs.get(task.pk, ()))),
        "details": task.details,
        "state": progress.get_state_display() if progress else "",
        "percent": progress.percent if progress else None,
        "critical": task.pk in plan.on_path,
        "conflicts": " ".join(conflict.words for conflict in plan.conflicts.get(task.pk, ())),
    }


def _pdf(plan: ReadPlan, person: Person) -> bytes:
    axis = make_axis(plan, "whole", width=WIDTH)
    picture, gantt = draw_matrix(plan, axis), draw_gantt(plan, axis)
    data = {
        "words": {
            "matrix": _("Synchronisation matrix"),
            "gantt": _("Gantt chart: each task over time, and what waits for it"),
            "tasks": _("Tasks"),
            "who": _("Participant"),
            "task": _("Task"),
            "nothing": _("No tasks yet."),
            "legend": _("» critical path · ! conflict · ✓ done · ◇ decision point"),
            "arrows": _("An arrow leads from a task to the one that waits for it; a thick one is critical."),
            "alt": _("Participants down, time across; the table of tasks below holds the same."),
            "heads": [_("Task"), _("Done by"), _("Phase"), _("Start"), _("End"), _("Marked")],
        },
        "facts": [(_("Plan"), str(plan.revision)), (_("Drawn from"), plan.revision.operation.reference)],
        "width": WIDTH,
        "columns": [{"words": one.words, "x": one.x, "width": one.width} for one in axis.columns],
        "phases": [{"words": one.words, "x": one.x, "width": one.width} for one in picture.phases],
        "now": picture.now,
        "rows": [_row(row) for row in picture.rows],
        "gantt": [_row(row) for row in gantt.rows],
        "arrows": [_arrow(arrow) for arrow in (gantt.arrows.drawn if gantt.arrows else ())],
        "tasks": [_line(plan, task) for task in plan.tasks],
    }
    return make_pdf(
        "schedule",
        data,
        classification=plan.revision.operation.classification,
        title=_title(plan),
        made_by=str(person),
        made_at=plan.now,
        period=_period(plan),
        filters="",
    )


def _row(row: Row) -> dict[str, Any]:
    return {
        "words": row.words,
        "sub": row.sub,
        "lanes": row.lanes,
        "bars": [
            {
                "words": bar.task.title,
                "x": bar.x,
                "width": bar.width,
                "lane": bar.lane,
                "tone": bar.tone,
                "critical": bar.critical,
                "conflict": bool(bar.conflicts),
            }
            for bar in row.bars
        ],
        "marks": [{"words": mark.decision.title, "x": mark.x, "lane": mark.lane} for mark in row.marks],
    }


def _arrow(arrow: Arrow) -> dict[str, Any]:
    named = {"x": arrow.x, "row": arrow.row, "to_x": arrow.to_x, "to_row": arrow.to_row}
    return named | {"critical": arrow.critical}


def _line(plan: ReadPlan, task: OperationTask) -> list[str]:
    marked = [_("critical path")] if task.pk in plan.on_path else []
    marked += [conflict.words for conflict in plan.conflicts.get(task.pk, ())]
    return [
        task.title,
        str(task.office or task.organisation or "–"),
        task.phase.name if task.phase else "–",
        moment_text(task.starts_at),
        moment_text(task.ends_at),
        " ".join(marked),
    ]
