"""The list of engagements: the contact log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    AreaFilter,
    ListColumn,
    ListFilter,
    Listing,
    OfficeFilter,
    OneOfFilter,
    OrganisationFilter,
    RecordFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
    WithinFilter,
)
from cimic_portal.core.sharing.levels import Classification
from liaison.models import (
    Atmosphere,
    Attendance,
    Commitment,
    Contact,
    Engagement,
    EngagementKind,
    EngagementState,
)
from liaison.policies import can_log

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

_NAMED = 2


def _attendances(person: Person) -> QuerySet[Attendance]:
    rows: QuerySet[Attendance] = Attendance.objects.visible_to(person)
    return rows


def _with_organisation(rows: QuerySet[Any], pk: str, person: Person) -> QuerySet[Any]:
    """Where the organisation, or someone of it whom the reader may see, was met."""
    met = Q(organisation=pk) | Q(contact__organisation=pk)
    return rows.filter(Exists(_attendances(person).filter(met, engagement=OuterRef("pk"))))


def _with_contact(rows: QuerySet[Any], reference: str, person: Person) -> QuerySet[Any]:
    found = _attendances(person).filter(contact__reference=reference, engagement=OuterRef("pk"))
    return rows.filter(Exists(found))


def _with_open_promises(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    promises = Commitment.objects.visible_to(person).filter(engagement=OuterRef("pk"), state="open")
    return rows.filter(Exists(promises))


class EngagementFilter(ListFilter):
    q = SearchFilter("purpose", "key_points", "location")
    office = OfficeFilter()
    organisation = OrganisationFilter("organisation", match=_with_organisation)
    kind = RecordFilter("kind", lambda _person: EngagementKind.objects.all(), label=_("Kind"))
    state = OneOfFilter("state", EngagementState.choices, label=_("State"))
    within = WithinFilter("starts_at")
    since = SinceFilter("starts_at")
    until = UntilFilter("starts_at")
    area = AreaFilter()
    atmosphere = OneOfFilter("atmosphere", Atmosphere.choices, label=_("Atmosphere"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    contact = RecordFilter(
        "contact",
        lambda person: Contact.objects.visible_to(person).none(),
        label=_("Contact"),
        key="reference",
        beyond=Contact.objects.visible_to,
        match=_with_contact,
    )
    my_office = TickFilter(
        lambda rows, person: rows.filter(owner_office__in=person.access.offices), label=_("My office")
    )
    mine = TickFilter(lambda rows, person: rows.filter(author=person), label=_("Mine"))
    waiting = TickFilter(lambda rows, person: rows.waiting_for(person), label=_("Waiting for release by me"))
    promises = TickFilter(_with_open_promises, label=_("With open promises"))


def _prepare(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    others = _attendances(person).filter(person__isnull=True)
    met = others.select_related("organisation", "contact__organisation")
    return rows.select_related("kind", "place", "area", "owner_office", "author").prefetch_related(
        Prefetch("attendances", met, to_attr="met")
    )


def _where(row: Engagement) -> str:
    return str(row.place or row.location or row.area or "")


def _body(attendance: Attendance) -> object:
    """The organisation at that time, else the contact's own."""
    return attendance.organisation or (attendance.contact.organisation if attendance.contact else None)


def _met(row: Any) -> str:
    """The organisations met, or the people where they belong to none; the rest as a number."""
    names = list(dict.fromkeys(str(_body(one) or one.contact) for one in row.met))
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" +{more}" if more > 0 else "")


def _all_met(row: Any) -> str:
    """Everyone met, each with the organisation."""
    lines = ([one.contact, _body(one)] for one in row.met)
    return "; ".join(", ".join(str(part) for part in line if part) for line in lines)


def _contacts(row: Any) -> list[Contact]:
    return [one.contact for one in row.met if one.contact]


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_log(person):
        return ()
    return [{"label": _now("Log contact"), "url": reverse("log_contact"), "primary": True}]


engagement_list = Listing(
    "engagements",
    Engagement,
    title=_("Engagements"),
    columns=[
        ListColumn("purpose", _("Purpose"), width=50),
        ListColumn("starts_at", _("When"), kind="moment", sort="when"),
        ListColumn("where", _("Where"), value=_where),
        ListColumn("met", _("Met"), value=_met, in_file=False),
        ListColumn("attended", _("Met"), value=_all_met, on_page=False),
        ListColumn("owner_office", _("By"), minor=True),
        ListColumn("kind", _("Kind"), on_page=False),
        ListColumn("ends_at", _("Until"), kind="moment", on_page=False),
        ListColumn("area.pcode", _("P-code"), on_page=False),
        ListColumn("latitude", _("Latitude"), kind="decimal", on_page=False),
        ListColumn("longitude", _("Longitude"), kind="decimal", on_page=False),
        ListColumn.choice("atmosphere", _("Atmosphere"), on_page=False),
        ListColumn("key_points", _("Key points"), on_page=False, width=80),
        ListColumn("author", _("Author"), on_page=False),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=EngagementFilter,
    sorts={"when": Sort(("starts_at",), _("oldest first"), _("newest first"))},
    default_sort="-when",
    tabs=[
        Tab(_("My office, 30 days"), {"my_office": "1", "within": "30"}),
        Tab(_("Mine"), {"mine": "1"}),
        Tab(_("Waiting for release"), {"waiting": "1"}, counted=True),
        Tab(_("Promises made"), {"promises": "1"}),
    ],
    prepare=_prepare,
    names=_contacts,
    actions=_actions,
    nothing_yet=_("No engagements yet"),
    nothing_yet_help=_("Log a contact: what you wrote stands here, with what others released to you."),
)
