"""What the workers of the delivery tests run: the portal, and jobs that wait, fail and count.

They meet the test through files in the folder TEST_SIGNALS: a job says there that it has begun and
waits there until it may go on.
"""

import os
import time
from pathlib import Path

import django

from cimic_portal.celery import app

django.setup()

from cimic_portal.core.makers import Made, ReportMaker, add_maker, highest  # noqa: E402
from cimic_portal.core.models import Organisation  # noqa: E402
from cimic_portal.core.outbox import handles  # noqa: E402
from liaison.models import Engagement  # noqa: E402

__all__ = ["app"]

SIGNALS = Path(os.environ["TEST_SIGNALS"])


def _meet(name):
    """Say that the work has begun, and wait to be let on."""
    number = len(list(SIGNALS.glob(f"{name}-begun-*")))
    (SIGNALS / f"{name}-begun-{number}").write_text(str(os.getpid()))
    deadline = time.monotonic() + 120
    while not (SIGNALS / f"{name}-go").exists():
        assert time.monotonic() < deadline, "nobody let the work go on"
        time.sleep(0.02)


def _make_slowly(document, person, tell):
    rows = list(Engagement.objects.visible_to(person).order_by("pk"))
    tell(1, 2)
    _meet("report")
    return Made("\n".join(row.purpose for row in rows).encode(), highest(rows), rows)


add_maker(ReportMaker("test.slow", "Slow report", _make_slowly, forms=("csv",)))


@handles("test.count")
def _count(entry):
    Organisation.objects.create(name=f"counted {entry.payload['number']}", component=4)


@handles("test.slow")
def _wait_then_count(entry):
    _count(entry)
    _meet("job")


@handles("test.fail", tries=2)
def _fail(entry):
    _count(entry)
    # In two pieces, because the log shows the line that failed but must not show its values.
    raise ValueError("-".join(("inform", "ant")))
