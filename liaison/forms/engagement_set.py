"""The engagement form with its rows, as one: validates together, gives one input, shows all errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm, BaseFormSet, formset_factory

from cimic_portal.core.forms.pick import Picked
from cimic_portal.core.services.audience import Sharing
from liaison.forms.engagement import EngagementForm, MetForm, OwnForm, PromiseForm
from liaison.models import Attendance, Commitment
from liaison.services.inputs import Attendee, EngagementInput, NewContact, Promise

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person
    from liaison.models import Engagement

# More rows than any meeting has people; a form with more was not filled in by hand.
MOST_ROWS = 60

_MetSet = formset_factory(MetForm, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True)
_OwnSet = formset_factory(OwnForm, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True)
_PromiseSet = formset_factory(PromiseForm, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True)

_SAME_NAME = (
    "office",
    "purpose",
    "kind",
    "starts_at",
    "ends_at",
    "place",
    "location",
    "key_points",
    "atmosphere",
    "atmosphere_why",
    "local_context",
    "next_steps",
    "visibility",
    "do_no_harm",
    "classification",
    "audience_components",
    "audience_organisations",
)


class EngagementForms:
    """`main`, `met`, `own` and `promises`, bound to `data` or filled from `engagement`."""

    def __init__(
        self,
        person: Person,
        *,
        data: Any = None,
        engagement: Engagement | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        first = initial or {}
        main = first if engagement is None else _main_initial(engagement)
        met = first.get("met", []) if engagement is None else _met_initial(engagement, person)
        own = (
            first.get("own", [{"person": person}]) if engagement is None else _own_initial(engagement, person)
        )
        promises = [] if engagement is None else _promise_initial(engagement, person)
        common: dict[str, Any] = {"form_kwargs": {"person": person}}
        self.main = EngagementForm(data, initial=main, person=person)
        self.met: BaseFormSet[Any] = _MetSet(data, initial=met, prefix="met", **common)
        self.own: BaseFormSet[Any] = _OwnSet(data, initial=own, prefix="own", **common)
        self.promises: BaseFormSet[Any] = _PromiseSet(data, initial=promises, prefix="promises", **common)

    @property
    def formsets(self) -> list[BaseFormSet[Any]]:
        return [self.met, self.own, self.promises]

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), *(formset.is_valid() for formset in self.formsets)])

    def input(self) -> EngagementInput:
        """What was entered, for the services. Call after `is_valid()`."""
        data = self.main.cleaned_data
        position = data["position"]
        attendees, new_contacts = self._met()
        own = [Attendee(person=row["person"].chosen) for row in _rows(self.own) if row["person"].chosen]
        return EngagementInput(
            purpose=data["purpose"],
            kind=data["kind"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            place=data["place"].chosen,
            location=data["location"],
            latitude=position.lat if position else None,
            longitude=position.lon if position else None,
            key_points=data["key_points"],
            atmosphere=data["atmosphere"],
            atmosphere_why=data["atmosphere_why"],
            local_context=data["local_context"],
            next_steps=data["next_steps"],
            visibility=data["visibility"],
            do_no_harm=data["do_no_harm"],
            sharing=Sharing(*self.main.audience_ids()),
            attendees=(*attendees, *own),
            new_contacts=tuple(new_contacts),
            promises=tuple(_promise(row) for row in _rows(self.promises) if row["what"]),
        )

    def _met(self) -> tuple[list[Attendee], list[NewContact]]:
        attendees: list[Attendee] = []
        new: list[NewContact] = []
        for row in _rows(self.met):
            contact, organisation = row["contact"], row["organisation"]
            if contact.chosen is not None:
                attendees.append(_attendee(row))
            elif contact:
                new.append(_new_contact(row))
            elif organisation:
                attendees.append(_attendee(row))
        return attendees, new

    def show(self, error: InvalidError) -> None:
        """Put the problems that a service found beside their fields."""
        for name, messages in error.fields.items():
            form, field = self._field_of(name)
            for message in messages:
                form.add_error(field, message)

    def _field_of(self, name: str) -> tuple[BaseForm, str | None]:
        if name.startswith("new_contacts."):
            _, number, field = name.split(".", 2)
            typed = [form for form in self.met.forms if _is_new(form)]
            target = {"name": "contact", "classification": "contact"}.get(field, field)
            return typed[int(number)], target
        if name == "organisations":
            asked = (form for form in self.met.forms if _names_new_organisation(form))
            return next(asked, self.met.forms[0]), "organisation"
        if name == "attendees":
            return (self.met.forms or [self.main])[0], None
        if name == "latitude":
            return self.main, "position"
        return self.main, name if name in self.main.fields else None


def _rows(formset: BaseFormSet[Any]) -> Iterator[dict[str, Any]]:
    for form in formset.forms:
        data = getattr(form, "cleaned_data", None)
        if data and not data.get("DELETE"):
            yield data


def _names_new_organisation(form: BaseForm) -> bool:
    picked = getattr(form, "cleaned_data", {}).get("organisation") or Picked()
    return bool(picked) and picked.chosen is None


def _is_new(form: BaseForm) -> bool:
    data = getattr(form, "cleaned_data", {})
    contact = data.get("contact") or Picked()
    return not data.get("DELETE") and bool(contact) and contact.chosen is None


def _attendee(row: dict[str, Any]) -> Attendee:
    organisation = row["organisation"]
    return Attendee(
        contact=row["contact"].chosen,
        organisation=organisation.chosen,
        role=row["role"],
        new_organisation="" if organisation.chosen is not None else organisation.text,
        confirmed=row["confirmed"],
    )


def _new_contact(row: dict[str, Any]) -> NewContact:
    organisation = row["organisation"]
    return NewContact(
        name=row["contact"].text,
        role=row["role"],
        phone=row["phone"],
        organisation=organisation.chosen,
        new_organisation="" if organisation.chosen is not None else organisation.text,
        confirmed=row["confirmed"],
    )


def _promise(row: dict[str, Any]) -> Promise:
    return Promise(
        side=row["side"],
        what=row["what"],
        organisation=row["organisation"].chosen,
        due_on=row["due_on"],
        pk=row["pk"],
    )


def _main_initial(engagement: Engagement) -> dict[str, Any]:
    initial = {name: getattr(engagement, name) for name in _SAME_NAME if hasattr(engagement, name)}
    initial["office"] = engagement.owner_office
    initial["position"] = engagement.position
    return initial


def _met_initial(engagement: Engagement, person: Person) -> list[dict[str, Any]]:
    rows = Attendance.objects.visible_to(person).filter(engagement=engagement, person__isnull=True)
    return [
        {"contact": row.contact, "organisation": row.organisation, "role": row.role}
        for row in rows.select_related("contact", "organisation")
    ]


def _own_initial(engagement: Engagement, person: Person) -> list[dict[str, Any]]:
    rows = Attendance.objects.visible_to(person).filter(engagement=engagement, person__isnull=False)
    return [{"person": row.person} for row in rows.select_related("person")]


def _promise_initial(engagement: Engagement, person: Person) -> list[dict[str, Any]]:
    rows = Commitment.objects.visible_to(person).filter(engagement=engagement, state="open")
    return [
        {
            "pk": row.pk,
            "side": row.side,
            "what": row.what,
            "organisation": row.organisation,
            "due_on": row.due_on,
        }
        for row in rows.select_related("organisation")
    ]
