"""manage.py verify_trail: whether the audit trail is as it was sealed."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cimic_portal.core.audit.seal import faults
from cimic_portal.core.models import TrailSeal


class Command(BaseCommand):
    help = "Checks every seal of the audit trail against its rows. Reads all of it; ends with 1 on a fault."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(faults())
        for fault in found:
            self.stderr.write(f"Seal {fault.seal}: {fault.words}" if fault.seal else fault.words)
        newest = TrailSeal.objects.first()
        if newest is not None:
            moment = timezone.localtime(newest.sealed_at)
            count = TrailSeal.objects.count()
            self.stdout.write(f"{count} seals; the newest is {newest.pk} of {moment:%d %b %Y %H:%M:%S %Z}:")
            self.stdout.write(newest.digest)
        if found:
            sys.exit(1)
        self.stdout.write("Every row that was sealed is as it was.")
