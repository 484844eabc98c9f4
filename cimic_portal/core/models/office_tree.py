"""Facts about one office's place in the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from cimic_portal.core.models.office import Office


def tree_problems(office: Office) -> None:
    """Raise ValidationError when parent or successor leave the organisation or make a circle."""
    _check_stays(office)
    for field, word in (("parent", _("part of")), ("successor", _("succeeded by"))):
        other: Office | None = getattr(office, field)
        if other is None:
            continue
        if other.organisation_id != office.organisation_id:
            raise ValidationError({field: _("Choose an office of the same organisation.")})
        if office.pk is not None and _leads_to(other, office.pk, field):
            raise ValidationError({field: _("This would make the office %(word)s itself.") % {"word": word}})


def _check_stays(office: Office) -> None:
    former = type(office)._default_manager.filter(pk=office.pk).first() if office.pk else None
    if former is not None and former.organisation_id != office.organisation_id:
        raise ValidationError(
            {"organisation": _("An office stays in its organisation. Close it and open a new one there.")}
        )


def _leads_to(start: Office, pk: int, field: str) -> bool:
    seen: set[int] = set()
    step: Office | None = start
    while step is not None and step.pk not in seen:
        if step.pk == pk:
            return True
        seen.add(step.pk)
        step = getattr(step, field)
    return False
