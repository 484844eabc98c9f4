"""Links from any row to a shared record: followed only where the rule was asked.

Django follows a foreign key with a manager that knows no rule, so `{{ commitment.tasking.title }}`
would show a hidden record. Every such link is replaced at start-up; nobody can forget it.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

from cimic_portal.core.errors import UnscopedQueryError
from cimic_portal.core.sharing.scope import is_guarded, opens


class GuardedLink(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """Hands out what was fetched under the rule (select_related, Prefetch, assignment), no more.

    A part follows the links that its own `visible_to` has asked for.
    """

    def get_queryset(self, **hints: Any) -> Any:
        link: Any = self.field
        if link.name not in opens(link.model):
            raise UnscopedQueryError(
                f"{link.model.__name__}.{link.name} was followed past the rule of "
                f"{link.related_model.__name__}: fetch it with visible_to(person) or unscoped(reason)."
            )
        return super().get_queryset(**hints)


def guard_links() -> None:
    """Replace every link to a shared record or its trail. Called once, when all models are known."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            target = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(target, type) and is_guarded(target):
                setattr(model, field.name, GuardedLink(field))
