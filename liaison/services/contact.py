"""Verbs on contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Organisation
from cimic_portal.core.policies import Refused, can_keep_organisations, require
from cimic_portal.core.services.audience import Sharing, default_audience, sharing_problems
from cimic_portal.core.services.organisation import similar_organisations
from cimic_portal.core.services.verbs import lock, save_changed, verb
from liaison.models import Contact
from liaison.policies import can_change_contact, can_log
from liaison.services.inputs import NewContact

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Person

# Two names this alike are shown to the person who types; found by trying the demo's names.
SIMILAR = 0.45


def similar_contacts(person: Person, name: str) -> QuerySet[Contact]:
    """Contacts with a similar name, most alike first, among those the person may see."""
    found: QuerySet[Contact] = (
        Contact.objects.visible_to(person)
        .filter(name__trigram_similar=name)
        .annotate(likeness=TrigramSimilarity("name", name))
        .filter(likeness__gte=SIMILAR)
        .select_related("organisation")
        .order_by("-likeness", "pk")[:5]
    )
    return found


def find_or_add_organisation(name: str, *, actor: Person) -> Organisation:
    """The organisation of that name, whatever its letter case, or a new one. Raises RefusedError."""
    named = Organisation.objects.annotate(lower=Lower("name")).filter(lower=name.strip().lower())
    known = named.first()
    if known is not None:
        return known
    require(can_keep_organisations(actor))
    try:
        with transaction.atomic():
            return Organisation.objects.create(name=name.strip())
    except IntegrityError:  # Somebody else entered it at the same moment.
        return named.get()


def organisation_problem(name: str, *, confirmed: bool, actor: Person) -> list[str]:
    """Why the actor cannot enter a new organisation; or what to ask when its name is like a known one."""
    typed = name.strip()
    if not typed or Organisation.objects.filter(name__iexact=typed).exists():
        return []
    decision = can_keep_organisations(actor)
    if isinstance(decision, Refused):
        return [decision.reason]
    if confirmed:
        return []
    alike = ", ".join(found.name for found in similar_organisations(typed))
    if not alike:
        return []
    message = _("Is it one of these? %(names)s. Choose it, or tick “different from those known”.")
    return [message % {"names": alike}]


def _duplicate_problem(actor: Person, new: NewContact) -> dict[str, list[str]]:
    if new.confirmed:
        return {}
    alike = [
        f"{contact} ({contact.organisation or _('no organisation')})"
        for contact in similar_contacts(actor, new.name)
    ]
    if not alike:
        return {}
    message = _(
        "Is this someone already known? %(names)s. Choose that contact, or tick “different from those known”."
    )
    return {"name": [message % {"names": ", ".join(alike)}]}


def enter_contact(
    new: NewContact, *, actor: Person, office: Office, sharing: Sharing | None = None
) -> Contact:
    """Enter a contact inside a running verb. Raises InvalidError for a likely duplicate."""
    problems = _duplicate_problem(actor, new)
    wanted = sharing or Sharing()
    problems |= sharing_problems(actor, wanted.classification)
    if asked := organisation_problem(new.new_organisation, confirmed=new.confirmed, actor=actor):
        problems["organisation"] = asked
    if problems:
        raise InvalidError(problems)
    components, organisations = default_audience(actor, office)
    organisation = new.organisation
    if organisation is None and new.new_organisation.strip():
        organisation = find_or_add_organisation(new.new_organisation, actor=actor)
    return Contact.objects.create(
        name=new.name.strip(),
        form_of_address=new.form_of_address,
        role=new.role,
        phone=new.phone,
        email=new.email,
        languages=new.languages,
        notes=new.notes,
        organisation=organisation,
        owner_office=office,
        author=actor,
        classification=wanted.classification,
        audience_components=list(wanted.components) or components,
        audience_organisations=list(wanted.organisations) or organisations,
        published_at=timezone.now(),
    )


def add_contact(new: NewContact, *, actor: Person, office: Office, sharing: Sharing | None = None) -> Contact:
    """Enter a contact by itself. Raises RefusedError, InvalidError."""
    require(can_log(actor))
    with verb("contact.add", actor=actor):
        return enter_contact(new, actor=actor, office=office, sharing=sharing)


def change_contact(
    contact: Contact, changes: dict[str, Any], *, actor: Person, version: int, new_organisation: str = ""
) -> Contact:
    """Correct what is known of a contact. `changes` maps field names to cleaned values.

    `new_organisation` names theirs where it is not among the changes. Raises RefusedError, StaleError.
    """
    with verb("contact.change", actor=actor):
        current = lock(contact, actor=actor, version=version)
        require(can_change_contact(actor, current))
        for field, value in changes.items():
            setattr(current, field, value)
        if new_organisation:
            current.organisation = find_or_add_organisation(new_organisation, actor=actor)
        save_changed(current)
        return current
