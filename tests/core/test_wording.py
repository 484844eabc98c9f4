"""What cannot be taken is told in plain words that say what to do, whoever wrote the field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.admin.helpers import ActionForm
from django.forms.utils import ErrorList
from django.urls import get_resolver, reverse
from rest_framework import serializers

from cimic_portal.core.sharing.levels import Component
from tests.factories.cast import Cast, make_cast
from tests.factories.core import ahead
from tests.support.pages import signed_in

# How the frameworks begin, or what they speak of.
FRAMEWORK = re.compile(
    r"^(Ensure|Select a|Enter a valid|Enter a list|This field|This list|This selection|A valid|Must be|"
    r"Expected|Invalid|Incorrect|Not a valid|Please|Object with|Upload a valid|No file|The submitted)"
    r"|is not a valid|wrong format|available choices|tampered|out of range|too large"
)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def below(base: type) -> Iterator[Any]:
    """The portal's own classes below this one."""
    for kind in base.__subclasses__():
        yield from below(kind)
        if kind.__module__.split(".")[0] in ("cimic_portal", "operations", "liaison", "training"):
            yield kind


def of_forms() -> Iterator[tuple[str, Any]]:
    for form in below(forms.BaseForm):
        for name, field in form.base_fields.items():
            # The admin's own two, which no one fills in, were declared before the portal started.
            if field not in ActionForm.base_fields.values():
                yield f"{form.__name__}.{name}", field


def of_serializers() -> Iterator[tuple[str, Any]]:
    for kind in below(serializers.Serializer):
        for name, field in kind._declared_fields.items():
            yield f"{kind.__name__}.{name}", field
            for part in ("child", "child_relation"):
                if hasattr(field, part):
                    yield f"{kind.__name__}.{name}[]", getattr(field, part)


def spoken(field: Any) -> Iterator[str]:
    """The messages a field has, and those of what checks it; plural ones as they are for one."""
    checks = [check.message for check in getattr(field, "validators", ()) if hasattr(check, "message")]
    for message in [*field.error_messages.values(), *checks]:
        plural = {"limit_value": 1, "max": 1, "show_value": 2, "length": 2, "num": 1}
        yield message % plural if type(message).__name__ == "NumberAwareString" else str(message)


@pytest.mark.parametrize("fields", [of_forms, of_serializers])
def test_no_field_of_the_portal_speaks_the_words_of_the_framework(fields):
    get_resolver().url_patterns  # noqa: B018  By then all forms and serializers are declared.
    seen = list(fields())
    assert len(seen) > 200
    foreign = {(name, text) for name, field in seen for text in spoken(field) if FRAMEWORK.search(text)}
    assert not foreign


class Rows(forms.Form):
    text = forms.CharField(max_length=4, min_length=2)
    number = forms.IntegerField(min_value=1, max_value=9)
    share = forms.DecimalField(max_digits=3, decimal_places=1)
    day = forms.DateField()
    mail = forms.EmailField()
    kind = forms.MultipleChoiceField(choices=[("a", "A")])
    sure = forms.BooleanField()
    paper = forms.FileField()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": ""}, "Fill this in."),
        ({"text": "x"}, "Write at least 2 characters; this is 1."),
        ({"text": "x" * 5}, "Write at most 4 characters; this is 5."),
        ({"text": "a\0b"}, "Take out the character that cannot be shown (NUL)."),
        ({"number": "0"}, "Give 1 or more."),
        ({"number": "10"}, "Give 9 or less."),
        ({"share": "1.25"}, "Write at most 1 digit after the point."),
        ({"share": "1234"}, "Write at most 3 digits."),
        ({"day": "soon"}, "Write the day as 2026-11-22."),
        ({"mail": "nobody"}, "Write an e-mail address, such as name@example.org."),
        ({"kind": []}, "Choose at least one."),
        ({"kind": ["b"]}, "Choose one of the values offered here."),
        ({"sure": ""}, "Tick this box."),
        ({"paper": ""}, "Choose a file."),
    ],
)
def test_a_form_says_what_to_do(sent, told):
    ((name, _value),) = sent.items()
    assert told in Rows(sent, {}).errors.get(name, ErrorList())


@pytest.mark.django_db
def test_a_page_says_what_to_do(cast):
    answer = signed_in(cast.owner).post(
        reverse("log_contact"),
        {"kind": "999", "starts_at_0": "soon", "starts_at_1": "14:05", "purpose": " "},
    )
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    told = {name: errors[name] for name in ("kind", "starts_at", "purpose")}
    assert told == {
        "kind": ["Choose one of the values offered here."],
        "starts_at": ["Write the day as 2026-11-22."],
        "purpose": ["Fill this in."],
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "sent", "told"),
    [
        ("title", "", "Fill this in."),
        ("title", None, "Send a value, not null."),
        ("title", "x" * 999, "Write at most 160 characters."),
        ("form", "picnic", "Send one of the values offered; “picnic” is not among them."),
        ("starts_at", "soon", "Send day and time as YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."),
        ("office", 0, "Send the number of one that you can see; 0 is none."),
        ("office", "ours", "Send its number, not str."),
        ("audience_components", 1, "Send a list, not int."),
    ],
)
def test_the_api_says_what_to_do(cast, name, sent, told):
    good = {
        "title": "Flood",
        "form": "table_top",
        "purpose": "Warn in time",
        "starts_at": ahead(days=2).isoformat(),
        "ends_at": ahead(days=2, hours=3).isoformat(),
        "office": cast.team.pk,
        "audience_components": [int(Component.POLICE)],
    }
    client = signed_in(cast.owner)
    address = reverse("api:exercise-list")
    answer = client.post(address, good | {name: sent}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"]) == (422, {name: [told]})
    left_out = {each: value for each, value in good.items() if each != "title"}
    answer = client.post(address, left_out, content_type="application/json")
    assert answer.json()["errors"] == {"title": ["Send this field."]}
