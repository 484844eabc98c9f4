"""What is sent to the journal: typed, told apart from what was sent before, checked for form."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from operations.models import EntryKind
from operations.services.progress import progress_problems

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Place

Problems = dict[str, list[str]]


@dataclass(frozen=True)
class ReportedProgress:
    """How far a task is; `version`: of the last report shown, 0 for the first."""

    state: str
    percent: int
    version: int


@dataclass(frozen=True)
class EntryInput:
    """One entry. `happened_at`: aware; none is now. `task`, `decision`: keys in the plan in force.

    `corrects`: the number of the entry that this one corrects. `client_id`: chosen by whoever sends,
    so that the same entry sent twice is entered once.
    """

    text: str
    kind: str = EntryKind.REPORT
    happened_at: datetime | None = None
    place: Place | None = None
    location: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    task: UUID | None = None
    progress: ReportedProgress | None = None
    decision: UUID | None = None
    is_urgent: bool = False
    corrects: int | None = None
    client_id: UUID | None = None


def digest_of(data: EntryInput, author: Person) -> str:
    """The same for the same words of the same author, and for nothing else."""
    told: dict[str, Any] = {
        field.name: getattr(data, field.name) for field in fields(data) if field.name != "client_id"
    }
    told |= {
        "author": author.pk,
        "text": data.text.strip(),
        "place": data.place.pk if data.place else None,
        "progress": asdict(data.progress) if data.progress else None,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def entry_problems(data: EntryInput) -> Problems:
    """What cannot be an entry, whatever the operation is."""
    problems: Problems = {}
    if not data.text.strip():
        problems["text"] = [_("Say what happened.")]
    if data.kind not in EntryKind.values:
        problems["kind"] = [_("Choose a kind.")]
    if data.is_urgent and data.kind != EntryKind.SITUATION:
        problems["is_urgent"] = [_("Only a situation change is told at once. Choose that kind.")]
    if data.decision is not None and data.kind != EntryKind.SITUATION:
        problems["decision"] = [_("A decision point is reached by a situation change. Choose that kind.")]
    if data.progress is not None:
        if data.task is None:
            problems["task"] = [_("Choose the task that this is the progress of.")]
        found = progress_problems(data.progress.state, data.progress.percent)
        problems |= found
    if (data.latitude is None) != (data.longitude is None):
        problems["position"] = [_("Give latitude and longitude.")]
    return problems
