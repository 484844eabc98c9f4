"""Classification and audience: defaults, and what may be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.sharing.levels import Classification, Component

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person


@dataclass(frozen=True)
class Sharing:
    """Classification and audience, as chosen in a form. Organisations by id."""

    classification: int = Classification.UNCLASSIFIED
    components: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()


def default_audience(author: Person, office: Office) -> tuple[list[int], list[int]]:
    """(components, organisations): the author's component; for partners, their own organisation."""
    if Component(author.component).of_mission:
        return [author.component], []
    return [], [office.organisation_id]


def sharing_problems(actor: Person, classification: int) -> dict[str, list[str]]:
    """Nobody classifies above their own clearance."""
    if classification > actor.clearance:
        level = Classification(actor.clearance).label
        return {"classification": [_("You are cleared up to “%(level)s”.") % {"level": level}]}
    return {}


def not_cleared(people: list[Person], classification: int) -> list[str]:
    """One message for each person who would be named in an acting role above their clearance."""
    return [
        _("%(person)s is not cleared for “%(level)s”.")
        % {"person": person, "level": Classification(classification).label}
        for person in people
        if person.clearance < classification
    ]
