"""manage.py who_could_read REFERENCE: the readers of a record on a day, by rule and trail of that day."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cimic_portal.core.audit.readers import Reader, ReadersOf, Span
from cimic_portal.core.models import ReadEntry
from cimic_portal.core.querysets import record_of
from cimic_portal.core.sharing.records import SharedRecord


class Command(BaseCommand):
    help = (
        "Lists who could have read a record on a day of the mission, when and why, and who read it. "
        "Shows nothing of the record but its kind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the ten letters and digits in the address of its page")
        parser.add_argument(
            "--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day (default: today)"
        )

    def handle(self, *args: Any, reference: str, on: date | None, **options: Any) -> None:
        record = record_of(reference.strip().upper())
        if record is None:
            raise CommandError(f"No record has the reference {reference}.")
        zone = timezone.get_default_timezone()
        day = on or timezone.localdate()
        since = datetime(day.year, day.month, day.day, tzinfo=zone)
        # The next day's midnight, which is not always 24 hours away.
        next_day = day + timedelta(days=1)
        until = datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone)
        until = min(until, timezone.now())
        if until <= since:
            raise CommandError("That day has not begun yet.")
        self.stdout.write(f"{record._meta.verbose_name} {record.reference}, {day:%d %b %Y} ({zone})")
        self._say_readers(ReadersOf(record, since, until).found(), since, until)
        self._say_reads(record, since, until)

    def _say_readers(self, readers: list[Reader], since: datetime, until: datetime) -> None:
        if not readers:
            self.stdout.write("Nobody could read it: it was not there, or named nobody who was in post.")
            return
        self.stdout.write(f"{len(readers)} could read it:")
        for reader in readers:
            spans = "; ".join(_words(span, since, until) for span in reader.spans)
            self.stdout.write(f"  {reader.person} <{reader.person.email}>: {spans}")

    def _say_reads(self, record: SharedRecord, since: datetime, until: datetime) -> None:
        mark = f"{record._meta.model_name}:{record.reference}"
        reads = ReadEntry.objects.filter(at__gte=since, at__lt=until, records__contains=[mark])
        if not reads:
            self.stdout.write("No read of it is in the trail (reads of unclassified records are not kept).")
            return
        self.stdout.write("It was shown to:")
        for read in reads.select_related("person").order_by("at"):
            self.stdout.write(f"  {_clock(read.at)} {read.person}: {read.surface}, request {read.request}")


def _words(span: Span, since: datetime, until: datetime) -> str:
    begins = "" if span.since == since else f"from {_clock(span.since)} "
    ends = "" if span.until == until else f"until {_clock(span.until)} "
    return f"{begins}{ends}" + ("all the time " if not begins and not ends else "") + "(" + _why(span) + ")"


def _why(span: Span) -> str:
    return ", ".join(str(way.label) for way in span.ways)


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M:%S}"
