"""Verbs on organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Organisation
from cimic_portal.core.policies import can_keep_organisations, require
from cimic_portal.core.services.verbs import verb

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# Two names this alike are shown to the person who types.
SIMILAR = 0.5


def similar_organisations(name: str) -> QuerySet[Organisation]:
    """Organisations with a similar name, most alike first."""
    return (
        Organisation.objects.filter(name__trigram_similar=name)
        .annotate(likeness=TrigramSimilarity("name", name))
        .filter(likeness__gte=SIMILAR)
        .order_by("-likeness", "pk")[:5]
    )


def add_organisation(details: dict[str, Any], *, actor: Person, confirmed: bool) -> Organisation:
    """Enter an organisation. Raises RefusedError, or InvalidError for a likely duplicate."""
    require(can_keep_organisations(actor))
    name = details["name"]
    if Organisation.objects.filter(name__iexact=name).exists():
        raise InvalidError({"name": [_("An organisation of this name is there already.")]})
    alike = [] if confirmed else [str(found.name) for found in similar_organisations(name)]
    if alike:
        message = _("Is it one of these? %(names)s. If not, tick “a different organisation”.")
        raise InvalidError({"name": [message % {"names": ", ".join(alike)}]})
    with verb("organisation.add", actor=actor):
        return Organisation.objects.create(**details)


def change_organisation(
    organisation: Organisation, details: dict[str, Any], *, actor: Person
) -> Organisation:
    """Correct what is known of an organisation. Raises RefusedError, InvalidError."""
    require(can_keep_organisations(actor))
    if Organisation.objects.filter(name__iexact=details["name"]).exclude(pk=organisation.pk).exists():
        raise InvalidError({"name": [_("Another organisation has this name already.")]})
    with verb("organisation.change", actor=actor):
        current = Organisation.objects.select_for_update().get(pk=organisation.pk)
        for field, value in details.items():
            setattr(current, field, value)
        current.save()
        return current
