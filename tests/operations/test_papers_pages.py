"""Papers of an order: asked for on the page or over the API, listed with whether they hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cimic_portal.core.models import Document, DocumentState
from cimic_portal.core.services.documents import make_again, release_copy
from operations.models import Operation, PlanRevision
from operations.policies.papers import can_make_paper
from operations.reports.plan_book import find_revision
from tests.factories.core import post_someone
from tests.operations.paper_steps import amended, approved, begun, fresh, kept, latest
from tests.operations.steps import WHY, drafted, revision_of, staffed
from tests.support.pages import body, signed_in

pytestmark = pytest.mark.django_db


def at(operation: Operation, query: str = "") -> str:
    return reverse("operation_papers", args=[operation.reference]) + query


def ask(person: Any, operation: Operation, **sent: Any) -> Any:
    office = person.holdings.get().position.office_id
    fields = {"revision": latest(operation).number, "paper": "order", "office": office}
    return signed_in(person).post(at(operation), {**fields, **sent})


def test_asked_for_on_the_page_and_listed_while_it_is_made(cast: Any) -> None:
    operation = approved(cast)
    assert ask(cast.owner, operation).status_code == 302
    document = Document.objects.unscoped(WHY).get()
    assert document.kind == "order"
    assert document.parameters == {"operation": operation.reference, "revision": 1, "copy": 1}
    assert operation.title not in document.title
    page = body(signed_in(cast.owner).get(at(operation)))
    assert "Order, Plan, revision 1, copy 1" in page
    assert reverse("document_progress", args=[document.reference]) in page
    assert "You can leave this page" in page


def test_the_operation_offers_it(cast: Any) -> None:
    operation = approved(cast)
    assert at(operation) in body(signed_in(cast.partner).get(operation.get_absolute_url()))


def test_a_frago_is_chosen_beforehand_by_its_address(cast: Any) -> None:
    operation = approved(cast)
    amended(cast, operation)
    page = signed_in(cast.owner).get(at(operation, "?revision=2&paper=frago"))
    assert page.context["form"].initial["paper"] == "frago"
    assert page.context["form"].initial["revision"] == 2
    for query in ("?revision=99", "?revision=x", "?revision=1&paper=frago", "?paper=' or 1"):
        form = signed_in(cast.owner).get(at(operation, query)).context["form"]
        assert form.initial["paper"] == "order"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"paper": "frago"}, "paper"),
        ({"paper": "letter"}, "paper"),
        ({"revision": "9"}, "revision"),
        ({"revision": "x"}, "revision"),
        ({"office": ""}, "office"),
    ],
)
def test_what_cannot_be_made_is_told_at_its_field(cast: Any, sent: dict[str, str], field: str) -> None:
    operation = approved(cast)
    answer = ask(cast.owner, operation, **sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Document.objects.unscoped(WHY).exists()


def test_nobody_has_it_made_for_the_office_of_others(cast: Any) -> None:
    operation = approved(cast)
    assert ask(cast.owner, operation, office=cast.police.pk).status_code == 422


def test_copies_are_numbered_within_an_office_and_again_when_made_again(cast: Any) -> None:
    operation = approved(cast)
    numbers = [kept(person, latest(operation)).parameters["copy"] for person in (cast.owner, cast.colleague)]
    assert numbers == [1, 2]
    assert kept(cast.other_component, latest(operation)).parameters["copy"] == 1
    first = Document.objects.unscoped(WHY).order_by("pk").first()
    assert make_again(first, actor=cast.owner).parameters["copy"] == 3


def standing(person: Any, operation: Operation) -> list[str]:
    papers = signed_in(person).get(at(operation)).context["papers"]
    return [f"{paper.what}: {paper.standing}" for paper in papers]


def test_each_paper_says_whether_it_holds(cast: Any) -> None:
    operation = approved(cast)
    kept(cast.owner, latest(operation))
    assert standing(cast.owner, operation) == ["Order, Plan, revision 1, copy 1: In force"]
    begun(cast, fresh(operation))
    kept(cast.owner, latest(operation))
    assert standing(cast.owner, operation)[0] == "Order, FRAGO being written, copy 2: Draft"
    from operations.services.frago import issue_frago, submit_frago
    from tests.operations.plan_steps import saved

    saved(operation, "Noon", cast.owner)
    for step, actor in ((submit_frago, cast.owner), (issue_frago, cast.head_above)):
        step(fresh(operation), actor=actor, version=fresh(operation).version)
    kept(cast.owner, latest(operation), "frago")
    assert standing(cast.owner, operation) == [
        "FRAGO 01, copy 1: Issued",
        "Order, FRAGO 01, copy 2: Made as a draft",
        "Order, Plan, revision 1, copy 1: Superseded",
    ]
    Operation.objects.unscoped(WHY).filter(pk=operation.pk).update(state="completed")
    kept(cast.owner, latest(operation))
    assert standing(cast.owner, operation)[0].endswith(": Completed")


def test_the_page_of_the_document_says_so_too(cast: Any) -> None:
    operation = approved(cast)
    document = kept(cast.owner, latest(operation))
    amended(cast, operation)
    page = body(signed_in(cast.colleague).get(document.get_absolute_url()))
    assert "Superseded by FRAGO 01 of" in page
    assert at(operation) in page


def test_the_old_paper_stays_readable(cast: Any) -> None:
    operation = approved(cast)
    document = kept(cast.owner, latest(operation))
    amended(cast, operation)
    answer = signed_in(cast.owner).get(reverse("document_fetch", args=[document.reference]))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_draft_on_paper_is_fetched_by_those_alone_who_read_drafts(cast: Any) -> None:
    """Of an office that takes part in the order, one was asked to write in the FRAGO; the others were not."""
    from operations.models import PlanWriter

    operation = approved(cast)
    begun(cast, fresh(operation))
    position = cast.other_component.holdings.get().position
    PlanWriter.objects.create(operation=operation, section="mission", position=position)
    cast.other_component.refresh_from_db()
    draft = kept(cast.other_component, latest(operation))
    assert draft.state == DocumentState.READY
    address = reverse("document_fetch", args=[draft.reference])
    assert signed_in(cast.other_component).get(address).status_code == 200
    beside = post_someone(cast.police, component=cast.other_component.component)
    assert Operation.objects.visible_to(beside).filter(pk=operation.pk).exists()
    assert signed_in(beside).get(address).status_code == 403
    assert not signed_in(beside).get(at(operation)).context["papers"]
    page = body(signed_in(beside).get(draft.get_absolute_url()))
    assert "FRAGO" not in page
    assert operation.title not in page


def test_a_released_copy_stands_with_the_papers_of_those_who_may_read_it(cast: Any) -> None:
    operation = approved(cast)
    document = kept(cast.owner, latest(operation))
    assert not signed_in(cast.partner).get(at(operation)).context["papers"]
    release_copy(
        document,
        actor=cast.head,
        version=document.version,
        reason="For the country office",
        classification=1,
        audience_components=[cast.partner.component],
        audience_organisations=[],
    )
    assert standing(cast.partner, operation) == ["Order, Plan, revision 1, copy 1: In force"]


def test_the_level_is_that_of_the_operation(cast: Any) -> None:
    operation = approved(cast)
    Operation.objects.unscoped(WHY).filter(pk=operation.pk).update(classification=2)
    document = kept(cast.owner, latest(operation))
    assert document.classification == 2
    assert document.source_count == 2


def test_over_the_api(cast: Any) -> None:
    operation = approved(cast)
    client, address = signed_in(cast.partner), f"/api/v1/operations/{operation.reference}/papers/"
    sent = {"paper": "order", "office": cast.country_office.pk}
    answer = client.post(address, sent, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["state"] == "queued"
    (listed,) = client.get(address).json()
    assert listed["document"]["reference"] == answer.json()["reference"]
    assert (listed["revision"], listed["copy"], listed["standing"]) == (1, 1, "In force")
    for wrong, code in (
        ({"paper": "letter"}, 422),
        ({"office": None}, 422),
        ({"office": cast.team.pk}, 403),
        ({"paper": "frago"}, 403),
        ({"revision": 7}, 404),
    ):
        told = client.post(address, {**sent, **wrong}, content_type="application/json")
        assert told.status_code == code, told.json()


# Who has a paper made of which revision: one table, person by person.
EVERYONE = ("owner", "colleague", "head", "head_above", "delegate")
TAKING_PART = ("other_component", "group_member", "partner")
# Of the military, which is among its readers.
AUDIENCE = ("auditor",)
TABLE = {
    "draft": set(EVERYONE),
    "staffing": {*EVERYONE, *TAKING_PART, *AUDIENCE},
    "in force": {*EVERYONE, *TAKING_PART, *AUDIENCE},
    "frago": set(EVERYONE),
}


@pytest.mark.parametrize("state", TABLE)
def test_who_has_which_paper_made(cast: Any, state: str) -> None:
    makers = {"draft": drafted, "staffing": staffed}
    operation = makers.get(state, approved)(cast)
    if state == "frago":
        begun(cast, operation)
    revision = latest(operation)
    may = {
        name
        for name, person in cast.everyone().items()
        if (found := find_revision(person, operation, str(revision.number)))
        and Operation.objects.visible_to(person).filter(pk=operation.pk).exists()
        and can_make_paper(person, found)
    }
    assert may == TABLE[state]


def test_what_was_dropped_and_what_is_no_frago_is_refused_with_the_reason(cast: Any) -> None:
    operation = approved(cast)
    assert "order itself" in can_make_paper(cast.owner, latest(operation), "frago").reason
    revision = revision_of(operation)
    revision.state = "dropped"
    assert "dropped" in can_make_paper(cast.owner, revision).reason
    assert not can_make_paper(cast.postless, latest(operation))


def test_pages_ask_as_often_with_many_papers(cast: Any) -> None:
    operation = approved(cast)
    addresses = (at(operation), f"/api/v1/operations/{operation.reference}/papers/")
    client = signed_in(cast.owner)

    def counted() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    def add(count: int) -> None:
        for number in range(count):
            Document.objects.create(
                kind="order",
                form="pdf",
                title="T",
                state="ready",
                parameters={"operation": operation.reference, "revision": 1, "copy": number},
                owner_office=cast.team,
                author=post_someone(cast.team),
            )

    add(2)
    few = counted()
    add(8)
    assert counted() == few
    assert PlanRevision.objects.unscoped(WHY).count() == 1
