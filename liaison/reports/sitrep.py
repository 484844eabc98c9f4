"""The CIMIC SITREP of an office and a period: its rows, drawn from what the maker may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.models import AreaBoundary, Office
from cimic_portal.core.paper.sketch import Outline
from cimic_portal.core.sharing.levels import KeyKind
from liaison.models import (
    Atmosphere,
    Attendance,
    Commitment,
    CommitmentSide,
    CommitmentState,
    Engagement,
    EngagementState,
    Priority,
    Tasking,
    TaskingResult,
    TaskingState,
)
from liaison.reports.sitrep_rows import Attendee, CommitmentRow, EngagementRow, Sitrep, TaskingRow

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord

# Totals count what the reader may open by office or component; what a name or a grant alone opens
# is shown, and not counted.
COUNTED_KINDS = (KeyKind.OWNER, KeyKind.COMPONENT, KeyKind.ORGANISATION)


@dataclass
class Drawn:
    """A SITREP with the records behind it, for the list of sources."""

    report: Sitrep
    sources: list[SharedRecord] = field(default_factory=list)


def draw_sitrep(office: Office, since: datetime, until: datetime, *, person: Person) -> Drawn:
    """The SITREP of an office and those below it for `[since, until)`, in the view of `person`.

    Engagements are released ones that began in the period; taskings those to or from the office
    that were open or closed in it; commitments those of the engagements and those that fell due.
    """
    offices = _with_those_below(office)
    engagements = list(_engagements(person, offices, since, until))
    taskings = list(_taskings(person, offices, since, until))
    commitments = list(_commitments(person, offices, engagements, since, until))
    met = _attendees(person, engagements)
    contacts = [one.contact for there in met.values() for one in there if one.contact]
    sources: dict[tuple[str, int], SharedRecord] = {}
    for record in (*engagements, *taskings, *contacts, *(row.engagement for row in commitments)):
        sources[(record._meta.label, record.pk)] = record
    counted = _counted(person)
    answers = _answers(person, taskings, engagements)
    report = Sitrep(
        office=str(office),
        since=since,
        until=until,
        made_by=_maker(person),
        made_at=timezone.now(),
        sources=len(sources),
        engagements=[_engagement_row(row, met, counted(row)) for row in engagements],
        taskings=[_tasking_row(row, answers, counted(row)) for row in taskings],
        commitments=[_commitment_row(row, counted(row.engagement)) for row in commitments],
        outlines=_outlines(engagements),
        filters=_filters(office, len(offices) > 1),
    )
    return Drawn(report, list(sources.values()))


def _filters(office: Office, more: bool) -> str:
    return _("%(office)s and the offices below it") % {"office": office} if more else str(office)


def _with_those_below(office: Office) -> list[int]:
    """The office and all below it; few, so level by level."""
    found, level = [office.pk], [office.pk]
    while level:
        level = list(Office.objects.filter(parent__in=level).values_list("pk", flat=True))
        found += level
    return found


def _maker(person: Person) -> str:
    from cimic_portal.core.models import Position

    post = Position.objects.held_by(person).first()
    return f"{person}, {post}" if post else str(person)


def _engagements(
    person: Person, offices: Sequence[int], since: datetime, until: datetime
) -> Iterable[Engagement]:
    return (
        Engagement.objects.visible_to(person)
        .in_period(since, until)
        .filter(owner_office__in=offices, state="released")
        .select_related("kind", "place", "area", "owner_office")
        .order_by("starts_at", "pk")
    )


def _taskings(person: Person, offices: Sequence[int], since: datetime, until: datetime) -> Iterable[Tasking]:
    running = Q(published_at__lt=until) & (Q(closed_at__isnull=True) | Q(closed_at__gte=since))
    return (
        Tasking.objects.visible_to(person)
        .filter(Q(assignee__office__in=offices) | Q(owner_office__in=offices))
        .filter(running)
        .select_related("assignee__office", "organisation", "area")
        .order_by("due_at", "pk")
    )


def _commitments(
    person: Person,
    offices: Sequence[int],
    engagements: Sequence[Engagement],
    since: datetime,
    until: datetime,
) -> Iterable[Commitment]:
    first, last = timezone.localtime(since).date(), timezone.localtime(until).date()
    made = Q(engagement__in=[row.pk for row in engagements])
    due = Q(due_on__gte=first, due_on__lt=last, engagement__owner_office__in=offices)
    released = Q(engagement__published_at__isnull=False)
    return (
        Commitment.objects.visible_to(person)
        .filter((made | due) & released)
        .select_related("organisation", "engagement__owner_office")
        .order_by("due_on", "pk")
    )


@dataclass(frozen=True)
class Counter:
    """Whether a record is open to the reader by office or component."""

    keys: frozenset[int]

    def __call__(self, record: SharedRecord) -> bool:
        return not self.keys.isdisjoint(record.reader_keys)


def _counted(person: Person) -> Counter:
    return Counter(frozenset(key for key in person.access.keys if key % 8 in COUNTED_KINDS))


def _attendees(person: Person, engagements: Sequence[Engagement]) -> dict[int, list[Attendance]]:
    rows = (
        Attendance.objects.visible_to(person)
        .filter(engagement__in=[row.pk for row in engagements])
        .select_related("contact", "organisation", "person", "position")
    )
    found: dict[int, list[Attendance]] = defaultdict(list)
    for row in rows:
        found[row.engagement_id].append(row)
    return found


def _answers(
    person: Person, taskings: Sequence[Tasking], engagements: Sequence[Engagement]
) -> dict[int, list[str]]:
    """References of the engagements of this report that answer each tasking.

    Others would be told of without being among its sources.
    """
    rows = (
        TaskingResult.objects.visible_to(person)
        .filter(tasking__in=[row.pk for row in taskings])
        .filter(engagement__in=[row.pk for row in engagements])
        .values_list("tasking_id", "engagement__reference")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for tasking, reference in rows:
        found[tasking].append(reference)
    return found


def _engagement_row(row: Engagement, met: dict[int, list[Attendance]], counted: bool) -> EngagementRow:
    there = met.get(row.pk, [])
    return EngagementRow(
        reference=row.reference,
        purpose=row.purpose,
        kind=str(row.kind),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        office=str(row.owner_office),
        place=str(row.place) if row.place else row.location,
        area=str(row.area) if row.area else "",
        pcode=row.area.pcode if row.area else "",
        latitude=float(row.latitude) if row.latitude is not None else None,
        longitude=float(row.longitude) if row.longitude is not None else None,
        met=[_attendee(one) for one in there if one.person_id is None],
        ours=[_attendee(one) for one in there if one.person_id is not None],
        key_points=row.key_points,
        atmosphere=Atmosphere(row.atmosphere) if row.atmosphere else None,
        atmosphere_why=row.atmosphere_why,
        local_context=row.local_context,
        next_steps=row.next_steps,
        do_no_harm=row.do_no_harm,
        state=EngagementState(row.state),
        # It names them, so it is as high as they are.
        classification=max([row.classification, *(c.contact.classification for c in there if c.contact)]),
        counted=counted,
    )


def _attendee(row: Attendance) -> Attendee:
    if row.person is not None:
        return Attendee(name=str(row.person), post=row.position.title if row.position else "")
    return Attendee(
        name=str(row.contact) if row.contact else "",
        post=row.role,
        organisation=row.organisation.name if row.organisation else "",
    )


def _tasking_row(row: Tasking, answers: dict[int, list[str]], counted: bool) -> TaskingRow:
    about = [str(thing) for thing in (row.organisation, row.area) if thing is not None]
    return TaskingRow(
        reference=row.reference,
        title=row.title,
        assignee=str(row.assignee),
        due_at=row.due_at,
        about=", ".join(about),
        state=TaskingState(row.state),
        priority=Priority(row.priority),
        state_reason=row.state_reason,
        outcome=row.outcome,
        answered_by=answers.get(row.pk, []),
        classification=row.classification,
        counted=counted,
    )


def _commitment_row(row: Commitment, counted: bool) -> CommitmentRow:
    other = row.organisation.name if row.organisation else ""
    ours = str(row.engagement.owner_office)
    by, to = (ours, other) if row.side == CommitmentSide.OURS else (other, ours)
    return CommitmentRow(
        what=row.what,
        side=CommitmentSide(row.side),
        promised_by=by,
        promised_to=to,
        due_on=row.due_on,
        state=CommitmentState(row.state),
        note=row.note,
        engagement=row.engagement.reference,
        classification=row.engagement.classification,
        counted=counted,
    )


def _outlines(engagements: Sequence[Engagement]) -> list[Outline]:
    """The districts or provinces where something took place, and their neighbours of the same level."""
    areas = {row.area_id: row.area for row in engagements if row.area is not None}
    if not areas:
        return []
    deepest = max(area.level for area in areas.values())
    rows = AreaBoundary.objects.filter(
        area__level=deepest, area__country__in={area.country for area in areas.values()}
    ).select_related("area")
    return [
        Outline(row.area.name, list(_rings(row.outline)), own=row.area_id in areas)
        for row in rows.only("outline", "area__name")
    ]


def _rings(outline: dict[str, Any]) -> Iterator[Sequence[tuple[float, float]]]:
    polygons = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [(point[0], point[1]) for point in ring]
