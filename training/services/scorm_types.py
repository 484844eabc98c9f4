"""Which files of a SCORM package are kept: by name and by content."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Nothing of these is opened by a learner: schemas of the standard, and what systems leave behind.
LEFT_OUT_ENDINGS = ("xsd", "dtd", "ds_store", "db")
LEFT_OUT_FOLDERS = ("__macosx",)

_TEXT = {
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "srt": "text/plain",
}
# Ending → type, and how such a file begins: (offset, bytes), one of them.
_BINARY: dict[str, tuple[str, tuple[tuple[int, bytes], ...]]] = {
    "png": ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    "jpg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    "jpeg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    "gif": ("image/gif", ((0, b"GIF87a"), (0, b"GIF89a"))),
    "webp": ("image/webp", ((8, b"WEBP"),)),
    "ico": ("image/x-icon", ((0, b"\0\0\1\0"),)),
    "woff": ("font/woff", ((0, b"wOFF"),)),
    "woff2": ("font/woff2", ((0, b"wOF2"),)),
    "ttf": ("font/ttf", ((0, b"\0\1\0\0"), (0, b"true"))),
    "otf": ("font/otf", ((0, b"OTTO"), (0, b"\0\1\0\0"))),
    "mp3": ("audio/mpeg", ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))),
    "ogg": ("audio/ogg", ((0, b"OggS"),)),
    "wav": ("audio/wav", ((8, b"WAVE"),)),
    "m4a": ("audio/mp4", ((4, b"ftyp"),)),
    "mp4": ("video/mp4", ((4, b"ftyp"),)),
    "webm": ("video/webm", ((0, b"\x1a\x45\xdf\xa3"),)),
    "pdf": ("application/pdf", ((0, b"%PDF-"),)),
}
_REASONS = {
    "swf": _("Flash films are run by no browser any more"),
    "exe": _("programs are not kept"),
    "dll": _("programs are not kept"),
    "zip": _("a package may hold no further archives"),
    "php": _("programs of servers are not run"),
    "asp": _("programs of servers are not run"),
    "jsp": _("programs of servers are not run"),
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"FWS", b"CWS", b"ZWS")


def is_left_out(path: str) -> bool:
    """Whether a file is passed over: nobody who learns ever opens it."""
    lower = path.lower()
    return lower.split("/")[0] in LEFT_OUT_FOLDERS or lower.rpartition(".")[2] in LEFT_OUT_ENDINGS


def type_of(path: str, head: bytes) -> str:
    """The type under which a file is served, by its name and the first bytes of its content.

    Raises ValueError with the reason where it is not kept.
    """
    ending = path.rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
    if ending in _REASONS:
        raise ValueError(str(_REASONS[ending]))
    if head.startswith(_PROGRAMS):
        raise ValueError(str(_("it is a program, whatever its name says")))
    if ending in _TEXT:
        if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise ValueError(str(_("its content is no text")))
        return _TEXT[ending]
    if ending not in _BINARY:
        raise ValueError(str(_("files of this kind are not kept")))
    content_type, beginnings = _BINARY[ending]
    if not any(head[offset : offset + len(magic)] == magic for offset, magic in beginnings):
        raise ValueError(str(_("its content is not what its name says")))
    return content_type
