"""A small named cast, as the rule knows them. Everyone is cleared for everything but the auditor."""

from __future__ import annotations

from dataclasses import dataclass

from cimic_portal.core.models import Office, Organisation, Person, SharingGroup
from cimic_portal.core.sharing.levels import Classification, Component
from tests.factories.core import (
    DelegationFactory,
    HoldingFactory,
    OfficeFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
    SharingGroupFactory,
    ago,
    post_someone,
)


@dataclass
class Cast:
    """Offices: hq above sector above team; police beside; country office of the partner."""

    mission: Organisation
    partner_organisation: Organisation
    hq: Office
    sector: Office
    team: Office
    police: Office
    country_office: Office
    group: SharingGroup
    # Writes for the team, holds its ordinary position.
    owner: Person
    # In the team as well.
    colleague: Person
    # Heads the team, and so releases for it.
    head: Person
    # Heads the headquarters, two offices above.
    head_above: Person
    # Police component, an office beside.
    other_component: Person
    # Humanitarian, of the partner organisation.
    partner: Person
    # Of the police office, deputises for the owner.
    delegate: Person
    # Of the police office, in the sharing group.
    group_member: Person
    # Administrator in headquarters, cleared for unclassified only.
    auditor: Person
    # Civilian in the sector, in nothing.
    outsider: Person
    # Was of the team; switched off.
    inactive: Person
    # Was of the team; the post has ended.
    postless: Person

    def everyone(self) -> dict[str, Person]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}


def make_cast() -> Cast:
    mission = OrganisationFactory(name="Mission in Carana", is_mission=True)
    partner = OrganisationFactory(name="Relief Carana", component=Component.HUMANITARIAN)
    hq = OfficeFactory(organisation=mission, name="Headquarters")
    sector = OfficeFactory(organisation=mission, parent=hq, name="Sector North")
    team = OfficeFactory(organisation=mission, parent=sector, name="Liaison team")
    police = OfficeFactory(organisation=mission, parent=hq, name="Police", component=Component.POLICE)
    country_office = OfficeFactory(
        organisation=partner, name="Country office", component=Component.HUMANITARIAN
    )
    group = SharingGroupFactory(name="Flood cell", office=team)
    owner = post_someone(team, family_name="Owner")
    delegate = post_someone(police, family_name="Delegate", component=Component.POLICE)
    DelegationFactory(position=owner.holdings.get().position, delegator=owner, delegate=delegate)
    group_member = post_someone(police, family_name="Member", component=Component.POLICE)
    group_member.groups.add(group)
    postless = PersonFactory(family_name="Postless")
    HoldingFactory(person=postless, position=PositionFactory(office=team), until=ago(days=1))
    return Cast(
        mission=mission,
        partner_organisation=partner,
        hq=hq,
        sector=sector,
        team=team,
        police=police,
        country_office=country_office,
        group=group,
        owner=owner,
        colleague=post_someone(team, family_name="Colleague"),
        head=post_someone(team, head=True, family_name="Head"),
        head_above=post_someone(hq, head=True, family_name="Above"),
        other_component=post_someone(police, family_name="Other", component=Component.POLICE),
        partner=post_someone(country_office, family_name="Partner", component=Component.HUMANITARIAN),
        delegate=delegate,
        group_member=group_member,
        auditor=post_someone(hq, family_name="Auditor", is_staff=True, clearance=Classification.UNCLASSIFIED),
        outsider=post_someone(sector, family_name="Outsider", component=Component.CIVILIAN),
        inactive=post_someone(team, family_name="Inactive", is_active=False),
        postless=postless,
    )
