"""manage.py forget: anonymise what was decided; show before what is due, and afterwards what was done."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cimic_portal.core.errors import PortalError
from cimic_portal.core.models import Forgotten, Person
from cimic_portal.core.retention import changed_fields, retention_of, retentions
from cimic_portal.core.services.forgetting import decide, forget_decided, preview

_FREE_TEXTS = (
    "Names in free texts (key points of an engagement, minutes, journals), in files, in documents made "
    "already and in backups are not searched."
)


class Command(BaseCommand):
    help = (
        "Anonymises personal data whose time has run out and about which an administrator decided, in the "
        "audit trail too. Names nobody. Without options it runs; so does the portal itself, once a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = ", ".join(retention.kind for retention in retentions())
        parser.add_argument("--preview", action="store_true", help="how much is due, and which fields it is")
        parser.add_argument("--report", action="store_true", help="what was anonymised so far")
        parser.add_argument("--decide", metavar="KIND", help=f"decide about all that waits: {kinds}")
        parser.add_argument("--by", metavar="EMAIL", help="the administrator who decides")
        parser.add_argument("--reason", default="", help="kept with the decision")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["preview"]:
            self._preview()
        elif options["report"]:
            self._report()
        elif options["decide"]:
            self._decide(options["decide"], options["by"] or "", options["reason"])
        else:
            self._run()

    def _preview(self) -> None:
        for due in preview():
            count = due.open + due.decided + due.kept
            self.stdout.write(
                f"{due.retention.label}: {count} due; {due.open} wait for a decision, "
                f"{due.decided} are decided, {due.kept} are kept for longer"
            )
            self.stdout.write(f"  would be emptied: {', '.join(changed_fields(due.retention))}")
        self.stdout.write(_FREE_TEXTS)

    def _decide(self, kind: str, email: str, reason: str) -> None:
        if kind not in {retention.kind for retention in retentions()}:
            raise CommandError(f"Nothing of the kind {kind} falls due.")
        actor = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
        if actor is None:
            raise CommandError("Name the administrator who decides: --by their address of mail.")
        try:
            count = decide(kind, None, actor=actor, reason=reason)
        except PortalError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{retention_of(kind).label}: decided about {count}. `manage.py forget` does it.")

    def _run(self) -> None:
        done = Counter(entry.kind for entry in forget_decided())
        for kind, count in done.items():
            self.stdout.write(f"{retention_of(kind).label}: {count} anonymised")
        if not done:
            self.stdout.write("Nothing was anonymised: nobody decided about anything that is due.")

    def _report(self) -> None:
        for entry in Forgotten.objects.select_related("decision__decided_by").order_by("id"):
            decision = entry.decision
            self.stdout.write(
                f"{timezone.localtime(entry.at):%d %b %Y %H:%M} {entry.kind} {entry.row_id}: "
                f"{entry.changed_rows} rows; decided by {decision.decided_by or 'nobody'}: {decision.reason}"
            )
            self.stdout.write(f"  {', '.join(entry.changed_fields)}")
