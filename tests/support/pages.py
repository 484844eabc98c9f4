"""Reading pages as a person sees them: text without markup, rows of a table, links."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from cimic_portal.core.models import Person


def signed_in(person: Person) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="cimic_portal.core.backends.PortalBackend")
    return client


def words(markup: str) -> str:
    """What stands between the tags, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def body(response: Any) -> str:
    return str(response.content.decode())


def table_rows(response: Any) -> list[str]:
    """The rows of the page's table, each as text."""
    part = body(response).partition("<tbody")[2].partition("</tbody>")[0]
    return [words(row) for row in part.split("<tr>")[1:]]


def link_to(response: Any, rel: str) -> str:
    """The address of the first link with this `rel`; empty when there is none."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', body(response))
    return unescape(found[1]) if found else ""
