"""Simple rich text on pages. Loaded into every template (settings, `builtins`)."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from cimic_portal.core.texts.markdown import as_html

register = template.Library()


@register.filter
def rich(text: str) -> SafeString:
    """Headings, lists, tables, bold and emphasis of a text; everything else as it was typed."""
    return as_html(text or "")
