"""Load the demo mission once."""

from typing import Any

from django.core.management.base import BaseCommand

from cimic_portal.overview.demo.load import load_demo


class Command(BaseCommand):
    help = "Loads the demo mission of Carana, unless a mission is there already. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_demo(lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write(
            "Demo mission loaded." if loaded else "A mission is there already; nothing was changed."
        )
