"""Managing people, posts, offices, groups, tokens and dead letters in the admin."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core import tasks
from cimic_portal.core.models import (
    ApiToken,
    Delegation,
    Holding,
    Office,
    OutboxEntry,
    OutboxState,
    Person,
    Place,
    Position,
)
from cimic_portal.core.services.tokens import create_token
from tests.factories.cast import Cast, make_cast
from tests.factories.core import HoldingFactory, PersonFactory, PositionFactory, ago, ahead
from training.models import TrainingRecord

pytestmark = pytest.mark.django_db
NO_ROWS = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def administrator(client: Client, cast: Cast) -> Client:
    client.force_login(cast.auditor)
    return client


def rows(prefix: str) -> dict[str, int]:
    return {f"{prefix}-{name}": value for name, value in NO_ROWS.items()}


def person_form(**changes: Any) -> dict[str, Any]:
    form = {
        "given_name": "Jonas",
        "family_name": "Hale",
        "email": "Hale@Mission.example",
        "component": 3,
        "clearance": 2,
        "reason": "Staff officer",
        "is_active": "on",
    }
    return form | rows("holdings") | changes


def row_form(person: Person, **changes: Any) -> dict[str, Any]:
    names = ("given_name", "family_name", "email", "component", "clearance")
    form = {name: getattr(person, name) for name in names} | {"is_active": "on"}
    return form | rows("holdings") | changes


def change(client: Client, thing: Any, form: dict[str, Any]) -> Any:
    return client.post(reverse(f"admin:core_{thing._meta.model_name}_change", args=[thing.pk]), form)


def deliver_all() -> list[Any]:
    for entry in OutboxEntry.objects.order_by("pk"):
        tasks.deliver(entry.pk)
    return mail.outbox


class TestPerson:
    def test_new_one_gets_a_link_and_no_password(self, administrator: Client, cast: Cast) -> None:
        answer = administrator.post(reverse("admin:core_person_add"), person_form())
        assert answer.status_code == 302
        made = Person.objects.get(email="hale@mission.example")
        assert not made.has_usable_password()
        [message] = deliver_all()
        assert message.to == ["hale@mission.example"]
        link = re.search(r"/password/link/\S+", message.body)
        assert link
        assert Client().get(link[0]).status_code == 302
        event = made.events.order_by("pgh_id").first()
        assert (event.pgh_context["actor"], event.pgh_context["verb"]) == (cast.auditor.pk, "person.add")
        assert event.pgh_context["address"] == "127.0.0.1"

    def test_new_one_is_entered_with_the_post(self, administrator: Client, cast: Cast) -> None:
        post = {"holdings-0-position": cast.owner.holdings.get().position_id}
        begun = {"holdings-0-since_0": "2026-01-01", "holdings-0-since_1": "08:00"}
        form = person_form() | rows("holdings") | {"holdings-TOTAL_FORMS": "1", **post, **begun}
        assert administrator.post(reverse("admin:core_person_add"), form).status_code == 302
        made = Person.objects.get(email="hale@mission.example")
        assert made.holdings.get().position == cast.owner.holdings.get().position
        # Whatever follows from a post begins with it.
        record = TrainingRecord.objects.visible_to(made).get(person=made)
        assert record.owner_office == cast.team

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"email": "OWNER"}, "Someone else signs in with this address"),
            ({"email": "nonsense"}, "Write an e-mail address"),
            ({"component": "9"}, "Choose one of the values offered"),
            ({"clearance": ""}, "Choose one"),
            ({"family_name": ""}, "Fill this in"),
        ],
    )
    def test_bad_input_is_told(
        self, administrator: Client, cast: Cast, changes: dict[str, str], words: str
    ) -> None:
        if changes.get("email") == "OWNER":
            changes = {"email": cast.owner.email.upper()}
        answer = administrator.post(reverse("admin:core_person_add"), person_form(**changes))
        assert words in answer.content.decode()
        assert not Person.objects.filter(family_name="Hale").exists()

    def test_former_address_is_told_of_the_new_one(self, administrator: Client, cast: Cast) -> None:
        former = cast.owner.email
        change(administrator, cast.owner, row_form(cast.owner, email="new@mission.example"))
        [message] = deliver_all()
        assert message.to == [former]
        assert "no longer opens" in message.body
        assert "new@mission.example" not in message.body

    def test_clearance_counts_at_once_and_is_in_the_trail(self, administrator: Client, cast: Cast) -> None:
        theirs = Client()
        theirs.force_login(cast.owner)
        assert change(administrator, cast.owner, row_form(cast.owner, clearance=1)).status_code == 302
        assert theirs.get("/me/").status_code == 302
        page = administrator.get(reverse("admin:core_person_history", args=[cast.owner.pk])).content.decode()
        assert "Strictly confidential" in page
        assert "Unclassified" in page
        assert str(cast.auditor) in page

    def test_password_is_nowhere_to_be_set_or_seen(self, administrator: Client, cast: Cast) -> None:
        page = administrator.get(reverse("admin:core_person_change", args=[cast.owner.pk])).content.decode()
        assert 'name="password' not in page
        assert cast.owner.password not in page
        assert (
            administrator.get(f"/admin/core/person/{cast.owner.pk}/password/", follow=True).status_code == 404
        )

    def test_link_is_sent_again_to_those_who_are_active(self, administrator: Client, cast: Cast) -> None:
        chosen = [cast.owner.pk, cast.inactive.pk]
        administrator.post("/admin/core/person/", {"action": "send_link", "_selected_action": chosen})
        assert [message.to for message in deliver_all()] == [[cast.owner.email]]


class TestHolding:
    def add(self, client: Client, who: Person, what: Position, **changes: Any) -> Any:
        form = {
            "person": who.pk,
            "position": what.pk,
            "since_0": "2026-01-01",
            "since_1": "08:00",
            "until_0": "",
            "until_1": "",
        }
        return client.post(reverse("admin:core_holding_add"), form | changes)

    def test_counts_at_once(self, administrator: Client, cast: Cast) -> None:
        position = PositionFactory(office=cast.police)
        assert self.add(administrator, cast.outsider, position).status_code == 302
        assert position.pk in Person.objects.get(pk=cast.outsider.pk).access.held

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"until_0": "2025-12-31", "until_1": "08:00"}, "The end must come after the beginning."),
            ({"since_0": "yesterday"}, "Write the day as"),
            ({"person": ""}, "Choose one"),
            ({"person": "999999"}, "Choose one of the values offered"),
        ],
    )
    def test_bad_input_is_told(
        self, administrator: Client, cast: Cast, changes: dict[str, str], words: str
    ) -> None:
        page = self.add(administrator, cast.outsider, PositionFactory(office=cast.police), **changes)
        assert words in page.content.decode()

    def test_the_same_twice_is_refused_once_in_words(self, administrator: Client, cast: Cast) -> None:
        page = self.add(administrator, cast.owner, cast.owner.holdings.get().position).content.decode()
        assert page.count("holds the position already in a part of this period") == 1
        assert "Constraint" not in page

    def test_is_ended_and_not_rewritten(self, administrator: Client, cast: Cast) -> None:
        holding = cast.outsider.holdings.get()
        form = {"until_0": "2026-06-01", "until_1": "08:00", "person": cast.owner.pk, "since_0": "2020-01-01"}
        if holding.since > timezone.now() - timedelta(days=61):
            form["until_0"] = (timezone.localdate() - timedelta(days=1)).isoformat()
        assert change(administrator, holding, form).status_code == 302
        holding.refresh_from_db()
        assert holding.person == cast.outsider
        assert holding.since.year != 2020
        assert not Person.objects.get(pk=cast.outsider.pk).access.held

    def test_only_what_has_not_begun_is_taken_back(self, administrator: Client, cast: Cast) -> None:
        begun = cast.outsider.holdings.get()
        future = HoldingFactory(person=cast.outsider, position=PositionFactory(), since=ahead(days=5))
        own = HoldingFactory(person=cast.auditor, position=PositionFactory(), since=ahead(days=5))
        for holding, status in ((begun, 403), (own, 403), (future, 302)):
            address = reverse("admin:core_holding_delete", args=[holding.pk])
            assert administrator.post(address, {"post": "yes"}).status_code == status
        assert set(Holding.objects.filter(pk__in=[begun.pk, own.pk, future.pk])) == {begun, own}
        deleted = Holding.events.rel.related_model.objects.filter(pgh_label="delete").get()
        assert deleted.pgh_context["verb"] == "holding.delete"

    def test_those_of_the_administrator_stay_as_they_are(self, administrator: Client, cast: Cast) -> None:
        holding = cast.auditor.holdings.get()
        page = change(administrator, holding, {"until_0": "2199-01-01", "until_1": "08:00"}).content.decode()
        assert "You cannot change this for yourself" in page
        holding.refresh_from_db()
        assert holding.until is None


class TestOfficeAndPosition:
    def office(self, cast: Cast, **changes: Any) -> dict[str, Any]:
        form = {"organisation": cast.mission.pk, "name": "Sector South", "component": 1, "parent": cast.hq.pk}
        return form | rows("positions") | changes

    def test_new_office_with_its_positions(self, administrator: Client, cast: Cast) -> None:
        form = self.office(cast) | {
            "positions-TOTAL_FORMS": 2,
            "positions-0-title": "Commander",
            "positions-0-is_head": "on",
            "positions-1-title": "LO",
        }
        assert administrator.post(reverse("admin:core_office_add"), form).status_code == 302
        made = Office.objects.get(name="Sector South")
        assert [position.title for position in made.positions.order_by("pk")] == ["Commander", "LO"]
        assert {p.events.get().pgh_context["verb"] for p in made.positions.all()} == {"office.add"}

    def test_two_heads_on_one_page_are_refused(self, administrator: Client, cast: Cast) -> None:
        form = self.office(cast) | {
            "positions-TOTAL_FORMS": 2,
            "positions-0-title": "Commander",
            "positions-0-is_head": "on",
            "positions-1-title": "LO",
            "positions-1-is_head": "on",
        }
        answer = administrator.post(reverse("admin:core_office_add"), form)
        assert answer.status_code == 422
        assert "contradicts what stands there already" in answer.content.decode()
        assert not Office.objects.filter(name="Sector South").exists()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            (lambda c: {"parent": c.country_office.pk}, "Choose an office of the same organisation."),
            (lambda c: {"closed_on": "2026-01-01"}, "Name the office that inherits the records."),
            (lambda c: {"name": ""}, "Fill this in"),
            (lambda c: {"name": c.sector.name}, "already exists"),
            (lambda c: {"closed_on": "soon", "successor": c.sector.pk}, "Write the day as"),
        ],
        ids=["other tree", "no successor", "no name", "twice", "no date"],
    )
    def test_bad_input_is_told(self, administrator: Client, cast: Cast, changes: Any, words: str) -> None:
        page = administrator.post(reverse("admin:core_office_add"), self.office(cast, **changes(cast)))
        assert words in page.content.decode()
        assert not Office.objects.filter(name="Sector South").exists()

    def test_circle_is_refused(self, administrator: Client, cast: Cast) -> None:
        form = self.office(cast, name=cast.hq.name, parent=cast.team.pk)
        page = change(administrator, cast.hq, form).content.decode()
        assert "This would make the office part of itself." in page

    def test_closed_office_hands_over_to_its_successor(self, administrator: Client, cast: Cast) -> None:
        form = self.office(
            cast, name=cast.team.name, parent=cast.sector.pk, closed_on="2026-01-01", successor=cast.sector.pk
        )
        assert change(administrator, cast.team, form).status_code == 302
        cast.team.refresh_from_db()
        assert cast.team.successor == cast.sector
        page = administrator.post(
            reverse("admin:core_office_change", args=[cast.police.pk]),
            self.office(cast, name="Police", closed_on="2026-01-01", successor=cast.team.pk),
        ).content.decode()
        assert "closed itself" in page

    @pytest.mark.parametrize("mark", ["is_head", "is_releasing"])
    def test_second_mark_in_an_office_is_refused_in_words(
        self, administrator: Client, cast: Cast, mark: str
    ) -> None:
        Position.objects.filter(office=cast.team, is_head=True).update(is_releasing=True)
        form = {"office": cast.team.pk, "title": "Second", mark: "on"} | rows("holdings")
        page = administrator.post(reverse("admin:core_position_add"), form).content.decode()
        assert "Take the mark from it first." in page
        assert "Constraint" not in page


def test_place_is_entered_by_grid_and_finds_its_area(administrator: Client) -> None:
    form = {"name": "Oum bridge", "kind": "crossing", "position": "34P BR 22100 70540"}
    answer = administrator.post(reverse("admin:core_place_add"), form)
    assert answer.status_code == 302, answer.content
    place = Place.objects.get(name="Oum bridge")
    assert place.position.mgrs == "34P BR 22100 70540"
    page = administrator.post(reverse("admin:core_place_add"), form | {"position": "somewhere"})
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()


def test_group_gets_and_loses_people(administrator: Client, cast: Cast) -> None:
    form = {"name": cast.group.name, "office": cast.team.pk, "people": [cast.outsider.pk]}
    assert change(administrator, cast.group, form).status_code == 302
    assert list(cast.group.user_set.all()) == [cast.outsider]


def test_delegation_is_looked_at_and_ended(administrator: Client, cast: Cast) -> None:
    given = Delegation.objects.get()
    assert administrator.get(reverse("admin:core_delegation_add")).status_code == 403
    assert change(administrator, given, {"reason": "x"}).status_code == 403
    administrator.post("/admin/core/delegation/", {"action": "end", "_selected_action": [given.pk]})
    assert len(Person.objects.get(pk=cast.delegate.pk).access.positions) == 1


def test_token_is_looked_at_and_ended(administrator: Client, cast: Cast) -> None:
    token, _text = create_token(actor=cast.owner, name="laptop", expires_at=ahead(days=1))
    page = administrator.get("/admin/core/apitoken/").content.decode()
    assert token.prefix in page
    assert token.digest not in page
    assert change(administrator, token, {"name": "x"}).status_code == 403
    administrator.post("/admin/core/apitoken/", {"action": "end", "_selected_action": [token.pk]})
    assert ApiToken.objects.get().revoked_at is not None


def test_dead_letter_is_tried_again_with_a_reason(administrator: Client, cast: Cast) -> None:
    entries = [
        OutboxEntry.objects.create(kind="core.tell", state=OutboxState.DEAD, attempts=8, last_error="X"),
        OutboxEntry.objects.create(kind="core.tell", state=OutboxState.WAITING),
    ]
    page = administrator.get("/admin/core/outboxentry/").content.decode()
    assert f"/admin/core/outboxentry/{entries[0].pk}/" in page
    assert f"/admin/core/outboxentry/{entries[1].pk}/" not in page
    form = {"action": "try_again", "reason": "Mail is back", "_selected_action": [entries[0].pk]}
    answer = administrator.post("/admin/core/outboxentry/", form, follow=True)
    assert "1 entry is tried again." in answer.content.decode()
    entries[0].refresh_from_db()
    assert (entries[0].state, entries[0].attempts) == (OutboxState.WAITING, 0)


def test_person_list_counts_its_queries(administrator: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        HoldingFactory(person=PersonFactory(), position=PositionFactory(), since=ago(days=2))
    with django_assert_max_num_queries(20):
        administrator.get("/admin/core/person/")
