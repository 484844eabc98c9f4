"""What can go wrong, in the words of the domain. One family, mapped to HTTP in one place."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _


class PortalError(Exception):
    """Base of every refusal that a user is told about."""

    status = 400
    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RefusedError(PortalError):
    """The person may see the record but may not do this; the message is the reason."""

    status = 403
    code = "refused"


class StaleError(PortalError):
    """Someone changed the record after it was shown.

    `changes` lists what is different now, one line each, in the reader's view.
    """

    status = 409
    code = "stale"

    def __init__(self, changes: Sequence[str]) -> None:
        super().__init__(
            _(
                "This record has changed since you opened it. Nothing was saved; "
                "look at what changed and decide again."
            )
        )
        self.changes = list(changes)


class InvalidError(PortalError):
    """Input that cannot be accepted; `fields` maps each field to its messages."""

    status = 422
    code = "invalid"

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(message for messages in fields.values() for message in messages))
        self.fields = {name: list(messages) for name, messages in fields.items()}


class ProgrammingMistakeError(Exception):
    """A rule of the house was broken in code. Never shown to users; fails the tests."""


class UnscopedQueryError(ProgrammingMistakeError):
    """A shared model was read without `visible_to(person)` or `unscoped(reason)`."""
