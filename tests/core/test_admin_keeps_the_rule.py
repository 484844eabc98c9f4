"""Administrators read records as the rule allows, and not through the admin's back doors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.test import Client
from django.urls import reverse

from cimic_portal.core.models import Document, Holding, Office, OutboxEntry, Person, Position, ReadEntry
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, OfficeFactory, PositionFactory, ago, give

pytestmark = pytest.mark.django_db
DOCUMENTS = "/admin/core/document/"
HIDDEN = "Zebra crossing"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def hidden(cast: Cast) -> Document:
    return DocumentFactory(title=HIDDEN, owner_office=cast.country_office, author=cast.partner)


@pytest.fixture
def seen(cast: Cast) -> Document:
    return DocumentFactory(title="Open road", owner_office=cast.hq, author=cast.auditor)


@pytest.fixture
def administrator(client: Client, cast: Cast) -> Client:
    client.force_login(cast.auditor)
    return client


def row(record: Document) -> str:
    return f"{DOCUMENTS}{record.reference}/change/"


@pytest.mark.usefixtures("hidden", "seen")
@pytest.mark.parametrize(
    "query", ["", "?q=Zebra", "?q=road", "?classification__exact=1", "?o=1", "?p=1&all="]
)
def test_hidden_records_are_in_no_list_count_or_search(administrator: Client, query: str) -> None:
    page = administrator.get(DOCUMENTS + query).content.decode()
    assert HIDDEN not in page
    if query != "?q=Zebra":
        assert "Open road" in page
        assert "1 document" in page


def test_hidden_record_is_not_there(administrator: Client, hidden: Document) -> None:
    gone = administrator.get(f"{DOCUMENTS}2222222222/change/")
    for address in (
        row(hidden),
        f"{DOCUMENTS}{hidden.pk}/change/",
        f"{DOCUMENTS}{hidden.reference}/history/",
    ):
        answer = administrator.get(address)
        assert answer.status_code == gone.status_code == 404
        assert [word in answer.content.decode() for word in (HIDDEN, "document")] == [
            word in gone.content.decode() for word in (HIDDEN, "document")
        ]
    assert administrator.get(f"{DOCUMENTS}{hidden.reference}/delete/").status_code in {403, 404}


def test_visible_record_is_looked_at_only(administrator: Client, seen: Document) -> None:
    page = administrator.get(row(seen)).content.decode()
    assert "Open road" in page
    assert "reader_keys" not in page
    assert 'name="_save"' not in page
    assert administrator.post(row(seen), {"title": "Other"}).status_code == 403
    assert administrator.get(f"{DOCUMENTS}add/").status_code == 403


def test_administrator_without_a_position_manages_people_and_reads_no_record(
    administrator: Client, cast: Cast, seen: Document
) -> None:
    give(seen, cast.auditor, by=cast.head_above)
    Holding.objects.filter(person=cast.auditor).update(until=ago(minutes=1))
    assert administrator.get("/admin/core/person/").status_code == 200
    assert administrator.get(DOCUMENTS).status_code == 403
    assert administrator.get(row(seen)).status_code in {403, 404}
    assert "/admin/core/document/" not in administrator.get("/admin/").content.decode()


def test_reads_of_confidential_records_are_in_the_trail(client: Client, cast: Cast) -> None:
    Person.objects.filter(pk=cast.head_above.pk).update(is_staff=True)
    secret = DocumentFactory(
        owner_office=cast.hq, author=cast.head_above, classification=Classification.CONFIDENTIAL
    )
    client.force_login(Person.objects.get(pk=cast.head_above.pk))
    page = client.get(DOCUMENTS).content.decode()
    assert 'class="classification level-2"' in page
    page = client.get(row(secret)).content.decode()
    assert 'class="classification level-2"' in page
    entries = list(ReadEntry.objects.values_list("surface", "records"))
    assert entries == [("admin document", [f"document:{secret.reference}"])] * 2


@pytest.mark.parametrize(
    "address",
    [
        "/admin/core/person/?notifications__isnull=False",
        "/admin/core/person/?notifications=1",
        "/admin/core/person/?password__startswith=a",
        "/admin/core/person/?tokens__name=a",
        "/admin/core/office/?documents__title__startswith=Z",
        f"{DOCUMENTS}?reader_keys__contains=8",
        f"{DOCUMENTS}?author__email=a",
        f"{DOCUMENTS}?title__startswith=Z",
    ],
)
def test_filters_that_the_page_does_not_offer_are_refused(administrator: Client, address: str) -> None:
    answer = administrator.get(address)
    assert answer.status_code in {302, 400}
    if answer.status_code == 302:
        assert answer["Location"].endswith("?e=1")


def paths_behind(model: Any, prefix: str = "") -> set[str]:
    """What a row leads to: by its own links, and by the links of others to it."""
    return {prefix + field.name for field in model._meta.get_fields() if field.is_relation}


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_no_filter_leads_to_what_lies_behind_a_row(administrator: Client, model: Any, thorough: bool) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    page = admin.site._registry[model]
    # A filter is a path, or a path with what draws it.
    offered = [name if isinstance(name, str) else name[0] for name in page.list_filter]
    paths = paths_behind(model) - set(offered)
    for name in offered:
        field = get_fields_from_path(model, name)[-1]
        if field.is_relation:
            paths |= paths_behind(field.related_model, f"{name}__")
    # In the short test each path is tried in one of three ways.
    ends = ("pk", "id__gt", "isnull")
    for turn, path in enumerate(sorted(paths)):
        for end in ends if thorough else (ends[turn % len(ends)],):
            lookup = f"{path}__{end}"
            assert administrator.get(address, {lookup: "1"}).status_code == 400, lookup


@pytest.mark.parametrize(
    "end", ["person__password__startswith", "person__tokens__digest__startswith", "since__year"]
)
def test_filter_by_organisation_asks_nothing_of_its_people(administrator: Client, end: str) -> None:
    behind = f"office__organisation__offices__positions__holdings__{end}"
    assert administrator.get("/admin/core/position/", {behind: "a"}).status_code == 400


def test_filters_that_the_page_offers_answer(administrator: Client, cast: Cast) -> None:
    answer = administrator.get("/admin/core/position/")
    asked = {name for spec in answer.context["cl"].filter_specs for name in spec.expected_parameters()}
    assert asked
    for name in asked:
        assert administrator.get("/admin/core/position/", {name: "1"}).status_code == 200, name


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/admin/core/document/?state__exact=%00", 400),
        ("/admin/core/document/?q=%00", 200),
        ("/admin/core/document/%00/change/", 404),
        ("/admin/core/document/_00/change/", 404),
        ("/admin/core/outboxentry/?kind__regex=(", 400),
        ("/admin/core/person/?clearance__range=1", 400),
        ("/admin/autocomplete/?app_label=core&model_name=holding&field_name=person&term=%00", 200),
    ],
)
def test_damaged_addresses_are_refused(administrator: Client, address: str, status: int) -> None:
    administrator.raise_request_exception = False
    assert administrator.get(address).status_code == status


@pytest.mark.parametrize("ticked", ["x", "\0", "9" * 40, "-1"])
def test_ticks_that_the_page_does_not_offer_are_refused(administrator: Client, ticked: str) -> None:
    administrator.raise_request_exception = False
    sent = {"action": "send_link", "_selected_action": ticked}
    answer = administrator.post("/admin/core/person/", sent)
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()


def test_suggestions_hold_no_hidden_record(administrator: Client, hidden: Document) -> None:
    def suggest(**query: str) -> Any:
        return administrator.get("/admin/autocomplete/", query)

    found = suggest(app_label="core", model_name="office", field_name="parent", term="Sector")
    assert [item["text"] for item in json.loads(found.content)["results"]] == ["Sector North"]
    answer = suggest(app_label="core", model_name="document", field_name="copy_of", term="")
    assert hidden.title not in answer.content.decode()


def test_deleting_tells_nothing_of_what_points_at_a_row(
    administrator: Client, cast: Cast, hidden: Document
) -> None:
    for model, pk in (("office", cast.country_office.pk), ("person", cast.partner.pk)):
        assert administrator.get(f"/admin/core/{model}/{pk}/delete/").status_code == 403
        posted = administrator.post(
            f"/admin/core/{model}/", {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
        )
        assert HIDDEN not in posted.content.decode()
    assert Office.objects.filter(pk=cast.country_office.pk).exists()


def test_dead_letters_do_not_tell_what_they_are_about(administrator: Client, hidden: Document) -> None:
    OutboxEntry.objects.create(
        kind="core.tell",
        payload={"record": "core.Document", "id": 987654},
        state="dead",
        last_error="ValueError (x.py:1)",
    )
    listed = administrator.get("/admin/core/outboxentry/").content.decode()
    entry = OutboxEntry.objects.get()
    shown = administrator.get(f"/admin/core/outboxentry/{entry.pk}/change/").content.decode()
    for page in (listed, shown):
        assert "ValueError (x.py:1)" in page
        assert "987654" not in page


class TestNobodyOpensAnythingToThemselves:
    """By any page: each attempt is refused in words, and nothing is kept."""

    @pytest.fixture
    def keys(self, cast: Cast) -> frozenset[int]:
        return cast.auditor.access.keys

    def assert_same(self, cast: Cast, keys: frozenset[int]) -> None:
        assert Person.objects.get(pk=cast.auditor.pk).access.keys == keys

    def office_form(self, office: Office, **changes: Any) -> dict[str, Any]:
        form = {
            "name": office.name,
            "short_name": office.short_name,
            "component": office.component,
            "parent": office.parent_id or "",
            "area": "",
            "closed_on": "",
            "successor": "",
        }
        for prefix in ("positions",):
            form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        return form | changes

    def test_by_moving_an_office_below_their_own(
        self, administrator: Client, cast: Cast, keys: frozenset[int]
    ) -> None:
        own = OfficeFactory(organisation=cast.mission, name="Own")
        Holding.objects.create(
            person=cast.auditor, position=PositionFactory(office=own, is_head=True), since=ago(days=1)
        )
        keys = Person.objects.get(pk=cast.auditor.pk).access.keys
        address = reverse("admin:core_office_change", args=[cast.police.pk])
        answer = administrator.post(address, self.office_form(cast.police, parent=own.pk))
        assert answer.status_code == 403
        assert "This would change what you yourself may read" in answer.content.decode()
        self.assert_same(cast, keys)

    @pytest.mark.parametrize("closed_on", ["2026-01-01", "2199-01-01"])
    def test_by_succeeding_an_office(
        self, administrator: Client, cast: Cast, keys: frozenset[int], closed_on: str
    ) -> None:
        address = reverse("admin:core_office_change", args=[cast.police.pk])
        form = self.office_form(cast.police, closed_on=closed_on, successor=cast.hq.pk)
        page = administrator.post(address, form).content.decode()
        assert "You would inherit these records yourself" in page
        self.assert_same(cast, keys)
        cast.police.refresh_from_db()
        assert cast.police.successor is None

    def test_by_the_mark_of_a_head(self, administrator: Client, cast: Cast, keys: frozenset[int]) -> None:
        own = cast.auditor.holdings.get().position
        Position.objects.filter(office=own.office).exclude(pk=own.pk).update(is_head=False)
        form = {"office": own.office_id, "title": own.title, "is_head": "on"}
        form |= {"holdings-TOTAL_FORMS": 0, "holdings-INITIAL_FORMS": 0}
        page = administrator.post(reverse("admin:core_position_change", args=[own.pk]), form).content.decode()
        assert "You cannot change this for yourself" in page
        self.assert_same(cast, keys)

    def test_by_holding_another_position(
        self, administrator: Client, cast: Cast, keys: frozenset[int]
    ) -> None:
        form = {
            "person": cast.auditor.pk,
            "position": PositionFactory(office=cast.police).pk,
            "since_0": "2026-01-01",
            "since_1": "00:00",
        }
        page = administrator.post(reverse("admin:core_holding_add"), form).content.decode()
        assert "You cannot change this for yourself" in page
        self.assert_same(cast, keys)

    def test_by_joining_a_group(self, administrator: Client, cast: Cast, keys: frozenset[int]) -> None:
        form = {
            "name": cast.group.name,
            "office": cast.group.office_id,
            "people": [cast.auditor.pk, cast.group_member.pk],
        }
        address = reverse("admin:core_sharinggroup_change", args=[cast.group.pk])
        assert "You cannot change this for yourself" in administrator.post(address, form).content.decode()
        assert not cast.auditor.groups.exists()

    @pytest.mark.parametrize(
        "change",
        [{"clearance": 3}, {"component": 2}, {"is_staff": ""}, {"is_active": ""}],
        ids=lambda change: next(iter(change)),
    )
    def test_by_their_own_row(self, administrator: Client, cast: Cast, change: dict[str, Any]) -> None:
        me = cast.auditor
        form: dict[str, Any] = {
            "given_name": me.given_name,
            "family_name": me.family_name,
            "email": me.email,
            "component": me.component,
            "clearance": me.clearance,
            "is_active": "on",
            "is_staff": "on",
            "holdings-TOTAL_FORMS": 0,
            "holdings-INITIAL_FORMS": 0,
        }
        address = reverse("admin:core_person_change", args=[me.pk])
        page = administrator.post(
            address, {k: v for k, v in (form | change).items() if v != ""}
        ).content.decode()
        assert "You cannot change this for yourself" in page
        again = Person.objects.get(pk=me.pk)
        for name in change:
            assert getattr(again, name) == getattr(me, name)
