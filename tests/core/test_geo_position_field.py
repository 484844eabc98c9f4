"""The form field for a position, and the look-up behind its map."""

from decimal import Decimal

import pytest
from django import forms

from cimic_portal.core.forms.position import PositionField
from cimic_portal.core.geo import GeoPosition

BANGUI = GeoPosition.of("4.36", "18.55")


class WhereForm(forms.Form):
    where = PositionField(required=False, label="Where")


def test_any_accepted_form_is_cleaned() -> None:
    for text in ("4.36, 18.55", "4°21'36\"N 18°33'E", "geo:4.36,18.55"):
        form = WhereForm({"where": text})
        assert form.is_valid()
        assert form.cleaned_data["where"] == BANGUI
    grid = WhereForm({"where": "34N BK 28077 82362"})
    assert grid.is_valid()
    assert grid.cleaned_data["where"].mgrs == "34N BK 28077 82362"


def test_a_long_map_link_is_cleaned() -> None:
    link = "https://www.google.com/maps/place/Bangui/@4.36,18.55,15z/" + "data=" + "x" * 150
    assert WhereForm({"where": link}).is_valid()


def test_empty_is_none_where_allowed() -> None:
    form = WhereForm({"where": " "})
    assert form.is_valid()
    assert form.cleaned_data["where"] is None


def test_a_wrong_one_says_why_beside_the_field() -> None:
    form = WhereForm({"where": "94.36, 18.55"})
    assert form.errors["where"] == ["Latitude 94.36 is outside −90 to 90. Were the two numbers swapped?"]
    assert 'value="94.36, 18.55"' in str(form["where"])


@pytest.mark.parametrize("stored", [BANGUI, (Decimal("4.36"), Decimal("18.55"))])
def test_a_stored_position_survives_being_saved_again(stored: object) -> None:
    shown = WhereForm(initial={"where": stored})["where"].value()
    again = WhereForm({"where": shown}, initial={"where": stored})
    assert again.is_valid()
    assert again.cleaned_data["where"] == BANGUI
