"""Who may plan tasks and times, and who reports how far a task is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused
from operations.models import OperationTask, PlanRevision, RevisionState, SectionKind
from operations.policies.operation import can_lead
from operations.policies.plan import can_write_section

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_plan_time(person: Person, revision: PlanRevision) -> Decision:
    """Phases and tasks are part of the section "Execution": whoever writes that writes them."""
    return can_write_section(person, revision, SectionKind.EXECUTION)


def can_report_progress(person: Person, task: OperationTask) -> Decision:
    """Whoever does the task reports on it, and so do those who lead, while the order is in force."""
    revision = task.revision
    if revision.state != RevisionState.IN_FORCE or not revision.operation.is_in_force:
        return Refused(_("Progress is reported while the order is in force."))
    doing = task.office_id in person.access.offices or task.organisation_id in person.access.organisations
    if doing or can_lead(person, revision.operation):
        return Allowed()
    who = task.office or task.organisation
    if who is None:
        return Refused(_("The lead office reports on it, because it is given to nobody."))
    return Refused(_("%(who)s does this task and reports on it.") % {"who": who})
