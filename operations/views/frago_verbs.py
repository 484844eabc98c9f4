"""The verbs of a FRAGO and of acknowledging, as pages offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views.verbs import ReasonForm, Verb
from operations.forms.frago import FragoForm, IssueForm, RecordAcknowledgementForm
from operations.models import IN_FORCE, Concurrence, PlanRevision
from operations.policies import frago as policies
from operations.reports.plan_difference import plan_difference
from operations.services import frago
from operations.views.step_notes import period_notes

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation


def _what_changes(person: Person, operation: Operation) -> dict[str, Any]:
    """The plan in force beside the FRAGO, as far as this reader sees both."""
    rows = PlanRevision.objects.visible_to(person).filter(operation=operation).select_related("author")
    before, after = rows.in_force().first(), rows.open().first()
    if before is None or after is None:
        return {}
    before.operation = after.operation = operation
    answers = Concurrence.objects.visible_to(person).current().filter(operation=operation)
    return {
        **period_notes(person, operation, after),
        "before": before,
        "after": after,
        "difference": plan_difference(person, before, after),
        "answers": answers.select_related("office", "organisation", "answered_by", "position__office"),
    }


FRAGO_VERBS = [
    Verb(
        name="acknowledge",
        label=_("Acknowledge the order"),
        policy=policies.can_acknowledge,
        run=frago.acknowledge_order,
        states=IN_FORCE,
        if_allowed=True,
        text=_("You say that you have read the plan in force. The lead sees who has."),
        done=_("Acknowledged."),
        primary=True,
    ),
    Verb(
        name="issue-frago",
        label=_("Issue FRAGO"),
        policy=policies.can_issue_frago,
        run=frago.issue_frago,
        states=IN_FORCE,
        if_allowed=True,
        text=_(
            "It gets its number and is the plan from now on. Every participant is asked to acknowledge it."
        ),
        done=_("FRAGO issued."),
        form=IssueForm,
        needs_person=True,
        primary=True,
        template="operations/frago/step.html",
        context=_what_changes,
    ),
    Verb(
        name="return-frago",
        label=_("Return FRAGO"),
        policy=policies.can_return_frago,
        run=frago.return_frago,
        states=IN_FORCE,
        if_allowed=True,
        done=_("FRAGO returned."),
        form=ReasonForm,
    ),
    Verb(
        name="submit-frago",
        label=_("Submit FRAGO"),
        policy=policies.can_submit_frago,
        run=frago.submit_frago,
        states=IN_FORCE,
        if_allowed=True,
        text=_("The approving position is told and decides. Whoever would join is asked and reads it now."),
        done=_("FRAGO submitted."),
        primary=True,
        template="operations/frago/step.html",
        context=_what_changes,
    ),
    Verb(
        name="drop-frago",
        label=_("Drop FRAGO"),
        policy=policies.can_drop_frago,
        run=frago.drop_frago,
        states=IN_FORCE,
        if_allowed=True,
        text=_("The order stays as it is."),
        done=_("FRAGO dropped."),
        form=ReasonForm,
        danger=True,
    ),
    Verb(
        name="frago",
        label=_("Write a FRAGO"),
        policy=policies.can_open_frago,
        run=frago.open_frago,
        states=IN_FORCE,
        if_allowed=True,
        text=_("You change a copy of the plan; participants read it when it is issued."),
        done=_("Write the changes in the plan, then submit the FRAGO."),
        form=FragoForm,
    ),
    Verb(
        name="record-acknowledgement",
        label=_("Record an acknowledgement"),
        policy=policies.can_record_acknowledgement,
        run=frago.record_acknowledgement,
        states=IN_FORCE,
        if_allowed=True,
        text=_("For participants that have nobody in the portal."),
        done=_("Acknowledgement recorded."),
        form=RecordAcknowledgementForm,
        needs_person=True,
    ),
]
