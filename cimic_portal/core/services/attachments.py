"""Pictures that people add to records: checked by content, written anew, kept by digest."""

from __future__ import annotations

import io
import logging
import struct
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from cimic_portal.core import store
from cimic_portal.core.errors import InvalidError, PortalError
from cimic_portal.core.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

# What cameras and screens write. Formats that hold scripts (SVG) or need other programs are not read.
_READ = ("JPEG", "PNG", "WEBP")
# Enough for a printed page; the small one is for the record's own page, over a slow line.
LARGEST, SMALL = 2048, 360
_QUALITY, _SMALL_QUALITY = 85, 70
_BATCH = 2000
_DAY = 24 * 3600.0
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    Image.DecompressionBombError,
)


class PictureGoneError(PortalError):
    """The file of a picture is missing or damaged."""

    status = 410
    code = "gone"

    def __init__(self) -> None:
        super().__init__(_("The file of this picture can no longer be read. Add the picture again."))


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: written anew, so without place, time, camera or anything hidden in it.

    Sizes in bytes and pixels.
    """

    sha256: str
    preview_sha256: str
    content_type: str
    size: int
    width: int
    height: int


def keep_picture(content: IO[bytes], *, field: str = "file") -> Picture:
    """Check a file by its content, write it anew without its metadata, and keep it.

    Turned upright, at most 2048 pixels long; with a small one of 360. Raises InvalidError at `field`
    for what is too large or is no picture of a kind that is read.
    """
    size = content.seek(0, io.SEEK_END)
    if size > settings.PICTURE_MAX_BYTES:
        most = settings.PICTURE_MAX_BYTES // 2**20
        raise InvalidError({field: [_("A picture may have at most %(most)s MB.") % {"most": most}]})
    content.seek(0)
    image = _opened(content, field)
    content_type = "image/png" if image.mode == "RGBA" else "image/jpeg"
    image.thumbnail((LARGEST, LARGEST))
    kept = store.attachments.keep(_written(image, content_type, _QUALITY))
    width, height = image.size
    image.thumbnail((SMALL, SMALL))
    preview = store.attachments.keep(_written(image, content_type, _SMALL_QUALITY))
    return Picture(kept.sha256, preview.sha256, content_type, kept.size, width, height)


def _opened(content: IO[bytes], field: str) -> Image.Image:
    try:
        image: Image.Image = Image.open(content, formats=_READ)
        # The size stands in the head of the file: asked before anything is unpacked.
        if image.width * image.height > settings.PICTURE_MAX_PIXELS:
            raise InvalidError({field: [_("This picture has too many pixels. Make it smaller first.")]})
        image = _upright(image)
        clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        return image.convert("RGBA" if clear else "RGB")
    except _BROKEN as error:
        raise InvalidError(
            {field: [_("This is no picture that can be read. Choose a JPEG, PNG or WebP file.")]}
        ) from error


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its camera was held; as it is where what the camera wrote of itself is damaged."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except (*_BROKEN, TypeError, KeyError, IndexError, AttributeError, OverflowError, struct.error):
        return image


def _written(image: Image.Image, content_type: str, quality: int) -> bytes:
    """The pixels alone: a fresh image has none of what the old one carried beside them."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    target = io.BytesIO()
    if content_type == "image/png":
        bare.save(target, "PNG", optimize=True)
    else:
        bare.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()


def open_picture(attachment: Attachment, *, small: bool = False) -> IO[bytes]:
    """The file of a picture that the reader may see. Raises PictureGoneError."""
    try:
        return store.attachments.open(attachment.preview_sha256 if small else attachment.sha256)
    except OSError as error:
        logger.error("%s %s: %s", attachment._meta.label, attachment.pk, error)
        raise PictureGoneError from error


def drop_unowned_files() -> int:
    """Remove files that no attachment names: their adding was undone at the last moment. How many."""
    store.attachments.drop_unfinished(_DAY)
    found = list(store.attachments.digests(older_than=_DAY))
    dropped = 0
    for start in range(0, len(found), _BATCH):
        for sha256 in set(found[start : start + _BATCH]) - _named(found[start : start + _BATCH]):
            store.attachments.drop(sha256)
            dropped += 1
    return dropped


def _named(digests: list[str]) -> set[str]:
    """Which of the digests some attachment of any noun names."""
    named: set[str] = set()
    for model in _attachments():
        rows = model._default_manager.unscoped("asks for digests only")
        rows = rows.filter(Q(sha256__in=digests) | Q(preview_sha256__in=digests))
        for pair in rows.values_list("sha256", "preview_sha256"):
            named.update(pair)
    return named


def _attachments() -> Iterator[Any]:
    return (model for model in apps.get_models() if issubclass(model, Attachment))
