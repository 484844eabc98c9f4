"""Second factors: every change is in the trail and told to the person; administrators can take them away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cimic_portal.core.devices import sign_out
from cimic_portal.core.models import SecondFactor
from cimic_portal.core.policies import can_reset_factors, require
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.tokens import end_tokens
from cimic_portal.core.services.verbs import verb

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

FACTORS_CHANGED = "person.factors_changed"
CODE_USED = "person.recovery_code_used"


@dataclass
class Changed:
    """Factors that came and went: id → kind."""

    added: dict[int, str] = field(default_factory=dict)
    removed: dict[int, str] = field(default_factory=dict)


@contextmanager
def changing_factors(
    person: Person, *, actor: Person, name: str, this_session: str | None = ""
) -> Iterator[Changed]:
    """A verb that may add or remove factors of the person; what changed is known at its end.

    Where one is removed, the other sessions end.
    """
    with verb(name, actor=actor):
        before, changed = _kinds(person), Changed()
        yield changed
        after = _kinds(person)
        changed.added |= {pk: kind for pk, kind in after.items() if pk not in before}
        changed.removed |= {pk: kind for pk, kind in before.items() if pk not in after}
        added, removed = sorted(changed.added.values()), sorted(changed.removed.values())
        if added or removed:
            told = {
                "person": person.pk,
                "by_owner": actor.pk == person.pk,
                "added": added,
                "removed": removed,
            }
            enqueue(FACTORS_CHANGED, told, queue="mail")
        if set(removed) - {SecondFactor.Type.RECOVERY_CODES}:
            sign_out(person, but=this_session)


def _kinds(person: Person) -> dict[int, str]:
    return dict(SecondFactor.objects.filter(user=person).values_list("pk", "type"))


def reset_factors(person: Person, *, actor: Person) -> None:
    """Take all factors away from somebody who lost them; every session and token of theirs ends.

    Raises RefusedError.
    """
    require(can_reset_factors(actor, person))
    with changing_factors(person, actor=actor, name="person.reset_factors"):
        SecondFactor.objects.filter(user=person).delete()
        end_tokens(person)
        sign_out(person)


def tell_of_used_code(person: Person) -> None:
    """A recovery code let somebody in: its owner is told, in case it was not them."""
    with verb("person.use_recovery_code", actor=person):
        enqueue(CODE_USED, {"person": person.pk}, queue="mail")
