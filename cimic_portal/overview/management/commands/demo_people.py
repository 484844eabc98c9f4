"""Say whom one can sign in as."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cimic_portal.overview.demo.mission import NAMED, PASSWORD


class Command(BaseCommand):
    help = "Lists the demo people and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are no demo people under these settings.")
        for named in NAMED:
            self.stdout.write(f"  {named.email:<28} {named.role:<22} {named.post}, {named.office}")
        self.stdout.write(f"  Password of each: {PASSWORD}")
