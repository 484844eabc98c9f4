"""A FRAGO as data for its template: what changes paragraph by paragraph, and what does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.texts.difference import Row, Word, condensed
from operations.models import (
    CourseCriterion,
    CourseOfAction,
    Participation,
    PlanRevision,
    SectionKind,
    TaskDependency,
)
from operations.reports.order_annexes import Line, Table
from operations.reports.order_approval import Fact, acknowledgement_table
from operations.reports.order_words import date_time_group, state_words, zone_words
from operations.reports.plan_difference import NOUNS, NounDifference, RowDifference, plan_difference

if TYPE_CHECKING:
    from cimic_portal.core.audit.history import Change
    from operations.reports.order_reading import OrderBook


def frago_data(book: OrderBook, before: PlanRevision, *, copy: str) -> dict[str, Any]:
    """What `frago.typ` takes: `before` is the revision that is amended."""
    found = plan_difference(book.person, before, book.revision)
    texts = {one.kind: one.rows for one in found.texts}
    nouns = {one.label: one for one in found.nouns}
    return {
        "words": {
            "unchanged": _("No change."),
            "amends": _("What changes"),
            "text_key": _("Struck through: taken out. Underlined: put in."),
            "timings": _("Timings"),
            "order": _("Order of the tasks"),
            "organisation": _("Task organisation"),
            "acknowledgement": _("Acknowledgement"),
            "demanded": _acknowledged(book),
        },
        "facts": [fact for fact in _heading(book, before, copy) if fact[1]],
        "sections": [
            {
                "title": f"{number}. {kind.label}",
                "lines": [_line(row) for row in texts.get(kind.value, ())],
            }
            for number, kind in enumerate(SectionKind, start=1)
        ],
        "organisation": _organisation(book, before),
        "nouns": [
            _noun(label, nouns.get(label)) for label, ordered in _labels() if ordered or label in nouns
        ],
        "timings": _timings(found.nouns),
        "order": _order(book, before),
        "acknowledgement": acknowledgement_table(book.acknowledgements),
    }


def _heading(book: OrderBook, before: PlanRevision, copy: str) -> Iterator[Fact]:
    operation, revision = book.operation, book.revision
    yield _("FRAGO"), str(revision) if revision.frago_number else _("not numbered yet")
    yield (
        _("Amends"),
        f"{operation.order_name}" + (_(" with %(frago)s") % {"frago": before} if before.frago_number else ""),
    )
    yield _("State"), state_words(revision, book.in_force)
    yield _("Date-time group"), date_time_group(revision.decided_at or book.plan.now)
    yield _("What changes"), revision.title
    yield _("Why"), revision.reason
    yield _("Lead office"), str(book.lead or operation.owner_office)
    yield (
        _("Issued by"),
        f"{revision.decided_by}, {operation.approver}" if revision.decided_by else "",
    )
    yield _("Time zone"), zone_words(operation.starts_at)
    yield _("Copy"), copy
    yield _("Drawn from"), f"{operation.reference}, {revision}"


def _acknowledged(book: OrderBook) -> str:
    asked = len(book.acknowledgements)
    if not asked:
        return _("Every participant is asked to acknowledge it when it is issued.")
    given = sum(row.acknowledged_at is not None for row in book.acknowledgements)
    return _("Demanded of every participant. %(given)d of %(asked)d have acknowledged it.") % {
        "given": given,
        "asked": asked,
    }


def _line(row: Row) -> dict[str, Any]:
    """One line of a text with what was taken out and put in, or how many equal lines are left out."""
    if row.skipped:
        left_out = ngettext(
            "… %(count)d line without a change", "… %(count)d lines without a change", row.skipped
        )
        return {"skipped": left_out % {"count": row.skipped}, "words": []}
    words: Sequence[Word] = condensed(row)
    return {"skipped": "", "words": words}


def _labels() -> list[tuple[str, bool]]:
    """The nouns of a plan, and whether they are part of the order; how it was chosen is not."""
    weighed = (CourseOfAction, CourseCriterion)
    return [(str(model._meta.verbose_name_plural), model not in weighed) for model, _joins in NOUNS]


def _time_labels() -> set[str]:
    """The names of the fields that hold times."""
    return {
        str(one.verbose_name)
        for model, _joins in NOUNS
        for one in model._meta.concrete_fields
        if isinstance(one, models.DateTimeField)
    }


def _noun(label: str, found: NounDifference | None) -> dict[str, Any]:
    what = {"added": _("Added"), "removed": _("Removed"), "changed": _("Changed")}
    rows = [
        Line([what[row.what], _named(row), "\n".join(_change(change, row.what) for change in row.changes)])
        for row in (found.rows if found else ())
    ]
    table = Table(label.capitalize(), [_("What"), _("Which"), _("From → to")], (0.9, 2.4, 4), rows)
    return {"title": label.capitalize(), "table": table if rows else None}


def _named(row: RowDifference) -> str:
    """The row, and who does it."""
    return f"{row.name}\n{row.who}" if row.who else row.name


def _change(change: Change, what: str) -> str:
    if what == "added":
        return f"{change.label}: {change.after}"
    return f"{change.label}: {change.before or '–'} → {change.after or '–'}"


def _timings(nouns: Sequence[NounDifference]) -> Table | None:
    """The times that changed, drawn together: what everybody looks for first."""
    times = _time_labels()
    rows = [
        Line([_named(row), change.label, change.before, change.after])
        for noun in nouns
        for row in noun.rows
        if row.what == "changed"
        for change in row.changes
        if change.label in times
    ]
    heads = [_("Which"), _("What"), _("Was"), _("Is now")]
    return Table(_("Changed times"), heads, (2.6, 0.8, 1.8, 1.8), rows) if rows else None


def _order(book: OrderBook, before: PlanRevision) -> Table | None:
    """Which tasks no longer wait for others, and which do now."""
    links: dict[int, dict[Any, tuple[str, str]]] = {before.pk: {}, book.revision.pk: {}}
    rows = TaskDependency.objects.visible_to(book.person).filter(task__revision__in=list(links))
    names = ("task__revision", "task__key", "needs__key", "task__title", "needs__title")
    for revision, task_key, needs_key, task, needs in rows.values_list(*names).order_by("pk"):
        links[revision][task_key, needs_key] = (task, needs)
    was, now = links[before.pk], links[book.revision.pk]
    told = [Line([_("Added"), *now[key]]) for key in now if key not in was]
    told += [Line([_("Removed"), *was[key]]) for key in was if key not in now]
    heads = [_("What"), _("Task"), _("begins when this has ended")]
    return Table(_("What tasks wait for"), heads, (0.8, 3, 3), told) if told else None


def _organisation(book: OrderBook, before: PlanRevision) -> Table | None:
    """Who takes part otherwise than when the amended revision was frozen."""
    if not before.participants:
        return None
    roles = dict(Participation._meta.get_field("role").flatchoices)
    was, now = (
        {one["who"]: (str(roles.get(one["role"], one["role"])), one["note"]) for one in rows}
        for rows in (before.participants, book.revision.participants or before.participants)
    )
    told = [Line([_("Added"), who, *now[who]]) for who in now if who not in was]
    told += [Line([_("Removed"), who, *was[who]]) for who in was if who not in now]
    told += [Line([_("Changed"), who, *now[who]]) for who in now if who in was and was[who] != now[who]]
    heads = [_("What"), _("Participant"), _("Role"), _("Contribution")]
    return Table(_("Participants"), heads, (0.8, 2.4, 1, 2.4), told) if told else None
