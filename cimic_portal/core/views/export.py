"""Every list as a file: CSV and XLSX, the same rows as the page, all of them; and short tables besides."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.counting import COUNT_CAP, capped_count
from cimic_portal.core.errors import InvalidError, PortalError
from cimic_portal.core.listing import Listing, Selection
from cimic_portal.core.listing.filters import Reader
from cimic_portal.core.paper.sheet import Column, file_name, write_csv, write_xlsx
from cimic_portal.core.sharing.levels import Classification

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

MOST_IN_A_BOOK = 50_000
_BATCH = 2_000
_KEPT_IN_MEMORY = 1024 * 1024
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Row = dict[str, object]


class TooLongForABookError(PortalError):
    """The list is too long for a spreadsheet that is made while one waits."""

    status = 422
    code = "too_many_rows"

    def __init__(self) -> None:
        super().__init__(
            _(
                "A spreadsheet is made for up to %(most)s rows, and this list has more. "
                "Narrow the filter, or take the list as CSV, which has no limit."
            )
            % {"most": f"{MOST_IN_A_BOOK:,}"}
        )


def list_export(request: HttpRequest, listing: Listing, form: str) -> FileResponse:
    """The whole list under the rule, with the filters and the order of the address.

    The file is finished before its first byte leaves. So its name carries the highest level in it,
    the reads stand in the trail, and a slow line holds no transaction open.
    """
    person: Person = request.user  # type: ignore[assignment]
    chosen = Selection(listing, person, request.GET, reader=Reader(person, by_form=False))
    if chosen.problems:
        raise InvalidError({name or "query": lines for name, lines in chosen.problems.items()})
    made_at = timezone.now()
    rows = _Rows(chosen, f"{form} {listing.name}")
    with transaction.atomic():
        target = _csv_of(rows.for_file, rows) if form == "csv" else _book_of(rows, made_at)
    name = file_name(str(listing.title), classification=rows.level, made_at=made_at, ending=form)
    return FileResponse(target, as_attachment=True, filename=name, content_type=_TYPES[form])


def table_file(
    person: Person,
    form: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    title: str,
    level: int,
    note: str = "",
) -> FileResponse:
    """A table that is no list, as CSV or XLSX. Whoever made the rows logs what was read."""
    made_at = timezone.now()
    if form == "csv":
        content = _csv_of(columns, rows)
    else:
        content = write_xlsx(
            columns, rows, title=title, classification=level, made_by=str(person), made_at=made_at, note=note
        )
    name = file_name(title, classification=level, made_at=made_at, ending=form)
    return FileResponse(content, as_attachment=True, filename=name, content_type=_TYPES[form])


class _Rows:
    """The rows on their way into a file. Logs what is read, and remembers the highest level."""

    def __init__(self, chosen: Selection, surface: str) -> None:
        self.chosen, self.surface = chosen, surface
        self.columns = [column for column in chosen.listing.columns if column.in_file]
        self.for_file = [column.for_file() for column in self.columns]
        self.level: int = Classification.UNCLASSIFIED

    def __iter__(self) -> Iterator[Row]:
        found = self.chosen.stream(capped_count(self.chosen.rows, COUNT_CAP), batch=_BATCH)
        while batch := list(islice(found, _BATCH)):
            self.level = max(self.level, self.chosen.listing.level_of(batch))
            log_read(self.chosen.person, self.surface, self.chosen.records_in(batch))
            for row in batch:
                yield {column.key: column.of(row) for column in self.columns}
            # A row and what was read for it point at each other: a long file would keep them all.
            for row in batch:
                vars(row).clear()


def _spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY)  # the caller closes it


def _csv_of(columns: Sequence[Column], rows: Iterable[Row]) -> IO[bytes]:
    # A file, for an answer in pieces would not be told its name.
    target = _spool()
    for piece in write_csv(columns, rows):
        target.write(piece)
    target.seek(0)
    return target


def _book_of(rows: _Rows, made_at: datetime) -> IO[bytes]:
    if capped_count(rows.chosen.rows, MOST_IN_A_BOOK).capped:
        raise TooLongForABookError
    # The level stands above the first row, and is known after the last: the rows wait on disk.
    with _spool() as waiting:
        for row in rows:
            pickle.dump(_plain(row), waiting)
        waiting.seek(0)
        return write_xlsx(
            rows.for_file,
            _unpickled(waiting),
            title=str(rows.chosen.listing.title),
            classification=rows.level,
            made_by=str(rows.chosen.person),
            made_at=made_at,
            note=rows.chosen.words(),
        )


def _plain(row: Row) -> Row:
    """Values that stand for themselves stay as they are; records become their words."""
    return {key: value if type(value).__module__ in _KEPT else str(value) for key, value in row.items()}


_KEPT = frozenset({"builtins", "datetime", "decimal"})


def _unpickled(waiting: IO[bytes]) -> Iterator[Row]:
    while True:
        try:
            yield pickle.load(waiting)  # noqa: S301 - written above, in this call
        except EOFError:
            return
