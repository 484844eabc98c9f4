"""Every filter and order of every list: takes what it offers, tells what it cannot read."""

from __future__ import annotations

from itertools import cycle, product
from typing import Any

import pytest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

import cimic_portal.urls  # noqa: F401 - declares every list
from cimic_portal.core.listing import Listing, Selection, all_listings, listing_named
from cimic_portal.core.models import Organisation
from cimic_portal.core.sharing.levels import Classification
from liaison.models import CommitmentSide
from tests.factories.cast import Cast, make_cast
from tests.factories.core import AreaFactory, DocumentFactory, OfficeFactory, PlaceFactory, ago
from tests.factories.liaison import (
    AttendanceFactory,
    CommitmentFactory,
    ContactFactory,
    EngagementFactory,
    TaskingFactory,
)
from tests.factories.operations import JournalEntryFactory, OperationFactory
from tests.factories.operations_assets import AssetFactory, BookingFactory
from tests.factories.operations_qip import QipFactory
from tests.factories.training import CaseStudyFactory, LessonFactory, LessonThemeFactory
from tests.factories.training_course import CourseFactory, QualificationFactory, SessionFactory, seat_for
from tests.factories.training_exercise import ExerciseFactory
from tests.factories.training_guidance import (
    GuidanceAcknowledgementFactory,
    GuidanceFactory,
    GuidanceVersionFactory,
)
from tests.factories.training_module import ModuleDraftFactory, ModuleResultFactory
from tests.factories.training_readiness import RequirementFactory
from tests.support.pages import body, signed_in, table_rows

pytestmark = pytest.mark.django_db

LISTS = [listing.name for listing in all_listings()]
SORTS = [
    (listing.name, f"{sign}{name}")
    for listing in all_listings()
    for name in listing.sorts
    for sign in ("", "-")
]
NASTY = [
    "\x00",
    "a\x00b",
    "9" * 30,
    "-9223372036854775809",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "x" * 10_000,
    "' OR 1=1 --",
    "[]",
    '{"a": 1}',
    "\ufffd",
    "\u2067\u0623",
    "%00%ff",
    "null",
]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _listing(name: str) -> Listing:
    found = listing_named(name)
    assert found is not None
    return found


def _one_of_each(cast: Cast) -> None:
    own: dict[str, Any] = {"owner_office": cast.team, "author": cast.owner}
    DocumentFactory(**own, title="One", state="ready")
    engagement = EngagementFactory(**own, purpose="One", area=AreaFactory(), atmosphere="positive")
    contact = ContactFactory(**own, organisation=cast.partner_organisation)
    AttendanceFactory(engagement=engagement, contact=contact)
    CommitmentFactory(
        engagement=engagement, organisation=cast.partner_organisation, due_on=ago(days=3).date()
    )
    position = cast.owner.holdings.get().position
    TaskingFactory(**own, assignee=position, issuer=position)
    operation = OperationFactory(**own, area=AreaFactory(), approver=position)
    QipFactory(**own, area=AreaFactory(), partner=cast.partner_organisation, state="submitted")
    JournalEntryFactory(operation=operation, author=cast.owner)
    asset = AssetFactory(**own, home=PlaceFactory(), decider=position)
    BookingFactory(asset=asset, office=cast.team, requested_by=cast.owner, decider=position)
    CaseStudyFactory()
    guidance = GuidanceFactory(**own, theme=LessonThemeFactory(), owner=position, published=True)
    version = GuidanceVersionFactory(guidance=guidance, author=cast.owner)
    GuidanceAcknowledgementFactory(version=version, person=cast.owner, position=position)
    RequirementFactory()
    seat = seat_for(
        cast.owner, session=SessionFactory(course=CourseFactory(office=cast.team)), approver=position
    )
    QualificationFactory(record=seat.record)
    ModuleResultFactory(record=seat.record)
    ModuleDraftFactory(**own)
    ExerciseFactory(**own, theme=LessonThemeFactory(), area=AreaFactory())
    LessonFactory(**own, theme=LessonThemeFactory(), area=AreaFactory(), state="action", owner=position)


def test_every_list_is_at_its_name() -> None:
    assert {"documents", "organisations", "engagements", "taskings", "contacts", "commitments"} <= set(LISTS)
    for name in LISTS:
        assert reverse(name)


@pytest.mark.parametrize("name", LISTS)
def test_every_order_and_every_value_on_offer_gives_visible_rows(
    cast: Cast, name: str, thorough: bool
) -> None:
    _one_of_each(cast)
    listing = _listing(name)
    visible = set(listing.visible_to(cast.owner))
    assert visible
    offered: list[tuple[str, str]] = [("", "")]
    for field_name, field in Selection(listing, cast.owner, {}).form.fields.items():
        values = [str(value) for value, _label in getattr(field, "choices", ()) if value] or [
            "1",
            "2026-11-22",
            "One",
        ]
        offered += [(field_name, value) for value in values]
    orders = [f"{sign}{sort}" for sort in listing.sorts for sign in ("", "-")]
    every = product(offered, orders)
    for (field_name, value), order in (
        every if thorough else [*product(offered[:1], orders), *zip(offered, cycle(orders), strict=False)]
    ):
        asked = {"sort": order, **({field_name: value} if field_name else {})}
        chosen = Selection(listing, cast.owner, asked)
        count, _others = chosen.counts()
        rows = chosen.page(count).rows
        assert set(rows) <= visible
        assert count.number == len(rows)
        if not field_name:
            assert set(rows) == visible


@pytest.mark.parametrize("name", LISTS)
def test_a_value_that_cannot_be_read_is_told_and_widens_nothing(
    cast: Cast, name: str, thorough: bool
) -> None:
    _one_of_each(cast)
    listing = _listing(name)
    # Every fourth of so many meets each filter and each value.
    for field, value in list(product(listing.filters.base_filters, NASTY))[:: 1 if thorough else 4]:
        chosen = Selection(listing, cast.owner, {field: value})
        count, _others = chosen.counts()
        searched = field == "q" and not chosen.problems
        assert chosen.problems.get(field) or searched, (field, value)
        assert count.number == 0, (field, value)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_never_breaks_on_an_address(cast: Cast, name: str) -> None:
    _one_of_each(cast)
    client = signed_in(cast.owner)
    address = reverse(name)
    for key, value in [*product(("q", "sort", "cursor"), NASTY[:8]), ("office[]", "1"), ("\x00", "1")]:
        response = client.get(address, {key: value})
        assert response.status_code == 200
        assert key == "cursor" or table_rows(response) == []


def test_an_unknown_parameter_is_named_and_empties_the_list(cast: Cast) -> None:
    _one_of_each(cast)
    page = body(signed_in(cast.owner).get("/documents/?author__clearance=3"))
    assert "This list has no filter called “author__clearance”." in page
    assert "Nothing is listed while a filter cannot be read" in page


def test_several_values_are_either_or_where_offered_and_told_where_not(cast: Cast) -> None:
    for state in ("ready", "failed", "queued"):
        DocumentFactory(owner_office=cast.team, author=cast.owner, title=state, state=state)
    client = signed_in(cast.owner)
    assert len(table_rows(client.get("/documents/?state=ready&state=failed"))) == 2
    twice = client.get(f"/documents/?office={cast.team.pk}&office={cast.hq.pk}")
    assert table_rows(twice) == []
    assert "Office: Give one value here." in body(twice)


def test_days_begin_on_the_missions_clock(cast: Cast) -> None:
    """In Bangui 23:30Z is already the next day."""
    own: dict[str, Any] = {"owner_office": cast.team, "author": cast.owner}
    EngagementFactory(**own, purpose="Late", starts_at="2026-11-20T23:30:00Z")
    EngagementFactory(**own, purpose="Early", starts_at="2026-11-20T22:30:00Z")
    client = signed_in(cast.owner)
    since = table_rows(client.get("/liaison/engagements/?since=2026-11-21"))
    until = table_rows(client.get("/liaison/engagements/?until=2026-11-20"))
    assert [row[:4] for row in since] == ["Late"]
    assert [row[:5] for row in until] == ["Early"]


def test_an_area_takes_in_what_lies_below_it(cast: Cast) -> None:
    country = AreaFactory(pcode="CN", level=0, parent=None)
    north = AreaFactory(pcode="CN01", level=1, parent=country)
    deep = AreaFactory(pcode="CN010101", level=3, parent=AreaFactory(pcode="CN0101", level=2, parent=north))
    other = AreaFactory(pcode="CN02", level=1, parent=country)
    for area in (north, deep, other):
        EngagementFactory(owner_office=cast.team, author=cast.owner, purpose=area.pcode, area=area)
    client = signed_in(cast.owner)
    codes = ("CN", "CN01", "CN010101", "CN02")
    found = {code: len(table_rows(client.get(f"/liaison/engagements/?area={code}"))) for code in codes}
    assert found == {"CN": 3, "CN01": 2, "CN010101": 1, "CN02": 1}


def test_choices_tell_nothing_of_hidden_records(cast: Cast) -> None:
    """A hidden contact and one that does not exist get the same answer."""
    hidden = ContactFactory(owner_office=cast.country_office, author=cast.partner, name="Hidden informant")
    chosen = Selection(_listing("engagements"), cast.owner, {"contact": hidden.reference})
    absent = Selection(_listing("engagements"), cast.owner, {"contact": "ZZZZZZZZZZ"})
    assert chosen.problems == absent.problems != {}
    page = body(signed_in(cast.owner).get(f"/liaison/engagements/?contact={hidden.reference}"))
    assert "Hidden informant" not in page


def test_a_filter_reaches_through_visible_contacts_only(cast: Cast) -> None:
    engagement = EngagementFactory(owner_office=cast.team, author=cast.owner, purpose="Met someone")
    organisation = Organisation.objects.create(name="Met in silence")
    contact = ContactFactory(
        owner_office=cast.team,
        author=cast.owner,
        organisation=organisation,
        classification=Classification.STRICTLY_CONFIDENTIAL,
    )
    AttendanceFactory(engagement=engagement, contact=contact)
    cast.colleague.clearance = Classification.CONFIDENTIAL
    cast.colleague.save()
    address = f"/liaison/engagements/?organisation={organisation.pk}"
    assert len(table_rows(signed_in(cast.owner).get(address))) == 1
    assert table_rows(signed_in(cast.colleague).get(address)) == []


def test_a_closed_office_leaves_the_menu(cast: Cast) -> None:
    open_office = OfficeFactory(organisation=cast.mission, name="Open one")
    OfficeFactory(organisation=cast.mission, name="Closed one", closed_on="2026-01-01", successor=open_office)
    page = body(signed_in(cast.owner).get("/documents/"))
    assert "Open one" in page
    assert "Closed one" not in page


def test_words_are_all_wanted_in_any_letters(cast: Cast) -> None:
    DocumentFactory(owner_office=cast.team, author=cast.owner, title="Ngari 50% of WATER_points")
    client = signed_in(cast.owner)
    asked = ("water ngari", "water oum", "50%", "_points", "5_%")
    hits = {q: len(table_rows(client.get("/documents/", {"q": q}))) for q in asked}
    assert hits == {"water ngari": 1, "water oum": 0, "50%": 1, "_points": 1, "5_%": 0}


def test_filters_are_told_in_words(cast: Cast) -> None:
    query = MultiValueDict({"side": [CommitmentSide.OURS], "state": ["open", "kept"], "overdue": ["1"]})
    assert Selection(_listing("commitments"), cast.owner, query).words() == (
        "Who promised: We promised · State: Open, Kept · Overdue"
    )
