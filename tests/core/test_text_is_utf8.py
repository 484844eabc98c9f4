"""Text comes to the portal in UTF-8: whatever else a request names is refused before it is read."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server names the settings of production where none are named; here they are chosen already."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE)


def answer(method: str, address: str, kind: str, body: bytes = b"") -> tuple[str, bytes]:
    """Status and content, as the server gets them."""
    from cimic_portal.wsgi import application

    path, _mark, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "HTTP_HOST": "localhost",
    }
    setup_testing_defaults(environ)
    told: list[str] = []
    content: Iterator[bytes] = iter(application(environ, lambda status, *_rest: told.append(status)))
    return told[0], b"".join(content)


@pytest.mark.parametrize(
    "charset", ["charset=zlib", "charset=undefined", "charset=idna", "charset=utf-16", "charset*=no''%41"]
)
@pytest.mark.parametrize(
    ("method", "address", "kind"),
    [
        ("GET", "/sign-in/?next=/", "text/plain"),
        ("POST", "/sign-in/", "application/x-www-form-urlencoded"),
        ("POST", "/sign-in/", "multipart/form-data; boundary=B"),
        ("POST", "/api/v1/contacts/?limit=1", "application/json"),
    ],
)
def test_other_charsets_are_refused(method: str, address: str, kind: str, charset: str) -> None:
    body = b'--B\r\nContent-Disposition: form-data; name="login"\r\n\r\nabc\r\n--B--\r\n'
    status, content = answer(method, address, f"{kind}; {charset}", body if method == "POST" else b"")
    assert status.startswith("415")
    assert b"UTF-8" in content


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "text/plain; charset=UTF-8", 'text/plain; charset="utf8"']
)
def test_utf8_is_read(kind: str) -> None:
    status, content = answer("GET", "/sign-in/?next=/me/", kind)
    assert status.startswith("200")
    assert b"<form" in content
