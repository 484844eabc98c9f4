"""Lists, wherever they stand: pages, filters, orders, counts, files, the API, suggestions."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from cimic_portal.core.sharing.records import SharedRecord
from liaison.models import Contact
from tests.leak.surfaces import INVENTED, NOUNS, surface
from tests.leak.visitor import Visitor
from tests.leak.world import mark


def _numbers(visitor: Visitor, model: type[SharedRecord]) -> set[int]:
    return {visitor.world.number_of[one] for one in visitor.world.records[model]}


@surface("list page", *(listing.name for _model, listing, _route in NOUNS))
def _list_page(visitor: Visitor) -> None:
    """The page, and the part of it that htmx asks for: who is on it, and how many it says there are."""
    for model, listing, _route in NOUNS:
        address, expected = reverse(listing.name), visitor.visible(model)
        for headers in ({}, {"HX-Request": "true"}):
            answer = visitor.get(address, **headers)
            if visitor.enters:
                _says_how_many(visitor, address, answer.said, expected)
                visitor.must_tell(address, _table(answer.said), expected, _numbers(visitor, model))


def _table(page: str) -> str:
    return page.partition("<tbody")[2].partition("</tbody>")[0]


def _says_how_many(visitor: Visitor, address: str, page: str, expected: set[int]) -> None:
    if f"{len(expected)} you can see" not in page:
        visitor.fault(f"{address}: does not say that there are {len(expected)}")


@surface("filters", *(listing.name for _model, listing, _route in NOUNS))
def _filters(visitor: Visitor) -> None:
    """Each word searched for, each filter by a record: what is hidden matches nothing."""
    for model, listing, route in NOUNS:
        page, api = reverse(listing.name), reverse(f"api:{route}-list")
        for record in visitor.some(visitor.world.records[model]):
            word = mark(visitor.world.number_of[record])
            if not visitor.sees(record):
                visitor.get(f"{page}?q={word}", word)
            answer = visitor.get(f"{api}?q={word}", word)
            if visitor.enters and bool(answer.json()["count"]) != visitor.sees(record):
                visitor.fault(f"{api}: counts {answer.json()['count']} for {word}")
        for level in (1, 2, 3):
            answer = visitor.get(f"{api}?classification={level}&limit=200")
            here = {one for one in visitor.world.records[model] if one.classification == level}
            expected = {visitor.world.number_of[one] for one in here} & visitor.visible(model)
            if visitor.enters and answer.json()["count"] != len(expected):
                visitor.fault(f"{api}: counts {answer.json()['count']} of level {level}")
    _filter_by_contact(visitor)


def _filter_by_contact(visitor: Visitor) -> None:
    """A contact that may not be seen is answered like one that never was."""
    address = reverse("api:engagement-list")
    invented = visitor.get(f"{address}?contact={INVENTED}")
    for contact in visitor.some(visitor.world.records[Contact]):
        answer = visitor.get(f"{address}?contact={contact.reference}")
        if not visitor.sees(contact) and answer.status_code != invented.status_code:
            visitor.fault(f"{address}: {answer.status_code} for a hidden contact")


@surface("ordering")
def _ordering(visitor: Visitor) -> None:
    """Every order, forwards and back, page after page: the same records each time."""
    for model, listing, route in NOUNS:
        for name in listing.sorts:
            for sign in ("", "-"):
                address = f"{reverse(f'api:{route}-list')}?sort={sign}{name}&limit=4"
                told = " ".join(_all_pages(visitor, address))
                visitor.must_tell(address, told, visitor.visible(model), _numbers(visitor, model))


def _all_pages(visitor: Visitor, address: str) -> Iterator[str]:
    following: str | None = address
    while following:
        answer = visitor.get(following)
        if answer.status_code != 200:
            return
        following = answer.json()["next"]
        for row in answer.json()["results"]:
            # What a row names besides itself is judged when it is heard.
            yield str(row.get("purpose") or row.get("title") or row.get("name"))


@surface("list in the API", *(f"api:{route}-list" for _model, _listing, route in NOUNS))
def _api_list(visitor: Visitor) -> None:
    for model, _listing, route in NOUNS:
        address = f"{reverse(f'api:{route}-list')}?limit=200"
        answer = visitor.get(address)
        if visitor.enters:
            visitor.must_tell(address, answer.said, visitor.visible(model), _numbers(visitor, model))
            if answer.json()["count"] != len(visitor.visible(model)):
                visitor.fault(f"{address}: counts {answer.json()['count']}")


@surface(
    "files of lists", *(f"{listing.name}_{form}" for _m, listing, _r in NOUNS for form in ("csv", "xlsx"))
)
def _files_of_lists(visitor: Visitor) -> None:
    for model, listing, _route in NOUNS:
        for form in ("csv", "xlsx"):
            address = reverse(f"{listing.name}_{form}")
            answer = visitor.get(address)
            if visitor.enters:
                visitor.must_tell(address, answer.said, visitor.visible(model), _numbers(visitor, model))


@surface("promises", "commitments", "commitments_csv", "commitments_xlsx", "api:commitment-list")
def _promises(visitor: Visitor) -> None:
    world = visitor.world
    expected = set(world.promises) & world.may_be_told(visitor.person)
    for name in ("commitments", "commitments_csv", "commitments_xlsx", "api:commitment-list"):
        answer = visitor.get(f"{reverse(name)}{'?limit=200' if name.startswith('api') else ''}")
        if visitor.enters:
            visitor.must_tell(name, answer.said, expected, set(world.promises))


@surface("suggestions", "contact_pick")
def _suggestions(visitor: Visitor) -> None:
    expected = visitor.visible(Contact)
    for contact in visitor.some(visitor.world.records[Contact]):
        word = mark(visitor.world.number_of[contact])
        answer = visitor.get(f"{reverse('contact_pick')}?q={word}")
        if visitor.enters:
            one = {visitor.world.number_of[contact]}
            visitor.must_tell("contact_pick", answer.said, one & expected, one)
    visitor.get(f"{reverse('contact_pick')}?q=qzkw")
