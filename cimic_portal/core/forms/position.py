"""A position in a form: one text in any accepted form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cimic_portal.core.geo.errors import PositionError
from cimic_portal.core.geo.position import MAX_TEXT, GeoPosition, parse_position


class PositionField(forms.CharField):
    """A position in any form that `parse_position` reads; cleans to GeoPosition, or None when empty.

    Drawn by `components/position.html`, whose map writes what was pressed into the same text. A
    stored position is shown in degrees, which lose nothing: a record that is saved again stays put.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_TEXT)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, GeoPosition):
            return str(value)
        if isinstance(value, tuple):
            return str(GeoPosition.of(*value))
        return value

    def clean(self, value: Any) -> GeoPosition | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_position(text)
        except PositionError as error:
            raise ValidationError(str(error)) from error
