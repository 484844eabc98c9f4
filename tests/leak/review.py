"""After-action reviews: their pages, their forms and their endpoints, for each operation of the world."""

from __future__ import annotations

from django.urls import reverse

from operations.models import Operation
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor

FORMS = ("review_edit", "finding_new")
STEPS = ("finding_edit", "finding_withdraw")
API_STEPS = ("api:review-change-finding", "api:review-withdraw-finding")


@surface("reviews", "operation_review", "api:review-review")
def _reviews(visitor: Visitor) -> None:
    """Whoever may see the operation reads its review and what was found."""
    for operation in visitor.some(visitor.world.records[Operation]):
        for route in ("operation_review", "api:review-review"):
            visitor.must_open(reverse(route, args=[operation.reference]), operation)


@surface("forms of a review", *FORMS, *STEPS)
def _forms(visitor: Visitor) -> None:
    for index, operation in visitor.some(enumerate(visitor.world.records[Operation])):
        address = reverse(FORMS[index % 2], args=[operation.reference])
        visitor.must_open(address, operation)
        visitor.must_open(address, operation, answer=visitor.post(address, {"version": STALE}))
    for index, finding in visitor.some(enumerate(visitor.world.findings)):
        address = reverse(STEPS[index % 2], args=[finding.operation.reference, finding.pk])
        visitor.must_open(address, finding.operation)
        sent = {"version": STALE, "reason": "Why", "observation": "Typed", "recommendation": "Typed"}
        visitor.must_open(address, finding.operation, answer=visitor.post(address, sent))


@surface("reviews written through the API", *API_STEPS, "api:review-add-finding", tells=False)
def _api(visitor: Visitor) -> None:
    for index, finding in visitor.some(enumerate(visitor.world.findings)):
        operation = finding.operation
        adding = reverse("api:review-add-finding", args=[operation.reference])
        visitor.must_open(adding, operation, answer=visitor.post_json(adding, {}))
        address = reverse(API_STEPS[index % 2], args=[operation.reference, finding.pk])
        sent = {"version": STALE, "reason": "Why", "observation": "Typed", "recommendation": "Typed"}
        send = visitor.put_json if index % 2 == 0 else visitor.post_json
        visitor.must_open(address, operation, answer=send(address, sent))
