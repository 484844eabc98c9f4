"""One thing that waits for a person, whatever app it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cimic_portal.core.sharing.records import SharedRecord

# Of each kind; the list says where the rest is.
MOST = 12


@dataclass(frozen=True)
class Waiting:
    """One line for `components/work_item.html`, and the record behind it.

    No record: reference data, such as a session, that everybody reads. `due` may be a day
    or a moment; none sorts last.
    """

    record: SharedRecord | None
    title: str
    url: str
    sub: str
    label: str
    tone: str
    due: date | datetime | None = None
    overdue: bool = False

    @property
    def urgency(self) -> tuple[bool, str]:
        return (self.due is None, self.due.isoformat() if self.due else "")
