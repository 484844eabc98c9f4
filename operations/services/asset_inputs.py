"""What forms and API hand to the services of assets and bookings. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from cimic_portal.core.services.audience import Sharing

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Place, Position
    from operations.models import Asset, AssetKind


@dataclass(frozen=True)
class AssetInput:
    """An asset as it is entered. `decider`: empty for the head of the office."""

    name: str
    kind: AssetKind
    number: str = ""
    capabilities: str = ""
    quantity: int = 1
    capacity: Decimal | None = None
    capacity_unit: str = ""
    languages: str = ""
    home: Place | None = None
    decider: Position | None = None
    conditions: str = ""
    sharing: Sharing = field(default_factory=Sharing)


@dataclass(frozen=True)
class BookingInput:
    """A request as it is entered: which asset, from when to when, what for.

    `office` asks for it; `task`: the key of a task of the operation's plan.
    """

    asset: Asset
    starts_at: datetime
    ends_at: datetime
    purpose: str
    office: Office
    task: UUID | None = None
