"""Suggestions while typing: `?q=…` answers `{"results": [{"value", "label", "hint"}]}`.

What is called or printed exactly so comes first, then what begins so, then the rest in its own order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, JsonResponse

from cimic_portal.core.forms.pick import any_of, with_printed
from cimic_portal.core.models import Area, Office, Organisation, Person, Place, Position

MOST = 10
SHORTEST = 2
_ORGANISATION = ("name", "short_name")
_AREA = ("name", "pcode")
_PERSON = ("form_of_address", "given_name", "family_name")
_OFFICE = ("name", "short_name", "organisation__short_name", "organisation__name")
_POSITION = ("title", "office__name", "office__short_name")


def suggestions(
    request: HttpRequest, rows: Callable[[str], Iterable[Any]], shown: Callable[[Any], tuple[str, str, str]]
) -> JsonResponse:
    """Up to ten rows for what was typed; nothing for fewer than two letters. `shown`: value, label, hint."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = list(rows(typed)) if len(typed) >= SHORTEST else []
    results = [dict(zip(("value", "label", "hint"), shown(row), strict=True)) for row in found]
    return JsonResponse({"results": results})


def _each_word(typed: str, *names: str) -> Q:
    """Every word that was typed stands in one of the fields: a label that pages print of several fits."""
    wanted = Q()
    for word in typed.replace(",", " ").replace("(", " ").replace(")", " ").split():
        wanted &= any_of(names, "icontains", word)
    return wanted


def best_first(rows: QuerySet[Any], typed: str, *names: str) -> QuerySet[Any]:
    """The rows found for what was typed: one of the names or printed forms is that, begins so, holds it."""
    words = " ".join(typed.split())
    before = rows.query.order_by or rows.model._meta.ordering
    rows, printed = with_printed(rows)
    told = [*names, *printed]
    place = Case(
        When(any_of(told, "iexact", words), then=Value(0)),
        When(any_of(told, "istartswith", words), then=Value(1)),
        default=Value(2),
    )
    return rows.order_by(place, *before, "pk")


def organisation_pick(request: HttpRequest) -> JsonResponse:
    """Organisations by part of the name."""

    def rows(typed: str) -> Iterable[Organisation]:
        found = Organisation.objects.filter(_each_word(typed, *_ORGANISATION), is_archived=False)
        return best_first(found, typed, *_ORGANISATION)[:MOST]

    return suggestions(request, rows, lambda o: (str(o.pk), o.name, o.get_kind_display()))


def place_pick(request: HttpRequest) -> JsonResponse:
    """Places by part of the name."""

    def rows(typed: str) -> Iterable[Place]:
        found = Place.objects.filter(name__icontains=typed, is_archived=False).select_related("area")
        return best_first(found, typed, "name")[:MOST]

    return suggestions(request, rows, lambda p: (str(p.pk), p.name, str(p.area or p.get_kind_display())))


def area_pick(request: HttpRequest) -> JsonResponse:
    """Areas by part of the name or P-code."""

    def rows(typed: str) -> Iterable[Area]:
        return best_first(Area.objects.filter(_each_word(typed, *_AREA)), typed, *_AREA)[:MOST]

    return suggestions(request, rows, lambda a: (a.pcode, a.name, a.pcode))


def person_pick(request: HttpRequest) -> JsonResponse:
    """People of the reader's own organisations who hold a post now."""
    reader: Any = request.user

    def rows(typed: str) -> Iterable[Person]:
        found = Person.objects.colleagues_in(*reader.access.organisations)
        named = found.filter(_each_word(typed, *_PERSON)).with_posts().distinct()
        return best_first(named, typed, *_PERSON)[:MOST]

    return suggestions(request, rows, _with_post)


def _with_post(person: Any) -> tuple[str, str, str]:
    """Many people share a family name; the post tells them apart."""
    posts = "; ".join(str(holding.position) for holding in person.current_holdings)
    return str(person.pk), str(person), posts or person.get_component_display()


def everyone_pick(request: HttpRequest) -> JsonResponse:
    """Everyone who holds a post now, of any organisation: to whom one record may be opened."""

    def rows(typed: str) -> Iterable[Person]:
        found = Person.objects.posted().filter(_each_word(typed, *_PERSON)).with_posts().distinct()
        return best_first(found, typed, *_PERSON)[:MOST]

    return suggestions(request, rows, _with_post)


def office_pick(request: HttpRequest) -> JsonResponse:
    """Open offices of any organisation, by name."""

    def rows(typed: str) -> Iterable[Office]:
        found = Office.objects.filter(_each_word(typed, *_OFFICE), closed_on__isnull=True)
        return best_first(found.select_related("organisation"), typed, "name", "short_name")[:MOST]

    return suggestions(request, rows, lambda o: (str(o.pk), str(o), f"{o.organisation}"))


def post_pick(request: HttpRequest) -> JsonResponse:
    """Positions of any organisation, by title or office."""

    def rows(typed: str) -> Iterable[Position]:
        return best_first(_positions(typed), typed, *_POSITION)[:MOST]

    return suggestions(request, rows, lambda p: (str(p.pk), str(p), p.office.get_component_display()))


def _positions(typed: str) -> QuerySet[Position]:
    named = _each_word(typed, *_POSITION)
    open_ones = Position.objects.filter(named, is_archived=False, office__closed_on__isnull=True)
    return open_ones.select_related("office")


def position_pick(request: HttpRequest) -> JsonResponse:
    """Positions of the reader's own organisations, by title or office."""
    reader: Any = request.user

    def rows(typed: str) -> Iterable[Position]:
        ours = _positions(typed).filter(office__organisation_id__in=reader.access.organisations)
        return best_first(ours, typed, *_POSITION)[:MOST]

    return suggestions(request, rows, lambda p: (str(p.pk), str(p), p.office.get_component_display()))
