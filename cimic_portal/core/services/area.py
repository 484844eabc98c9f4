"""Areas come from published files, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.geo.area_file import read_area_file
from cimic_portal.core.geo.area_row import AreaRow
from cimic_portal.core.geo.area_tree import Facts, merge
from cimic_portal.core.geo.boundary import digest_of, shape_of, touch_note
from cimic_portal.core.geo.errors import BadRow, ImportRefusedError
from cimic_portal.core.geo.outline import outlines
from cimic_portal.core.models import Area, AreaBoundary, Place, areas_at
from cimic_portal.core.policies import can_manage_reference_data, require
from cimic_portal.core.services.verbs import verb

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

_FACTS = ["name", "level", "parent", "country", "valid_from"]
_BOX = ["west", "south", "east", "north"]


@dataclass
class ImportResult:
    """What an import did. Each area counts once; `notes` are things to know that kept nothing out."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    boundaries: int = 0
    places: int = 0
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    dry_run: bool = False


def import_areas(
    file: Path | IO[bytes], *, source: str, actor: Person | None = None, dry_run: bool = False
) -> ImportResult:
    """Take the areas of a file (`core/geo/area_file.py`) into the tree, all or none.

    `source` says who published the file; it is kept with what the file changed. `actor` is None on
    the command line. What the file does not state stays as it is, and areas that it does not name
    stay too. A dry run checks and counts everything and keeps nothing.
    Raises `ImportRefusedError` with every bad row, and `RefusedError` when the actor may not.
    """
    if actor is not None:
        require(can_manage_reference_data(actor))
    started = monotonic()
    rows, bad = read_area_file(_bytes_of(file), settings.AREA_IMPORT_MAX_BYTES)
    with verb("area.import", actor=actor, reason=source):
        _wait_for_other_writers()
        result = _Import(source).run(rows, bad)
        if dry_run:
            transaction.set_rollback(True)
    result.seconds, result.dry_run = monotonic() - started, dry_run
    return result


def _bytes_of(file: Path | IO[bytes]) -> bytes:
    limit = settings.AREA_IMPORT_MAX_BYTES
    try:
        if isinstance(file, Path):
            with file.open("rb") as opened:
                data = opened.read(limit + 1)
        else:
            data = file.read(limit + 1)
    except OSError as error:
        raise ImportRefusedError.whole(
            _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}
        ) from error
    if len(data) > limit:
        raise ImportRefusedError.whole(
            _("The file is larger than %(limit)d MB (AREA_IMPORT_MAX_MB).") % {"limit": limit // 2**20}
        )
    return data


def _wait_for_other_writers() -> None:
    """Two imports at once, or one beside the admin, would each decide on what the other changes."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_area, core_areaboundary IN SHARE ROW EXCLUSIVE MODE")


class _Import:
    """One file on its way into the tree; the transaction is the caller's."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.areas = {area.pcode: area for area in Area.objects.select_related("parent")}
        self.known = {area.pcode: _facts_of(area) for area in self.areas.values()}
        self.touched: set[str] = set()
        self.new: set[str] = set()
        self.result = ImportResult()

    def run(self, rows: list[AreaRow], bad: list[BadRow]) -> ImportResult:
        merged, misfits = merge(rows, self.known, (row.pcode for row in bad))
        drawn = [row for row in rows if row.geometry is not None]
        bad = [*bad, *misfits]
        if not bad:
            bad = self._outside_their_parents(drawn, merged)
        if bad:
            raise ImportRefusedError(sorted(bad, key=_place_in_file))
        self._write_facts(merged)
        levels = self._write_boundaries(drawn)
        for level in sorted(levels):
            _redraw(*level)
        if levels:
            self.result.places = _find_places_again()
        self.result.created = len(self.new)
        self.result.changed = len(self.touched - self.new)
        self.result.unchanged = len(merged.keys() - self.touched)
        return self.result

    def _outside_their_parents(self, drawn: list[AreaRow], merged: dict[str, Facts]) -> list[BadRow]:
        """Swapped coordinates often fall within the earth's ranges, but seldom near the parent."""
        boxes: dict[str, Any] = {
            row["area__pcode"]: tuple(row[side] for side in _BOX)
            for row in AreaBoundary.objects.values("area__pcode", *_BOX)
        }
        boxes |= {row.pcode: shape_of(row.geometry).bounds for row in drawn if row.geometry}
        bad = []
        for row in drawn:
            parent = merged[row.pcode].parent
            if parent in boxes and not _overlap(boxes[row.pcode], boxes[parent]):
                reason = _(
                    "The boundary lies wholly outside its parent %(parent)s; were longitude and latitude "
                    "swapped?"
                )
                bad.append(BadRow(row.where, row.pcode, reason % {"parent": parent}))
        return bad

    def _write_facts(self, merged: dict[str, Facts]) -> None:
        """Level by level, so that each parent has its row before its children."""
        now = timezone.now()
        for level in sorted({facts.level for facts in merged.values()}):
            fresh: list[Area] = []
            changed: list[Area] = []
            for facts in (facts for facts in merged.values() if facts.level == level):
                if facts == self.known.get(facts.pcode):
                    continue
                area = self.areas.get(facts.pcode) or Area(pcode=facts.pcode)
                (changed if area.pk else fresh).append(area)
                _apply(area, facts, self.areas.get(facts.parent or ""))
                area.source, area.updated_at = self.source, now
            Area.objects.bulk_create(fresh, batch_size=1000)
            Area.objects.bulk_update(changed, [*_FACTS, "source", "updated_at"], batch_size=500)
            self.areas |= {area.pcode: area for area in fresh}
            self.new |= {area.pcode for area in fresh}
            self.touched |= {area.pcode for area in (*fresh, *changed)}

    def _write_boundaries(self, drawn: list[AreaRow]) -> set[tuple[str, int]]:
        """The boundaries that differ from those at hand; returns the levels to be drawn anew."""
        held = dict(AreaBoundary.objects.values_list("area__pcode", "digest"))
        changed: list[AreaBoundary] = []
        for row in drawn:
            geometry = row.geometry or {}
            if note := touch_note(geometry):
                self.result.notes.append(_touching(row, note))
            digest = digest_of(geometry)
            if held.get(row.pcode) != digest:
                box = dict(zip(_BOX, shape_of(geometry).bounds, strict=True))
                changed.append(
                    AreaBoundary(
                        area=self.areas[row.pcode], geometry=geometry, digest=digest, source=self.source,
                        outline={}, **box,
                    )
                )  # fmt: skip
        AreaBoundary.objects.bulk_create(
            changed,
            batch_size=100,
            update_conflicts=True,
            unique_fields=["area"],
            update_fields=["geometry", "digest", "source", *_BOX, "updated_at"],
        )
        self.touched |= {boundary.area.pcode for boundary in changed}
        self.result.boundaries = len(changed)
        return {(boundary.area.country, boundary.area.level) for boundary in changed}


def _facts_of(area: Area) -> Facts:
    parent = area.parent.pcode if area.parent else None
    return Facts(area.pcode, area.name, area.level, parent, area.country, area.valid_from)


def _apply(area: Area, facts: Facts, parent: Area | None) -> None:
    area.name, area.level, area.country = facts.name, facts.level, facts.country
    area.parent, area.valid_from = parent, facts.valid_from


def _overlap(one: Any, other: Any) -> bool:
    return bool(one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3])


def _place_in_file(row: BadRow) -> tuple[int, str]:
    digits = "".join(character for character in row.where if character.isdigit())
    return int(digits or 0), row.pcode


def _touching(row: AreaRow, reason: str) -> str:
    return _(
        "%(where)s (%(pcode)s): the boundary touches itself (%(reason)s). It is kept as published and read "
        "as the ground it encloses."
    ) % {"where": row.where, "pcode": row.pcode, "reason": reason}


def _redraw(country: str, level: int) -> None:
    """The outlines of one level of one country fit together, so they are drawn together."""
    rows = list(AreaBoundary.objects.filter(area__country=country, area__level=level).order_by("area__pcode"))
    changed = []
    for row, outline in zip(rows, outlines([shape_of(row.geometry) for row in rows]), strict=True):
        if row.outline != outline:
            row.outline, row.updated_at = outline, timezone.now()
            changed.append(row)
    AreaBoundary.objects.bulk_update(changed, ["outline", "updated_at"], batch_size=100)


def _find_places_again() -> int:
    """Places lie in the areas of the new boundaries; returns how many changed."""
    places = list(Place.objects.all())
    found: Iterable[Area | None] = areas_at([(place.latitude, place.longitude) for place in places])
    moved = []
    for place, area in zip(places, found, strict=True):
        if place.area_id != (area.pk if area else None):
            place.area, place.updated_at = area, timezone.now()
            moved.append(place)
    Place.objects.bulk_update(moved, ["area", "updated_at"], batch_size=500)
    return len(moved)
