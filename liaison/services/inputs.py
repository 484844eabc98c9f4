"""What pages and API hand to the services: typed, checked for form, not yet for rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cimic_portal.core.services.audience import Sharing

if TYPE_CHECKING:
    from cimic_portal.core.models import Organisation, Person, Place
    from liaison.models import Contact, EngagementKind


@dataclass(frozen=True)
class Attendee:
    """One of: a known contact, one of our own people, or an organisation as such.

    `new_organisation` names one that is not known yet; confirmed: entered although one of a similar
    name is.
    """

    contact: Contact | None = None
    person: Person | None = None
    organisation: Organisation | None = None
    role: str = ""
    new_organisation: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class NewContact:
    """A contact entered right in the form. `new_organisation` names one that is not known yet.

    confirmed: entered although someone similar is known.
    """

    name: str
    form_of_address: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    languages: str = ""
    notes: str = ""
    organisation: Organisation | None = None
    new_organisation: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Promise:
    """A commitment as entered; `pk` when it stood in the report before."""

    side: str
    what: str
    organisation: Organisation | None = None
    due_on: date | None = None
    pk: int | None = None


@dataclass(frozen=True)
class EngagementInput:
    """Everything one form says about a meeting. Datetimes are aware."""

    purpose: str
    kind: EngagementKind
    starts_at: datetime
    ends_at: datetime | None = None
    place: Place | None = None
    location: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    key_points: str = ""
    atmosphere: str = ""
    atmosphere_why: str = ""
    local_context: str = ""
    next_steps: str = ""
    visibility: str = "open"
    do_no_harm: str = ""
    sharing: Sharing = field(default_factory=Sharing)
    attendees: tuple[Attendee, ...] = ()
    new_contacts: tuple[NewContact, ...] = ()
    promises: tuple[Promise, ...] = ()
