"""The verbs of an operation, as pages offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views.verbs import ReasonForm, Verb
from operations.forms.staffing import (
    AnswerForm,
    ApproveForm,
    AssessmentForm,
    MonitoringForm,
    RecordAnswerForm,
    StaffForm,
)
from operations.models import IN_FORCE, Answer, Concurrence
from operations.models import OperationState as State
from operations.policies import operation as policies
from operations.services import conduct, staffing
from operations.services.diligence import Assessment, note_monitoring, record_assessment
from operations.views.step_notes import begin_notes, complete_notes, plan_notes

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import DueDiligence, Operation


def _before_approval(person: Person, operation: Operation) -> dict[str, Any]:
    """Every answer that says something, and what the plan lacks."""
    answers = Concurrence.objects.visible_to(person).current().filter(operation=operation)
    return {
        **plan_notes(person, operation),
        "answers": answers.exclude(answer=Answer.CONCURS, reason="").select_related(
            "office", "organisation", "answered_by", "position__office"
        ),
    }


def _assess(operation: Operation, *, actor: Person, version: int, **data: str) -> DueDiligence:
    return record_assessment(operation, Assessment(**data), actor=actor, version=version)


STAFFING_VERBS = [
    Verb(
        name="approve",
        label=_("Approve"),
        policy=policies.can_approve,
        run=staffing.approve_operation,
        states=(State.STAFFING,),
        text=_("The plan becomes an order with a number. It is changed by a FRAGO from then on."),
        done=_("Operation approved."),
        form=ApproveForm,
        needs_person=True,
        primary=True,
        template="operations/operation/approve.html",
        context=_before_approval,
    ),
    Verb(
        name="answer",
        label=_("Answer"),
        policy=policies.can_answer,
        run=staffing.answer_staffing,
        states=(State.STAFFING, *IN_FORCE),
        text=_("Everybody who reads the plan sees the answer. You can change it until the decision."),
        done=_("Answer given."),
        form=AnswerForm,
        needs_person=True,
        primary=True,
    ),
    Verb(
        name="return",
        label=_("Return to authors"),
        policy=policies.can_return,
        run=staffing.return_operation,
        states=(State.STAFFING,),
        text=_("The plan becomes a draft again. The answers given are kept with this round."),
        done=_("Returned to its authors."),
        form=ReasonForm,
    ),
    Verb(
        name="staff",
        label=_("Send into staffing"),
        policy=policies.can_staff,
        run=staffing.staff_operation,
        states=(State.DRAFT,),
        text=_("From now on participants and audience read the plan, and every participant is asked."),
        done=_("In staffing. Everybody asked was told."),
        form=StaffForm,
        primary=True,
        context=plan_notes,
    ),
    Verb(
        name="record-answer",
        label=_("Record an answer"),
        policy=policies.can_record_answer,
        run=staffing.record_answer,
        states=(State.STAFFING, *IN_FORCE),
        text=_("For participants that have nobody in the portal."),
        done=_("Answer recorded."),
        form=RecordAnswerForm,
        needs_person=True,
    ),
    Verb(
        name="pull-back",
        label=_("Pull back to draft"),
        policy=policies.can_pull_back,
        run=staffing.pull_back,
        states=(State.STAFFING,),
        text=_("You rework the plan and send it into staffing again; everybody is asked anew."),
        done=_("Pulled back."),
        form=ReasonForm,
    ),
]

CONDUCT_VERBS = [
    Verb(
        name="activate",
        label=_("Begin"),
        policy=policies.can_activate,
        run=conduct.activate_operation,
        states=(State.APPROVED,),
        text=_("Execution begins. Everybody who takes part is told."),
        done=_("The operation is under way."),
        primary=True,
        context=begin_notes,
    ),
    Verb(
        name="resume",
        label=_("Resume"),
        policy=policies.can_resume,
        run=conduct.resume_operation,
        states=(State.SUSPENDED,),
        done=_("The operation goes on."),
        primary=True,
    ),
    Verb(
        name="complete",
        label=_("Complete"),
        policy=policies.can_complete,
        run=conduct.complete_operation,
        states=(State.ACTIVE, State.SUSPENDED),
        text=_("Execution ends with this step; the review of what was learned follows."),
        done=_("Operation completed."),
        context=complete_notes,
    ),
    Verb(
        name="suspend",
        label=_("Suspend"),
        policy=policies.can_suspend,
        run=conduct.suspend_operation,
        states=(State.ACTIVE,),
        done=_("Operation suspended."),
        form=ReasonForm,
    ),
    Verb(
        name="close",
        label=_("Close"),
        policy=policies.can_close,
        run=conduct.close_operation,
        states=(State.COMPLETED,),
        text=_("Nothing is left to do on it."),
        done=_("Operation closed."),
        primary=True,
    ),
    Verb(
        name="cancel",
        label=_("Cancel operation"),
        policy=policies.can_cancel,
        run=conduct.cancel_operation,
        states=(State.DRAFT, State.STAFFING, State.APPROVED, State.ACTIVE, State.SUSPENDED),
        text=_("It is given up. What was planned and answered stays on record."),
        done=_("Operation cancelled."),
        form=ReasonForm,
        danger=True,
    ),
]

# Offered beside the assessment, not among the steps of the operation.
DILIGENCE_VERBS = [
    Verb(
        name="assess",
        label=_("Record the assessment"),
        policy=policies.can_assess,
        run=_assess,
        done=_("Assessment recorded."),
        form=AssessmentForm,
        needs_person=True,
    ),
    Verb(
        name="monitor",
        label=_("Note what was seen"),
        policy=policies.can_monitor,
        run=note_monitoring,
        done=_("Noted."),
        form=MonitoringForm,
    ),
]

OPERATION_VERBS = [*STAFFING_VERBS, *CONDUCT_VERBS]
