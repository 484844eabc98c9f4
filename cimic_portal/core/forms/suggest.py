"""A line of text with suggestions of the mission's own list; anything else can be typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cimic_portal.core.models import FormOfAddress


class AddressInput(forms.TextInput):
    """Ranks and forms of address, by the browser's own list of suggestions."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        known = f"{name}-offered"
        field = super().render(name, value, {**(attrs or {}), "list": known, "autocomplete": "off"}, renderer)
        offered = FormOfAddress.objects.filter(is_archived=False).values_list("name")
        options = format_html_join("", '<option value="{}">', offered)
        return format_html('{}<datalist id="{}">{}</datalist>', field, known, options)
