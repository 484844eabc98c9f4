"""Problem details (RFC 9457): one form for every error that a program is told about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from django.utils.translation import gettext as _

from cimic_portal.core.audit.context import current_origin
from cimic_portal.core.errors import InvalidError, PortalError, StaleError

MEDIA_TYPE: Final = "application/problem+json"


def _titles() -> dict[int, tuple[str, str]]:
    """Code and title of each status that has no error of the domain behind it."""
    return {
        400: ("bad_request", _("The request could not be read.")),
        401: ("not_signed_in", _("Sign in, or send a token that is in force.")),
        403: ("refused", _("This is not allowed.")),
        404: ("not_found", _("There is nothing here that you may see.")),
        405: ("method_not_allowed", _("This address does not answer to that method.")),
        406: ("not_acceptable", _("Only JSON is sent from here.")),
        409: ("stale", _("The record has changed.")),
        413: ("too_large", _("The request is too large.")),
        415: ("unsupported_media_type", _("Send JSON.")),
        422: ("invalid", _("Some of what was sent cannot be accepted.")),
        429: ("too_many_requests", _("Too many requests. Wait, then try again.")),
        500: ("server_error", _("Something failed on our side. Nothing was saved.")),
        503: ("unavailable", _("A part of the portal does not answer just now. Try again later.")),
    }


def known_problems() -> list[dict[str, Any]]:
    """Status, code and title of each kind."""
    return [{"status": status, "code": code, "title": title} for status, (code, title) in _titles().items()]


@dataclass(frozen=True)
class Problem:
    """One problem. `code` is stable and for programs; `title` and `detail` are for people.

    `errors` maps each field to its messages; `changes` lists what changed since the version sent.
    """

    status: int
    code: str
    title: str
    detail: str = ""
    errors: Mapping[str, Any] = field(default_factory=dict)
    changes: Sequence[str] = ()

    @classmethod
    def plain(cls, status: int, detail: str = "", *, errors: Mapping[str, Any] | None = None) -> Self:
        """A problem told by its status alone; unknown statuses read as 400 or 500."""
        titles = _titles()
        code, title = titles.get(status) or titles[500 if status >= 500 else 400]  # noqa: PLR2004
        return cls(status, code, title, detail, errors or {})

    @classmethod
    def of(cls, error: PortalError) -> Self:
        """A domain error as a problem."""
        titles = dict(_titles().values())
        return cls(
            error.status,
            error.code,
            titles.get(error.code, _("That did not work.")),
            error.message,
            error.fields if isinstance(error, InvalidError) else {},
            error.changes if isinstance(error, StaleError) else (),
        )

    def members(self) -> dict[str, Any]:
        """The members of the JSON object; `request` is what the log of the portal calls this request."""
        told: dict[str, Any] = {
            "type": f"/api/docs/#{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "request": current_origin().request,
        }
        more = {"detail": self.detail, "errors": self.errors, "changes": self.changes}
        return told | {name: value for name, value in more.items() if value}
