"""What players do with an inject: answer it, propose an option, concur or object, decide.

Each on the version of the message that was shown; on a newer one it raises StaleError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import lock_part, save_changed_part, verb
from training.models import (
    InjectDecision,
    InjectDelivery,
    InjectExpectation,
    InjectResponse,
    Stance,
)
from training.policies import exercise_play as policies
from training.services.exercise_run import WHY

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import ExerciseRole


def _moved(current: InjectDelivery, kind: str) -> None:
    """A step of the decision: whoever has seen the message before it looks again."""
    save_changed_part(current)
    _told(current, kind)


def _told(current: InjectDelivery, kind: str) -> None:
    exercise = current.run.exercise
    announce(exercise, topic_of(exercise), kind, current.pk)


def _speaks(current: InjectDelivery, role: ExerciseRole, actor: Person) -> None:
    if role.pk not in {played.pk for played in policies.roles_played(actor, current)}:
        raise RefusedError(_("You do not play “%(role)s” in this run.") % {"role": role})


def answer_inject(
    delivery: InjectDelivery, *, actor: Person, version: int, role: ExerciseRole, text: str
) -> InjectResponse:
    """Answer in words, as a role that one plays. Raises RefusedError, InvalidError."""
    if not text.strip():
        raise InvalidError({"text": [_("Say what you do, or what you answer.")]})
    with verb("exercise.answer", actor=actor):
        current = lock_part(delivery, actor=actor, version=version)
        require(policies.can_answer(actor, current))
        _speaks(current, role, actor)
        now = timezone.now()
        response = InjectResponse.objects.create(
            delivery=current,
            role=role,
            author=actor,
            text=text.strip(),
            at=now,
            second=current.run.elapsed(now),
        )
        _told(current, "exercise.answered")
        return response


def propose_option(
    delivery: InjectDelivery, *, actor: Person, version: int, option: int, why: str
) -> InjectDecision:
    """Put an option before the other roles, so that each concurs or objects."""
    with verb("exercise.propose", actor=actor):
        current = lock_part(delivery, actor=actor, version=version)
        require(policies.can_propose(actor, current))
        _check_choice(current, option, {"why": why})
        decision = InjectDecision.objects.create(
            delivery=current, proposed=option, proposal=why.strip(), proposed_by=actor
        )
        _moved(current, "exercise.proposed")
        return decision


def _check_choice(current: InjectDelivery, option: int, words: dict[str, str]) -> None:
    problems = {name: [_("Say why.")] for name, text in words.items() if not text.strip()}
    if not 0 <= option < len(current.inject.options):
        problems["option"] = [_("Choose one of the options.")]
    if problems:
        raise InvalidError(problems)


def take_stance(
    delivery: InjectDelivery, *, actor: Person, version: int, role: ExerciseRole, stance: str, text: str
) -> InjectResponse:
    """Concur with what the lead proposes, or object with the reason; once for each role."""
    problems = {}
    if stance not in Stance.values:
        problems["stance"] = [_("Say whether your role concurs.")]
    if stance == Stance.OBJECTS and not text.strip():
        problems["text"] = [_("Say why your role objects.")]
    if problems:
        raise InvalidError(problems)
    with verb("exercise.stance", actor=actor):
        current = lock_part(delivery, actor=actor, version=version)
        require(policies.can_take_stance(actor, current))
        if role.pk not in {open_role.pk for open_role in policies.stances_open(actor, current)}:
            raise RefusedError(_("You do not play “%(role)s” in this run.") % {"role": role})
        now = timezone.now()
        response = InjectResponse.objects.create(
            delivery=current,
            role=role,
            author=actor,
            stance=stance,
            text=text.strip() or str(Stance(stance).label),
            at=now,
            second=current.run.elapsed(now),
        )
        _moved(current, "exercise.answered")
        return response


def decide(
    delivery: InjectDelivery, *, actor: Person, version: int, option: int, reasoning: str
) -> InjectDecision:
    """Take the decision with every stance in view; what follows from it is told then.

    The option may be another than the one that was proposed: an objection may have convinced.
    """
    with verb("exercise.decide", actor=actor):
        current = lock_part(delivery, actor=actor, version=version)
        require(policies.can_decide(actor, current))
        _check_choice(current, option, {"reasoning": reasoning})
        decision = InjectDecision.objects.visible_to(actor).get(delivery=current)
        expected = InjectExpectation.objects.unscoped(WHY).filter(inject=current.inject_id).first()
        decision.chosen, decision.reasoning, decision.decided_by = option, reasoning.strip(), actor
        decision.decided_second = current.run.elapsed(timezone.now())
        if expected is not None:
            decision.effect = expected.effects[option] if option < len(expected.effects) else ""
            decision.scores = expected.scores[option] if option < len(expected.scores) else []
        decision.save()
        _moved(current, "exercise.decided")
        return decision
