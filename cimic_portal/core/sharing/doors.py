"""The rule of single records, held in memory: for those who compare one with many readers at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from cimic_portal.core.sharing.keys import Access
    from cimic_portal.core.sharing.records import SharedRecord

_WHY = "readers of the records; each who asks is compared with them"


@dataclass(frozen=True)
class Door:
    """The rule's two columns of one record, as they stand now."""

    classification: int
    keys: frozenset[int]

    def opens_to(self, access: Access) -> bool:
        return self.classification <= access.clearance and not self.keys.isdisjoint(access.keys)


def doors(
    model: type[SharedRecord], ids: Iterable[int], references: Iterable[str]
) -> Iterator[tuple[int, str, Door]]:
    """Id, reference and door of each of these records; one query."""
    rows = model._default_manager.unscoped(_WHY).filter(Q(pk__in=ids) | Q(reference__in=references))
    for pk, reference, level, keys in rows.order_by().values_list(
        "pk", "reference", "classification", "reader_keys"
    ):
        yield pk, reference, Door(level, frozenset(keys))
