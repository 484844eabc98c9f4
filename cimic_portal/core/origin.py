"""Where a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from django.conf import settings


def client_address(meta: Mapping[str, str]) -> str:
    """The address of the client of a request (its `META`); empty when it is not known.

    `X-Forwarded-For` is believed only as far as the mission's own proxies wrote it: with
    TRUSTED_PROXY_COUNT = n, the n-th entry from the right. What stands further left came with the
    request and may be invented.
    """
    trusted: int = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    candidate = meta.get("REMOTE_ADDR", "")
    if 0 < trusted <= len(hops) and hops[-trusted]:
        candidate = hops[-trusted]
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return ""
