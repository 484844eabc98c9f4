"""Who may answer an inject: whoever plays a role to which it was delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused
from training.models import (
    DeliveryState,
    ExerciseRole,
    ExerciseSeat,
    InjectAddressee,
    InjectDecision,
    InjectResponse,
    RunState,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import InjectDelivery


def roles_played(person: Person, delivery: InjectDelivery) -> list[ExerciseRole]:
    """The roles of the person to which this was delivered, in this run."""
    seats = ExerciseSeat.objects.visible_to(person).filter(run=delivery.run_id).of(person)
    addressed = InjectAddressee.objects.visible_to(person).filter(inject=delivery.inject_id)
    rows = ExerciseRole.objects.visible_to(person).filter(pk__in=seats.values("role_id"))
    return list(rows.filter(pk__in=addressed.values("role_id")))


def _is_played(delivery: InjectDelivery) -> Decision:
    if delivery.state != DeliveryState.DELIVERED:
        return Refused(_("This was not delivered."))
    if delivery.run.state == RunState.PAUSED:
        return Refused(_("The clock is paused. Answer and decide when exercise control has resumed."))
    if delivery.run.state != RunState.RUNNING:
        return Refused(_("This run is over."))
    return Allowed()


def can_answer(person: Person, delivery: InjectDelivery) -> Decision:
    """In words: whoever plays a role to which it was delivered."""
    played = _is_played(delivery)
    if not played:
        return played
    if roles_played(person, delivery):
        return Allowed()
    return Refused(_("You play no role to which this was delivered."))


def _leads(person: Person, delivery: InjectDelivery) -> Decision:
    answering = can_answer(person, delivery)
    if not answering:
        return answering
    if not delivery.inject.asks_decision:
        return Refused(_("This asks for no decision."))
    if any(role.is_lead for role in roles_played(person, delivery)):
        return Allowed()
    return Refused(_("The role that leads decides."))


def can_propose(person: Person, delivery: InjectDelivery) -> Decision:
    """Put an option before the others: the role that leads, once."""
    played = _is_played(delivery)
    if not played:
        return played
    if decision_of(person, delivery) is not None:
        return Refused(_("An option was proposed already."))
    return _leads(person, delivery)


def can_take_stance(person: Person, delivery: InjectDelivery) -> Decision:
    """Concur or object: every other role, once, when an option is proposed and the decision not taken."""
    answering = can_answer(person, delivery)
    if not answering:
        return answering
    decision = decision_of(person, delivery)
    if decision is None:
        return Refused(_("No option is proposed yet."))
    if decision.is_taken:
        return Refused(_("The decision is taken."))
    if not stances_open(person, delivery):
        return Refused(_("Your role has said whether it concurs."))
    return Allowed()


def can_decide(person: Person, delivery: InjectDelivery) -> Decision:
    """Take the decision: the role that leads, when every other role has concurred or objected."""
    leading = _leads(person, delivery)
    if not leading:
        return leading
    decision = decision_of(person, delivery)
    if decision is None:
        return Refused(_("Propose an option first, so that the others can say what they think."))
    if decision.is_taken:
        return Refused(_("The decision is taken."))
    silent = silent_roles(person, delivery)
    if silent:
        names = ", ".join(str(role) for role in silent)
        return Refused(_("Silence is no consent: %(roles)s has not answered yet.") % {"roles": names})
    return Allowed()


def whose_turn(person: Person, delivery: InjectDelivery, decision: InjectDecision | None) -> str:
    """Who does what next until the decision is taken; nothing where none is asked for, or none can be."""
    if not delivery.inject.asks_decision or not _is_played(delivery) or (decision and decision.is_taken):
        return ""
    roles = ExerciseRole.objects.visible_to(person).filter(exercise=delivery.run.exercise_id)
    lead = roles.filter(is_lead=True).first() or _("The role that leads")
    if decision is None:
        words = _(
            "First “%(lead)s” proposes an option. Then every other role concurs or objects. "
            "Then “%(lead)s” decides. Now: “%(lead)s” proposes."
        )
    elif silent_roles(person, delivery):
        words = _("Now every other role concurs or objects. Then “%(lead)s” decides.")
    else:
        words = _("Every other role has spoken. Now “%(lead)s” decides.")
    return words % {"lead": lead}


def decision_of(person: Person, delivery: InjectDelivery) -> InjectDecision | None:
    return InjectDecision.objects.visible_to(person).filter(delivery=delivery).first()


def silent_roles(person: Person, delivery: InjectDelivery) -> list[ExerciseRole]:
    """The roles beside the lead that have neither concurred nor objected."""
    addressed = InjectAddressee.objects.visible_to(person).filter(inject=delivery.inject_id)
    spoke = InjectResponse.objects.visible_to(person).filter(delivery=delivery).exclude(stance="")
    rows = ExerciseRole.objects.visible_to(person).filter(pk__in=addressed.values("role_id"), is_lead=False)
    return list(rows.exclude(pk__in=spoke.values("role_id")))


def stances_open(person: Person, delivery: InjectDelivery) -> list[ExerciseRole]:
    """The roles of the person that have still to concur or object."""
    mine = {role.pk for role in roles_played(person, delivery)}
    return [role for role in silent_roles(person, delivery) if role.pk in mine]
