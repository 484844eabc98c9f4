"""A few people with posts, for tests that need nothing else of a mission."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from cimic_portal.core.models import Holding, Office, Organisation, Person, Position
from cimic_portal.core.sharing.levels import Classification, Component

PASSWORD = "correct horse battery staple"
_number = count(1)


def organisation(name: str = "", **fields: object) -> Organisation:
    return Organisation.objects.create(name=name or f"Organisation {next(_number)}", **fields)


def office(
    of: Organisation | None = None, *, component: Component = Component.MILITARY, **fields: object
) -> Office:
    fields.setdefault("name", f"Office {next(_number)}")
    return Office.objects.create(organisation=of or organisation(), component=component, **fields)


def position(of: Office | None = None, **fields: object) -> Position:
    fields.setdefault("title", f"Post {next(_number)}")
    return Position.objects.create(office=of or office(), **fields)


def person(
    email: str = "",
    *,
    holds: Position | None = None,
    posted: bool = True,
    component: Component = Component.MILITARY,
    clearance: Classification = Classification.UNCLASSIFIED,
    **fields: object,
) -> Person:
    """Someone who can sign in with PASSWORD; holds a position since yesterday unless `posted` is false."""
    number = next(_number)
    made = Person.objects.create_user(
        email or f"person{number}@mission.example",
        PASSWORD,
        given_name=fields.pop("given_name", "Adaeze"),
        family_name=fields.pop("family_name", f"Morel{number}"),
        component=component,
        clearance=clearance,
        **fields,
    )
    if posted:
        hold(made, holds or position(office(component=component)))
    return made


def hold(who: Person, what: Position, **fields: object) -> Holding:
    fields.setdefault("since", timezone.now() - timedelta(days=1))
    return Holding.objects.create(person=who, position=what, **fields)
