"""Reading the manifest of a SCORM 1.2 package: its title, and what is opened in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from cimic_portal.core.xmlfile import XmlError, plain_name, read_xml

MANIFEST = "imsmanifest.xml"
LARGEST_MANIFEST = 2 * 2**20
MOST_ITEMS = 200
HIGHEST_MASTERY, LONGEST_HREF = 100, 500
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class ManifestError(ValueError):
    """The manifest cannot be used; the message says why."""


@dataclass(frozen=True)
class Item:
    """One part that a learner opens. `href`: its address within the package; `mastery`: its pass mark."""

    id: str
    title: str
    href: str
    launch_data: str = ""
    mastery: float | None = None

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def path(self) -> str:
        """The file that is opened, as the package names it."""
        return _path(self.href)


@dataclass(frozen=True)
class Manifest:
    title: str
    items: list[Item]


def read_manifest(content: bytes, files: Mapping[str, Any]) -> Manifest:
    """The manifest of a package whose files are those. Raises ManifestError with the reason."""
    if len(content) > LARGEST_MANIFEST:
        raise ManifestError(_("Its manifest is larger than any list of lessons."))
    try:
        root = read_xml(content)
    except XmlError as error:
        raise ManifestError(
            _("Its imsmanifest.xml cannot be used: %(reason)s") % {"reason": error}
        ) from error
    if plain_name(root) != "manifest":
        raise ManifestError(_("Its imsmanifest.xml is no manifest."))
    _refuse_version(root)
    organization = _organization(root)
    hrefs = dict(_hrefs(root))
    items = []
    for item in _leaves(organization):
        href = hrefs.get(item.attrib.get("identifierref", ""))
        if href is None:
            raise ManifestError(_("A part of it names a resource that the manifest does not have."))
        items.append(_item(item, href, files))
    if not items:
        raise ManifestError(_("Its manifest names nothing to open."))
    if len(items) > MOST_ITEMS or len({item.id for item in items}) < len(items):
        raise ManifestError(_("Its manifest names too many parts, or one twice."))
    return Manifest(_title(organization) or items[0].title, items)


def _refuse_version(root: ElementTree.Element) -> None:
    told = next((one.text or "" for one in root.iter() if plain_name(one) == "schemaversion"), "").strip()
    spaces = " ".join({one.tag for one in root.iter()} | {key for one in root.iter() for key in one.attrib})
    if "1.3" in told or "2004" in told or "adlcp_v1p3" in spaces:
        raise ManifestError(
            _("This is a SCORM 2004 package. The portal opens SCORM 1.2: export it again as SCORM 1.2.")
        )
    if told != "1.2" and not (not told and "adlcp_rootv1p2" in spaces):
        raise ManifestError(
            _("It does not say that it is SCORM 1.2 (it says “%(version)s”). Export it as SCORM 1.2.")
            % {"version": told[:40] or _("nothing")}
        )


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if plain_name(child) == name)


def _text(element: ElementTree.Element, name: str) -> str:
    return next((" ".join((child.text or "").split()) for child in _children(element, name)), "")


def _title(element: ElementTree.Element) -> str:
    return _text(element, "title")[:200]


def _organization(root: ElementTree.Element) -> ElementTree.Element:
    """The one that the manifest names as its default, else the first."""
    for organizations in _children(root, "organizations"):
        found = list(_children(organizations, "organization"))
        wanted = organizations.attrib.get("default")
        for one in found:
            if one.attrib.get("identifier") == wanted:
                return one
        if found:
            return found[0]
    raise ManifestError(_("Its manifest has no organization, so nothing says what to open."))


def _leaves(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The items that open something, in their order."""
    for item in _children(element, "item"):
        if item.attrib.get("identifierref") and item.attrib.get("isvisible", "true").lower() != "false":
            yield item
        yield from _leaves(item)


def _hrefs(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for resources in _children(root, "resources"):
        for resource in _children(resources, "resource"):
            if resource.attrib.get("href"):
                base = resources.attrib.get(_BASE, "") + resource.attrib.get(_BASE, "")
                yield resource.attrib.get("identifier", ""), base + resource.attrib["href"]


def _item(item: ElementTree.Element, href: str, files: Mapping[str, Any]) -> Item:
    title = _title(item)
    whole = href + _parameters(item.attrib.get("parameters", ""))
    try:
        parts = urlsplit(whole)
    except ValueError as error:
        raise ManifestError(_("“%(title)s” opens what is no address.") % {"title": title}) from error
    path = _path(whole)
    if len(whole) > LONGEST_HREF:
        raise ManifestError(_("The address that “%(title)s” opens is too long.") % {"title": title})
    if parts.scheme or parts.netloc or path.startswith("/") or ".." in path.split("/") or "\\" in path:
        raise ManifestError(_("“%(title)s” opens an address outside the package.") % {"title": title})
    if path not in files:
        raise ManifestError(
            _("“%(title)s” opens %(path)s, which the package does not hold.")
            % {"title": title, "path": path[:120]}
        )
    mastery = _text(item, "masteryscore")
    if mastery and not (re.fullmatch(r"\d{1,3}(\.\d+)?", mastery) and float(mastery) <= HIGHEST_MASTERY):
        raise ManifestError(_("The pass mark of “%(title)s” is no number from 0 to 100.") % {"title": title})
    return Item(
        id=item.attrib.get("identifier", "")[:120],
        title=title or path,
        href=whole,
        launch_data=_text(item, "datafromlms")[:4096],
        mastery=float(mastery) if mastery else None,
    )


def _path(href: str) -> str:
    return unquote(urlsplit(href).path)


def _parameters(told: str) -> str:
    """What is added to the address, as the standard says: with ? or # or & in front, or without."""
    text = told.strip()
    if not text or text[0] in "?#":
        return text
    return f"?{text.lstrip('&')}"
