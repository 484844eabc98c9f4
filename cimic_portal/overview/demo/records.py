"""The demo mission's records: contacts, engagements with promises, taskings in every state."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cimic_portal.core.models import Office, Organisation, Person, Place, Position
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.records import REFERENCE_LENGTH, REFERENCE_LETTERS
from cimic_portal.overview.demo.topics import CONTEXT, TOPICS, WHY, Topic
from cimic_portal.overview.demo.words import FAMILY, GIVEN, MET, PROVINCES, ROLES, TOWNS
from liaison.models import Attendance, Commitment, Contact, Engagement, EngagementKind

MET_ORGANISATIONS = 68
CONTACTS = 400
ENGAGEMENTS = 1500
SPAN = timedelta(days=365)


@dataclass(frozen=True)
class Writer:
    """A person who writes, at the post from which they write."""

    person: Person
    office: Office
    position: Position


def reference(rng: random.Random) -> str:
    return "".join(rng.choices(REFERENCE_LETTERS, k=REFERENCE_LENGTH))


def make_organisations(rng: random.Random) -> list[Organisation]:
    """Bodies that are met."""
    names: dict[str, str] = {}
    while len(names) < MET_ORGANISATIONS:
        pattern, kind = rng.choice(MET)
        names.setdefault(pattern.format(town=rng.choice(TOWNS), province=rng.choice(PROVINCES)), kind)
    made: list[Organisation] = Organisation.objects.bulk_create(
        Organisation(name=name, kind=kind) for name, kind in names.items()
    )
    return made


def audience(rng: random.Random, writer: Writer) -> tuple[int, list[int]]:
    """(classification, components): mostly open to the mission, some to humanitarian partners."""
    cleared = writer.person.clearance
    level = rng.choices([c for c in Classification if c <= cleared], [12, 4, 1][:cleared])[0]
    own = Component(writer.person.component)
    if not own.of_mission:
        return level, []
    choices: list[list[int]] = [[own], [1, 3], [1, 2, 3], [1, 2, 3, 4], [1, 3, 4]]
    weights = [3, 2, 4, 3, 2] if level == Classification.UNCLASSIFIED else [4, 3, 3, 0, 0]
    components = set(rng.choices(choices, weights)[0]) | {int(own)}
    return level, sorted(int(component) for component in components)


def make_contacts(
    rng: random.Random, writers: Sequence[Writer], organisations: Sequence[Organisation]
) -> list[Contact]:
    now = timezone.now()
    contacts = []
    for _number in range(CONTACTS):
        writer = rng.choice(writers)
        level, components = audience(rng, writer)
        contacts.append(
            Contact(
                reference=reference(rng),
                name=f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}",
                form_of_address=rng.choice(["Mr", "Ms", "Chief", "Dr", "El Hadj", "Sister", ""]),
                organisation=rng.choice(organisations),
                role=rng.choice(ROLES),
                phone=f"+999 {rng.randint(10, 99)} {rng.randint(100, 999)} {rng.randint(100, 999)}",
                languages=rng.choice(["French", "Carani", "French, Carani", "English"]),
                owner_office=writer.office,
                author=writer.person,
                classification=level,
                audience_components=components,
                audience_organisations=[] if components else [writer.office.organisation_id],
                published_at=now,
            )
        )
    made: list[Contact] = Contact.objects.bulk_create(contacts, batch_size=200)
    return made


_STATES = (("released", 86), ("submitted", 4), ("draft", 5), ("returned", 3), ("not_held", 2))


def _moment(rng: random.Random, now: datetime, number: int) -> datetime:
    """Spread over twelve months, newest denser, at office hours of the mission."""
    back = SPAN * (number / ENGAGEMENTS) ** 1.3
    day = timezone.localtime(now - back - timedelta(hours=3))
    began = day.replace(hour=rng.randint(8, 17), minute=rng.choice([0, 15, 30, 45]), second=0, microsecond=0)
    return min(began, now - timedelta(hours=8))


def _engagement(
    rng: random.Random,
    writer: Writer,
    topic: Topic,
    place: Place,
    met: Organisation,
    kinds: Sequence[int],
    starts_at: datetime,
    now: datetime,
) -> Engagement:
    level, components = audience(rng, writer)
    state = rng.choices([name for name, _ in _STATES], [weight for _, weight in _STATES])[0]
    mood = rng.choices(["positive", "neutral", "negative"], [5, 4, 2])[0]
    words = {"org": met.name, "town": place.area.name if place.area else place.name}
    # Nothing is written or released after the moment at which the demo is loaded.
    written = min(
        starts_at + timedelta(hours=rng.randint(2, 30)), now - timedelta(minutes=rng.randint(70, 400))
    )
    return Engagement(
        reference=reference(rng),
        purpose=topic.purpose.format(**words)[:200],
        kind_id=rng.choice(kinds),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=rng.choice([30, 45, 60, 90])),
        place=place,
        latitude=place.latitude + Decimal(rng.randint(-300, 300)) / 100_000,
        longitude=place.longitude + Decimal(rng.randint(-300, 300)) / 100_000,
        area=place.area,
        key_points="\n\n".join(point.format(**words) for point in topic.points),
        atmosphere=mood,
        atmosphere_why=rng.choice(WHY[mood]),
        local_context=rng.choice(CONTEXT),
        next_steps=topic.next_step.format(**words),
        visibility=rng.choices(["open", "discreet", "low_profile"], [7, 1, 2])[0],
        state=state,
        owner_office=writer.office,
        author=writer.person,
        classification=level,
        audience_components=components,
        audience_organisations=[] if components else [writer.office.organisation_id],
        published_at=min(written + timedelta(hours=5), now - timedelta(minutes=5))
        if state == "released"
        else None,
        submitted_at=written if state in ("released", "submitted", "returned") else None,
        returned_reason="Name the date that was promised, and who promised it."
        if state == "returned"
        else "",
        not_held_reason="The road was cut by rain; a new day is agreed." if state == "not_held" else "",
    )


# Which provinces a sector answers for; offices without a sector work everywhere.
SECTOR_PROVINCES = {
    "North": ("XC01", "XC02"),
    "South": ("XC03", "XC04"),
    "East": ("XC05", "XC06"),
    "West": ("XC07",),
}


def _near(writer: Writer, places: Sequence[Place]) -> Sequence[Place]:
    """The places of the writer's sector."""
    for sector, provinces in SECTOR_PROVINCES.items():
        if sector in writer.office.name:
            return [place for place in places if place.area and place.area.pcode.startswith(provinces)]
    return places


def make_engagements(
    rng: random.Random,
    writers: Sequence[Writer],
    contacts: Sequence[Contact],
    places: Sequence[Place],
) -> list[Engagement]:
    """1,500 meetings over twelve months, with who was there and what was promised."""
    now = timezone.now()
    kinds = list(EngagementKind.objects.order_by("pk").values_list("pk", flat=True))
    engagements: list[Engagement] = []
    met: list[Contact] = []
    topics: list[Topic] = []
    by_office: dict[int, list[Contact]] = {}
    for contact in contacts:
        by_office.setdefault(contact.owner_office_id, []).append(contact)
    for number in range(ENGAGEMENTS):
        writer = writers[0] if number % 25 == 0 else rng.choice(writers)
        known = by_office.get(writer.office.pk) or list(contacts)
        contact, topic, place = rng.choice(known), rng.choice(TOPICS), rng.choice(_near(writer, places))
        assert contact.organisation is not None
        engagements.append(
            _engagement(
                rng, writer, topic, place, contact.organisation, kinds, _moment(rng, now, number), now
            )
        )
        met.append(contact)
        topics.append(topic)
    for number, engagement in enumerate(engagements[::60]):
        _plan_ahead(engagement, now, days=1 + number)
    _name_approvers(engagements)
    made = Engagement.objects.bulk_create(engagements, batch_size=200)
    _make_attendances(made, met)
    _make_promises(rng, made, met, topics, now)
    return made


def _plan_ahead(engagement: Engagement, now: datetime, *, days: int) -> None:
    """A meeting that is agreed and has not taken place: nothing is known of it but when, where and why."""
    assert engagement.ends_at is not None
    length = engagement.ends_at - engagement.starts_at
    hour = timezone.localtime(engagement.starts_at).hour
    begins = timezone.localtime(now) + timedelta(days=days)
    engagement.starts_at = begins.replace(hour=hour, minute=0, second=0, microsecond=0)
    engagement.ends_at = engagement.starts_at + length
    engagement.state = "planned"
    engagement.published_at = engagement.submitted_at = None
    for name in ("key_points", "atmosphere", "atmosphere_why", "local_context", "next_steps"):
        setattr(engagement, name, "")
    engagement.returned_reason = engagement.not_held_reason = ""


def _name_approvers(engagements: Sequence[Engagement]) -> None:
    """Each submitted report waits for the position that releases it; released ones were signed by its holder."""
    found: dict[tuple[int, int, int], tuple[Position | None, Person | None]] = {}
    for engagement in engagements:
        if engagement.submitted_at is None:
            continue
        key = (engagement.owner_office_id, engagement.author_id, engagement.classification)
        if key not in found:
            position = engagement.owner_office.releasing_position(
                author_id=engagement.author_id, classification=engagement.classification
            )
            signer = None
            if position is not None:
                signer = Person.objects.acting_for(position).exclude(pk=engagement.author_id).first()
            found[key] = (position, signer)
        position, signer = found[key]
        engagement.approver = position
        if position is None and engagement.state == "submitted":
            engagement.state, engagement.submitted_at = "draft", None
        if engagement.state == "released":
            engagement.released_by = signer


def _make_attendances(engagements: Sequence[Engagement], met: Sequence[Contact]) -> None:
    rows: list[Attendance] = []
    for engagement, contact in zip(engagements, met, strict=True):
        rows.append(
            Attendance(
                engagement=engagement, contact=contact, organisation=contact.organisation, role=contact.role
            )
        )
        rows.append(Attendance(engagement=engagement, person=engagement.author))
    Attendance.objects.bulk_create(rows, batch_size=1000)


def _make_promises(
    rng: random.Random,
    engagements: Sequence[Engagement],
    met: Sequence[Contact],
    topics: Sequence[Topic],
    now: Any,
) -> None:
    rows: list[Commitment] = []
    for engagement, contact, topic in zip(engagements, met, topics, strict=True):
        if rng.random() > 0.3 or engagement.state in ("planned", "not_held"):
            continue
        side = rng.choice(["ours", "theirs"])
        due = engagement.starts_at.date() + timedelta(days=rng.randint(5, 40))
        # What is still open after its day is recent: older promises were settled one way or the other.
        weights = [2, 0, 0, 9] if due >= now.date() else [14, 3, 1, 4]
        if due < now.date() - timedelta(days=14):
            weights = [14, 4, 1, 0]
        state = rng.choices(["kept", "broken", "released", "open"], weights)[0]
        rows.append(
            Commitment(
                engagement=engagement,
                side=side,
                what=topic.ours if side == "ours" else topic.theirs,
                organisation=contact.organisation,
                due_on=due,
                state=state,
                settled_at=engagement.starts_at + timedelta(days=7) if state != "open" else None,
                note="The part did not arrive in time." if state == "broken" else "",
            )
        )
    Commitment.objects.bulk_create(rows, batch_size=500)
