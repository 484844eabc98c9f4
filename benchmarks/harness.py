"""What every comparison stands on: services, the grown demo mission, and the line that is printed.

Each line of a comparison is measured in one run, ours and its rival in turns, and shows the medians and their
ratio beside the target; people judge. Plans of the statements stand in `.cache/bench/plans/`.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.services import Services

CACHE = CHECKOUT / ".cache" / "bench"
PLANS = CACHE / "plans"
MISSION = int(os.environ.get("BENCH_ENGAGEMENTS", "1000000"))
# Of so many engagements each of the two partners below may read some.
FEW = 2_400
ROUNDS = 15

Run = Callable[[], object]
Clock = Callable[[Run], float]


@contextmanager
def portal(data: Path) -> Iterator[None]:
    """Django on services of its own, with the tables up to date; as the role that owns them."""
    import django

    services = Services(data, durable=False)
    os.environ.update(services.environment())
    os.environ.update(PORTAL_ROLE="owner", DJANGO_SETTINGS_MODULE="cimic_portal.settings.test")
    services.start()
    try:
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
    finally:
        services.stop()


@contextmanager
def grown_mission() -> Iterator[dict[str, Any]]:
    """The demo mission grown to MISSION engagements, made once; gives its readers by name."""
    with portal(CACHE / f"mission-{MISSION}"):
        from django.core.management import call_command
        from django.db import connection

        from cimic_portal.core.models import Person

        if not Person.objects.filter(email=_partner_email("old")).exists():
            begun = time.perf_counter()
            call_command("seed_demo", engagements=MISSION)
            _share_with_partners()
            with connection.cursor() as query:
                query.execute("VACUUM ANALYZE")
            print(f"{MISSION:,} engagements made in {time.perf_counter() - begun:.0f} s; they are kept.")
        yield {
            "liaison officer": _demo("liaison"),
            "commander": _demo("commander"),
            "police officer": _demo("police"),
            "humanitarian partner": _demo("partner"),
            "partner, rare": Person.objects.get(email=_partner_email("rare")),
            "partner, all old": Person.objects.get(email=_partner_email("old")),
        }


def _demo(name: str) -> Any:
    from cimic_portal.core.models import Person

    return Person.objects.get(email=f"{name}@carana.example")


def _partner_email(name: str) -> str:
    return f"{name}@partner.example"


def _share_with_partners() -> None:
    """Two partners: one reads a few engagements of every year, the other the oldest alone."""
    from django.db import connection, transaction
    from django.utils import timezone

    from cimic_portal.core.models import Holding, Office, Organisation, Person, Position

    since = timezone.now() - timezone.timedelta(days=900)
    chosen = {
        "rare": "(SELECT id FROM liaison_engagement WHERE published_at IS NOT NULL"
        " AND id %% (SELECT count(*) / %(few)s FROM liaison_engagement) = 0)",
        "old": "(SELECT id FROM liaison_engagement WHERE published_at IS NOT NULL"
        " ORDER BY starts_at LIMIT %(few)s)",
    }
    with transaction.atomic(), connection.cursor() as query:
        for name, which in chosen.items():
            # Of a component that no audience names, so that they read nothing else.
            body = Organisation.objects.create(name=f"Partner {name}", component=5)
            office = Office.objects.create(organisation=body, name="Ministry", component=5)
            person = Person.objects.create(
                email=_partner_email(name), given_name="Given", family_name=name, component=5, clearance=1
            )
            post = Position.objects.create(office=office, title="Officer")
            Holding.objects.create(person=person, position=post, since=since)
            query.execute(
                "UPDATE liaison_engagement SET classification = 1, audience_components = '{1}',"
                f" audience_organisations = ARRAY[%(body)s] WHERE id IN {which}",
                {"body": body.pk, "few": FEW},
            )


def in_database(run: Run) -> float:
    """Seconds in the database alone, as the driver sees it."""
    from django.db import connection

    spent = 0.0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal spent
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - start

    with connection.execute_wrapper(watch):
        run()
    return spent


def on_the_clock(run: Run) -> float:
    """Seconds in all."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def duel(
    name: str, ours: Run, beside: Run, target: str, *, clock: Clock = in_database, rounds: int = ROUNDS
) -> None:
    """One line: both medians, in turns, and how ours compares."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds):
        times[0].append(clock(ours))
        times[1].append(clock(beside))
    mine, theirs = (statistics.median(column) * 1000 for column in times)
    line(name, f"{mine:9.2f} ms", f"{theirs:9.2f} ms", f"{mine / theirs:6.2f}×", target)


def line(name: str, ours: str, beside: str, ratio: str, target: str) -> None:
    print(f"{name:<66}{ours:>14}{beside:>14}{ratio:>9}   {target}", flush=True)


def queries(run: Run, plans: str = "") -> int:
    """How many statements it takes; with a name, their plans are kept."""
    from django.db import connection

    asked: list[tuple[str, Any]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        run()
    if plans:
        PLANS.mkdir(parents=True, exist_ok=True)
        (PLANS / f"{plans}.txt").write_text("\n\n".join(_plan(sql, params) for sql, params in asked))
    return len(asked)


def _plan(sql: str, params: Any) -> str:
    from django.db import connection

    if not sql.lstrip("( ").upper().startswith(("SELECT", "WITH")):
        return sql
    with connection.cursor() as query:
        query.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
        return sql + "\n" + "\n".join(row[0] for row in query.fetchall())
