"""What pages and API hand to the services: typed, checked for form, not yet for rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from cimic_portal.core.services.audience import Sharing

if TYPE_CHECKING:
    from cimic_portal.core.models import Area, Office, Organisation, Position
    from operations.models import OperationType


@dataclass(frozen=True)
class ParticipantInput:
    """An office or an organisation, as what it takes part, and who speaks for it."""

    role: str
    office: Office | None = None
    organisation: Organisation | None = None
    position: Position | None = None
    note: str = ""

    @property
    def who(self) -> Office | Organisation | None:
        return self.office or self.organisation


@dataclass(frozen=True)
class FrameInput:
    """What a FRAGO may change of the frame. Datetimes are aware; `participants`: all from then on."""

    starts_at: datetime
    ends_at: datetime
    participants: tuple[ParticipantInput, ...] = ()


@dataclass(frozen=True)
class WriterInput:
    """The position that writes a section of the plan; `section` is a SectionKind."""

    section: str
    position: Position


@dataclass(frozen=True)
class OperationInput:
    """The frame of an operation. Datetimes are aware; `boundary`: corners as (longitude, latitude)."""

    title: str
    kind: OperationType
    purpose: str
    starts_at: datetime
    ends_at: datetime
    approver: Position
    area: Area | None = None
    boundary: tuple[tuple[float, float], ...] = ()
    non_un_support: bool = False
    sharing: Sharing = field(default_factory=Sharing)
    participants: tuple[ParticipantInput, ...] = ()
    writers: tuple[WriterInput, ...] = ()
