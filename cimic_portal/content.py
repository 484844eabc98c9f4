"""The content origin: serves opened SCORM packages, and nothing else.

What others wrote runs here, so that it runs nowhere near the portal: another host, no cookies read or
set, no session, no page of the portal. A program of its own under the web server (`make run` starts it
on a neighbouring port, `docker-compose.yml` behind a host of its own). An address is signed and belongs
to one attempt: see `training/services/scorm_serving.py`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any
from urllib.parse import urlsplit

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings.production")
    django.setup()

from django.conf import settings
from django.db import close_old_connections
from django.template.loader import render_to_string

from training.services.scorm_serving import Opened, file_of, opened_by

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
_CHUNK = 64 * 1024
_ADDRESS = re.compile(r"/([\w:-]{20,300})/(.*)\Z", re.DOTALL)
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})\Z")
_SCRIPTS = {"scorm-api.js": settings.BASE_DIR / "static" / "js" / "scorm-api.js"}


def portal_origin() -> str:
    """The one origin whose pages may show what is served here."""
    parts = urlsplit(settings.PORTAL_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _headers() -> list[tuple[str, str]]:
    """With every answer: nothing from here or there may be fetched, sent or shown elsewhere."""
    policy = "; ".join(
        [
            "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:",
            "connect-src 'self'",
            "frame-src 'self'",
            f"frame-ancestors 'self' {portal_origin()}",
            "form-action 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "worker-src 'none'",
        ]
    )
    return [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("X-DNS-Prefetch-Control", "off"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Cache-Control", "private, max-age=3600"),
    ]


def application(environ: Environ, start: Start) -> Iterable[bytes]:
    """The WSGI program. One connection to the database per thread, looked after as Django does."""
    close_old_connections()
    try:
        return answer(environ, start)
    finally:
        close_old_connections()


def answer(environ: Environ, start: Start) -> Iterable[bytes]:
    """One request, on the connection that there is."""
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return _text(start, "405 Method Not Allowed", "Only GET.")
    if path == "/healthz":
        return _text(start, "200 OK", "ok")
    found = _ADDRESS.match(path)
    opened = opened_by(found[1]) if found else None
    # A worker that stays in the browser would go on after the attempt has ended.
    if found is None or opened is None or "HTTP_SERVICE_WORKER" in environ:
        return _not_found(start)
    return _opened(environ, start, opened, found[2])


def _opened(environ: Environ, start: Start, opened: Opened, path: str) -> Iterable[bytes]:
    """What stands behind a living address: the wrapper, its script, the files of the package."""
    if not path:
        return _wrapper(start, opened)
    if path in _SCRIPTS:
        script = _SCRIPTS[path]
        return _file(environ, start, script.open("rb"), "text/javascript", script.stat().st_size)
    served = file_of(opened, path.removeprefix("files/")) if path.startswith("files/") else None
    if served is None:
        return _not_found(start)
    file, about = served
    return _file(environ, start, file, about["type"], about["size"])


def _wrapper(start: Start, opened: Opened) -> Iterable[bytes]:
    """The page that offers the package its `API` object, and tells the portal what it reports."""
    items = opened.package.items
    told = {
        "portal": portal_origin(),
        "learner": opened.learner,
        "items": [
            {key: item[key] for key in ("id", "title", "href", "launch_data", "mastery")} for item in items
        ],
        "cmi": opened.attempt.cmi,
    }
    # Within <script> only these three could end it early.
    data = json.dumps(told).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    page = render_to_string(
        "training/module/wrapper.html",
        {
            "items": items,
            "data": data,
            "title": opened.package.title,
            "language": opened.attempt.module.language,
        },
    )
    body = page.encode()
    headers = [*_headers(), ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    # What the package has kept changes while it is open.
    start("200 OK", [*((k, v) for k, v in headers if k != "Cache-Control"), ("Cache-Control", "no-store")])
    return [body]


def _file(environ: Environ, start: Start, file: IO[bytes], kind: str, size: int) -> Iterable[bytes]:
    """A file, or the part of it that films ask for."""
    first, last, status = 0, size - 1, "200 OK"
    headers = [*_headers(), ("Content-Type", _with_charset(kind)), ("Accept-Ranges", "bytes")]
    asked = _RANGE.match(environ.get("HTTP_RANGE", ""))
    if asked is not None and int(asked[1]) < size:
        first = int(asked[1])
        last = min(int(asked[2]), last) if asked[2] else last
        status = "206 Partial Content"
        headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    length = max(0, last - first + 1)
    start(status, [*headers, ("Content-Length", str(length))])
    if environ["REQUEST_METHOD"] == "HEAD":
        file.close()
        return []
    return _pieces(file, first, length)


def _with_charset(kind: str) -> str:
    """Pages say their own encoding in themselves; scripts and sheets of packages are UTF-8 as a rule."""
    return f"{kind}; charset=utf-8" if kind in ("text/css", "text/javascript", "text/plain") else kind


def _pieces(file: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (piece := file.read(min(_CHUNK, length))):
            length -= len(piece)
            yield piece


def _not_found(start: Start) -> Iterable[bytes]:
    """The same answer for what never was, what has ended and what is not yours."""
    return _text(start, "404 Not Found", "This is open no longer. Open the module again in the portal.")


def _text(start: Start, status: str, words: str) -> Iterable[bytes]:
    body = words.encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start(status, [*_headers(), *headers])
    return [body]
