"""The rows of the CIMIC SITREP: what an office did in a period, ready for paper and spreadsheet.

Whoever fills them reads every record through `visible_to(maker)`, and sets `counted` false where
only a name or a grant opened it: such a record is shown, and stays out of every total. All texts
are as people typed them. Moments carry a zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cimic_portal.core.paper.sketch import Outline
from cimic_portal.core.sharing.levels import Classification
from liaison.models.commitment import CommitmentSide, CommitmentState
from liaison.models.engagement import Atmosphere, EngagementState
from liaison.models.tasking import OPEN_STATES, Priority, TaskingState


@dataclass(frozen=True, slots=True)
class Attendee:
    """One who took part, with the post held at that time; an organisation as such has no name."""

    name: str = ""
    post: str = ""
    organisation: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.name, self.post, self.organisation]))


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """One engagement. `reference` ties taskings and commitments to it; `place` is where in words.

    `latitude` and `longitude` in decimal degrees (WGS 84), both or neither; `pcode` of the area.
    """

    reference: str
    purpose: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None = None
    office: str = ""
    place: str = ""
    area: str = ""
    pcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    met: Sequence[Attendee] = ()
    ours: Sequence[Attendee] = ()
    key_points: str = ""
    atmosphere: Atmosphere | None = None
    atmosphere_why: str = ""
    local_context: str = ""
    next_steps: str = ""
    do_no_harm: str = ""
    state: EngagementState = EngagementState.RELEASED
    classification: int = Classification.UNCLASSIFIED
    counted: bool = True

    @property
    def organisations(self) -> list[str]:
        """The organisations met, each once, in the order of the attendance."""
        return list(dict.fromkeys(one.organisation for one in self.met if one.organisation))


@dataclass(frozen=True, slots=True)
class TaskingRow:
    """One tasking that was open or was closed in the period.

    `assignee` is the position tasked; `about` the organisation or area it concerns; `answered_by`
    the references of the engagements that answer it and that the maker may read.
    """

    reference: str
    title: str
    assignee: str
    due_at: datetime
    about: str = ""
    state: TaskingState = TaskingState.ISSUED
    priority: Priority = Priority.ROUTINE
    state_reason: str = ""
    outcome: str = ""
    answered_by: Sequence[str] = ()
    classification: int = Classification.UNCLASSIFIED
    counted: bool = True

    def is_overdue(self, at: datetime) -> bool:
        return self.state in OPEN_STATES and self.due_at < at


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One promise made or due in the period.

    `due_on` is a day of the mission's calendar; `engagement` the reference of the one it was made in.
    """

    what: str
    side: CommitmentSide
    promised_by: str
    promised_to: str
    due_on: date | None = None
    state: CommitmentState = CommitmentState.OPEN
    note: str = ""
    engagement: str = ""
    classification: int = Classification.UNCLASSIFIED
    counted: bool = True

    def is_overdue(self, at: datetime) -> bool:
        """Whether the promise is open after its day; the day itself counts as in time."""
        today = at.astimezone(timezone.get_default_timezone()).date()
        return self.state == CommitmentState.OPEN and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Sitrep:
    """A SITREP before it is set: whose, for when, by whom, and its rows.

    The period runs from `since` up to, not including, `until`. `sources` counts the records that
    it was drawn from. `outlines` are the boundaries for the sketch map, none when the mission has
    none. `made_by` is the maker with position, `filters` what was asked for, in words.
    """

    office: str
    since: datetime
    until: datetime
    made_by: str
    made_at: datetime
    sources: int
    engagements: Sequence[EngagementRow] = ()
    taskings: Sequence[TaskingRow] = ()
    commitments: Sequence[CommitmentRow] = ()
    outlines: Sequence[Outline] = ()
    filters: str = ""

    def rows(self) -> Iterator[EngagementRow | TaskingRow | CommitmentRow]:
        yield from self.engagements
        yield from self.taskings
        yield from self.commitments

    @property
    def classification(self) -> int:
        """The level of the report: the highest of its rows."""
        return max((row.classification for row in self.rows()), default=Classification.UNCLASSIFIED)

    def in_order(self) -> list[EngagementRow]:
        """The engagements as they are numbered: by time."""
        return sorted(self.engagements, key=lambda row: (row.starts_at, row.reference))

    def serials(self) -> dict[str, str]:
        """`E1`, `E2`, … for each engagement's reference."""
        return {row.reference: f"E{number}" for number, row in enumerate(self.in_order(), start=1)}
