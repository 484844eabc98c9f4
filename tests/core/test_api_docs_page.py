"""The page of the API, and the first administrator."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cimic_portal.core.models import Person
from tests.factories.cast import make_cast

pytestmark = pytest.mark.django_db


def test_page_names_every_noun_and_what_problems_point_at(client: Client) -> None:
    assert client.get("/api/docs/").status_code == 302
    client.force_login(make_cast().owner)
    page = client.get("/api/docs/").content.decode()
    assert "/api/v1/organisations/" in page
    problem = client.get("/api/v1/organisations/99999999/").json()
    path, _hash, anchor = problem["type"].partition("#")
    assert path == "/api/docs/"
    assert f'id="{anchor}"' in page


def test_first_administrator_chooses_a_password_by_the_printed_link() -> None:
    out = io.StringIO()
    call_command("add_administrator", "First@Mission.example", "Ada", "First", stdout=out)
    made = Person.objects.get()
    assert (made.email, made.is_staff, made.has_usable_password()) == ("first@mission.example", True, False)
    link = re.search(r"/password/link/\S+", out.getvalue())
    assert link
    assert Client().get(link[0]).status_code == 302
    with pytest.raises(CommandError):
        call_command("add_administrator", "first@mission.example", "Ada", "Again", stdout=out)
