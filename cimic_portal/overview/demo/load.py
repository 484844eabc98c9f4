"""Loading the demo mission: once, in one transaction, the same every time."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from shapely.geometry import shape

from cimic_portal.core.models import Area, Office, Organisation, Person, Place, Position
from cimic_portal.core.services.area import import_areas
from cimic_portal.core.services.verbs import verb
from cimic_portal.overview.demo import country
from cimic_portal.overview.demo.assets import make_assets
from cimic_portal.overview.demo.courses import make_courses
from cimic_portal.overview.demo.exercises import make_exercises
from cimic_portal.overview.demo.guidance import make_guidance
from cimic_portal.overview.demo.journals import make_journals
from cimic_portal.overview.demo.lessons import make_lessons
from cimic_portal.overview.demo.mission import LOADING, make_offices, make_people
from cimic_portal.overview.demo.modules import make_modules
from cimic_portal.overview.demo.operations import make_operations
from cimic_portal.overview.demo.qips import make_qips
from cimic_portal.overview.demo.readiness import make_readiness
from cimic_portal.overview.demo.records import (
    SECTOR_PROVINCES,
    Writer,
    make_contacts,
    make_engagements,
    make_organisations,
)
from cimic_portal.overview.demo.taskings import make_taskings

SEED = 20261122
Say = Callable[[str], None]


def is_loaded() -> bool:
    return Organisation.objects.filter(is_mission=True).exists()


def load_demo(say: Say) -> bool:
    """Load the demo mission unless a mission is there already; True when it was loaded.

    Raises ImproperlyConfigured where demo data may not exist.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("The demo mission does not exist under these settings.")
    if is_loaded():
        return False
    rng = random.Random(SEED)  # noqa: S311 - made-up data, not secrets
    with transaction.atomic():
        say("Carana: provinces, districts and places")
        districts, places = _country(rng)
        _load_mission(rng, districts, places, say)
    return True


def _load_mission(rng: random.Random, districts: list[Area], places: list[Place], say: Say) -> None:
    with verb(LOADING, actor=None):
        say("Offices, posts and 120 people")
        offices = make_offices()
        make_people(rng, offices)
        _place_sectors(offices)
        say("Organisations and 400 contacts")
        organisations = make_organisations(rng)
        writers = _writers()
        contacts = make_contacts(rng, writers, organisations)
        say("1,500 engagements over twelve months")
        engagements = make_engagements(rng, writers, contacts, places)
        say("150 taskings")
        make_taskings(
            rng, _issuers(), [writer.position for writer in writers if "Liaison" in writer.position.title],
            organisations, districts, engagements,
        )  # fmt: skip
        say("40 operations with their plans")
        operations = make_operations(rng, offices, districts)
        say("Journals of the operations")
        # Chances of their own, so that what is added does not move what is drawn elsewhere.
        make_journals(random.Random(SEED + 2), operations, places)  # noqa: S311 - made-up data, not secrets
        say("12 quick impact projects")
        # A chance of its own, so that projects do not move what is drawn elsewhere.
        make_qips(random.Random(SEED + 1), offices, places)  # noqa: S311 - made-up data, not secrets
        say("Assets and their bookings")
        make_assets(random.Random(SEED + 3), offices, places, operations)  # noqa: S311 - made-up data, not secrets
        say("30 courses and 3,000 qualifications")
        records, held = make_courses(random.Random(SEED + 5), offices)  # noqa: S311
        say("60 lessons")
        make_lessons(random.Random(SEED + 4), offices, districts)  # noqa: S311 - made-up data, not secrets
        say("Online modules and who learned them")
        make_modules(random.Random(SEED + 7), offices)  # noqa: S311 - made-up data, not secrets
        say("25 documents of guidance, and who has signed them")
        make_guidance(random.Random(SEED + 6), offices)  # noqa: S311 - made-up data, not secrets
        say("Requirements and absences")
        make_readiness(random.Random(SEED + 8), offices, records, held, operations)  # noqa: S311
        say("12 exercises, and three lessons of theirs")
        make_exercises(random.Random(SEED + 9), offices, districts)  # noqa: S311 - made-up data, not secrets


def _country(rng: random.Random) -> tuple[list[Area], list[Place]]:
    found = country.features(rng)
    file = io.BytesIO(json.dumps({"type": "FeatureCollection", "features": found}).encode())
    file.name = "carana.geojson"
    import_areas(file, source="Demo mission")
    by_pcode = {feature["properties"]["pcode"]: feature["geometry"] for feature in found}
    districts = list(Area.objects.filter(level=2, pcode__in=by_pcode).order_by("pcode"))
    pairs = [(area, shape(by_pcode[area.pcode])) for area in districts]
    return districts, Place.objects.bulk_create(country.places(rng, pairs))


def _place_sectors(offices: dict[str, Office]) -> None:
    """Each sector sits in the first of the provinces that it answers for."""
    for sector, provinces in SECTOR_PROVINCES.items():
        area = Area.objects.get(pcode=provinces[0])
        for name in (f"Sector {sector}", f"Sector {sector} CIMIC"):
            office = offices[name]
            office.area = area
            office.save()


def _writers() -> list[Writer]:
    """Who logs contacts: liaison, civil affairs, police and partners; the demo's liaison officer first."""
    titles = ("Liaison officer", "Civil affairs officer", "Community policing", "Field officer", "CMCoord officer",
              "Engineer liaison", "Human rights officer", "PoC officer")  # fmt: skip
    found = _posted(lambda position: position.title.startswith(titles))
    return sorted(found, key=lambda writer: writer.person.email != "liaison@carana.example")


def _issuers() -> list[Writer]:
    """Who tasks: Force HQ U9 and the sector commanders."""
    return _posted(lambda p: p.office.name == "Force HQ U9" or p.title == "Sector commander")


def _posted(wanted: Callable[[Position], bool]) -> list[Writer]:
    now = timezone.now()
    positions = Position.objects.select_related("office").prefetch_related("holdings__person").order_by("pk")
    writers = []
    for position in positions:
        if not wanted(position):
            continue
        people: list[Person] = [holding.person for holding in position.holdings.all() if holding.since <= now]
        writers += [Writer(person, position.office, position) for person in people[:1]]
    return writers
