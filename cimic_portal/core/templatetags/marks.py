"""Marks, icons, pills and badges: one look for each component, state and level, everywhere.

Loaded into every template (settings, `builtins`), so no page writes `{% load marks %}`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.marks import mark_of
from cimic_portal.core.sharing.levels import Classification, Component

register = template.Library()

# The tones of a state. Each is a colour and always stands beside a word.
TONES = ("draft", "waiting", "running", "done", "refused")
SVG = "{http://www.w3.org/2000/svg}"


@cache
def _icons() -> dict[str, str]:
    """Inner markup of each icon, by name, from the one drawing file."""
    path = Path(settings.BASE_DIR) / "static" / "img" / "icons.svg"
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    root = ElementTree.parse(path).getroot()  # noqa: S314 - our own file
    drawn = {}
    for symbol in root.iter(f"{SVG}symbol"):
        inner = "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in symbol)
        drawn[symbol.attrib["id"]] = inner.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return drawn


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon of `static/img/icons.svg`, hidden from screen readers: words stand beside it.

    Raises KeyError for a name that is not drawn, so that a misspelling fails in the tests.
    """
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(_icons()[name]),  # noqa: S308 - from the portal's own drawing file
    )


def _shape(component: Component) -> SafeString:
    mark = mark_of(component)
    return format_html(
        '<svg class="mark tint-{0} shape-{1}" aria-hidden="true" focusable="false">'
        '<use href="#shape-{1}"/></svg>',
        mark.tint,
        mark.shape,
    )


@register.simple_tag
def component_mark(component: int, size: str = "small") -> SafeString:
    """The mark of a component, named for screen readers.

    `size` is "small" (the shape alone, beside words), "large" (the shape with its letter) or
    "named" (the shape, then the word).
    """
    known = Component(component)
    if size == "named":
        return format_html('<span class="component">{} {}</span>', _shape(known), known.label)
    if size == "large":
        return format_html(
            '<span class="mark-letter" role="img" aria-label="{0}" title="{0}">{1}<b>{2}</b></span>',
            known.label,
            _shape(known),
            mark_of(known).letter,
        )
    return format_html(
        '<span class="component" role="img" aria-label="{0}" title="{0}">{1}</span>',
        known.label,
        _shape(known),
    )


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


@register.simple_tag
def state_pill(record: Any = None, *, label: str = "", tone: str = "") -> SafeString:
    """The state of a record as a pill.

    Either a record with `get_state_display()` and `state_tone`, or `label` and `tone`.
    `tone` is one of draft, waiting, running, done, refused (also: overdue things).
    """
    words = label or str(record.get_state_display())
    if record is not None and getattr(record, "is_overdue", False):
        words = _("%(state)s, overdue") % {"state": words}
    colour = tone or str(record.state_tone)
    if colour not in TONES:
        raise ValueError(f"No such tone: {colour!r}")
    return format_html('<span class="pill pill-{}">{}</span>', colour, _lower_first(str(words)))


def _audience_in_words(components: Iterable[Component], organisations: int) -> str:
    named = [str(component.label).lower() for component in components]
    if organisations:
        named.append(
            ngettext("%(count)s organisation", "%(count)s organisations", organisations)
            % {"count": organisations}
        )
    return ", ".join(named)


def badge_words(level: Classification, audience: str, *, shared: bool) -> str:
    """What a badge says aloud: the level, then who may read, or from when on."""
    if not audience:
        reads = _("read by its owner office only")
    elif shared:
        reads = _("may be read by: %(audience)s") % {"audience": audience}
    else:
        reads = _("not shared yet; then read by: %(audience)s") % {"audience": audience}
    return f"{level.label}, {reads}"


@register.simple_tag
def sharing_badge(record: Any) -> SafeString:
    """Level and audience of a shared record in one pill; the level is spelled out above unclassified.

    Reads `classification`, `audience_components`, `audience_organisations`, `is_published`.
    Before publication the pill is dashed, because the audience does not count yet.
    """
    level = Classification(record.classification)
    components = [Component(value) for value in sorted(record.audience_components)]
    organisations = len(record.audience_organisations)
    words = badge_words(level, _audience_in_words(components, organisations), shared=record.is_published)
    shapes = format_html_join("", "{}", ((_shape(component),) for component in components))
    more = format_html('<span class="more">+{}</span>', organisations) if organisations else ""
    spelled = format_html("<b>{}</b>", str(level.label)) if level > Classification.UNCLASSIFIED else ""
    nobody = format_html("<span>{}</span>", _("own office")) if not components and not organisations else ""
    return format_html(
        '<span class="badge badge-{}{}" role="img" aria-label="{}" title="{}">{}{}{}{}</span>',
        int(level),
        "" if record.is_published else " badge-unshared",
        words,
        words,
        spelled,
        shapes,
        more,
        nobody,
    )


@register.simple_tag(takes_context=True)
def page_level(context: Context) -> Classification:
    """The level of the page: the context's `page_classification`, unclassified when it has none."""
    return Classification(context.get("page_classification") or Classification.UNCLASSIFIED)


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """`data-theme="dark"` or `"light"` on <html> when the person chose one; else the device decides.

    The choice is a cookie, so that the first paint is already right and no script has to run first.
    """
    request = context.get("request")
    chosen = request.COOKIES.get("theme") if request is not None else None
    if chosen in ("light", "dark"):
        return format_html(' data-theme="{}"', chosen)
    return SafeString("")
