"""The person's corner of the frame: the ways to one's own page and to the administration, and back."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.cast import make_cast
from tests.support import staff

pytestmark = pytest.mark.django_db


def menu(page: str) -> str:
    """What stands in the menu of the person's corner."""
    return page.split('class="menu corner"')[1].split("</details>", maxsplit=1)[0]


def test_leads_to_ones_own_page_and_not_to_the_administration(client: Client) -> None:
    client.force_login(make_cast().owner)
    shown = menu(client.get("/me/").content.decode())
    assert 'href="/me/"' in shown
    assert "/admin/" not in shown


def test_leads_administrators_to_the_administration_and_back(client: Client) -> None:
    client.force_login(staff.person(is_staff=True))
    page = client.get("/me/").content.decode()
    assert 'href="/admin/"' in menu(page)
    assert "Back to the portal" not in page
    administration = client.get("/admin/").content.decode()
    assert 'href="/me/"' in menu(administration)
    assert "Back to the portal" in administration


def test_own_page_leads_to_the_api_also_without_a_position(client: Client) -> None:
    client.force_login(staff.person(posted=False))
    page = client.get("/me/").content.decode()
    assert "You hold no position" in page
    assert 'href="/api/docs/"' in page


def test_sign_in_leads_to_a_new_password(client: Client) -> None:
    assert 'href="/password/new/"' in client.get("/sign-in/").content.decode()
