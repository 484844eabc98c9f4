"""A shared record, its parts and its trail cannot be read without saying for whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.core.exceptions import FieldError
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Subquery

from cimic_portal.core.errors import UnscopedQueryError
from cimic_portal.core.models import Document, DocumentSource, Office, Organisation, Position
from cimic_portal.embedded.layout import CHECKOUT
from liaison.models import Attendance, Commitment, Contact, Engagement, Tasking, TaskingResult
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, give
from tests.factories.liaison import (
    AttendanceFactory,
    CommitmentFactory,
    ContactFactory,
    EngagementFactory,
    TaskingResultFactory,
)

pytestmark = pytest.mark.django_db
WHY = "the test needs a row to begin with"

GUARDED = [
    model
    for model in apps.get_models()
    if getattr(model, "sharing", None) in {"shared", "part"}
    or getattr(getattr(model, "pgh_tracked_model", None), "sharing", None) in {"shared", "part", "personal"}
]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


READS: dict[str, Callable[[Any], Any]] = {
    "iteration": list,
    "len": len,
    "truth": bool,
    "index": lambda rows: rows[0],
    "slice": lambda rows: list(rows[:5]),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(rows.model(pk=1)),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "get": lambda rows: rows.get(pk=1),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "latest": lambda rows: rows.latest("pk"),
    "earliest": lambda rows: rows.earliest("pk"),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "iterator": lambda rows: list(rows.iterator(chunk_size=10)),
    "values": lambda rows: list(rows.values()),
    "values_list": lambda rows: list(rows.values_list("pk")),
    "explain": lambda rows: rows.explain(),
    "repr": repr,
    "subquery in a filter": lambda rows: list(Organisation.objects.filter(pk__in=rows.values("pk"))),
    "Subquery": lambda rows: list(Organisation.objects.annotate(n=Subquery(rows.values("pk")[:1]))),
    "Exists": lambda rows: list(Organisation.objects.filter(Exists(rows.filter(pk=OuterRef("pk"))))),
    "update": lambda rows: rows.update(pk=F("pk")),
    "bulk_update": lambda rows: rows.bulk_update(
        [rows.model(pk=1)], [rows.model._meta.concrete_fields[1].name]
    ),
    "delete": lambda rows: rows.delete(),
    "get_or_create": lambda rows: rows.get_or_create(pk=1),
    "update_or_create": lambda rows: rows.update_or_create(pk=1),
    "union": lambda rows: list(rows.values("pk").union(Organisation.objects.values("pk"))),
    "union from the other side": lambda rows: list(
        Organisation.objects.values("pk").union(rows.values("pk"))
    ),
    "raw": lambda rows: list(rows.raw(f"SELECT * FROM {rows.model._meta.db_table}")),
    "extra": lambda rows: list(rows.extra(where=["true"])),
    "sql": lambda rows: str(rows.query),
}


@pytest.mark.parametrize("read", READS)
def test_unscoped_read_is_refused(read: str) -> None:
    with pytest.raises(UnscopedQueryError):
        READS[read](Document.objects.all())


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_every_guarded_model_refuses(model: Any) -> None:
    for read in ("iteration", "count", "Exists"):
        with pytest.raises(UnscopedQueryError):
            READS[read](model._default_manager.all())


def test_all_kinds_of_models_are_guarded() -> None:
    names = {model.__name__ for model in GUARDED}
    assert {"Document", "DocumentSource", "DocumentPersonGrant", "DocumentEvent", "ApiTokenEvent"} <= names


def test_unscoped_asynchronous_read_is_refused() -> None:
    async def read() -> list[Document]:
        return [row async for row in Document.objects.aiterator()]

    with pytest.raises(UnscopedQueryError):
        async_to_sync(read)()


def test_created_rows_need_no_scope(cast: Cast) -> None:
    document = Document(owner_office=cast.team, author=cast.owner, title="New")
    document.save()
    document.title = "Newer"
    document.save()
    document.refresh_from_db()
    assert document.title == "Newer"
    assert Document.objects.unscoped(WHY).get() == document


# Combinations of a scoped with an unscoped query.

COMBINED: dict[str, Callable[[Any, Any], Any]] = {
    "or": lambda one, other: one | other,
    "and": lambda one, other: one & other,
    "xor": lambda one, other: one ^ other,
    "or of a slice": lambda one, other: one[:5] | other,
    "union": lambda one, other: one.union(other),
    "intersection": lambda one, other: one.intersection(other),
    "difference": lambda one, other: one.difference(other),
}


@pytest.mark.parametrize("combine", COMBINED)
def test_scopes_are_not_mixed(cast: Cast, combine: str) -> None:
    mine = Document.objects.visible_to(cast.outsider)
    for other in (
        Document.objects.all(),
        Document.objects.unscoped(WHY),
        Document.objects.visible_to(cast.owner),
    ):
        for pair in ((mine, other), (other, mine)):
            with pytest.raises(UnscopedQueryError):
                list(COMBINED[combine](*pair))


@pytest.mark.parametrize("combine", COMBINED)
def test_queries_of_one_scope_are_combined(cast: Cast, combine: str) -> None:
    hidden, shown = DocumentFactory(), DocumentFactory(author=cast.outsider, owner_office=cast.team)
    mine = Document.objects.visible_to(cast.outsider)
    found = set(COMBINED[combine](mine, mine.filter(title__startswith="Doc")))
    assert hidden not in found
    assert found <= {shown}


def test_exclude_over_parts_keeps_its_scope(cast: Cast) -> None:
    engagement = EngagementFactory(owner_office=cast.team)
    CommitmentFactory(engagement=engagement, what="Water")
    mine = Engagement.objects.visible_to(cast.owner)
    assert list(mine.exclude(commitments__what="Water")) == []
    assert list(mine.exclude(commitments__what="Fuel")) == [engagement]


# Ways from one row to another.


def test_reverse_manager_is_unscoped(cast: Cast) -> None:
    engagement = EngagementFactory(owner_office=cast.team)
    CommitmentFactory(engagement=engagement)
    with pytest.raises(UnscopedQueryError):
        list(engagement.commitments.all())
    assert engagement.commitments.visible_to(cast.owner).count() == 1
    assert engagement.commitments.visible_to(cast.partner).count() == 0


def test_plain_prefetch_is_unscoped(cast: Cast) -> None:
    CommitmentFactory(engagement=EngagementFactory(owner_office=cast.team))
    rows = Engagement.objects.visible_to(cast.owner)
    with pytest.raises(UnscopedQueryError):
        list(rows.prefetch_related("commitments"))
    mine = Prefetch("commitments", Commitment.objects.visible_to(cast.owner))
    assert [len(row.commitments.all()) for row in rows.prefetch_related(mine)] == [1]


def test_forward_link_to_a_hidden_record_is_refused(cast: Cast) -> None:
    original = DocumentFactory(title="Hidden")
    copy = DocumentFactory(owner_office=cast.team, copy_of=original)
    shown = Document.objects.visible_to(cast.owner)
    with pytest.raises(UnscopedQueryError):
        _ = shown.get().copy_of
    with pytest.raises(UnscopedQueryError):
        list(shown.prefetch_related("copy_of"))
    mine = Prefetch("copy_of", Document.objects.visible_to(cast.owner))
    assert [row.copy_of for row in shown.prefetch_related(mine)] == [None]
    assert Document.objects.unscoped(WHY).select_related("copy_of").get(pk=copy.pk).copy_of == original


JOINS: dict[str, Callable[[Any], Any]] = {
    "select_related": lambda rows: rows.select_related("copy_of"),
    "filter": lambda rows: rows.filter(copy_of__title__startswith="H"),
    "exclude": lambda rows: rows.exclude(copy_of__title__startswith="H"),
    "order": lambda rows: rows.order_by("copy_of__title"),
    "values": lambda rows: rows.values("copy_of__title"),
    "annotation": lambda rows: rows.annotate(of=F("copy_of__title")),
    "count of the other way": lambda rows: rows.annotate(n=Count("copies")),
    "filter the other way": lambda rows: rows.filter(copies__title="H"),
    "the trail": lambda rows: rows.filter(events__title="H"),
    "over reference data": lambda rows: rows.filter(owner_office__positions__taskings__title="H"),
    "a notification": lambda rows: rows.filter(author__notifications__kind="H"),
}


@pytest.mark.parametrize("join", JOINS)
def test_join_past_the_rule_of_another_record_is_refused(cast: Cast, join: str) -> None:
    DocumentFactory(owner_office=cast.team, copy_of=DocumentFactory(title="Hidden"))
    with pytest.raises((UnscopedQueryError, FieldError), match=r"past its rule|Cannot resolve|not permitted"):
        list(JOINS[join](Document.objects.visible_to(cast.owner)))


def test_joins_to_reference_data_and_to_the_own_record_are_free(cast: Cast) -> None:
    commitment = CommitmentFactory(engagement=EngagementFactory(owner_office=cast.team))
    rows = Commitment.objects.visible_to(cast.owner).select_related("engagement__owner_office__organisation")
    assert rows.filter(engagement__owner_office__name=cast.team.name).get() == commitment
    assert rows.get().engagement.owner_office.organisation == cast.mission


def test_organisation_of_a_hidden_contact_is_not_found_by_filter(cast: Cast) -> None:
    """The attendance of a hidden contact carries its organisation: only a scoped subquery may look there."""
    engagement = EngagementFactory(owner_office=cast.team)
    met = AttendanceFactory(
        engagement=engagement, contact=ContactFactory(), organisation=cast.partner_organisation
    )
    mine = Engagement.objects.visible_to(cast.owner)
    with pytest.raises(UnscopedQueryError):
        mine.filter(attendances__organisation=cast.partner_organisation).exists()
    there = Attendance.objects.visible_to(cast.owner).filter(
        engagement=OuterRef("pk"), organisation=cast.partner_organisation
    )
    assert not mine.filter(Exists(there)).exists()
    Contact.objects.unscoped(WHY).filter(pk=met.contact_id).update(owner_office=cast.team)
    assert mine.filter(Exists(there)).exists()


def test_row_that_points_at_a_hidden_record_is_not_shown(cast: Cast) -> None:
    tasking = TaskingResultFactory(tasking__owner_office=cast.team).tasking
    shown = TaskingResultFactory(tasking=tasking, engagement=EngagementFactory(owner_office=cast.team))
    assert list(TaskingResult.objects.visible_to(cast.owner)) == [shown]
    assert tasking.results.visible_to(cast.owner).get().engagement == shown.engagement


def test_grants_and_sources_are_seen_with_their_record(cast: Cast) -> None:
    document = DocumentFactory(owner_office=cast.team)
    given = give(document, cast.outsider, by=cast.head)
    DocumentSource.objects.create(document=document, record_model="core.Document", record_id=1)
    for rows in (type(given).objects, DocumentSource.objects):
        assert rows.visible_to(cast.owner).count() == 1
        assert rows.visible_to(cast.partner).count() == 0


# What the code itself may do.

SOURCES = [
    path
    for package in ("cimic_portal", "operations", "liaison", "training")
    for path in (CHECKOUT / package).rglob("*.py")
    if "migrations" not in path.parts
]
UNSCOPED_DRAWERS = {"services", "tasks", "models", "querysets", "sharing", "audit", "commands"}
SHOWING_DRAWERS = {"views", "api", "admin", "overview", "forms", "reports", "listing", "listings"}


def _drawers(path: Any) -> set[str]:
    return {*path.relative_to(CHECKOUT).parts[:-1], path.stem}


def _lines(pattern: str, drawers: Callable[[set[str]], bool]) -> list[str]:
    return [
        f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()}"
        for path in SOURCES
        if drawers(_drawers(path))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_unscoped_stands_in_services_and_models_only() -> None:
    assert _lines(r"\.unscoped\(", lambda drawers: not drawers & UNSCOPED_DRAWERS) == []


def test_what_is_shown_starts_from_the_scoped_manager() -> None:
    forbidden = r"_base_manager|get_objects_for_user|pghistory\.models|\bevents\.unscoped|RawSQL|\.raw\("
    assert _lines(forbidden, lambda drawers: bool(drawers & SHOWING_DRAWERS)) == []


def test_guardian_is_asked_nowhere() -> None:
    assert _lines(r"get_objects_for|get_perms|assign_perm|remove_perm|ObjectPermissionChecker", bool) == []


def test_links_from_shared_records_to_reference_data_have_no_way_back() -> None:
    """`Position.taskings` would let any query of positions join, count and sort by hidden taskings."""
    ways_back = [
        f"{field.model.__name__}.{field.name}"
        for model in apps.get_models()
        if getattr(model, "sharing", None) in {"shared", "part"}
        for field in model._meta.local_fields
        if field.is_relation
        and getattr(field.related_model, "sharing", None) not in {"shared", "part"}
        and not field.remote_field.hidden
    ]
    assert ways_back == []


def test_reference_data_needs_no_scope() -> None:
    assert Office.objects.count() == Position.objects.count() == 0
    assert not Office.events.rel.related_model.objects.exists()
    assert Tasking.objects.model is Tasking
