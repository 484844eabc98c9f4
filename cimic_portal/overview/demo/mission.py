"""The demo mission: offices, posts and people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from cimic_portal.core.models import Holding, Office, Organisation, Person, Position
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.overview.demo.words import FAMILY, GIVEN, PARTNERS

# The verb under which everything is entered.
LOADING = "demo.load"
PASSWORD = "carana-demo-2026"  # noqa: S105 - told on the sign-in page of the demo
PEOPLE = 120
SECTORS = ("North", "South", "East", "West")


@dataclass(frozen=True)
class Named:
    """A demo person whom visitors sign in as: who they are and which post they hold."""

    key: str
    role: str
    form_of_address: str
    given: str
    family: str
    office: str
    post: str
    clearance: Classification
    staff: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@carana.example"


C = Classification
NAMED = [
    Named(
        "liaison",
        "Liaison officer",
        "Cpt",
        "Adaeze",
        "Morel",
        "Sector North CIMIC",
        "Liaison officer 1",
        C.CONFIDENTIAL,
    ),
    Named(
        "releasing",
        "Releasing officer",
        "Maj",
        "Chidi",
        "Okafor",
        "Sector North CIMIC",
        "Chief CIMIC",
        C.CONFIDENTIAL,
    ),
    Named(
        "planner",
        "Planner",
        "Maj",
        "Ingrid",
        "Lindqvist",
        "Force HQ U9",
        "Plans officer",
        C.STRICTLY_CONFIDENTIAL,
    ),
    Named(
        "commander",
        "Commander",
        "Col",
        "Bikram",
        "Thapa",
        "Sector North",
        "Sector commander",
        C.STRICTLY_CONFIDENTIAL,
    ),
    Named("cmcoord", "CMCoord officer", "Ms", "Leila", "Badru", "CMCoord", "CMCoord officer", C.CONFIDENTIAL),
    Named(
        "partner",
        "Humanitarian partner",
        "Mr",
        "Jonas",
        "Hale",
        "Clean Water Action Carana",
        "Country director",
        C.UNCLASSIFIED,
    ),
    Named(
        "police",
        "Police officer",
        "Insp",
        "Fatou",
        "Ndiaye",
        "Police Sector North",
        "Community policing officer",
        C.CONFIDENTIAL,
    ),
    Named(
        "training",
        "Training officer",
        "Cpt",
        "Marta",
        "Ferreira",
        "Integrated Training",
        "Training officer",
        C.CONFIDENTIAL,
    ),
    Named(
        "admin1",
        "Administrator",
        "Mr",
        "Kofi",
        "Mensah",
        "Field Technology",
        "Portal administrator 1",
        C.CONFIDENTIAL,
        True,
    ),
    Named(
        "admin2",
        "Administrator",
        "Ms",
        "Olena",
        "Petrov",
        "Field Technology",
        "Portal administrator 2",
        C.CONFIDENTIAL,
        True,
    ),
]

M, P, V = Component.MILITARY, Component.POLICE, Component.CIVILIAN


def _mission_tree() -> list[tuple[str, str | None, Component, list[str]]]:
    """(name, part of, component, posts): the first post of each office is its head."""
    tree = [
        ("Office of the SRSG", None, V, ["Special Representative", "Special assistant"]),
        ("Force HQ", "Office of the SRSG", M, ["Force Commander", "Chief of staff"]),
        (
            "Force HQ U9",
            "Force HQ",
            M,
            ["Chief U9", "Plans officer", "Operations officer", "Assessment officer"],
        ),
        ("Force HQ Engineers", "Force HQ", M, ["Force engineer", "Engineer liaison officer"]),
        ("Police HQ", "Office of the SRSG", P, ["Police Commissioner", "Chief of operations"]),
        ("Civil Affairs", "Office of the SRSG", V, ["Chief civil affairs", "Reports officer"]),
        ("Protection of Civilians", "Office of the SRSG", V, ["Senior PoC adviser", "PoC officer"]),
        ("Human Rights", "Office of the SRSG", V, ["Chief human rights", "Human rights officer"]),
        ("Integrated Training", "Office of the SRSG", V, ["Chief training", "Training officer"]),
        (
            "Field Technology",
            "Office of the SRSG",
            V,
            ["Chief technology", "Portal administrator 1", "Portal administrator 2"],
        ),
    ]
    for sector in SECTORS:
        name = f"Sector {sector}"
        tree += [
            (name, "Force HQ", M, ["Sector commander", "Deputy commander", "Operations officer"]),
            (
                f"{name} CIMIC",
                name,
                M,
                ["Chief CIMIC", "Liaison officer 1", "Liaison officer 2", "Liaison officer 3"],
            ),
            (f"Police {name}", "Police HQ", P, ["Sector police commander", "Community policing officer"]),
            (
                f"Civil Affairs {sector}",
                "Civil Affairs",
                V,
                ["Head of field office", "Civil affairs officer"],
            ),
        ]
    return tree


def make_offices() -> dict[str, Office]:
    """The mission's tree and each partner's offices, by name."""
    mission = Organisation.objects.create(
        name="United Nations Mission in Carana", short_name="UNMICA", kind="mission", is_mission=True
    )
    offices: dict[str, Office] = {}
    for name, parent, component, posts in _mission_tree():
        office = Office.objects.create(
            organisation=mission, name=name, parent=offices[parent] if parent else None, component=component
        )
        offices[name] = office
        _posts(office, posts)
    for name, short, kind, number in PARTNERS:
        component = Component(number)
        organisation = Organisation.objects.create(
            name=name, short_name=short, kind=kind, component=component
        )
        country = Office.objects.create(
            organisation=organisation, name="Country office", short_name=short, component=component
        )
        field = Office.objects.create(
            organisation=organisation,
            name="Field office north",
            short_name=f"{short} north",
            parent=country,
            component=component,
        )
        head = "CMCoord officer" if short == "CMCoord" else "Country director"
        _posts(country, [head, "Programme coordinator"])
        _posts(field, ["Field coordinator", "Field officer"])
        offices[name] = country
        if short == "CMCoord":
            offices["CMCoord"] = country
    return offices


def _posts(office: Office, titles: list[str]) -> None:
    Position.objects.bulk_create(
        Position(office=office, title=title, is_head=number == 0, is_releasing=number == 0)
        for number, title in enumerate(titles)
    )


def make_people(rng: random.Random, offices: dict[str, Office]) -> list[Person]:
    """The named demo people first, then one person for every other post, up to the planned number."""
    opened = timezone.now() - timedelta(days=300)
    password = make_password(PASSWORD)
    people: list[Person] = []
    taken: set[int] = set()
    for named in NAMED:
        position = Position.objects.get(office=offices[named.office], title=named.post)
        taken.add(position.pk)
        people.append(_person(named, position, password))
    vacant = Position.objects.exclude(pk__in=taken).select_related("office").order_by("pk")
    names = _names(rng)
    posts = list(vacant)
    while len(people) < PEOPLE:
        position = posts[(len(people) - len(NAMED)) % len(posts)]
        people.append(_someone(rng, *next(names), position, password))
    since = [opened - timedelta(days=rng.randint(0, 60)) for _person in people]
    for number, (person, day) in enumerate(zip(people, since, strict=True)):
        # Arrived and checked in, then took over the post.
        person.joined_at = day - timedelta(days=2 + number % 5)
    Person.objects.bulk_create(people)
    Holding.objects.bulk_create(
        Holding(person=person, position_id=person.post, since=day)  # type: ignore[attr-defined]
        for person, day in zip(people, since, strict=True)
    )
    return people


def _person(named: Named, position: Position, password: str) -> Person:
    person = Person(
        email=named.email,
        given_name=named.given,
        family_name=named.family,
        form_of_address=named.form_of_address,
        component=position.office.component,
        clearance=named.clearance,
        is_staff=named.staff,
        password=password,
        languages="English, French",
        phone=f"+999 55 {position.pk:04}",
    )
    person.post = position.pk  # type: ignore[attr-defined]
    return person


_RANKS = {M: ("Lt", "Cpt", "Maj", "Lt Col"), P: ("Sgt", "Insp", "Supt"), V: ("Ms", "Mr", "Dr")}


def _someone(rng: random.Random, given: str, family: str, position: Position, password: str) -> Person:
    component = Component(position.office.component)
    cleared = rng.choices([C.UNCLASSIFIED, C.CONFIDENTIAL, C.STRICTLY_CONFIDENTIAL], [1, 6, 2])[0]
    person = Person(
        email=f"{given}.{family}.{rng.randint(10, 99)}@carana.example".lower(),
        given_name=given,
        family_name=family,
        form_of_address=rng.choice(_RANKS.get(component, ("Ms", "Mr"))),
        component=component,
        clearance=cleared if component.of_mission else C.UNCLASSIFIED,
        password=password,
        languages=rng.choice(["English", "French", "English, French", "English, Carani"]),
        phone=f"+999 55 {position.pk:04}",
    )
    person.post = position.pk  # type: ignore[attr-defined]
    return person


def _names(rng: random.Random) -> Iterator[tuple[str, str]]:
    pairs = [(given, family) for given in GIVEN for family in FAMILY]
    rng.shuffle(pairs)
    return iter(pairs)
