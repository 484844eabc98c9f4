"""What liaison knows beside the things of core: engagements with an organisation, its people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area
from cimic_portal.core.panels import Panel
from liaison.models import Attendance, Contact, Engagement

if TYPE_CHECKING:
    from cimic_portal.core.models import Organisation, Person

MOST = 10


def _shown(rows: list[Any], url: str) -> Mapping[str, Any]:
    return {"rows": rows, "url": url, "level": max((row.classification for row in rows), default=1)}


def engagements_with(organisation: Organisation, person: Person) -> Mapping[str, Any]:
    """The newest engagements in which the organisation took part."""
    met = Attendance.objects.visible_to(person).filter(organisation=organisation).values("engagement_id")
    rows = (
        Engagement.objects.visible_to(person)
        .filter(pk__in=met)
        .select_related("place", "owner_office")
        .order_by("-starts_at", "-pk")[:MOST]
    )
    return _shown(list(rows), f"{reverse('engagements')}?organisation={organisation.pk}")


def people_of(organisation: Organisation, person: Person) -> Mapping[str, Any]:
    """Contacts of the organisation."""
    rows = Contact.objects.visible_to(person).filter(organisation=organisation).order_by("name", "pk")[:MOST]
    return _shown(list(rows), f"{reverse('contacts')}?organisation={organisation.pk}")


def engagements_in(area: Area, person: Person) -> Mapping[str, Any]:
    """The newest engagements in the area and its parts."""
    rows = (
        Engagement.objects.visible_to(person)
        .filter(area__in=Area.objects.within(area).values("pk"))
        .select_related("place", "owner_office")
        .order_by("-starts_at", "-pk")[:MOST]
    )
    return _shown(list(rows), f"{reverse('engagements')}?area={area.pcode}")


PANELS = [
    Panel(
        "organisation",
        _("Engagements with them"),
        "liaison/panels/engagements.html",
        engagements_with,
        order=10,
    ),
    Panel("organisation", _("People"), "liaison/panels/contacts.html", people_of, order=20),
    Panel("area", _("Engagements here"), "liaison/panels/engagements.html", engagements_in, order=10),
]
