"""Versions of the plan: the saves of a section, whole revisions, and the difference between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.part_snapshots import visible_part_events
from cimic_portal.core.models import Person
from cimic_portal.core.texts.difference import difference
from operations.models import Operation, PlanRevision, PlanSection, SectionKind
from operations.reports.plan_difference import plan_difference
from operations.views.frame import fetch
from operations.views.plan_frame import plan_page, revisions_of

MOST_DIGITS = 12


def plan_versions(request: HttpRequest, reference: str) -> HttpResponse:
    """Every revision that the reader may see; two of them side by side."""
    person: Any = request.user
    operation = fetch(request, reference)
    context, _revision = plan_page(request, operation, "plan_versions")
    revisions = revisions_of(person, operation)
    chosen = _two(request, revisions, lambda one: str(one.number))
    more: dict[str, Any] = {"revisions": revisions, "section_kinds": SectionKind.choices}
    if chosen:
        before, after = chosen
        options = [(one.number, f"{one.number}: {one}") for one in revisions]
        more |= {
            "before": before,
            "after": after,
            "difference": plan_difference(person, before, after),
            **_choice(options, before.number, after.number),
        }
    return render(request, "operations/plan/versions.html", {**context, **more})


def _choice(options: list[tuple[int, str]], before: int, after: int) -> dict[str, Any]:
    """For `choose_two.html`."""
    return {"options": options, "before_value": before, "after_value": after}


@dataclass(frozen=True)
class Save:
    """One save of a section. `number` names it on the page; `at` is in UTC."""

    number: int
    text: str
    version: int
    revision: PlanRevision
    by: Person | None
    at: datetime

    @property
    def name(self) -> str:
        return _("version %(version)d, %(by)s") % {"version": self.version, "by": self.by or self.revision}


def plan_section_versions(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The saves of one section, from the trail, and the difference between two of them."""
    person: Any = request.user
    operation = fetch(request, reference)
    if section not in SectionKind.values:
        raise Http404
    context, _revision = plan_page(request, operation, "plan_versions")
    saves = _saves(person, operation, section)
    chosen = _two(request, saves, lambda one: str(one.number))
    more: dict[str, Any] = {"saves": saves, "kind": SectionKind(section)}
    if chosen:
        before, after = chosen
        options = [(one.number, one.name) for one in saves]
        more |= {
            "before_name": before.name,
            "after_name": after.name,
            "rows": difference(before.text, after.text),
            **_choice(options, before.number, after.number),
        }
    return render(request, "operations/plan/section_versions.html", {**context, **more})


def _saves(person: Person, operation: Operation, kind: str) -> list[Save]:
    """The newest first. The copy that begins a revision is no save, but for the very first."""
    rows = PlanSection.objects.visible_to(person).filter(revision__operation=operation, kind=kind)
    sections = {row.pk: row for row in rows.select_related("revision__operation")}
    events = [
        event
        for event in visible_part_events(list(sections.values()), person)
        if event.pgh_label == "update" or sections[event.pgh_obj_id].revision.number == 1
    ]
    people = Person.objects.in_bulk({event.changed_by_id for event in events} - {None})
    return [
        Save(
            event.pgh_id,
            event.text,
            event.version,
            sections[event.pgh_obj_id].revision,
            people.get(event.changed_by_id),
            event.pgh_created_at,
        )
        for event in reversed(events)
    ]


def _two(request: HttpRequest, rows: list[Any], name: Any) -> tuple[Any, Any] | None:
    """The two that were asked for, the older first; without a choice the two newest."""
    by_name = {name(row): row for row in rows}
    asked = [request.GET.get(side, "") for side in ("before", "after")]
    if any(asked):
        if not all(one in by_name and len(one) <= MOST_DIGITS for one in asked):
            raise Http404
        return by_name[asked[0]], by_name[asked[1]]
    return (rows[1], rows[0]) if len(rows) > 1 else None
