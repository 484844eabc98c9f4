"""The pages of assets and bookings as their people use them: list, form, request, answer, calendar, load."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.models import ReadEntry
from operations.models import Asset, AssetRules, BookedFor, Booking, Operation, OperationTask
from operations.models import BookingState as B
from operations.schedule.asset_use import Taken, monday_of, use_of
from operations.schedule.reading import read_plan
from operations.services.conduct import activate_operation
from tests.factories.cast import Cast
from tests.factories.core import ago, ahead, rules_are
from tests.factories.operations import OperationFactory
from tests.factories.operations_assets import (
    AssetKindFactory,
    BookingFactory,
    UnavailabilityFactory,
    truck_of,
)
from tests.operations.steps import drafted, post_of, revision_of
from tests.support.facts import WHY
from tests.support.pages import body, signed_in, table_rows, words

pytestmark = pytest.mark.django_db
NEW = "/operations/assets/new/"


def form(cast: Cast, **changed: Any) -> dict[str, Any]:
    sent = {
        "office": cast.team.pk,
        "name": "Truck platoon",
        "kind": AssetKindFactory().pk,
        "number": "UN-1234",
        "capabilities": "cargo, winch",
        "quantity": "4",
        "capacity": "32.5",
        "capacity_unit": "tonnes",
        "languages": "",
        "home_text": "",
        "home": "",
        "decider": "",
        "conditions": "24 hours notice",
        "classification": "1",
        "audience_components": ["1", "2"],
    }
    return {**sent, **changed}


def only(model: Any = Asset) -> Any:
    return model.objects.unscoped(WHY).get()


def split(name: str, at: datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


@pytest.fixture
def operation(cast: Cast) -> Operation:
    return drafted(cast)


class TestAsset:
    def test_is_entered_and_read(self, cast: Cast) -> None:
        client = signed_in(cast.owner)
        assert "Planners search by these words" in words(body(client.get(NEW)))
        answer = client.post(NEW, form(cast))
        assert answer.status_code == 302, body(answer)
        page = words(body(client.get(only().get_absolute_url())))
        for shown in ("Truck platoon", "32.5 tonnes", "cargo, winch", "UN-1234", "it is free", "under-used"):
            assert shown in page, shown

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"capacity_unit": ""}, "what it is measured in"),
            ({"capacity": ""}, "what it is measured in"),
            ({"quantity": "0"}, "Give 1 or more"),
            ({"name": ""}, "Fill this in"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
        self, cast: Cast, changed: dict[str, str], told: str
    ) -> None:
        answer = signed_in(cast.owner).post(NEW, form(cast, **changed))
        assert answer.status_code == 422
        assert told in body(answer)
        assert 'value="UN-1234"' in body(answer)
        assert not Asset.objects.unscoped(WHY).exists()

    def test_translators_name_their_languages(self, cast: Cast) -> None:
        kind = AssetKindFactory(name="Translators", has_languages=True)
        answer = signed_in(cast.owner).post(NEW, form(cast, kind=kind.pk))
        assert "Name the languages" in body(answer)

    def test_is_edited_by_its_office_alone(self, cast: Cast) -> None:
        truck = truck_of(cast.team, cast.owner)
        address = f"{truck.get_absolute_url()}edit/"
        sent = form(cast, version="1", name="Trucks")
        assert signed_in(cast.other_component).post(address, sent).status_code == 403
        client = signed_in(cast.colleague)
        assert "Edit asset" in body(client.get(address))
        assert client.post(address, sent).status_code == 302
        truck.refresh_from_db()
        assert (truck.name, truck.version) == ("Trucks", 2)
        late = client.post(address, sent | {"name": "Typed by the later one"})
        assert late.status_code == 409
        assert 'value="Typed by the later one"' in body(late)
        assert 'name="version" value="2"' in body(late)

    def test_out_of_service_and_back(self, cast: Cast) -> None:
        truck, client = truck_of(cast.team, cast.owner), signed_in(cast.owner)
        address = truck.get_absolute_url()
        sent = {**split("starts_at", ago(hours=1)), "reason": "500-hour service", "version": "1"}
        assert client.post(f"{address}block/", sent).status_code == 302
        page = body(client.get(address))
        assert "until further notice" in page
        out = f"{address}out/{truck.unavailabilities.unscoped(WHY).get().pk}/end/"
        assert "500-hour service" in body(client.get(out))
        assert client.post(out, {"version": "2", "reason": "Done early"}).status_code == 302
        assert client.get(out).status_code == 200
        assert client.post(out, {"version": "3", "reason": "Again"}).status_code == 422

    def test_list_tells_what_is_free_now(self, cast: Cast) -> None:
        free, taken = truck_of(cast.team, cast.owner), truck_of(cast.team, cast.owner)
        UnavailabilityFactory(asset=taken, starts_at=ago(hours=1), ends_at=None)
        client = signed_in(cast.owner)
        assert len(table_rows(client.get("/operations/assets/"))) == 2
        (row,) = table_rows(client.get("/operations/assets/?free=1"))
        assert free.name in row
        assert table_rows(client.get("/operations/assets/?component=2")) == []
        assert "/operations/assets/" in body(client.get("/operations/"))


class TestRequest:
    def ask(self, operation: Operation, truck: Asset, **changed: Any) -> dict[str, Any]:
        return {
            **split("starts_at", ahead(days=5)),
            **split("ends_at", ahead(days=6)),
            "asset": truck.reference,
            "purpose": "Carry the ballot boxes",
            "office": operation.owner_office_id,
            **changed,
        }

    def test_offers_what_is_free_own_office_first_and_says_until_when_the_rest_is_taken(
        self, cast: Cast, operation: Operation
    ) -> None:
        own, other = truck_of(cast.team, cast.owner, name="Zebra"), truck_of(cast.hq, cast.head_above)
        busy = truck_of(cast.hq, cast.head_above, name="Busy one")
        hidden = truck_of(cast.police, cast.other_component, audience_components=[], name="Hidden one")
        UnavailabilityFactory(asset=busy, starts_at=ahead(days=4), ends_at=ahead(days=13))
        page = words(body(signed_in(cast.owner).get(f"/operations/{operation.reference}/assets/request/")))
        free, _heading, taken = page.partition("Taken or out of service")
        assert free.index(own.name) < free.index(other.name)
        assert "yours: booked at once" in free
        assert busy.name in taken
        assert f"{ahead(days=13):%Y}" in taken
        assert hidden.name not in page

    def test_page_is_as_high_as_what_it_names(self, cast: Cast, operation: Operation) -> None:
        """A taken asset counts like a free one: its name stands on the page."""
        busy = truck_of(cast.hq, cast.head_above, classification=2)
        client, address = signed_in(cast.owner), f"/operations/{operation.reference}/assets/request/"
        UnavailabilityFactory(asset=busy, starts_at=ahead(days=4), ends_at=ahead(days=13))
        page = body(client.get(address))
        assert busy.name in page
        assert 'class="classification level-2"' in page

    def test_is_narrowed_by_kind_and_words(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.team, cast.owner, capabilities="winch")
        raft = truck_of(cast.team, cast.owner, kind=AssetKindFactory(name="Raft"), name="Raft one")
        client, address = signed_in(cast.owner), f"/operations/{operation.reference}/assets/request/"
        times = {**split("starts_at", ahead(days=5)), **split("ends_at", ahead(days=6))}
        by_kind = body(client.get(address, {**times, "kind": raft.kind_id}))
        assert raft.reference in by_kind
        assert truck.reference not in by_kind
        by_word = body(client.get(address, {**times, "q": "WINCH"}))
        assert truck.reference in by_word
        assert raft.reference not in by_word

    def test_looking_again_keeps_what_was_typed_and_asks_for_nothing(
        self, cast: Cast, operation: Operation
    ) -> None:
        truck, client = truck_of(cast.team, cast.colleague), signed_in(cast.owner)
        address = f"/operations/{operation.reference}/assets/request/"
        page = body(client.post(address, self.ask(operation, truck, purpose="Bricks", look="1")))
        assert 'value="Bricks"' in page
        assert truck.reference in page
        assert not Booking.objects.unscoped(WHY).exists()

    def test_times_that_are_seen_are_told_and_lie_ahead(self, cast: Cast, operation: Operation) -> None:
        Operation.objects.unscoped(WHY).filter(pk=operation.pk).update(starts_at=ago(days=9))
        page = body(signed_in(cast.owner).get(f"/operations/{operation.reference}/assets/request/"))
        assert f'value="{timezone.localtime(ahead(hours=1)):%Y-%m-%d}"' in page
        client = signed_in(cast.owner)
        sent = self.ask(operation, truck_of(cast.team, cast.colleague))
        done = client.post(f"/operations/{operation.reference}/assets/request/", sent, follow=True)
        assert "is booked, " in words(body(done))

    def test_own_asset_is_booked_and_stands_on_the_tab(self, cast: Cast, operation: Operation) -> None:
        truck, client = truck_of(cast.team, cast.colleague), signed_in(cast.owner)
        address = f"/operations/{operation.reference}/assets/"
        assert "Nothing is booked" in body(client.get(address))
        answer = client.post(f"{address}request/", self.ask(operation, truck))
        assert answer.status_code == 302, words(body(answer))
        (row,) = table_rows(client.get(address))
        assert truck.name in row
        assert "confirmed" in row

    def test_collision_stands_at_the_asset_and_what_was_typed_stays(
        self, cast: Cast, operation: Operation
    ) -> None:
        truck, client = truck_of(cast.team, cast.colleague), signed_in(cast.owner)
        address = f"/operations/{operation.reference}/assets/request/"
        assert client.post(address, self.ask(operation, truck)).status_code == 302
        answer = client.post(address, self.ask(operation, truck, purpose="Something else"))
        assert answer.status_code == 422
        page = body(answer)
        assert 'href="#id_asset"' in page
        assert "is taken from" in page
        assert 'value="Something else"' in page

    @pytest.mark.parametrize(
        "changed",
        [
            {"asset": "2222222222"},
            {"asset": ""},
            {"purpose": ""},
            {"starts_at_0": "nonsense"},
            {"ends_at_0": "2000-01-01"},
            {"task": "nonsense"},
            {"kind": "99999999999999999999"},
        ],
    )
    def test_nonsense_is_told(self, cast: Cast, operation: Operation, changed: dict[str, str]) -> None:
        truck = truck_of(cast.team, cast.colleague)
        address = f"/operations/{operation.reference}/assets/request/"
        answer = signed_in(cast.owner).post(address, self.ask(operation, truck, **changed))
        assert answer.status_code == 422
        assert not Booking.objects.unscoped(WHY).exists()

    def test_for_a_task_with_its_times(self, cast: Cast, operation: Operation) -> None:
        task = OperationTask.objects.create(
            revision=revision_of(operation), title="Escort", starts_at=ahead(days=6), ends_at=ahead(days=8)
        )
        client = signed_in(cast.owner)
        page = body(client.get(f"/operations/{operation.reference}/assets/request/?task={task.key}"))
        assert f'value="{timezone.localtime(task.ends_at):%Y-%m-%d}"' in page
        truck = truck_of(cast.team, cast.colleague)
        sent = self.ask(operation, truck, task=str(task.key))
        assert client.post(f"/operations/{operation.reference}/assets/request/", sent).status_code == 302
        assert only(BookedFor).task_key == task.key
        (row,) = table_rows(client.get(f"/operations/{operation.reference}/assets/"))
        assert "Booked for other times than its task" in row or "part of its task" in row
        assert truck.name in body(client.get(f"/operations/{operation.reference}/tasks/{task.key}/"))
        task.delete()
        page = body(client.get(f"/operations/{operation.reference}/assets/"))
        assert "not in the plan any more" in page

    def test_whoever_only_reads_the_operation_cannot_ask(self, cast: Cast) -> None:
        operation: Any = OperationFactory(
            owner_office=cast.team, author=cast.owner, state="active", audience_components=[3]
        )
        client = signed_in(cast.outsider)
        assert client.get(f"/operations/{operation.reference}/assets/request/").status_code == 403
        page = body(client.get(f"/operations/{operation.reference}/assets/"))
        assert "asked for by the lead" in page


class TestAnswer:
    @pytest.fixture
    def booking(self, cast: Cast, operation: Operation) -> Any:
        return BookingFactory(
            asset=truck_of(cast.hq, cast.head_above, classification=2),
            operation=operation,
            office=cast.team,
            requested_by=cast.owner,
            decider=post_of(cast.head_above),
            due_at=ago(hours=2),
        )

    def test_who_confirms_sees_when_and_for_what_but_not_which_operation(
        self, cast: Cast, booking: Booking, operation: Operation
    ) -> None:
        """The page is as high as the asset; the operation may be higher."""
        page = words(body(signed_in(cast.head_above).get(f"{booking.get_absolute_url()}confirm/")))
        assert booking.purpose in page
        assert f"{timezone.localtime(booking.ends_at):%H:%M}" in page
        assert operation.title not in page

    def test_waits_on_the_home_page_and_is_confirmed(self, cast: Cast, booking: Booking) -> None:
        client = signed_in(cast.head_above)
        assert booking.get_absolute_url() in body(client.get("/"))
        page = body(client.get(booking.get_absolute_url()))
        assert "The answer is overdue" in page
        sent = {"version": "1"}
        assert client.post(f"{booking.get_absolute_url()}confirm/", sent).status_code == 302
        booking.refresh_from_db()
        assert booking.state == B.CONFIRMED
        assert "Release" in words(body(client.get(booking.get_absolute_url())))
        assert booking.get_absolute_url() not in body(client.get("/"))
        assert ReadEntry.objects.filter(surface="booking").exists()

    def test_whoever_asked_is_shown_why_they_cannot_decide(self, cast: Cast, booking: Booking) -> None:
        client = signed_in(cast.owner)
        page = body(client.get(booking.get_absolute_url()))
        assert "Take the request back" in page
        assert client.post(f"{booking.get_absolute_url()}confirm/", {"version": "1"}).status_code == 403

    def test_is_not_there_for_others(self, cast: Cast, booking: Booking) -> None:
        """They see the asset and, once it is confirmed, that it is taken; not for what."""
        client = signed_in(cast.group_member)
        assert client.get(booking.get_absolute_url()).status_code == 404
        Booking.objects.unscoped(WHY).filter(pk=booking.pk).update(state=B.CONFIRMED, decided_by=cast.owner)
        page = body(client.get(booking.asset.get_absolute_url()))
        assert "Booked" in page
        assert "Market days" not in page
        assert booking.purpose not in page

    def test_holder_reads_the_request_and_not_the_operation(self, cast: Cast, operation: Operation) -> None:
        booking = BookingFactory(
            asset=truck_of(cast.police, cast.other_component),
            operation=operation,
            office=cast.team,
            requested_by=cast.owner,
        )
        page = body(signed_in(cast.other_component).get(booking.get_absolute_url()))
        assert booking.purpose in page
        assert "Market days" not in page
        assert operation.reference not in page

    def test_list_has_what_waits_for_me(self, cast: Cast, booking: Booking) -> None:
        client = signed_in(cast.head_above)
        assert len(table_rows(client.get("/operations/bookings/?for_me=1"))) == 1
        assert len(table_rows(client.get("/operations/bookings/?overdue=1"))) == 1
        assert table_rows(signed_in(cast.owner).get("/operations/bookings/?for_me=1")) == []
        (row,) = table_rows(signed_in(cast.owner).get("/operations/bookings/?ours=1"))
        assert "Market days" in row


class TestTime:
    def test_calendar_marks_days_and_lists_the_same(self, cast: Cast) -> None:
        truck = truck_of(cast.team, cast.owner)
        start = timezone.make_aware(datetime(2031, 3, 10, 6))
        UnavailabilityFactory(asset=truck, starts_at=start, ends_at=start + timedelta(days=2), reason="Tyres")
        client, address = signed_in(cast.owner), f"{truck.get_absolute_url()}calendar/"
        page = body(client.get(f"{address}?month=2031-03"))
        assert page.count("calendar-mark") == 3
        assert page.count("calendar-free") == 28
        assert "Tyres" in page
        assert "It is free the whole month" in body(client.get(f"{address}?month=2031-04"))

    @pytest.mark.parametrize("month", ["", "nonsense", "9999-12", "0001-01", "2026-13", "\x00"])
    def test_calendar_of_nonsense_is_that_of_some_month(self, cast: Cast, month: str) -> None:
        truck = truck_of(cast.team, cast.owner)
        address = f"{truck.get_absolute_url()}calendar/"
        assert signed_in(cast.owner).get(address, {"month": month}).status_code == 200

    def test_load_says_over_and_under_used_in_words(self, cast: Cast) -> None:
        busy, idle = (
            truck_of(cast.team, cast.owner, name="Busy"),
            truck_of(cast.team, cast.owner, name="Idle"),
        )
        given = {"office": cast.team, "requested_by": cast.owner, "state": B.CONFIRMED}
        BookingFactory(asset=busy, starts_at=ago(days=20), ends_at=ahead(days=90), **given)
        client = signed_in(cast.owner)
        rows = {row.split()[0]: row for row in table_rows(client.get("/operations/assets/load/"))}
        assert "over-used" in rows["Busy"]
        assert "100 %" in rows["Busy"]
        assert "under-used" in rows["Idle"]
        (row,) = table_rows(client.get("/operations/assets/load/?use=under"))
        assert idle.name in row
        rules_are(AssetRules, over_used=100)
        assert "over-used" not in table_rows(client.get("/operations/assets/load/"))[0]

    @pytest.mark.parametrize(
        "query", ["since=nonsense", "kind=x", "component=77", "office=1e9", "use=idle", "since=0001-01-01"]
    )
    def test_load_of_nonsense_is_told_or_left_out(self, cast: Cast, query: str) -> None:
        truck_of(cast.team, cast.owner)
        assert signed_in(cast.owner).get(f"/operations/assets/load/?{query}").status_code == 200

    def test_share_leaves_out_what_could_not_be_used(self) -> None:
        start = timezone.make_aware(datetime(2031, 3, 3))
        end = start + timedelta(days=4)
        booked = Taken(1, start - timedelta(days=1), start + timedelta(days=1), "x", is_out=False)
        out = Taken(1, start + timedelta(days=2), None, "x", is_out=True)
        assert use_of([booked, out], start, end, AssetRules()).percent == 50
        assert use_of([Taken(1, start, None, "x", is_out=True)], start, end, AssetRules()).percent is None
        assert monday_of(start.date()).weekday() == 0


class TestConflicts:
    """Where what is booked and what is planned do not fit, the plan says so."""

    @pytest.fixture
    def task(self, cast: Cast) -> OperationTask:
        operation: Any = OperationFactory(owner_office=cast.team, author=cast.owner, state="approved")
        activate_operation(operation, actor=cast.owner, version=1)
        return OperationTask.objects.create(
            revision=revision_of(operation),
            title="Escort",
            office=cast.team,
            starts_at=ahead(days=6),
            ends_at=ahead(days=8),
        )

    def told(self, cast: Cast, task: OperationTask, person: Any = None) -> set[str]:
        operation = task.revision.operation
        revision = revision_of(operation)
        revision.operation = operation
        found = read_plan(revision, person or cast.owner).conflicts.get(task.pk, [])
        return {one.kind for one in found if one.kind.startswith("asset")}

    def book(self, cast: Cast, task: OperationTask, **fields: Any) -> Any:
        given = {
            "asset": truck_of(cast.hq, cast.head_above),
            "operation": task.revision.operation,
            "task_key": task.key,
            "office": cast.team,
            "requested_by": cast.owner,
            "state": B.CONFIRMED,
            "starts_at": task.starts_at,
            "ends_at": task.ends_at,
        }
        return BookingFactory(**(given | fields))

    def test_what_fits_is_no_conflict(self, cast: Cast, task: OperationTask) -> None:
        self.book(cast, task)
        assert self.told(cast, task) == set()

    def test_other_times_than_the_task(self, cast: Cast, task: OperationTask) -> None:
        middle = ahead(days=7)
        self.book(cast, task, ends_at=middle)
        assert self.told(cast, task) == {"asset_times"}
        # Another of the kind relieves it.
        self.book(cast, task, starts_at=middle)
        assert self.told(cast, task) == set()

    def test_asset_under_repair(self, cast: Cast, task: OperationTask) -> None:
        truck = truck_of(cast.hq, cast.head_above, state="under_repair")
        self.book(cast, task, asset=truck)
        assert self.told(cast, task) == {"asset_repair"}
        Asset.objects.unscoped(WHY).filter(pk=truck.pk).update(back_at=ahead(days=5))
        assert self.told(cast, task) == set()

    def test_not_confirmed_when_the_task_begins(self, cast: Cast, task: OperationTask) -> None:
        booking = self.book(cast, task, state=B.REQUESTED)
        assert self.told(cast, task) == set()
        rows = OperationTask.objects.unscoped(WHY).filter(pk=task.pk)
        begun = ago(hours=1)
        rows.update(starts_at=begun)
        Booking.objects.unscoped(WHY).filter(pk=booking.pk).update(starts_at=begun)
        assert self.told(cast, task) == {"asset_waits"}

    def test_tells_nothing_of_assets_that_the_reader_does_not_see(
        self, cast: Cast, task: OperationTask
    ) -> None:
        hidden = truck_of(cast.hq, cast.head_above, state="under_repair", audience_components=[])
        self.book(cast, task, asset=hidden)
        assert self.told(cast, task) == set()
        assert self.told(cast, task, cast.head_above) == {"asset_repair"}
