"""manage.py personal_data REFERENCE: what the portal holds about somebody who has no account."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from cimic_portal.core.querysets import record_of
from cimic_portal.core.retention import retentions


class Command(BaseCommand):
    help = (
        "Prints what the portal holds about a contact, for whoever answers their request: its columns, and "
        "what stands beside them. What others wrote about meetings with them is not among it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the ten letters and digits in the address of its page")

    def handle(self, *args: Any, reference: str, **options: Any) -> None:
        record = record_of(reference.strip().upper())
        found = next((each for each in retentions() if record and each.model is type(record)), None)
        if record is None or found is None or found.told is None:
            raise CommandError(f"No contact has the reference {reference}.")
        self.stdout.write(json.dumps(found.told(record), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
