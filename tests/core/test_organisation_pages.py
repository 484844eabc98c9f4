"""Pages of organisations: kept by the mission, read by everyone, with what each reader may know beside."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cimic_portal.core.models import Organisation, OrganisationKind
from tests.factories.cast import Cast, make_cast
from tests.factories.core import OfficeFactory, OrganisationFactory
from tests.factories.liaison import AttendanceFactory, ContactFactory, EngagementFactory
from tests.support.pages import body, signed_in, words

pytestmark = pytest.mark.django_db
NEW = {"name": "Ferry committee of Dessa", "short_name": "FCD", "kind": OrganisationKind.OTHER}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_entering_one_leads_to_its_page(cast: Cast) -> None:
    client = signed_in(cast.owner)
    assert client.get("/organisations/new/").status_code == 200
    answer = client.post("/organisations/new/", NEW)
    made = Organisation.objects.get(name=NEW["name"])
    assert answer["Location"] == reverse("organisation", args=[made.pk])
    page = words(body(client.get(answer["Location"])))
    assert "Ferry committee of Dessa" in page
    assert "FCD" in page
    assert "Organisation entered." in page


def test_a_name_that_stands_there_is_told_and_nothing_typed_is_lost(cast: Cast) -> None:
    OrganisationFactory(name=NEW["name"])
    answer = signed_in(cast.owner).post("/organisations/new/", {**NEW, "phone": "+236 70 00 00 01"})
    assert answer.status_code == 422
    assert "+236 70 00 00 01" in body(answer)
    assert Organisation.objects.filter(name=NEW["name"]).count() == 1


def test_correcting_one_shows_what_stood_there(cast: Cast) -> None:
    made = OrganisationFactory(**{**NEW, "name": "Fery comittee"})
    client, address = signed_in(cast.owner), reverse("organisation_edit", args=[made.pk])
    assert 'value="Fery comittee"' in body(client.get(address))
    assert client.post(address, NEW)["Location"] == reverse("organisation", args=[made.pk])
    made.refresh_from_db()
    assert made.name == NEW["name"]


def test_the_list_is_kept_by_the_mission(cast: Cast) -> None:
    made, client = OrganisationFactory(), signed_in(cast.partner)
    shown = reverse("organisation", args=[made.pk])
    assert client.get(shown).status_code == 200
    assert "Correct" not in words(body(client.get(shown)))
    for address in ("/organisations/new/", f"{shown}edit/"):
        assert client.get(address).status_code == 403
        assert client.post(address, NEW).status_code == 403
    assert signed_in(cast.owner).get(reverse("organisation", args=[10**8])).status_code == 404


def test_panels_hold_what_the_reader_may_see(cast: Cast) -> None:
    made = OrganisationFactory(name="Ferry committee")
    OfficeFactory(organisation=made, name="Landing stage")
    for office, author, word in (
        (cast.team, cast.owner, "Open"),
        (cast.country_office, cast.partner, "Hidden"),
    ):
        fields = {"owner_office": office, "author": author, "published": True}
        contact = ContactFactory(**fields, name=f"{word} Person", organisation=made)
        met = EngagementFactory(**fields, purpose=f"{word} meeting")
        AttendanceFactory(engagement=met, contact=contact, organisation=made)
    page = words(body(signed_in(cast.colleague).get(reverse("organisation", args=[made.pk]))))
    for shown in ("Open Person", "Open meeting", "Landing stage"):
        assert shown in page
    assert "Hidden" not in page
    assert "None that you may read." in body(
        signed_in(cast.outsider).get(reverse("organisation", args=[made.pk]))
    )
