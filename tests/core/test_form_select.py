"""A select says in words that nothing is chosen."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.models import modelform_factory

from cimic_portal.core.models import Office, Organisation
from tests.support.pages import words


class Chosen(forms.Form):
    must = forms.ModelChoiceField(queryset=Organisation.objects.none())
    may = forms.ModelChoiceField(queryset=Organisation.objects.none(), required=False)
    own = forms.ModelChoiceField(queryset=Organisation.objects.none(), required=False, empty_label="Anyone")


@pytest.mark.parametrize(("name", "said"), [("must", "Choose…"), ("may", "Not chosen"), ("own", "Anyone")])
def test_empty_choice_is_said_in_words(name: str, said: str) -> None:
    assert words(str(Chosen()[name])) == said


def test_choices_that_come_from_a_model_say_it_too() -> None:
    form = modelform_factory(Office, fields=["component"])()
    assert words(str(form["component"])).startswith("Choose… Military")
