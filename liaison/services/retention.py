"""How long contacts are kept, and what is forgotten of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.personal import fields_of
from cimic_portal.core.retention import Held, Retention
from liaison.models import Attendance, Contact

_FIELDS = ("name", "form_of_address", "role", "phone", "email", "languages", "notes")


def contacts() -> QuerySet[Any]:
    """Every contact, counted from the last engagement they are named in, else from the last change."""
    met = Attendance.objects.unscoped("retention: when, and no more").filter(contact=OuterRef("pk"))
    last_met = met.order_by().values("contact").annotate(last=Max("engagement__starts_at")).values("last")
    rows: QuerySet[Any] = Contact.objects.unscoped("retention: what falls due")
    counted: QuerySet[Any] = rows.annotate(last_at=Coalesce(Subquery(last_met), "updated_at"))
    return counted


def told(contact: Contact) -> dict[str, Any]:
    """What is held about the contact itself, and when they were met in which role."""
    met = Attendance.objects.unscoped("the answer to somebody who asks about themselves")
    rows = met.filter(contact=contact).order_by("engagement__starts_at")
    return {
        **fields_of(contact, "reference", *_FIELDS, "created_at", "updated_at"),
        "organisation": str(contact.organisation or ""),
        "met": list(rows.values("engagement__starts_at", "role", "organisation__name")),
    }


CONTACTS = Retention(
    kind="contact",
    label=_("Contacts"),
    model=Contact,
    last=contacts,
    told=told,
    held=(
        Held(
            Contact,
            becomes={
                **dict.fromkeys(_FIELDS, "''"),
                "name": "'Contact ' || {row} || ' (anonymised)'",
            },
            # Whoever has the page open must not write the old values back.
            row_only={"version": "version + 1"},
        ),
        Held(Attendance, "contact_id", {"role": "''"}),
    ),
)
