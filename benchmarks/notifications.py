"""How fast people are told: outbox entries to lines in their lists, beside Celery tasks that do nothing.

Run as `python benchmarks/notifications.py [entries]`. One worker with two processes drains first the
empty tasks, then as many notifications, each claimed, checked against the sharing rule and written
in its own transactions; mail is made as well, for a server that forgets it. Target: 0.4 of the rate
of the empty tasks for the lines in the portal.
"""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.processes import spawn, stop, wait_until
from cimic_portal.embedded.services import Services

NOTHING = "bench.nothing"
PROCESSES = 2


def worker_app() -> Any:
    """The portal's own workers, and a task that does nothing."""
    import django

    from cimic_portal.celery import app

    django.setup()

    @app.task(name=NOTHING)  # type: ignore[untyped-decorator]
    def nothing() -> None:
        pass

    return app


def drain(app: Any, queue: str, fill: Any, done: Any) -> float:
    """Fill a queue while nobody takes from it; seconds from then until `done`."""
    app.control.cancel_consumer(queue, reply=True, timeout=2)
    fill()
    begun = time.perf_counter()
    app.control.add_consumer(queue)
    if not wait_until(done, 600):
        raise SystemExit("The workers did not finish within ten minutes.")
    return time.perf_counter() - begun


def broker_is_empty(client: Any, queue: str) -> bool:
    return not client.llen(queue) and not client.hlen("unacked")


def make_records() -> tuple[Any, Any]:
    """A tasking and the person whom it concerns."""
    from django.utils import timezone

    from cimic_portal.core.models import Holding, Office, Organisation, Person, Position
    from liaison.models import Tasking

    mission = Organisation.objects.create(name="Mission", is_mission=True)
    office = Office.objects.create(organisation=mission, name="Team", component=1)
    posts = [Position.objects.create(office=office, title=title) for title in ("Chief", "Officer")]
    people = [
        Person.objects.create_user(f"p{number}@example.org", component=1, clearance=3) for number in range(2)
    ]
    for person, post in zip(people, posts, strict=True):
        Holding.objects.create(person=person, position=post, since=timezone.now())
    tasking = Tasking.objects.create(
        title="Meet",
        why="To know",
        assignee=posts[1],
        issuer=posts[0],
        owner_office=office,
        author=people[0],
        due_at=timezone.now(),
        published_at=timezone.now(),
    )
    return tasking, people[1]


def measure(entries: int, environment: dict[str, str]) -> None:
    import redis

    app = worker_app()
    if not wait_until(lambda: bool(app.control.ping(timeout=1)), 60):
        raise SystemExit("The workers did not start.")
    from django.db import transaction

    from cimic_portal.core.models import Notification, OutboxEntry
    from cimic_portal.core.services.notifications import notify

    os.environ["PORTAL_ROLE"] = "app"
    tasking, person = make_records()
    client = redis.Redis.from_url(environment["REDIS_URL"])

    def send_nothing() -> None:
        for _number in range(entries):
            app.send_task(NOTHING, queue="notify")

    def tell() -> None:
        for _number in range(entries):
            with transaction.atomic():
                notify(tasking, "tasking.issued", positions=[tasking.assignee], actor=None)

    def told() -> bool:
        return bool(Notification.objects.filter(person=person).count() == entries)

    def mailed() -> bool:
        return not OutboxEntry.objects.exclude(state="done").exists()

    empty = entries / drain(app, "notify", send_nothing, lambda: broker_is_empty(client, "notify"))
    app.control.cancel_consumer("mail", reply=True, timeout=2)
    lines = entries / drain(app, "notify", tell, told)
    mails = entries / drain(app, "mail", lambda: None, mailed)
    print(f"{'empty Celery tasks':38}{empty:8.0f}/s")
    print(f"{'notifications into lists':38}{lines:8.0f}/s{lines / empty:8.2f} (target 0.40)")
    print(f"{'mails of them, to nowhere':38}{mails:8.0f}/s{mails / empty:8.2f}")


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        services = Services(Path(folder), durable=False)
        services.start()
        try:
            environment = os.environ | services.environment()
            environment |= {
                "DJANGO_SETTINGS_MODULE": "cimic_portal.settings.development",
                "EMAIL_URL": "dummymail://",
            }
            os.environ.update(environment)
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            if spawn(migrate, env=environment, cwd=CHECKOUT).wait() != 0:
                raise SystemExit("The tables could not be made.")
            worker = spawn(
                [
                    *(sys.executable, "-m", "celery", "--app=benchmarks.notifications_worker", "worker"),
                    *(f"--concurrency={PROCESSES}", "--queues=notify,mail", "--loglevel=WARNING"),
                ],
                log=Path(folder) / "worker.log",
                env=environment,
                cwd=CHECKOUT,
            )
            try:
                measure(entries, environment)
            finally:
                stop(worker, signal.SIGTERM, patience=10)
        finally:
            services.stop()


if __name__ == "__main__":
    main()
