"""The verbs by which any shared record is opened further, as its pages offer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import partner_name
from cimic_portal.core.forms.sharing import GrantForm, ReshareForm, RevokeForm
from cimic_portal.core.models import Organisation
from cimic_portal.core.policies import Allowed, Decision, Refused, can_grant, can_reshare
from cimic_portal.core.services.grants import grant, revoke
from cimic_portal.core.services.reshare import reshare
from cimic_portal.core.sharing.grants import grants_of
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.views.verbs import Verb

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord


def _can_revoke(person: Person, record: SharedRecord) -> Decision:
    decision = can_grant(person, record)
    if not decision:
        return decision
    return Allowed() if grants_of(record) else Refused(str(_("Nobody reads this by name.")))


SHARING_VERBS = [
    Verb(
        name="grant",
        label=_("Share with…"),
        policy=can_grant,
        run=grant,
        states=(),
        text=_("One person reads this one record until a day that you set, as far as they are cleared."),
        done=_("Shared."),
        form=GrantForm,
        needs_person=True,
    ),
    Verb(
        name="revoke",
        label=_("End sharing…"),
        policy=_can_revoke,
        run=revoke,
        states=(),
        text=_("They cannot read it from their next page on."),
        done=_("Sharing ended."),
        form=RevokeForm,
        needs_person=True,
    ),
    Verb(
        name="audience",
        label=_("Who may read…"),
        policy=can_reshare,
        run=reshare,
        states=(),
        text=_(
            "The new circle counts from the next page that anyone opens; the reason stands in the history."
        ),
        done=_("The circle of readers is changed."),
        form=ReshareForm,
        needs_person=True,
    ),
]


def sharing_actions(person: Person, record: Any) -> list[dict[str, Any]]:
    """Those of them that this reader may do, for `components/actions.html`."""
    address = record.get_absolute_url()
    return [
        {"label": verb.label, "url": f"{address}{verb.name}/"}
        for verb in SHARING_VERBS
        if verb.policy(person, record)
    ]


@dataclass(frozen=True)
class Readers:
    """Level and audience of a record in whole words; the owner office reads it in any case."""

    level: Classification
    components: list[Component]
    organisations: list[str]
    office: str
    is_published: bool


def readers_of(record: SharedRecord) -> Readers:
    """What `components/readers.html` says. A partner is named, not counted as on the badge."""
    chosen = record.audience_organisations
    partners = Organisation.objects.filter(pk__in=chosen).order_by("name") if chosen else ()
    return Readers(
        Classification(record.classification),
        [Component(number) for number in sorted(record.audience_components)],
        [partner_name(partner) for partner in partners],
        str(record.owner_office),
        record.is_published,
    )


def who_reads(person: Person, record: SharedRecord) -> dict[str, Any]:
    """`context` of a verb after which others read the record: level and readers stand beside the button."""
    return {"readers": readers_of(record)}
