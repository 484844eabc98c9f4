"""A rotation from a table: tried, entered as far as it fits, and the same as by hand in what it may do."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core import tasks
from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Holding, OutboxEntry, Person, Position, Proposal, ProposalState
from cimic_portal.core.services.proposals import confirm
from cimic_portal.core.services.rotation import Outcome, import_rotation, try_rotation
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import Cast, make_cast
from tests.factories.core import HoldingFactory, OfficeFactory, PersonFactory, PositionFactory, ago
from tests.support.pages import body, signed_in, words

pytestmark = pytest.mark.django_db
WHY = "Rotation 12, order 4"
NEW = "diallo@mission.example"
DAY = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def post(cast: Cast) -> Position:
    """The ordinary post of the owner, with a title and an office of their own."""
    found: Position = cast.owner.holdings.get().position
    return found


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def arrives(post: Position, email: str = NEW, **more: str) -> dict[str, str]:
    texts = {"movement": "arrives", "email": email, "given_name": "Ana", "family_name": "Diallo"}
    place = {"office": post.office.name, "position": post.title, "since": DAY.isoformat()}
    return texts | place | {"line": "2"} | more


def departs(person: Person, day: date = DAY, **more: str) -> dict[str, str]:
    return {"movement": "departs", "email": person.email, "until": day.isoformat(), "line": "3"} | more


def enter(cast: Cast, *rows: dict[str, str]) -> Outcome:
    return import_rotation(rows, actor=cast.auditor, reason=WHY)


def refusal(cast: Cast, *rows: dict[str, str]) -> str:
    """Why the last of the rows stays out."""
    return " ".join(try_rotation(rows, actor=cast.auditor)[-1].problems)


def standing() -> list[Any]:
    """Everything that an import could change."""
    people = Person.objects.order_by("pk").values_list("pk", "is_active", "clearance")
    held = Holding.objects.order_by("pk").values_list("pk", "person", "position", "since", "until")
    return [*people, *held, Proposal.objects.count(), OutboxEntry.objects.count()]


def deliver_all() -> None:
    for entry in OutboxEntry.objects.order_by("pk"):
        tasks.deliver(entry.pk)


def test_somebody_new_takes_over_and_the_other_serves_until_the_day_before(
    cast: Cast, post: Position
) -> None:
    [row] = try_rotation([arrives(post, rank="Maj")], actor=cast.auditor)
    told = " ".join(row.effects)
    assert f"Takes over {post}" in told
    assert f"Replaces {cast.owner}" in told
    assert "New: Maj Ana Diallo" in told
    assert not Person.objects.filter(email=NEW).exists()
    assert enter(cast, arrives(post, NEW.upper(), rank="Maj")) == Outcome(1, 0, 0, 0)
    made = Person.objects.get(email=NEW)
    assert (made.form_of_address, made.component) == ("Maj", post.office.component)
    assert not made.has_usable_password()
    service = made.holdings.get()
    assert (service.position, service.since, service.until) == (post, midnight(DAY), None)
    assert cast.owner.holdings.get().until == midnight(DAY)
    event = made.events.get()  # type: ignore[attr-defined]
    context = event.pgh_context
    assert (context["verb"], context["actor"], context["reason"]) == (
        "rotation.import",
        cast.auditor.pk,
        WHY,
    )
    deliver_all()
    assert [message.to for message in mail.outbox] == [[NEW]]


def test_the_same_table_twice_changes_nothing(cast: Cast, post: Position) -> None:
    head = PositionFactory(office=OfficeFactory(organisation=cast.mission), is_head=True)
    rows = [
        arrives(post, clearance="Confidential"),
        departs(cast.colleague, account="close"),
        arrives(head, "chief@mission.example", family_name="Chief"),
    ]
    assert enter(cast, *rows) == Outcome(3, 0, 0, 2)
    before = standing()
    assert enter(cast, *rows) == Outcome(0, 3, 0, 0)
    assert standing() == before
    # When the later one has taken over in turn, the earlier row still is what stands.
    enter(cast, arrives(post, "next@mission.example", since=(DAY + timedelta(days=90)).isoformat()))
    before = standing()
    assert enter(cast, *rows) == Outcome(0, 3, 0, 0)
    assert standing() == before


def test_a_head_confirmed_later_is_what_the_row_asked_for(cast: Cast) -> None:
    head = PositionFactory(office=OfficeFactory(organisation=cast.mission), is_head=True)
    row = arrives(head, since=(timezone.localdate() - timedelta(days=3)).isoformat())
    enter(cast, row)
    assert not Holding.objects.filter(position=head).exists()
    confirm(Proposal.objects.get(), actor=PersonFactory(is_staff=True))
    assert Holding.objects.get(position=head).person.email == NEW
    assert enter(cast, row) == Outcome(0, 1, 0, 0)


def test_a_head_stays_until_a_second_administrator_has_confirmed_the_next(cast: Cast) -> None:
    post = cast.head.holdings.get().position
    [row] = try_rotation([arrives(post)], actor=cast.auditor)
    assert row.waits
    enter(cast, arrives(post))
    assert cast.head.holdings.get().until is None
    asked = Proposal.objects.get()
    assert (asked.state, asked.since, asked.reason) == (ProposalState.WAITING, midnight(DAY), WHY)


def test_a_higher_clearance_waits_and_a_lower_one_counts(cast: Cast, post: Position) -> None:
    rows = [
        arrives(post, clearance="strictly confidential"),
        arrives(
            PositionFactory(office=cast.team), cast.outsider.email, family_name="", clearance="confidential"
        ),
    ]
    assert enter(cast, *rows).waiting == 1
    assert Person.objects.get(email=NEW).clearance == Classification.UNCLASSIFIED
    assert Proposal.objects.get().clearance == Classification.STRICTLY_CONFIDENTIAL
    cast.outsider.refresh_from_db()
    assert cast.outsider.clearance == Classification.CONFIDENTIAL


def test_who_says_when_they_depart_hands_over_until_then(cast: Cast, post: Position) -> None:
    last = DAY + timedelta(days=6)
    rows = [arrives(post), departs(cast.owner, last)]
    assert "stays beside until" in " ".join(try_rotation(rows, actor=cast.auditor)[0].effects)
    enter(cast, *rows)
    assert cast.owner.holdings.get().until == midnight(last + timedelta(days=1))
    assert enter(cast, *rows) == Outcome(0, 2, 0, 0)


def test_an_account_is_closed_when_the_day_is_over(cast: Cast) -> None:
    enter(cast, departs(cast.colleague, account="close"), departs(cast.owner))
    entry = OutboxEntry.objects.get(kind="person.leave")
    assert entry.due_at == midnight(DAY + timedelta(days=1))
    cast.colleague.refresh_from_db()
    assert cast.colleague.is_active
    yesterday = timezone.localdate() - timedelta(days=1)
    enter(cast, departs(cast.other_component, yesterday, account="close"))
    deliver_all()
    cast.other_component.refresh_from_db()
    assert not cast.other_component.is_active
    event = cast.other_component.events.order_by("-pgh_id").first()  # type: ignore[attr-defined]
    assert (event.pgh_context["verb"], event.pgh_context["actor"]) == ("person.leave", cast.auditor.pk)


def test_an_account_stays_open_for_whoever_has_a_post_again(cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    enter(cast, departs(cast.colleague, yesterday, account="close"))
    HoldingFactory(person=cast.colleague, position=PositionFactory(office=cast.sector), since=ago(hours=1))
    deliver_all()
    cast.colleague.refresh_from_db()
    assert cast.colleague.is_active


def test_somebody_who_comes_back_is_let_in_again(cast: Cast) -> None:
    post = PositionFactory(office=cast.sector)
    enter(cast, arrives(post, cast.inactive.email, family_name=cast.inactive.family_name))
    cast.inactive.refresh_from_db()
    assert cast.inactive.is_active
    deliver_all()
    assert [message.to for message in mail.outbox] == [[cast.inactive.email]]


def test_nobody_moves_themselves(cast: Cast) -> None:
    own = cast.auditor.holdings.get().position
    free = PositionFactory(office=cast.team)
    assert "yourself" in refusal(cast, arrives(free, cast.auditor.email, family_name=""))
    assert "yourself" in refusal(cast, departs(cast.auditor))
    assert "your own service" in refusal(cast, arrives(own))
    with pytest.raises(InvalidError):
        enter(cast, departs(cast.auditor))
    assert cast.auditor.holdings.get().until is None


def test_only_administrators_with_a_reason(cast: Cast, post: Position) -> None:
    with pytest.raises(RefusedError):
        import_rotation([arrives(post)], actor=cast.head_above, reason=WHY)
    with pytest.raises(InvalidError):
        import_rotation([arrives(post)], actor=cast.auditor, reason=" ")
    assert not Person.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"movement": "comes"}, "“arrives” or “departs”"),
        ({"email": "nonsense"}, "Email:"),
        ({"email": ""}, "Email:"),
        ({"family_name": ""}, "Family name:"),
        ({"given_name": "x" * 81}, "Given name:"),
        ({"rank": "x\0"}, "cannot be stored"),
        ({"component": "navy"}, "none of: Military, Police"),
        ({"clearance": "secret"}, "none of: Unclassified"),
        ({"office": "Moon base"}, "There is no office “Moon base”"),
        ({"position": "Astronaut"}, "no position “Astronaut”"),
        ({"organisation": "Relief Carana"}, "of that organisation"),
        ({"since": ""}, "first day"),
        ({"since": "soon"}, "is no day"),
        ({"since": "9999-12-31"}, "ten years"),
        ({"until": "2001-01-01"}, "ten years"),
        ({"until": DAY.isoformat(), "since": (DAY + timedelta(days=1)).isoformat()}, "before the first"),
        ({"account": "close"}, "leave Account empty"),
        ({"email": "OWNER"}, "This address is that of"),
    ],
)
def test_why_an_arrival_stays_out(cast: Cast, post: Position, changes: dict[str, str], said: str) -> None:
    if changes.get("email") == "OWNER":
        changes = {"email": cast.colleague.email}
    assert said in refusal(cast, arrives(post) | changes)


def test_what_contradicts_what_stands_stays_out(cast: Cast, post: Position) -> None:
    later = DAY + timedelta(days=10)
    HoldingFactory(person=cast.colleague, position=post, since=midnight(later))
    assert "takes this position over" in refusal(cast, arrives(post))
    assert not refusal(cast, arrives(post, until=(later - timedelta(days=1)).isoformat()))
    held = {"family_name": "", "email": cast.owner.email}
    assert "already in a part" in refusal(cast, arrives(post) | held)
    two = [arrives(PositionFactory(office=cast.sector))] * 2
    assert try_rotation(two, actor=cast.auditor)[1].stands
    assert "does not hold" in refusal(
        cast, departs(cast.outsider, office=cast.team.name, position=post.title)
    )
    assert "cannot be closed" in refusal(cast, departs(cast.colleague, DAY, account="close"))
    assert "Nobody in the portal" in refusal(cast, departs(Person(email="nobody@x.example")))
    assert "last day" in refusal(cast, departs(cast.owner, until=""))
    archived = PositionFactory(office=cast.team, is_archived=True)
    assert "no longer filled" in refusal(cast, arrives(archived))
    OfficeFactory(organisation=cast.partner_organisation, name="Sector North")
    twice = PositionFactory(office=cast.sector)
    assert "More than one office" in refusal(cast, arrives(twice))
    assert not refusal(cast, arrives(twice, organisation=cast.mission.name))


def test_good_rows_are_entered_beside_refused_ones(cast: Cast, post: Position) -> None:
    assert enter(cast, arrives(post), departs(cast.auditor)) == Outcome(1, 0, 1, 0)
    assert Person.objects.filter(email=NEW).exists()


def test_many_rows_are_tried_with_as_many_queries_as_few(cast: Cast) -> None:
    posts = [PositionFactory(office=cast.team) for _number in range(30)]
    rows = [arrives(post, f"new{number}@mission.example") for number, post in enumerate(posts)]
    counts = []
    for part in (rows[:2], rows):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            try_rotation(part, actor=cast.auditor)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert enter(cast, *rows).entered == 30
    assert Holding.objects.filter(position__in=posts).count() == 30


class TestPages:
    @pytest.fixture
    def pages(self, cast: Cast) -> Client:
        return signed_in(cast.auditor)

    def sent(self, pages: Client, *rows: dict[str, str], **more: str) -> Any:
        content = "Movement,E-mail,Given name,Family name,Office,Position,From,Until,Account\n" + "\n".join(
            ",".join(
                row.get(name, "")
                for name in (
                    "movement",
                    "email",
                    "given_name",
                    "family_name",
                    "office",
                    "position",
                    "since",
                    "until",
                    "account",
                )
            )
            for row in rows
        )
        upload = SimpleUploadedFile("rotation.csv", content.encode())
        return pages.post("/admin/rotation/", {"file": upload, "reason": WHY} | more)

    def test_preview_then_step(self, pages: Client, cast: Cast, post: Position) -> None:
        preview = self.sent(pages, arrives(post), departs(cast.auditor))
        told = words(body(preview))
        assert "1 row can be entered" in told
        assert "1 row stays out" in told
        assert "You cannot change this for yourself" in told
        assert not Person.objects.filter(email=NEW).exists()
        rows = preview.context_data["sent"]
        answer = pages.post("/admin/rotation/", {"rows": rows, "reason": WHY}, follow=True)
        assert "1 row entered." in words(body(answer))
        assert Person.objects.filter(email=NEW).exists()

    def test_nothing_typed_is_lost(self, pages: Client, cast: Cast, post: Position) -> None:
        answer = self.sent(pages)
        assert answer.status_code == 422
        assert "The table names nobody" in words(body(answer))
        assert WHY in body(answer)
        rows = json.dumps([arrives(post)])
        answer = pages.post("/admin/rotation/", {"rows": rows, "reason": ""})
        assert answer.status_code == 422
        assert NEW in body(answer)
        assert not Person.objects.filter(email=NEW).exists()

    @pytest.mark.parametrize(
        "rows", ["", "nonsense", "[]", "[1]", '[{"email": 5}]', '[{"email": "\\u0000"}]']
    )
    def test_invented_rows_are_told(self, pages: Client, rows: str) -> None:
        assert pages.post("/admin/rotation/", {"rows": rows, "reason": WHY}).status_code == 422

    def test_the_empty_table_is_one_that_the_import_reads(self, pages: Client) -> None:
        answer: Any = pages.get(reverse("admin:rotation_table"))
        upload = SimpleUploadedFile("rotation.csv", answer.content + b"arrives,x@y.example,,,,,,,,,,,\n")
        preview = pages.post("/admin/rotation/", {"file": upload, "reason": WHY})
        assert "1 row stays out" in words(body(preview))

    def test_others_are_kept_out(self, cast: Cast) -> None:
        assert signed_in(cast.head_above).get("/admin/rotation/", follow=True).status_code == 403
