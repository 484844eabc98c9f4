"""Readiness: whose record is hidden is on no page of it, in no sum, no file and no answer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from operations.models import Operation
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor
from tests.support.facts import WHY
from training.figures.register import FIGURES
from training.models import Absence, OperationRequirement, TrainingRecord

_FORMS = ("csv", "xlsx")


def _split(visitor: Visitor) -> tuple[list[TrainingRecord], list[TrainingRecord]]:
    """The records that the person may see, and the others, of the people of the cast."""
    every = TrainingRecord.objects.unscoped(WHY).filter(
        person__in=[person.pk for person in visitor.world.cast.everyone().values()]
    )
    seen = set(TrainingRecord.objects.visible_to(visitor.person).values_list("pk", flat=True))
    rows = list(every.select_related("person").order_by("pk"))
    return [row for row in rows if row.pk in seen], [row for row in rows if row.pk not in seen]


def _hears(visitor: Visitor, where: str, answer: Any) -> None:
    """Nobody hidden is told of, by name or reference."""
    for record in _split(visitor)[1]:
        if record.person.pk == visitor.person.pk:
            continue
        for word in (str(record.person), record.reference):
            if word in answer.said and word not in where:
                visitor.fault(f"{where}: told of {word}, whose record is hidden")


def _tells_everybody(visitor: Visitor, where: str, answer: Any) -> None:
    for record in _split(visitor)[0]:
        if visitor.enters and str(record.person) not in answer.said:
            visitor.fault(f"{where}: does not tell of {record.person}")


@surface(
    "readiness of offices",
    "readiness",
    "readiness_courses",
    "figures",
    *(f"figures_{form}" for form in _FORMS),
    "api:figure-list",
    "api:figure-detail",
    "who_can",
    "my_readiness",
    "office_readiness",
    "office_readiness_document",
    "api:office-readiness-detail",
    "api:office-readiness-who-can",
    *(f"office_readiness_{form}" for form in _FORMS),
)
def _of_offices(visitor: Visitor) -> None:
    world = visitor.world
    top = (world.cast.hq.pk, world.cast.country_office.pk)
    pages = ["readiness", "readiness_courses", "figures", "my_readiness"]
    pages += [*(f"figures_{form}" for form in _FORMS), "api:figure-list"]
    addresses = [reverse(name) for name in pages]
    addresses += [reverse("api:figure-detail", args=[figure.key]) for figure in FIGURES]
    addresses += [f"{reverse('who_can')}?languages=x", f"{reverse('who_can')}?clearance=1"]
    addresses += [f"{reverse('api:office-readiness-who-can', args=[office])}" for office in top]
    addresses += [reverse("office_readiness_document", args=[office]) for office in top]
    for address in addresses:
        _hears(visitor, address, visitor.get(address))
    for route in (
        "office_readiness",
        *(f"office_readiness_{form}" for form in _FORMS),
        "api:office-readiness-detail",
    ):
        told = [visitor.get(reverse(route, args=[office])) for office in top]
        for answer in told:
            _hears(visitor, route, answer)
        told[0].said += told[1].said
        _tells_everybody(visitor, route, told[0])


@surface(
    "readiness of a person",
    "person_readiness",
    "absence_enter",
    "absence_withdraw",
    "api:person-readiness-detail",
    "api:person-readiness-absences",
    "api:person-readiness-away",
    "api:person-readiness-back",
)
def _of_a_person(visitor: Visitor) -> None:
    """There for those who see the record; for others it does not exist."""
    seen, hidden = _split(visitor)
    for record, is_seen in [*((row, True) for row in seen), *((row, False) for row in hidden)]:
        absence = Absence.objects.unscoped(WHY).filter(record=record).first()
        sent = {"version": STALE, "absence": absence.pk if absence else 0}
        answers = [
            visitor.get(reverse("person_readiness", args=[record.reference])),
            visitor.get(reverse("absence_enter", args=[record.reference])),
            visitor.get(reverse("api:person-readiness-detail", args=[record.reference])),
            visitor.get(reverse("api:person-readiness-absences", args=[record.reference])),
            visitor.post_json(reverse("api:person-readiness-away", args=[record.reference]), {}),
            visitor.post_json(reverse("api:person-readiness-back", args=[record.reference]), sent),
        ]
        if absence is not None:
            answers.append(visitor.get(reverse("absence_withdraw", args=[record.reference, absence.pk])))
        for answer in answers:
            _hears(visitor, record.reference, answer)
            if visitor.enters and (answer.status_code == 404) == is_seen:
                visitor.fault(f"{answer.request['PATH_INFO']}: {answer.status_code}, may be seen: {is_seen}")


@surface(
    "readiness of operations",
    "operation_readiness",
    "operation_require",
    "operation_require_drop",
    "operation_readiness_document",
    "api:operation-readiness-detail",
    "api:operation-readiness-require",
    "api:operation-readiness-drop",
    *(f"operation_readiness_{form}" for form in _FORMS),
)
def _of_operations(visitor: Visitor) -> None:
    asked = {row.operation_id: row.pk for row in OperationRequirement.objects.unscoped(WHY)}
    for operation in visitor.some(visitor.world.records[Operation]):
        key, sent = operation.reference, {"version": STALE, "requirement": asked[operation.pk], "course": 1}
        for route in (
            "operation_readiness",
            "operation_readiness_csv",
            "operation_readiness_xlsx",
            "operation_readiness_document",
            "operation_require",
            "api:operation-readiness-detail",
        ):
            answer = visitor.must_open(reverse(route, args=[key]), operation)
            _hears(visitor, route, answer)
        visitor.must_open(reverse("operation_require_drop", args=[key, asked[operation.pk]]), operation)
        for step in ("require", "drop"):
            address = reverse(f"api:operation-readiness-{step}", args=[key])
            visitor.must_open(address, operation, answer=visitor.post_json(address, sent))
