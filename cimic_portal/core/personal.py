"""What the portal holds about one person, for that person: each app adds its own at start-up.

Nothing of other people's, and nothing of records that the person may not read now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q

from cimic_portal.core.models import ApiToken, Delegation, Holding, Notification, ReadEntry, SavedFilter
from cimic_portal.core.querysets import shared_models

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# The reads of some years; more are told on request.
MOST_READS = 10_000

Rows = list[dict[str, Any]]
_sections: dict[str, Callable[[Person], Rows]] = {}


def add_personal(name: str, rows: Callable[[Person], Rows]) -> None:
    """Tell of what an app holds about people. rows(person) gives what that person may read."""
    _sections[name] = rows


def personal_data(person: Person) -> dict[str, Any]:
    """All of it, by section, as values that JSON knows."""
    return {"person": _profile(person), **{name: rows(person) for name, rows in _sections.items()}}


def _profile(person: Person) -> Mapping[str, Any]:
    return {
        **fields_of(
            person,
            *("email", "given_name", "family_name", "form_of_address", "phone", "languages"),
            *("is_active", "is_staff", "joined_at", "last_login", "seen_until", "password_changed_at"),
        ),
        "component": person.get_component_display(),
        "clearance": person.get_clearance_display(),
        "groups": [group.name for group in person.groups.all()],
    }


def fields_of(row: Any, *names: str) -> dict[str, Any]:
    """These attributes of the row, by name."""
    return {name: getattr(row, name) for name in names}


def _holdings(person: Person) -> Rows:
    rows = Holding.objects.filter(person=person).select_related("position__office")
    return [{"position": str(row.position), "since": row.since, "until": row.until} for row in rows]


def _delegations(person: Person) -> Rows:
    rows = Delegation.objects.filter(Q(delegator=person) | Q(delegate=person))
    return [
        {
            "position": str(row.position),
            "from": str(row.delegator),
            "to": str(row.delegate),
            **fields_of(row, "since", "until", "reason"),
        }
        for row in rows.select_related("position__office", "delegator", "delegate")
    ]


def _sessions(person: Person) -> Rows:
    rows = UserSession.objects.filter(user=person).order_by("pk")
    return [fields_of(row, "user_agent", "ip", "created_at", "last_seen_at") for row in rows]


def _factors(person: Person) -> Rows:
    rows = Authenticator.objects.filter(user=person).order_by("pk")
    return [fields_of(row, "type", "created_at", "last_used_at") for row in rows]


def _tokens(person: Person) -> Rows:
    told = ("name", "prefix", "scopes", "created_at", "expires_at", "revoked_at")
    rows = ApiToken.objects.filter(person=person)
    return [fields_of(row, *told, "last_used_at", "last_used_from") for row in rows]


def _filters(person: Person) -> Rows:
    rows = SavedFilter.objects.filter(person=person)
    return [fields_of(row, "list_name", "name", "query", "created_at") for row in rows]


def _notifications(person: Person) -> Rows:
    rows = Notification.objects.visible_to(person)
    return [fields_of(row, "kind", "record_model", "created_at", "read_at") for row in rows]


def _reads(person: Person) -> Rows:
    """What of the log of reads is about records that the person may read now."""
    entries = list(ReadEntry.objects.filter(person=person)[:MOST_READS])
    visible = _visible({mark for entry in entries for mark in entry.records}, person)
    told = ({**fields_of(row, "at", "surface"), "records": visible & set(row.records)} for row in entries)
    return [{**entry, "records": sorted(entry["records"])} for entry in told if entry["records"]]


def _visible(marks: Iterable[str], person: Person) -> set[str]:
    """Of these `model:reference`, the ones that the person may see."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for mark in marks:
        model, _colon, reference = mark.partition(":")
        wanted[model].append(reference)
    return {
        f"{model._meta.model_name}:{reference}"
        for model in shared_models()
        if (references := wanted.get(str(model._meta.model_name)))
        for reference in model._default_manager.visible_to(person)
        .filter(reference__in=references)
        .order_by()
        .values_list("reference", flat=True)
    }


for _name, _rows in (
    ("posts", _holdings),
    ("delegations", _delegations),
    ("sessions", _sessions),
    ("second_factors", _factors),
    ("tokens", _tokens),
    ("saved_filters", _filters),
    ("notifications", _notifications),
    ("reads", _reads),
):
    add_personal(_name, _rows)
