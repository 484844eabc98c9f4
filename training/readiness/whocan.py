"""Who can do a task in a period: by qualification, language, clearance and availability."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from operations.models import OperationTask
from training.models import Absence, Enrolment, Qualification, Session
from training.readiness.people import People, Tree, Who, read_people
from training.readiness.reading import held_by
from training.readiness.reckon import valid_until

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person
    from operations.models import Operation
    from training.models import Course

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Wanted:
    """What the task asks: every course, every language, cleared to a level, free on all these days."""

    courses: Sequence[Course]
    since: date
    until: date
    languages: str = ""
    clearance: int = 1
    office: Office | None = None


@dataclass
class Candidate:
    """Somebody who is qualified, speaks it and is cleared.

    `busy`: why they are not there on these days; `beside`: tasks of their office at that time, which say
    nothing of the person.
    """

    who: Who
    offices: list[Office]
    languages: str
    busy: list[str] = field(default_factory=list)
    beside: list[OperationTask] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        return not self.busy

    @property
    def more_beside(self) -> int:
        """Tasks of the office beyond the first two."""
        return max(len(self.beside) - 2, 0)


@dataclass(frozen=True)
class Answer:
    """Those who fit, the free ones first; and how many people the reader may not judge."""

    candidates: list[Candidate]
    left_out: int = 0

    @property
    def free(self) -> list[Candidate]:
        return [one for one in self.candidates if one.is_free]

    @property
    def busy(self) -> list[Candidate]:
        return [one for one in self.candidates if not one.is_free]

    @property
    def operations(self) -> list[Operation]:
        """Those whose tasks are named, each once."""
        found = {
            task.revision.operation_id: task.revision.operation
            for one in self.candidates
            for task in one.beside
        }
        return list(found.values())


def speaks(languages: str, wanted: str) -> bool:
    """Whether every word that is asked for is a word of what somebody speaks."""
    known = {word.casefold() for word in _WORD.findall(languages)}
    return {word.casefold() for word in _WORD.findall(wanted)} <= known


def who_can(reader: Person, wanted: Wanted) -> Answer:
    """Everybody who fits, of those whose training record the reader may see. Nine queries at most."""
    tree = Tree()
    offices = tree.below(wanted.office.pk) if wanted.office else None
    people = read_people(reader, tree, offices=offices)
    fitting = [who for who in _qualified(reader, people, wanted) if _fits(who, wanted)]
    today = timezone.localdate()
    found = [
        Candidate(
            who,
            [tree.offices[pk] for pk in dict.fromkeys(post.office for post in who.serving(today))],
            who.record.person.languages,
        )
        for who in fitting
    ]
    _say_away(reader, found, wanted)
    _say_enrolled(reader, found, wanted)
    _say_training(found, wanted)
    _say_tasks(reader, found, wanted)
    return Answer(
        sorted(found, key=lambda one: (not one.is_free, len(one.beside), one.who.order)), people.left_out
    )


def _fits(who: Who, wanted: Wanted) -> bool:
    person = who.record.person
    return person.clearance >= wanted.clearance and speaks(person.languages, wanted.languages)


def _qualified(reader: Person, people: People, wanted: Wanted) -> Iterable[Who]:
    """Those who hold every course on the first day and through the last."""
    courses = [course.pk for course in wanted.courses]
    held = held_by(Qualification.objects.visible_to(reader), people.shown, courses)
    for who in people.shown:
        reached = [valid_until(held.get((who.record.pk, course), ()), wanted.since) for course in courses]
        if all(known and (last is None or last >= wanted.until) for known, last in reached):
            yield who


def _by_record(found: Iterable[Candidate]) -> dict[int, Candidate]:
    return {one.who.record.pk: one for one in found}


def period_of(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day, on the mission's clock."""
    first = timezone.make_aware(datetime.combine(since, time.min))
    return first, timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))


def _say_away(reader: Person, found: list[Candidate], wanted: Wanted) -> None:
    by_record = _by_record(found)
    rows = Absence.objects.visible_to(reader).within(wanted.since, wanted.until)
    for absence in rows.filter(record__in=by_record):
        by_record[absence.record_id].busy.append(str(absence))


def _say_enrolled(reader: Person, found: list[Candidate], wanted: Wanted) -> None:
    by_record = _by_record(found)
    rows = Enrolment.objects.visible_to(reader).filter(
        state="enrolled", during__overlap=period_of(wanted.since, wanted.until), record__in=by_record
    )
    for enrolment in rows.select_related("session__course"):
        by_record[enrolment.record_id].busy.append(_("Takes %(session)s") % {"session": enrolment.session})


def _say_training(found: list[Candidate], wanted: Wanted) -> None:
    """Who gives a session is known to everybody."""
    first, end = period_of(wanted.since, wanted.until)
    trainers = {one.who.pk: one for one in found}
    rows = Session.objects.filter(state="planned", starts_at__lt=end, ends_at__gt=first, trainer__in=trainers)
    for session in rows.select_related("course"):
        assert session.trainer_id is not None  # It was filtered by.
        trainers[session.trainer_id].busy.append(_("Gives %(session)s") % {"session": session})


def _say_tasks(reader: Person, found: list[Candidate], wanted: Wanted) -> None:
    """Tasks that operations in force give to an office in these days, where the reader sees them."""
    first, end = period_of(wanted.since, wanted.until)
    by_office: dict[int, list[Candidate]] = defaultdict(list)
    for one in found:
        for office in one.offices:
            by_office[office.pk].append(one)
    rows = OperationTask.objects.visible_to(reader).filter(
        office__in=by_office, starts_at__lt=end, ends_at__gt=first, revision__state="in_force"
    )
    for task in rows.select_related("revision__operation").order_by("starts_at", "pk"):
        for one in by_office[task.office_id or 0]:
            one.beside.append(task)
