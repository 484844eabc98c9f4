"""Area files in a ZIP archive, as publishers send shapefiles, and as KMZ."""

from __future__ import annotations

import io
from collections import defaultdict
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from cimic_portal.core.archive import ArchiveError, Limits, opened

from .errors import ImportRefusedError

MOST_FILES = 200
SHAPE = ".shp"
_BESIDE = (SHAPE, ".shx", ".dbf", ".prj", ".cpg")
_ALONE = (".kml", ".geojson", ".json", ".csv")


def read_area_archive(data: bytes, most: int) -> bytes | dict[str, bytes]:
    """The one file of areas in the archive; of a shapefile its parts by their endings.

    `most`: bytes that may come out of it. Raises `ImportRefusedError` with the reason.
    """
    try:
        files = _taken_out(data, most)
    except ArchiveError as error:
        raise ImportRefusedError.whole(_("The archive is refused: %(reason)s") % {"reason": error}) from error
    shapes: dict[str, dict[str, bytes]] = defaultdict(dict)
    for path, content in files.items():
        if path.suffix.lower() in _BESIDE:
            shapes[str(path.with_suffix("")).casefold()][path.suffix.lower()] = content
    drawn = [parts for parts in shapes.values() if SHAPE in parts]
    alone = [content for path, content in files.items() if path.suffix.lower() in _ALONE]
    if len(drawn) == 1:
        return drawn[0]
    if not drawn and len(alone) == 1:
        return alone[0]
    names = ", ".join(sorted(str(path) for path in files if path.suffix.lower() in (SHAPE, *_ALONE)))
    if not names:
        raise ImportRefusedError.whole(
            _("This is a ZIP archive or a spreadsheet, and holds no shapefile, KML, GeoJSON or CSV.")
        )
    raise ImportRefusedError.whole(
        _("The archive holds several files: %(names)s. Import one at a time.") % {"names": names[:200]}
    )


def _taken_out(data: bytes, most: int) -> dict[PurePosixPath, bytes]:
    """Every file that may tell of areas; what a Mac puts beside each is left out."""
    files = {}
    with opened(io.BytesIO(data), Limits(MOST_FILES, most, most)) as archive:
        for name, info in archive.entries():
            path = PurePosixPath(name)
            if path.suffix.lower() not in (*_BESIDE, *_ALONE) or "__MACOSX" in path.parts:
                continue
            target = io.BytesIO()
            archive.copy(info, target)
            files[path] = target.getvalue()
    return files
