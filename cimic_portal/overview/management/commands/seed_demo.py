"""Load the demo mission once, and grow it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cimic_portal.overview.demo.growth import grow
from cimic_portal.overview.demo.load import load_demo


class Command(BaseCommand):
    help = "Loads the demo mission of Carana, unless a mission is there already. Refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--engagements",
            type=int,
            default=0,
            metavar="N",
            help="add engagements, spread over ten years, until there are N (a million takes some minutes)",
        )

    def handle(self, *args: Any, engagements: int, **options: Any) -> None:
        loaded = load_demo(self._say)
        self.stdout.write(
            "Demo mission loaded." if loaded else "A mission is there already; nothing was changed."
        )
        if engagements:
            self.stdout.write(f"{grow(engagements, self._say):,} engagements added.")

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
