"""The place in the stream as browsers get it: a word that tells nothing.

Positions count the news of the whole mission. A reader who saw them would see how much happens that
they may not know of, so they are hidden, and look different each time.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac

_BYTES = 8


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return salted_hmac("core.stream.places", "key", secret=secret, algorithm="sha256").digest()


def _digest(use: bytes, content: bytes) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), use + content, "sha256")[:_BYTES]


def hide(position: int) -> str:
    """A word for this position, of letters that may stand in an address."""
    nonce = secrets.token_bytes(_BYTES)
    hidden = nonce + _mixed(position.to_bytes(_BYTES), _digest(b"p", nonce))
    return base64.urlsafe_b64encode(hidden + _digest(b"t", hidden)).decode()


def find(word: str) -> int | None:
    """The position behind a word that this portal gave out; None for any other."""
    try:
        content = base64.b64decode(word.encode(), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    hidden, tag = content[:-_BYTES], content[-_BYTES:]
    if len(hidden) != 2 * _BYTES or not hmac.compare_digest(tag, _digest(b"t", hidden)):
        return None
    return int.from_bytes(_mixed(hidden[_BYTES:], _digest(b"p", hidden[:_BYTES])))


def _mixed(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
