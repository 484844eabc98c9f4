"""SCORM packages written to the standard, and every wrong kind of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

API = """
function findAPI(w) { while (w && !w.API && w.parent && w.parent !== w) w = w.parent; return w && w.API; }
var api = findAPI(window);
"""
ITEM = '<item identifier="{id}" identifierref="r-{id}"><title>{title}</title>{more}</item>'
RESOURCE = (
    '<resource identifier="r-{id}" type="webcontent" adlcp:scormtype="sco" href="{href}">'
    '<file href="{href}"/></resource>'
)


def manifest(*items: tuple[str, str, str], version: str = "1.2", more: str = "", prolog: str = "") -> str:
    """A manifest of (identifier, title, href); `more` goes into the last item."""
    shown = "".join(
        ITEM.format(id=name, title=title, more=more if place == len(items) - 1 else "")
        for place, (name, title, _href) in enumerate(items)
    )
    resources = "".join(RESOURCE.format(id=name, href=href) for name, _title, href in items)
    return (
        f'<?xml version="1.0"?>{prolog}<manifest identifier="m" '
        'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schema>ADL SCORM</schema>'
        f"<schemaversion>{version}</schemaversion></metadata>"
        f'<organizations default="o"><organization identifier="o"><title>Package of the test</title>{shown}'
        f"</organization></organizations><resources>{resources}</resources></manifest>"
    )


def page(script: str, text: str = "A part") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text}</title>'
        f'<script src="api.js"></script></head><body><h1>{text}</h1><script>{script}</script></body></html>'
    )


TWO_PARTS = manifest(
    ("one", "Read", "one.html"),
    ("two", "Check", "two.html"),
    more="<adlcp:masteryscore>60</adlcp:masteryscore>",
)


def package(files: Mapping[str, str | bytes] | None = None, **given: Any) -> io.BytesIO:
    """A package of these files, and one part that is never finished. `manifest` replaces its own."""
    whole: dict[str, str | bytes] = {
        "imsmanifest.xml": given.get("manifest", manifest(("one", "Read", "one.html"))),
        "api.js": API,
        "one.html": page("api.LMSInitialize('')"),
        **(files or {}),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    target.seek(0)
    return target
