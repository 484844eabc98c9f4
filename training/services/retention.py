"""What the training record holds of people who left, beyond their name: forgotten with them.

Courses, results and days stay, as the service record does: of somebody without a name.
"""

from __future__ import annotations

from cimic_portal.core.retention import Held
from training.models import Enrolment, ModuleAttempt, Proof, Qualification

_RECORDS = "SELECT id FROM training_trainingrecord WHERE person_id = {row}"
# Some states need a reason.
_REASON = "CASE WHEN reason = '' THEN '' ELSE '(anonymised)' END"

TRAINING_OF_PEOPLE = (
    Held(Enrolment, "record_id", {"reason": _REASON}, through=_RECORDS),
    Held(Qualification, "record_id", {"reason": _REASON}, through=_RECORDS),
    # A picture of a certificate shows a name; its file goes when the portal tidies up.
    Held(Proof, "record_id", {"caption": "''"}, through=_RECORDS, drop=True),
    # What they answered, and the notebook of a package, which holds their name.
    Held(ModuleAttempt, "person_id", {"answers": "'{}'::jsonb"}, row_only={"cmi": "'{}'::jsonb"}),
)
