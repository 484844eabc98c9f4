"""The pages of a project as its people use them: form, verbs, votes, money, home."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.models import ReadEntry
from cimic_portal.core.panels import Panel, _panels, add_panel
from operations.models import Qip, QipCriterion, QipMilestone, QipPayment, QipSeat, QipVote
from operations.models import QipState as S
from tests.factories.cast import Cast
from tests.factories.core import PlaceFactory
from tests.factories.operations_qip import (
    QipCriterionFactory,
    QipFactory,
    QipMilestoneFactory,
    QipPaymentFactory,
    make_committee,
    reviewed_qip,
    running_qip,
    whole_qip,
)
from tests.support.facts import WHY
from tests.support.pages import body, signed_in, table_rows, words

pytestmark = pytest.mark.django_db
NEW = "/operations/qips/new/"


def form(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What the browser sends for a whole proposal."""
    criterion = QipCriterionFactory()
    QipCriterion.objects.exclude(pk=criterion.pk).update(is_archived=True)
    today = timezone.localdate()
    sent = {
        "office": cast.team.pk,
        "title": "Well in Kona",
        "need": "The old well is dry.",
        "place_text": "",
        "place": "",
        "location": "Market",
        "position": "4.36, 18.55",
        "partner_text": "Relief Carana",
        "partner": str(cast.partner_organisation.pk),
        "beneficiaries": "The quarter",
        "beneficiary_count": "900",
        "starts_on": str(today),
        "ends_on": str(today + timedelta(days=60)),
        "classification": "1",
        "audience_components": ["1"],
        f"criterion-{criterion.pk}-is_met": "yes",
        f"criterion-{criterion.pk}-evidence": "Two months",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-what": "Pump",
        "lines-0-amount": "600.50",
        "lines-1-what": "",
        "lines-1-amount": "",
        "milestones-TOTAL_FORMS": "1",
        "milestones-INITIAL_FORMS": "0",
        "milestones-0-what": "Drilled",
        "milestones-0-due_on": str(today + timedelta(days=30)),
        "then": "save",
    }
    return {**sent, **changed}


def only() -> Any:
    return Qip.objects.unscoped(WHY).get()


class TestForm:
    def test_saves_a_draft_with_its_parts(self, cast: Cast) -> None:
        client = signed_in(cast.owner)
        assert "one project costs" in words(body(client.get(NEW)))
        answer = client.post(NEW, form(cast))
        assert answer.status_code == 302, body(answer)
        qip = only()
        assert (qip.state, qip.budget, qip.partner) == (S.DRAFT, Decimal("600.50"), cast.partner_organisation)
        page = words(body(client.get(qip.get_absolute_url())))
        for shown in (
            "Well in Kona",
            "600.50",
            "Drilled",
            "Two months",
            "900 people",
            "34N",
            "Relief Carana",
        ):
            assert shown in page, shown

    def test_submits_at_once(self, cast: Cast) -> None:
        make_committee(cast)
        assert signed_in(cast.owner).post(NEW, form(cast, then="submit")).status_code == 302
        assert only().state == S.SUBMITTED

    def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(self, cast: Cast) -> None:
        make_committee(cast)
        sent = form(
            cast,
            then="submit",
            **{"lines-0-amount": "1000.01", "milestones-0-what": "", "milestones-0-due_on": ""},
        )
        name = next(key for key in sent if key.endswith("-is_met"))
        sent |= {name: "", name.replace("is_met", "evidence"): ""}
        answer = signed_in(cast.owner).post(NEW, sent)
        assert answer.status_code == 422
        page = body(answer)
        for told in ("over the ceiling of USD 1,000.00", "Answer the criterion", "at least one milestone"):
            assert told in page, told
        assert f'href="#id_{name}"' in page
        assert 'value="1000.01"' in page
        assert not Qip.objects.unscoped(WHY).exists()

    def test_is_kept_as_a_draft_where_nobody_can_review_it(self, cast: Cast) -> None:
        QipSeat.objects.all().delete()
        answer = signed_in(cast.owner).post(NEW, form(cast, then="submit"), follow=True)
        assert "Saved as a draft. There is no review committee yet" in words(body(answer))
        assert only().state == S.DRAFT

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"lines-0-amount": "1.005"}, "at most 2 digits after the point"),
            ({"lines-0-amount": "-1"}, "more than zero"),
            ({"lines-0-amount": "1e400"}, "digits"),
            ({"lines-0-what": ""}, "Say what the amount is for"),
            ({"lines-0-amount": ""}, "Give the amount"),
            ({"milestones-0-due_on": ""}, "Say by when"),
            ({"milestones-0-what": ""}, "Say what is to be done"),
            ({"position": "nowhere"}, "was not understood"),
            ({"title": ""}, "Fill this in"),
            ({"beneficiary_count": "99999999999"}, "or less"),
        ],
    )
    def test_what_cannot_be_read_is_told_at_its_row(
        self, cast: Cast, changed: dict[str, str], told: str
    ) -> None:
        answer = signed_in(cast.owner).post(NEW, form(cast, **changed))
        assert answer.status_code == 422
        assert told in words(body(answer))
        assert "Two months" in body(answer)

    def test_edit_shows_what_stands_and_asks_the_version(self, cast: Cast) -> None:
        make_committee(cast)
        qip = whole_qip(cast, state=S.RETURNED, returned_reason="Which pump?")
        client, address = signed_in(cast.owner), f"{qip.get_absolute_url()}edit/"
        page = body(client.get(address))
        for shown in ("Which pump?", "Well in Kona", "Two months", 'value="900.00"'):
            assert shown in page, shown
        assert client.post(address, form(cast, version=7)).status_code == 409
        assert client.post(address, form(cast, version=1, title="Two wells")).status_code == 302
        assert only().title == "Two wells"
        assert signed_in(cast.colleague).get(address).status_code == 403
        assert signed_in(cast.partner).get(address).status_code == 404


def post(client: Any, qip: Qip, verb: str, **sent: Any) -> Any:
    qip.refresh_from_db()
    return client.post(f"{qip.get_absolute_url()}{verb}/", {"version": qip.version, **sent})


def test_from_proposal_to_closure_by_pages_alone(cast: Cast) -> None:
    make_committee(cast)
    author, chair = signed_in(cast.owner), signed_in(cast.head_above)
    author.post(NEW, form(cast, then="submit"))
    qip = only()
    assert post(chair, qip, "take-up").status_code == 302
    for person in (cast.head, cast.other_component):
        member = signed_in(person)
        assert "Vote" in words(body(member.get(f"{qip.get_absolute_url()}vote/")))
        seat = QipVote.objects.unscoped(WHY).get(qip=qip, position=person.holdings.get().position)
        sent = {"choice": "for", "reason": "They need it", "position": seat.position_id}
        assert post(member, qip, "vote", **sent).status_code == 302
    page = words(body(chair.get(qip.get_absolute_url())))
    assert "2 of 3 members have voted: 2 for, 0 against, 0 abstained. The quorum is 2." in page
    # In the list of votes and in the history.
    assert page.count("They need it") == 4
    assert post(chair, qip, "approve", amount="600.50").status_code == 302
    assert post(author, qip, "start").status_code == 302
    row = QipMilestone.objects.unscoped(WHY).get()
    today = str(timezone.localdate())
    paid = {"paid_on": today, "amount": "600.51", "voucher": "V-1", "milestone": row.pk}
    over = post(author, qip, "pay", **paid)
    assert over.status_code == 422
    assert "USD 600.50 of the approved amount are left" in words(body(over))
    assert post(author, qip, "pay", **{**paid, "amount": "600.50"}).status_code == 302
    done = {"done_on": today, "note": "Water at the tap"}
    assert post(author, qip, f"milestones/{row.pk}", **done).status_code == 302
    report = {
        "completed_on": today,
        "result": "It flows",
        "handed_to": "The committee",
        "reached_count": "870",
    }
    assert post(author, qip, "complete", **report).status_code == 302
    assert post(chair, qip, "close").status_code == 302
    page = words(body(author.get(qip.get_absolute_url())))
    for shown in ("It flows", "Water at the tap", "USD 600.50 of 600.50 paid, 0.00 left", "870"):
        assert shown in page, shown
    for told in ("Submitted", "Taken up for review", "Voted", "Approved", "Payment recorded", "Closed"):
        assert told in page, told
    assert only().state == S.CLOSED


def test_payment_is_struck_and_stays_readable(cast: Cast) -> None:
    qip = running_qip(cast)
    row = QipPaymentFactory(qip=qip, recorded_by=cast.owner, voucher="V-77")
    client = signed_in(cast.owner)
    address = f"{qip.get_absolute_url()}payments/{row.pk}/strike/"
    assert "V-77" in body(client.get(address))
    assert client.post(address, {"version": 1, "reason": "Typed twice"}).status_code == 302
    page = body(client.get(qip.get_absolute_url()))
    assert 'class="struck"' in page
    assert "Typed twice" in page
    assert client.get(address).status_code == 404
    assert QipPayment.objects.unscoped(WHY).get().struck_at is not None


@pytest.mark.parametrize(
    ("state", "fields", "told"),
    [
        (S.RETURNED, {"returned_reason": "Which pump?"}, "Returned: “Which pump?”"),
        (S.NOT_APPROVED, {"decision_reason": "Others dig"}, "Not approved: “Others dig”"),
        (S.CANCELLED, {"cancelled_reason": "They moved"}, "Cancelled: “They moved”"),
        (S.UNDER_WAY, {"reopened_reason": "No tap"}, "More is asked for: “No tap”"),
    ],
)
def test_reasons_stand_on_the_page(cast: Cast, state: str, fields: dict[str, str], told: str) -> None:
    qip = running_qip(cast, state, **fields)
    assert told in words(body(signed_in(cast.owner).get(qip.get_absolute_url())))


def test_page_tells_what_lies_near_it_and_takes_panels_of_higher_apps(cast: Cast) -> None:
    qip = running_qip(cast)
    PlaceFactory(name="Girls' school", kind="school", latitude="4.361000")
    spot = {"latitude": qip.latitude, "longitude": qip.longitude}
    QipFactory(owner_office=cast.team, author=cast.owner, title="Latrines", classification=3, **spot)
    QipFactory(owner_office=cast.country_office, author=cast.partner, title="Hidden one", **spot)
    panel = Panel(
        "qip",
        "Notified sites",
        "liaison/panels/contacts.html",
        lambda _qip, _person: {"rows": [], "level": 1},
    )
    add_panel(panel)
    try:
        answer = signed_in(cast.owner).get(qip.get_absolute_url())
    finally:
        _panels.remove(panel)
    page = words(body(answer))
    for shown in ("Girls' school School · 0.1 km", "Latrines 0.0 km", "Notified sites"):
        assert shown in page, shown
    assert "Hidden one" not in page
    # What is named there counts for the level of the page, and is in the trail of reads.
    assert "Strictly confidential" in page
    assert ReadEntry.objects.filter(person=cast.owner, surface="qip").exists()


def test_list_has_its_tabs_and_columns(cast: Cast) -> None:
    qip = reviewed_qip(cast, {"head": "for"})
    whole_qip(cast, title="My draft")
    for name, rows in (("head", 0), ("other_component", 1), ("owner", 0)):
        client = signed_in(getattr(cast, name))
        assert len(table_rows(client.get("/operations/qips/?my_vote=1"))) == rows, name
    client = signed_in(cast.owner)
    assert len(table_rows(client.get("/operations/qips/?review=1"))) == 1
    assert len(table_rows(client.get("/operations/qips/?my_office=1"))) == 2
    (row,) = table_rows(client.get(f"/operations/qips/?state={qip.state}"))
    assert "900" in row
    assert "USD" in row


class TestHome:
    def home(self, person: Any) -> str:
        return words(body(signed_in(person).get("/")))

    def test_vote_waits_for_the_seat_and_not_for_the_author(self, cast: Cast) -> None:
        reviewed_qip(cast, {"head": "for"}, title="Well in Kona")
        assert "Your vote is asked for as" in self.home(cast.other_component)
        for person in (cast.head, cast.owner, cast.delegate):
            assert "Your vote is asked for" not in self.home(person)

    def test_chair_is_asked_when_the_quorum_stands(self, cast: Cast) -> None:
        qip = reviewed_qip(cast, {"head": "for"})
        assert "The committee has voted" not in self.home(cast.head_above)
        seat = QipVote.objects.unscoped(WHY).get(position=cast.other_component.holdings.get().position)
        now = {"choice": "for", "reason": "So", "voter": cast.other_component, "voted_at": timezone.now()}
        QipVote.objects.unscoped(WHY).filter(pk=seat.pk).update(**now)
        assert f"The committee has voted on the proposal by {qip.owner_office}" in self.home(cast.head_above)

    def test_completion_returned_drafts_and_milestones_wait(self, cast: Cast) -> None:
        running_qip(cast, S.COMPLETED)
        whole_qip(cast, state=S.RETURNED, returned_reason="Which pump?")
        whole_qip(cast, title="Unfinished one")
        QipMilestoneFactory(qip=running_qip(cast), what="Late step", due_on=timezone.localdate())
        assert "Completion report by" in self.home(cast.head_above)
        page = self.home(cast.owner)
        for shown in ("Which pump?", "Unfinished one", "Late step"):
            assert shown in page, shown
        assert "Late step" not in self.home(cast.outsider)
