"""Saving, renaming and deleting one's own filters of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person, SavedFilter
from cimic_portal.core.models.savedfilter import LONGEST_QUERY, MOST_SAVED
from cimic_portal.core.services.verbs import verb

if TYPE_CHECKING:
    from django.db.models import QuerySet


def save_filter(*, actor: Person, list_name: str, name: str, query: str) -> SavedFilter:
    """Keep the filters of a list under a name. Raises InvalidError: name taken, too many, too long."""
    with verb("savedfilter.save", actor=actor):
        own = _own(actor, list_name)
        if len(own) >= MOST_SAVED:
            words = _("You keep %(most)s filters here already. Delete one first.")
            raise InvalidError({"name": [words % {"most": MOST_SAVED}]})
        if len(query) > LONGEST_QUERY:
            raise InvalidError({"name": [_("These filters are too long to keep. Take away some of them.")]})
        return SavedFilter.objects.create(
            person=actor, list_name=list_name, name=_free(own, name), query=query
        )


def rename_filter(saved: SavedFilter, name: str, *, actor: Person) -> SavedFilter:
    """Give a filter another name. Raises InvalidError (name taken), DoesNotExist (a foreign one)."""
    with verb("savedfilter.rename", actor=actor):
        own = _own(actor, saved.list_name)
        current = own.get(pk=saved.pk)
        current.name = _free(own.exclude(pk=saved.pk), name)
        current.save(update_fields=["name"])
        return current


def delete_filter(saved: SavedFilter, *, actor: Person) -> None:
    """Forget a filter. Raises DoesNotExist for a foreign one."""
    with verb("savedfilter.delete", actor=actor):
        _own(actor, saved.list_name).get(pk=saved.pk).delete()


def _own(actor: Person, list_name: str) -> QuerySet[SavedFilter]:
    # The person's row is the lock: two windows cannot both save the twentieth.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
    return SavedFilter.objects.filter(person=actor, list_name=list_name)


def _free(own: QuerySet[SavedFilter], name: str) -> str:
    """The name, tidied, when it is not taken yet."""
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidError({"name": [_("Give it a name.")]})
    if own.filter(name__iexact=tidy).exists():
        raise InvalidError({"name": [_("You have a filter of this name here already.")]})
    return tidy
