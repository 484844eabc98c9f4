"""Forms of what stands in addresses."""

from __future__ import annotations

from cimic_portal.core.sharing.records import REFERENCE_LENGTH


class ReferenceConverter:
    """The reference of a shared record; an address with anything else in its place leads nowhere."""

    regex = f"[0-9A-Z]{{{REFERENCE_LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
