"""XML files from outside: read without document types, entities or endless nesting."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from django.utils.translation import gettext as _

DEEPEST = 60


class XmlError(ValueError):
    """The file is refused; the message says why."""


def read_xml(content: bytes) -> ElementTree.Element:
    """The root of a document. Raises XmlError with the reason.

    A document type may make a file of a few lines fill the memory, or read files: none is taken.
    """
    parser = expat.ParserCreate()
    depth = 0

    def begin(*_about: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise XmlError(_("it is nested too deeply."))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_about: Any) -> None:
        raise XmlError(_("it declares a document type or entities, which are not read."))

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
        return ElementTree.fromstring(content)  # noqa: S314 - a document type was refused
    except XmlError:
        raise
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        raise XmlError(_("it is no XML that can be read.")) from error


def plain_name(element: ElementTree.Element) -> str:
    """The name of an element in small letters, without its namespace."""
    return element.tag.rpartition("}")[2].lower()
