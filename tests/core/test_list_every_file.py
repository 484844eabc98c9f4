"""Every list as CSV and as XLSX: the rows that the reader may see, and nothing of another."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from cimic_portal.core.listing.declaration import all_listings, listing_named
from cimic_portal.core.models import Person
from tests.factories.cast import Cast, make_cast
from tests.factories.core import AreaFactory, DocumentFactory, PlaceFactory, ahead
from tests.factories.liaison import CommitmentFactory, ContactFactory, EngagementFactory, TaskingFactory
from tests.factories.operations import JournalEntryFactory, OperationFactory
from tests.factories.operations_assets import AssetFactory, BookingFactory
from tests.factories.operations_qip import QipFactory
from tests.factories.training import CaseStudyFactory, LessonFactory
from tests.factories.training_course import CourseFactory, QualificationFactory, SessionFactory, seat_for
from tests.factories.training_exercise import ExerciseFactory
from tests.factories.training_guidance import (
    GuidanceAcknowledgementFactory,
    GuidanceFactory,
    GuidanceVersionFactory,
)
from tests.factories.training_module import ModuleDraftFactory, ModuleFactory, ModuleResultFactory
from tests.factories.training_readiness import RequirementFactory
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db

# A word that stands in a row of each list; shared ones also stand in a hidden row.
WORDS = {
    "organisations": "Relief Carana",
    "offices": "Liaison team",
    "positions": "Liaison team",
    "people": "Colleague",
    "areas": "Dessa",
    "places": "Old well",
    "documents": "Week 46",
    "engagements": "Ford after the flood",
    "taskings": "Meet the committee",
    "contacts": "Amara Kone",
    "commitments": "Send the dates",
    "operations": "Market days",
    "qips": "Two wells",
    "exercises": "The river rises",
    "journal": "Gauge at two metres",
    "assets": "Truck platoon",
    "bookings": "Ferry across",
    "lessons": "Open at five",
    "guidance_register": "Escorts as a last resort",
    "guidance_acknowledgements": "Read and understood",
    "courses": "Driving on laterite",
    "sessions": "Hall behind the depot",
    "training_records": "Speaks Sango",
    "enrolments": "Needed at the ford",
    "qualifications": "School of the lakes",
    "modules": "Marks on doors",
    "moduledrafts": "First hour",
    "moduleresults": "Marks on doors",
    "cases": "Handover with benchmarks",
    "requirements": "Order of the sector",
}
REFERENCE = (
    "organisations",
    "offices",
    "positions",
    "people",
    "areas",
    "places",
    "cases",
    "requirements",
    "courses",
    "sessions",
    "modules",
)
HIDDEN = "tale of the bridge"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    AreaFactory(name=WORDS["areas"])
    PlaceFactory(name=WORDS["places"])
    CaseStudyFactory(title=WORDS["cases"])
    RequirementFactory(note=WORDS["requirements"])
    held = SessionFactory(course=CourseFactory(title=WORDS["courses"]), room=WORDS["sessions"], seats=9)
    module = ModuleFactory(title=WORDS["modules"])
    for office, author, word in (
        (made.team, made.owner, ""),
        (made.country_office, made.partner, f" {HIDDEN}"),
    ):
        own: dict[str, Any] = {"owner_office": office, "author": author, "published": True}
        DocumentFactory(**own, title=WORDS["documents"] + word, state="ready")
        met = EngagementFactory(**own, purpose=WORDS["engagements"] + word)
        TaskingFactory(**own, title=WORDS["taskings"] + word)
        ContactFactory(**own, name=WORDS["contacts"] + word)
        QipFactory(**own, title=WORDS["qips"] + word)
        operation = OperationFactory(**own, title=WORDS["operations"] + word)
        JournalEntryFactory(operation=operation, author=author, text=WORDS["journal"] + word)
        asset = AssetFactory(**own, name=WORDS["assets"] + word)
        booked = {"asset": asset, "office": office, "requested_by": author}
        BookingFactory(**booked, purpose=WORDS["bookings"] + word)
        ExerciseFactory(**own, title=WORDS["exercises"] + word)
        LessonFactory(**own, title=WORDS["lessons"] + word)
        guidance = GuidanceFactory(**own, title=WORDS["guidance_register"] + word)
        GuidanceAcknowledgementFactory(
            version=GuidanceVersionFactory(guidance=guidance, author=author),
            acknowledged_at=ahead(minutes=1),
            words=WORDS["guidance_acknowledgements"] + word,
        )
        Person.objects.filter(pk=author.pk).update(languages=WORDS["training_records"] + word)
        seat = seat_for(author, session=held, reason=WORDS["enrolments"] + word)
        QualificationFactory(record=seat.record, authority=WORDS["qualifications"] + word)
        ModuleResultFactory(
            record=seat.record, module=module if not word else ModuleFactory(title=word, is_archived=True)
        )
        ModuleDraftFactory(**own, title=WORDS["moduledrafts"] + word)
        CommitmentFactory(engagement=met, what=WORDS["commitments"] + word)
    return made


def _content(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def _csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _xlsx(content: bytes) -> list[list[str]]:
    """The sheet below its mark and its name."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return rows[2:]


def test_no_list_is_forgotten() -> None:
    # Lists are known once the addresses are.
    reverse("home")
    assert {listing.name for listing in all_listings()} == WORDS.keys()


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize(("form", "read"), [("csv", _csv), ("xlsx", _xlsx)], ids=["csv", "xlsx"])
def test_the_file_holds_what_the_reader_may_see(
    cast: Cast, name: str, form: str, read: Callable[[bytes], list[list[str]]]
) -> None:
    address, listing = reverse(f"{name}_{form}"), listing_named(name)
    assert listing is not None
    headings, *rows = read(_content(signed_in(cast.owner).get(address)))
    assert str(listing.columns[0].heading) == headings[0]
    found = [row for row in rows if WORDS[name] in " ".join(row)]
    assert found
    assert HIDDEN not in repr(rows)
    if name not in REFERENCE:
        assert len(rows) == 1
        # So that an empty file cannot pass for a safe one.
        assert HIDDEN in repr(read(_content(signed_in(cast.partner).get(address))))
    assert signed_in(cast.postless).get(address).status_code == 403
