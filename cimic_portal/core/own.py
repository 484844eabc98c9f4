"""Nobody changes their own clearance, component, posts, groups or administrator mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.sharing.keys import gather_access

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.keys import Access


def own_change() -> str:
    """The words of the refusal, beside the field."""
    return _("You cannot change this for yourself. Ask another administrator.")


def refuse_own(actor: Person, person: Person | None, changed: list[str], fields: set[str]) -> None:
    """Raise ValidationError at each of `fields` that was changed, when the person is the actor."""
    if person is None or person.pk != actor.pk:
        return
    touched = fields.intersection(changed)
    if touched:
        raise ValidationError({name: own_change() for name in touched})


def guard_own_access(before: Access) -> None:
    """Whatever was changed on this page: it may not have opened anything to whoever changed it.

    `before` is what they held when the page was sent; so a moved office or a successor is caught
    like a post. Raises RefusedError; the page's transaction then keeps nothing.
    """
    now = gather_access(before.person_id)
    widened = now.keys - before.keys or now.positions - before.positions
    if widened or (now.clearance, now.component) != (before.clearance, before.component):
        raise RefusedError(
            _(
                "This would change what you yourself may read. Nothing was saved; ask another "
                "administrator to do it."
            )
        )
