"""The demo mission's training: a catalogue, sessions behind and ahead, and what everybody holds."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from cimic_portal.core.models import Holding, Office, Person
from cimic_portal.core.querysets import current
from cimic_portal.overview.demo import course_words as words
from cimic_portal.overview.demo.cast import Cast, cast_of
from cimic_portal.overview.demo.records import reference
from training.models import (
    Course,
    Enrolment,
    Qualification,
    Reads,
    RecordOffice,
    Session,
    TrainingRecord,
    TrainingRules,
    Way,
)
from training.models.qualification import CODE_LENGTH
from training.services.record import follow_posts

CENTRE = "Integrated Training"
HELD, AHEAD = 3, 2
SEATS = 14
DAY = timedelta(days=1)


@dataclass
class _School:
    """What everything is made with. `held`: (record, course, day) of what was passed in a session."""

    rng: random.Random
    cast: Cast
    centre: Office
    trainer: Person
    records: Sequence[TrainingRecord] = ()
    held: list[tuple[TrainingRecord, Course, date, Enrolment]] = field(default_factory=list)
    # Who stands on the lists of a session that is ahead, by their numbers.
    seated: dict[int, set[int]] = field(default_factory=dict)

    def code(self) -> str:
        return "".join(reference(self.rng) for _ in range(2))[:CODE_LENGTH]


def make_courses(
    rng: random.Random, offices: Mapping[str, Office]
) -> tuple[list[TrainingRecord], list[Qualification]]:
    """Thirty courses with their sessions; the records of everybody, and what stands on them."""
    centre, cast = offices[CENTRE], cast_of(offices)
    TrainingRules.objects.update_or_create(id=1, defaults={"centre": centre})
    courses = [_course(told, centre) for told in words.COURSES]
    records = _records(rng)
    trainer = cast.person(cast.post(CENTRE, "Training officer"))
    school = _School(rng, cast, centre, trainer, records)
    here = [course for course in courses if course.office_id]
    _sessions_behind(school, here)
    _session_to_mark(school, here)
    _sessions_ahead(school, here)
    _open_to_the_centre(school)
    return records, _qualifications(school, courses)


def _records(rng: random.Random) -> list[TrainingRecord]:
    """One for everybody who holds a post, of the office of the post held longest, read as in the mission."""
    held = Holding.objects.filter(current(), person__is_active=True).order_by("-since", "-pk")
    offices = {one.person: one.position.office for one in held.select_related("person", "position__office")}
    records = [
        TrainingRecord.objects.create(
            reference=reference(rng), person=person, author=person, owner_office=offices[person]
        )
        for person in sorted(offices, key=lambda person: person.email)
    ]
    follow_posts()
    return records


def _course(told: words.Taught, centre: Office) -> Course:
    return Course.objects.create(
        code=told.code,
        title=told.title,
        summary=told.summary,
        phase=told.phase,
        standard=told.standard,
        edition="2025" if told.standard in ("CPTM", "STM") else "",
        authority=centre.organisation.name if told.here else words.ABROAD,
        office=centre if told.here else None,
        validity_months=told.months,
        pass_score=70 if told.months else None,
    )


def _times(day: date, days: int) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time(9)))
    return start, start + timedelta(days=days - 1, hours=7)


def _session(school: _School, course: Course, day: date, number: int) -> Session:
    days = next(told.days for told in words.COURSES if told.code == course.code)
    start, end = _times(day, days)
    return Session(
        course=course,
        starts_at=start,
        ends_at=end,
        room=words.WHERE[number % len(words.WHERE)],
        trainer=school.trainer,
        language="French" if number % 3 else "English",
        seats=SEATS,
    )


def _sessions_behind(school: _School, courses: Sequence[Course]) -> None:
    """Held in the last year, marked and closed; none overlaps another."""
    today, rows = timezone.localdate(), []
    for number in range(len(courses) * HELD):
        course = courses[number % len(courses)]
        session = _session(school, course, today - (number + 2) * 5 * DAY, number)
        people = school.rng.sample(list(school.records), school.rng.randint(8, SEATS))
        session.state, session.taken = "held", len(people)
        session.save()
        rows += [_marked(school, session, record) for record in people]
    Enrolment.objects.bulk_create(rows)
    for row in rows:
        if row.result == "passed":
            day = timezone.localdate(row.session.ends_at)
            school.held.append((row.record, row.session.course, day, row))


def _marked(school: _School, session: Session, record: TrainingRecord) -> Enrolment:
    score = school.rng.randint(55, 100)
    came = school.rng.random() > 0.06
    result = "" if not came else "passed" if score >= (session.course.pass_score or 0) else "failed"
    return Enrolment(
        record=record,
        session=session,
        during=(session.starts_at, session.ends_at),
        state="attended" if came else "absent",
        nominated_by=school.trainer,
        entered_at=session.starts_at - 12 * DAY,
        result=result,
        score=score if came else None,
    )


def _session_to_mark(school: _School, courses: Sequence[Course]) -> None:
    """Over, and who came is not said yet."""
    course = next(one for one in courses if one.pass_score)
    session = _session(school, course, timezone.localdate() - 3 * DAY, 0)
    people = school.records[::9][:SEATS]
    session.taken = len(people)
    session.save()
    Enrolment.objects.bulk_create([_seat(school, session, record, 0) for record in people])


def _sessions_ahead(school: _School, courses: Sequence[Course]) -> None:
    """Planned for the next months; the first are full, with people who wait."""
    today, rows = timezone.localdate(), []
    for number in range(len(courses) * AHEAD):
        session = _session(school, courses[number % len(courses)], today + (number + 1) * 6 * DAY, number)
        wanted = SEATS + 3 if number % 7 == 0 else school.rng.randint(2, SEATS - 2)
        people = school.rng.sample(list(school.records), wanted)
        session.taken = min(wanted, SEATS)
        session.waiting = wanted - session.taken
        session.save()
        school.seated[session.pk] = {record.pk for record in people}
        rows += [_seat(school, session, record, place) for place, record in enumerate(people)]
    Enrolment.objects.bulk_create(rows)
    _asked(school)


def _seat(school: _School, session: Session, record: TrainingRecord, place: int) -> Enrolment:
    return Enrolment(
        record=record,
        session=session,
        during=(session.starts_at, session.ends_at),
        state="enrolled" if place < SEATS else "waiting",
        nominated_by=school.trainer,
        entered_at=timezone.now() - timedelta(days=9, minutes=60 - place),
    )


def _asked(school: _School) -> None:
    """Some asked for a seat themselves; their office has not answered, or declined."""
    sessions = list(Session.objects.ahead().order_by("starts_at")[3:12])
    for number, session in enumerate(sessions):
        free = [record for record in school.records if record.pk not in school.seated[session.pk]]
        record = free[number * 7 % len(free)]
        approver = record.owner_office.releasing_position(author_id=record.person_id)
        declined = number % 4 == 3
        Enrolment.objects.create(
            record=record,
            session=session,
            during=(session.starts_at, session.ends_at),
            state="declined" if declined else "asked",
            reason=words.REASONS[number % len(words.REASONS)] if declined else "",
            approver=approver,
            nominated_by=record.person,
        )


def _open_to_the_centre(school: _School) -> None:
    """The centre reads the records of partners whom it trains."""
    own = school.centre.organisation_id
    trained = {record.pk for record, _course, _day, _row in school.held}
    RecordOffice.objects.bulk_create(
        [
            RecordOffice(record=record, office=school.centre, why=Reads.COURSE)
            for record in school.records
            if record.pk in trained and record.owner_office.organisation_id != own
        ],
        ignore_conflicts=True,
    )


def _qualifications(school: _School, courses: Sequence[Course]) -> list[Qualification]:
    rows = [
        _made(school, record, course, day, Way.SESSION, enrolment)
        for record, course, day, enrolment in school.held
    ]
    for record in school.records:
        for course in courses:
            rows += _earlier(school, record, course)
    return list(Qualification.objects.bulk_create(rows))


def _earlier(school: _School, record: TrainingRecord, course: Course) -> list[Qualification]:
    """What was passed before this year: courses from before deployment by nearly all, others by most."""
    chance = {"before": 0.97, "induction": 0.9}.get(course.phase, 0.62)
    found: list[Qualification] = []
    while school.rng.random() < chance:
        ago = school.rng.randint(20, 330) + len(found) * 360
        day = timezone.localdate() - ago * DAY
        way = Way.SESSION if course.office_id else Way.EARLIER
        found.append(_made(school, record, course, day, way))
        chance = 0.45 if course.validity_months else 0.0
    return found


def _made(
    school: _School,
    record: TrainingRecord,
    course: Course,
    day: date,
    way: str,
    enrolment: Enrolment | None = None,
) -> Qualification:
    waits = way == Way.EARLIER and school.rng.random() < 0.02
    return Qualification(
        record=record,
        course=course,
        issued_on=day,
        expires_on=course.expiry(day),
        code=school.code(),
        way=way,
        enrolment=enrolment,
        authority=course.authority,
        entered_by=record.person if way == Way.EARLIER else school.trainer,
        entered_at=_times(day, 1)[1],
        confirmed_at=None if waits else _times(day, 1)[1],
        confirmed_by=None if waits else school.trainer,
    )
