"""manage.py import_areas FILE: areas and boundaries from a published file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cimic_portal.core.geo.errors import ImportRefusedError
from cimic_portal.core.services.area import import_areas

SHOWN_ROWS = 50


class Command(BaseCommand):
    help = "Import areas from GeoJSON, KML, a zipped shapefile or a P-code table (CSV with an HXL row)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to import")
        parser.add_argument("--source", help="who published it (default: the name of the file)")
        parser.add_argument("--dry-run", action="store_true", help="check and count, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            result = import_areas(file, source=options["source"] or file.name, dry_run=options["dry_run"])
        except ImportRefusedError as refusal:
            self.stderr.write(f"{file.name} was refused; nothing was changed.")
            for line in refusal.lines(SHOWN_ROWS):
                self.stderr.write(f"  {line}")
            sys.exit(1)
        for note in result.notes:
            self.stdout.write(f"Note: {note}")
        counts = f"{result.created} created, {result.changed} changed, {result.unchanged} unchanged"
        self.stdout.write(f"{file.name}: {counts} ({result.seconds:.1f} s).")
        if result.boundaries:
            self.stdout.write(
                f"{result.boundaries} boundaries taken; {result.places} places moved to another area."
            )
        if result.dry_run:
            self.stdout.write("Dry run: nothing was kept.")
