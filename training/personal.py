"""What the training record tells its person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cimic_portal.core.personal import Rows, fields_of
from training.models import Absence, Enrolment, Qualification, TrainingRecord

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def training_of(person: Person) -> Rows:
    """Enrolments, qualifications and absences of the person's own record."""
    record = TrainingRecord.objects.visible_to(person).filter(person=person).first()
    if record is None:
        return []

    def own(model: Any) -> Any:
        return model.objects.visible_to(person).filter(record=record)

    enrolments = own(Enrolment).select_related("session__course")
    return [
        *(
            {
                "enrolment": str(row.session),
                **fields_of(row, "state", "result", "score", "reason", "entered_at"),
            }
            for row in enrolments
        ),
        *(
            {
                "qualification": str(row.course),
                **fields_of(row, "issued_on", "expires_on", "code", "authority", "reason", "revoked_at"),
            }
            for row in own(Qualification).select_related("course")
        ),
        *({"absence": row.get_kind_display(), **fields_of(row, "since", "until")} for row in own(Absence)),
    ]
