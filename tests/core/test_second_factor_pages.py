"""The pages that ask for a factor anew, and the one that takes a key away."""

import pytest
from allauth.mfa.models import Authenticator
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tests.factories.core import OfficeFactory, post_someone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("account/reauthenticate.html", "<form"),
        ("mfa/reauthenticate.html", "<form"),
        ("mfa/webauthn/reauthenticate.html", "<form"),
        ("mfa/webauthn/authenticator_confirm_delete.html", "Remove the key"),
    ],
)
def test_page_is_whole(template, words):
    person = post_someone(OfficeFactory())
    key = Authenticator(pk=1, user=person, type="webauthn", data={"name": "blue key"})
    request = RequestFactory().get("/me/")
    request.user, request.session = person, Client().session
    shown = render_to_string(template, {"authenticator": key, "object": key, "js_data": {}}, request)
    assert words in shown
