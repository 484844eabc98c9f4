"""What is typed into a field of suggestions means the thing that pages print so, of those to choose from."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.urls import reverse

from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Area, Office, Organisation, Person, Position
from tests.factories.cast import Cast, make_cast
from tests.factories.core import (
    AreaFactory,
    OfficeFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db


def typed(rows: Any, words: str, **options: Any) -> Any:
    """What the field makes of it, without the value of a suggestion."""
    field = PickField("/", **options)
    field.queryset = rows
    return field.clean((words, ""))


@pytest.fixture
def two_chiefs(db: None) -> tuple[Position, Position]:
    north, south = (
        OfficeFactory(name=f"Sector {side} CIMIC", short_name=f"{side} CIMIC") for side in ("North", "South")
    )
    return PositionFactory(office=north, title="Chief"), PositionFactory(office=south, title="Chief")


@pytest.mark.parametrize(
    "words",
    ["Chief, North CIMIC", "chief,  north cimic", "Chief, Sector North CIMIC", " Chief, North CIMIC "],
)
def test_a_post_is_its_label(two_chiefs: tuple[Position, Position], words: str) -> None:
    assert typed(Position.objects.all(), words, text="title").chosen == two_chiefs[0]


def test_every_post_is_what_it_prints_as(db: None) -> None:
    make_cast()
    for post in Position.objects.select_related("office"):
        assert typed(Position.objects.all(), str(post), text="title").chosen == post


def test_what_several_are_called_is_told_with_their_labels(two_chiefs: tuple[Position, Position]) -> None:
    with pytest.raises(forms.ValidationError) as told:
        typed(Position.objects.all(), "Chief", text="title")
    assert told.value.messages == [
        "Several are called this. Write which one: Chief, North CIMIC; Chief, South CIMIC"
    ]


def test_only_those_count_that_may_be_chosen(two_chiefs: tuple[Position, Position]) -> None:
    south = Position.objects.filter(pk=two_chiefs[1].pk)
    assert typed(south, "Chief", text="title").chosen == two_chiefs[1]
    with pytest.raises(forms.ValidationError, match="Nothing of this name"):
        typed(south, "Chief, North CIMIC", text="title")


def test_people_offices_organisations_and_areas_too(db: None) -> None:
    person = PersonFactory(form_of_address="Cpt", given_name="Ana", family_name="Ruiz")
    PersonFactory(form_of_address="Maj", given_name="Bo", family_name="Ruiz")
    for words in ("Cpt Ana Ruiz", "ana ruiz"):
        assert typed(Person.objects.all(), words, text="family_name").chosen == person
    organisation = OrganisationFactory(name="Clean Water Action", short_name="CWA")
    for words in ("CWA", "Clean Water Action (CWA)", "Clean Water Action"):
        assert typed(Organisation.objects.all(), words, free=True).chosen == organisation
    office = OfficeFactory(name="Field office north", short_name="CWA north", organisation=organisation)
    assert typed(Office.objects.all(), "CWA north").chosen == office
    area = AreaFactory(name="Oum")
    AreaFactory(name="Oum")
    assert typed(Area.objects.all(), f"Oum ({area.pcode})", key="pcode").chosen == area


def test_a_free_name_that_several_have_stays_a_name(db: None) -> None:
    for number in (1, 2):
        OrganisationFactory(name=f"Union {number}", short_name="Union")
    kept = typed(Organisation.objects.all(), "Union", free=True)
    assert (kept.text, kept.chosen) == ("Union", None)


@pytest.mark.parametrize(
    ("route", "words", "label"),
    [
        ("post_pick", "Chief, North CIMIC", "Chief, North CIMIC"),
        ("post_pick", "north chief", "Chief, North CIMIC"),
        ("everyone_pick", "Cpt Ana Ruiz", "Cpt Ana Ruiz"),
        ("area_pick", "Oum (XA01)", "Oum"),
    ],
)
def test_suggestions_know_the_label(
    two_chiefs: tuple[Position, Position], route: str, words: str, label: str
) -> None:
    cast: Cast = make_cast()
    AreaFactory(name="Oum", pcode="XA01")
    two_chiefs[0].holdings.create(
        person=PersonFactory(form_of_address="Cpt", given_name="Ana", family_name="Ruiz"),
        since=cast.owner.holdings.get().since,
    )
    found = signed_in(cast.owner).get(reverse(route), {"q": words}).json()["results"]
    assert [one["label"] for one in found] == [label]


@pytest.mark.parametrize(
    ("route", "words", "labels"),
    [
        (
            "post_pick",
            "commander, far bank",
            ["Commander, Far Bank", "Commander, Police Far Bank", "Commander, Relief of Far Bank"],
        ),
        (
            "post_pick",
            "Far Bank",
            ["Commander, Far Bank", "Commander, Police Far Bank", "Commander, Relief of Far Bank"],
        ),
        ("office_pick", "far  bank", ["Far Bank", "Police Far Bank", "Relief of Far Bank"]),
        ("organisation_pick", "hope", ["Hope", "Hope Abroad", "Aid and Hope"]),
        ("area_pick", "oum", ["Oum", "Oum Hadjer", "Bir Oum"]),
        ("everyone_pick", "Ana Ruiz", ["Cpt Ana Ruiz", "Maj Ana Ruiz Arroyo", "Lt Diana Ruiz"]),
    ],
)
def test_what_is_called_so_is_suggested_first_then_what_begins_so(
    db: None, route: str, words: str, labels: list[str]
) -> None:
    cast: Cast = make_cast()
    for name in ("Police Far Bank", "Relief of Far Bank", "Far Bank"):
        PositionFactory(office=OfficeFactory(name=name, short_name=""), title="Commander")
    for name in ("Aid and Hope", "Hope Abroad", "Hope"):
        OrganisationFactory(name=name, short_name="")
    for name in ("Bir Oum", "Oum Hadjer", "Oum"):
        AreaFactory(name=name)
    for rank, given, family in (
        ("Lt", "Diana", "Ruiz"),
        ("Maj", "Ana", "Ruiz Arroyo"),
        ("Cpt", "Ana", "Ruiz"),
    ):
        person = PersonFactory(form_of_address=rank, given_name=given, family_name=family)
        PositionFactory().holdings.create(person=person, since=cast.owner.holdings.get().since)
    found = signed_in(cast.owner).get(reverse(route), {"q": words}).json()["results"]
    assert [one["label"] for one in found] == labels
