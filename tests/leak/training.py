"""Training records: lists, pages, files, certificates, the API."""

from __future__ import annotations

from django.urls import reverse

from tests.factories.core import ago
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor
from training.models import Session, TrainingRecord

FORMS = ("", "_csv", "_xlsx")


@surface("training records", *(f"training_records{form}" for form in FORMS), "api:training_record-list")
def _records(visitor: Visitor) -> None:
    """Names are known to everybody; whose record may be read is told by its reference."""
    records = visitor.world.records[TrainingRecord]
    for name in (*(f"training_records{form}" for form in FORMS), "api:training_record-list"):
        answer = visitor.get(f"{reverse(name)}{'?limit=200' if name.startswith('api') else ''}")
        for record in records if visitor.enters else ():
            if record.reference in answer.said:
                visitor.told.add(visitor.world.number_of[record])
            elif visitor.sees(record):
                visitor.fault(f"{name}: {record} is missing")


@surface(
    "seats and qualifications",
    *(f"{name}{form}" for name in ("enrolments", "qualifications") for form in FORMS),
    "api:enrolment-list",
    "api:qualification-list",
)
def _parts(visitor: Visitor) -> None:
    told = visitor.world.may_be_told(visitor.person)
    for names, items in (("enrolment", visitor.world.seats), ("qualification", visitor.world.held)):
        for name in (f"{names}s_csv", f"{names}s_xlsx", f"api:{names}-list"):
            answer = visitor.get(f"{reverse(name)}{'?limit=200' if name.startswith('api') else ''}")
            if visitor.enters:
                visitor.must_tell(name, answer.said, set(items) & told, set(items))
        visitor.get(reverse(f"{names}s"))
    # Others hold qualifications in this world too; those with a word of theirs are counted.
    answer = visitor.get(f"{reverse('qualifications')}?q=qzkw", "qzkw")
    if visitor.enters and f"{len(set(visitor.world.held) & told)} match" not in answer.said:
        visitor.fault("qualifications: does not say how many there are")


@surface(
    "one training record", "training_record", "earlier_add", "training_home", "api:training_record-detail"
)
def _record(visitor: Visitor) -> None:
    for record in visitor.some(visitor.world.records[TrainingRecord]):
        for name in ("training_record", "earlier_add", "api:training_record-detail"):
            visitor.must_open(reverse(name, args=[record.reference]), record)
    visitor.get(reverse("training_home"))


@surface(
    "one seat",
    "enrolment_verb",
    "api:enrolment-detail",
    *(f"api:enrolment-{verb}" for verb in ("approve", "decline", "withdraw")),
)
def _seat(visitor: Visitor) -> None:
    for seat in visitor.some(visitor.world.seats.values()):
        visitor.must_open(reverse("api:enrolment-detail", args=[seat.pk]), seat.record)
        for verb in ("approve", "decline", "withdraw"):
            address = reverse("enrolment_verb", args=[seat.pk, verb])
            visitor.must_open(address, seat.record)
            sent = {"version": STALE, "reason": "Why"}
            visitor.must_open(address, seat.record, answer=visitor.post(address, sent))
            address = reverse(f"api:enrolment-{verb}", args=[seat.pk])
            visitor.must_open(address, seat.record, answer=visitor.post_json(address, sent))


@surface(
    "one qualification",
    "qualification",
    "qualification_verb",
    "qualification_proof",
    "certificate",
    "api:qualification-detail",
    "api:qualification-confirm",
    "api:qualification-revoke",
)
def _qualification(visitor: Visitor) -> None:
    for number, held in visitor.some(visitor.world.held.items()):
        for name in ("qualification", "api:qualification-detail", "certificate"):
            visitor.must_open(reverse(name, args=[held.pk]), held.record)
        address = reverse("qualification_proof", args=[held.pk, held.proofs.unscoped("its number").get().pk])
        answer = visitor.must_open(address, held.record)
        visitor.must_tell(address, answer.said, {number} if visitor.sees(held.record) else set(), {number})
        for verb in ("confirm", "revoke"):
            sent = {"version": STALE, "reason": "Why"}
            address = reverse("qualification_verb", args=[held.pk, verb])
            visitor.must_open(address, held.record, answer=visitor.post(address, sent))
            address = reverse(f"api:qualification-{verb}", args=[held.pk])
            visitor.must_open(address, held.record, answer=visitor.post_json(address, sent))


# It tells of the reader alone, so no word of a record turns up.
@surface("calendar of sessions", "api:calendar_feed", tells=False)
def _calendar(visitor: Visitor) -> None:
    """One's own seats alone: nobody else's stands in it, whoever may read it elsewhere."""
    said = visitor.get(reverse("api:calendar_feed")).said
    own = any(
        visitor.sees(seat.record) and seat.record.person_id == visitor.person.pk
        for seat in visitor.world.seats.values()
    )
    if visitor.enters and not own and "(Enrolled)" in said:
        visitor.fault("calendar: tells of a seat of somebody else")


@surface("lists of a session", "session", "session_marks", "attendance_import", "session_verb")
def _session(visitor: Visitor) -> None:
    """Who sits there is told to their office and to who trains them; the others are told a number."""
    session = Session.objects.latest("seats")
    visitor.get(reverse("session", args=[session.pk]))
    for verb in ("ask", "nominate", "close", "cancel"):
        visitor.get(reverse("session_verb", args=[session.pk, verb]))
    for name in ("session_marks", "attendance_import"):
        visitor.get(reverse(name, args=[session.pk]))


@surface("attendance lists of a session", "attendance_csv", "attendance_xlsx")
def _attendance(visitor: Visitor) -> None:
    """Addresses of those whose record may be read, to the office that gives the course, and to nobody else.

    They hold no word of a record, so the addresses are looked for.
    """
    session = Session.objects.latest("seats")
    Session.objects.filter(pk=session.pk).update(starts_at=ago(hours=3), ends_at=ago(hours=1))
    marks = session.course.office_id in visitor.person.access.offices
    seated = [seat.record for seat in visitor.world.seats.values() if seat.state == "enrolled"]
    for name in ("session_marks", "attendance_csv", "attendance_xlsx"):
        said = visitor.get(reverse(name, args=[session.pk])).said
        for record in seated:
            shown = record.person.email in said if name != "session_marks" else record.reference in said
            if shown:
                visitor.told.add(visitor.world.number_of[record])
            if shown != (visitor.enters and marks and visitor.sees(record)):
                visitor.fault(f"{name}: {record} is {'told' if shown else 'missing'}")
