"""Where a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from django.conf import settings


def network_of(address: str) -> str:
    """What one client commands: of IPv6 the /64, as it can take any address there; else the address."""
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


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
