"""The order as data for its template: heading, task organisation, five paragraphs, risks, approval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.templatetags.moments import moment_text
from cimic_portal.core.texts.blocks import as_blocks
from operations.models import ParticipationRole, RevisionState, SectionKind
from operations.reports.order_annexes import Line, MadeAnnex, Table
from operations.reports.order_approval import Fact, acknowledgement_table, approval_of
from operations.reports.order_lists import by_participant, doer
from operations.reports.order_words import date_time_group, stacked, state_words, zone_words
from operations.schedule.reading import who_of

if TYPE_CHECKING:
    from operations.models import OperationTask, Risk
    from operations.reports.order_reading import OrderBook


def order_data(book: OrderBook, annexes: Sequence[MadeAnnex], *, copy: str) -> dict[str, Any]:
    """What `order.typ` takes. The annexes are made before, since the text refers to their letters."""
    return {
        "words": {
            "contents": _("Contents"),
            "references": _("References"),
            "annex": _("Annex"),
            "organisation": _("Task organisation"),
            "no_text": _("Nothing is written here."),
            "objectives": _("Objectives"),
            "coordinating": _("Coordinating instructions"),
            "risks": _("Risks"),
            "diligence": _("Due diligence on forces outside the UN"),
            "approval": _("Approval"),
            "acknowledgement": _("Acknowledgement"),
        },
        "facts": [fact for fact in _heading(book, copy) if fact[1]],
        "references": list(_references(book)),
        "organisation": _organisation(book),
        "sections": [_section(book, kind) for kind in SectionKind.values],
        "risks": _risks(book.risks),
        "diligence": _diligence(book),
        "approval": approval_of(book),
        "acknowledgement": acknowledgement_table(book.acknowledgements),
        "annexes": annexes,
    }


def _heading(book: OrderBook, copy: str) -> Iterator[Fact]:
    operation, revision = book.operation, book.revision
    yield _("Order"), operation.order_name or _("not numbered yet")
    yield _("State"), state_words(revision, book.in_force)
    yield _("Date-time group"), date_time_group(revision.decided_at or operation.approved_at or book.plan.now)
    yield _("Lead office"), str(book.lead or operation.owner_office)
    yield _("Issued by"), str(operation.owner_office)
    yield _("Type"), str(operation.kind)
    yield _("Area"), f"{operation.area} ({operation.area.pcode})" if operation.area else ""
    yield _("Time zone"), zone_words(operation.starts_at)
    yield _("Copy"), copy
    yield _("Drawn from"), f"{operation.reference}, {revision}"


def _references(book: OrderBook) -> Iterator[str]:
    for task in sorted({str(row.mandate_task) for row in book.objectives if row.mandate_task}):
        yield _("Mandate task %(task)s") % {"task": task}
    number = book.revision.number
    for one in book.revisions:
        if one.decided_at and one.number < number:
            name = one if one.frago_number else book.operation.order_name
            yield _("%(order)s, in force from %(when)s") % {
                "order": name,
                "when": date_time_group(one.decided_at),
            }
    for name in book.procedures:
        yield _("Procedure: %(name)s") % {"name": name}


def _organisation(book: OrderBook) -> Table:
    """Who takes part as what; of a plan that no longer holds as it was when it was frozen."""
    revision = book.revision
    rows: list[Line] = []
    if revision.state == RevisionState.SUPERSEDED and revision.participants:
        told = [(one["role"], [one["who"], "", "", one["note"]]) for one in revision.participants]
    else:
        told = [
            (
                row.role,
                [
                    str(row),
                    str(Component(row.component).label) if row.component else "",
                    str(book.speaker_of(row) or "–"),
                    row.note,
                ],
            )
            for row in book.plan.participations
        ]
    for role in ParticipationRole:
        own = [Line(cells) for one, cells in told if one == role]
        rows += [Line(group=str(role.label)), *own] if own else []
    heads = [_("Participant"), _("Component"), _("Speaks for it"), _("Contribution")]
    return Table(_("Participants by role"), heads, (2.2, 1.1, 2.2, 2.4), rows)


def _section(book: OrderBook, kind: str) -> dict[str, Any]:
    """One of the five paragraphs: what was written, and what the records say beside it."""
    text = next((row.text for row in book.sections if row.kind == kind), "")
    more = {
        SectionKind.MISSION: [_sub(_("Purpose"), lines=[book.operation.purpose])],
        SectionKind.EXECUTION: list(_execution(book)),
        SectionKind.COMMAND: [_sub(_("Posts"), lines=list(_command(book)))],
    }.get(SectionKind(kind), [])
    return {
        "title": f"{SectionKind.values.index(kind) + 1}. {SectionKind(kind).label}",
        "blocks": as_blocks(text),
        "more": more,
    }


def _sub(title: str, *, lines: Sequence[str] = (), tables: Sequence[Table] = ()) -> dict[str, Any]:
    return {"title": title, "lines": lines, "tables": tables}


def _execution(book: OrderBook) -> Iterator[dict[str, Any]]:
    if book.objectives:
        yield _sub(_("Objectives"), tables=[_objectives(book)])
    if book.plan.phases:
        yield _sub(_("Phases"), tables=[_phases(book)])
    if book.plan.tasks:
        see = _("Details, places and times stand in annex %(letter)s.") % {"letter": book.annex("tasks")}
        yield _sub(_("Tasks to participants"), lines=[see], tables=[_tasks(book)])
    if waiting := list(_waiting(book)):
        heads = [_("No."), _("Task"), _("By"), _("begins when this has ended"), _("By")]
        rows = [Line(cells) for cells in waiting]
        table = Table(_("Where one waits for another"), heads, (0.5, 2.4, 1.6, 2.4, 1.6), rows)
        yield _sub(_("Coordinating instructions"), tables=[table])
    if book.plan.decisions:
        yield _sub(_("Decision points"), tables=[_decisions(book)])


def _objectives(book: OrderBook) -> Table:
    heads = [_("Objective"), _("Measured by"), _("Today"), _("Target"), _("Mandate task")]
    rows = [
        Line([row.text, row.measure, row.baseline, row.target, str(row.mandate_task or "")])
        for row in book.objectives
    ]
    return Table(_("Objectives"), heads, (2.6, 1.8, 1, 1, 1.8), rows)


def _phases(book: OrderBook) -> Table:
    rows = [
        Line([row.name, stacked(row.starts_at), stacked(row.ends_at), row.intent]) for row in book.plan.phases
    ]
    return Table(_("Phases"), [_("Phase"), _("Start"), _("End"), _("Intent")], (1.6, 1.4, 1.4, 3), rows)


def _tasks(book: OrderBook) -> Table:
    roles = {who_of(row): str(row.get_role_display()) for row in book.plan.participations}
    rows = []
    for who, own in by_participant(book, book.plan.tasks).items():
        title = ", ".join(part for part in (doer(own[0]), roles.get(who, "")) if part)
        told = "; ".join(f"({book.number(task)}) {task.title}" for task in own)
        rows.append(Line([title, told, _span(own)]))
    return Table(
        _("Tasks to participants"), [_("Participant"), _("Tasks"), _("From, to")], (1.5, 4.2, 1.35), rows
    )


def _span(tasks: Sequence[OperationTask]) -> str:
    first, last = min(task.starts_at for task in tasks), max(task.ends_at for task in tasks)
    return f"{stacked(first)}\n{stacked(last)}"


def _waiting(book: OrderBook) -> Iterator[list[str]]:
    """Where one participant begins when another has ended: what has to be passed on between them."""
    for task in book.plan.tasks:
        for need in book.plan.needs_of(task):
            if who_of(task) != who_of(need):
                yield [
                    book.number(task),
                    task.title,
                    doer(task),
                    f"({book.number(need)}) {need.title}",
                    doer(need),
                ]


def _decisions(book: OrderBook) -> Table:
    heads = [_("Decision"), _("Condition"), _("Who decides"), _("By when"), _("What follows")]
    rows = [
        Line([row.title, row.condition, str(row.decider or "–"), stacked(row.due_at), row.follows])
        for row in book.plan.decisions
    ]
    return Table(_("Decision points"), heads, (1.6, 2, 1.5, 1.5, 2), rows)


def _command(book: OrderBook) -> Iterator[str]:
    yield _("Lead: %(office)s.") % {"office": book.lead or book.operation.owner_office}
    yield _("Approving position: %(position)s.") % {"position": book.operation.approver}
    if letter := book.annex("contacts"):
        yield _("Who is who, with phone and mail: annex %(letter)s.") % {"letter": letter}


def _risks(risks: Sequence[Risk]) -> Table:
    heads = [
        _("Risk"),
        _("Effect on civilians"),
        _("Level"),
        _("Mitigation"),
        _("Owner"),
        _("Remaining"),
    ]
    rows = [
        Line(
            [
                row.text,
                row.civilians or "–",
                _level(row.likelihood, row.impact, str(row.level.label)),
                row.mitigation,
                str(row.owner or "–"),
                _level(row.residual_likelihood, row.residual_impact, str(row.residual_level.label))
                if row.residual_level
                else "–",
            ]
        )
        for row in risks
    ]
    return Table(_("Risks and their effect on civilians"), heads, (2, 2, 0.9, 2, 1.4, 0.9), rows)


def _level(likelihood: int | None, impact: int | None, words: str) -> str:
    """`High\n4 × 3`: likelihood times impact, each from 1 to 5."""
    return f"{words}\n{likelihood} × {impact}"


def _diligence(book: OrderBook) -> list[Fact] | None:
    if not book.operation.non_un_support:
        return None
    row = book.diligence
    if row is None:
        return [(_("Assessment"), _("Not recorded. Without it there is no approval."))]
    facts = [
        (_("Supported"), row.supported),
        (_("Risk"), row.risk),
        (_("Mitigation"), row.mitigation),
        (_("Decision"), str(row.get_decision_display())),
        (_("Monitoring"), row.monitoring),
        (_("Recorded"), f"{row.assessed_by}, {moment_text(row.assessed_at)}"),
    ]
    return [fact for fact in facts if fact[1]]
