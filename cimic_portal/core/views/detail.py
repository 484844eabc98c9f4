"""What the page of every shared record begins with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import can_grant
from cimic_portal.core.services.notifications import mark_read_about
from cimic_portal.core.sharing.grants import grants_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord


def opened(person: Person, record: SharedRecord, others: Iterable[SharedRecord] = ()) -> dict[str, Any]:
    """The person has opened the record: the read is logged, and what they were told of it is read.

    `others`: further records that the page names; they count for its level and are logged as well.
    Returns what every such page shows. Who reads the record by name is told to those who decide it.
    """
    shown = [record, *others]
    log_read(person, str(record._meta.model_name), shown)
    mark_read_about(person, record)
    return {
        "title": str(record),
        "record": record,
        "page_classification": max(one.classification for one in shown),
        "shared_with": grants_of(record) if can_grant(person, record) else [],
    }
