"""Pass rates, by course."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.figures.figure import Bar, Figure, Point, Reckoned
from training.models import Enrolment

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

MONTHS = 12
_PASSED = Count("pk", filter=Q(result="passed"))
_ALL = Count("pk")


def pass_rates(person: Person, today: date) -> Reckoned:
    since = today.replace(day=1) - relativedelta(months=MONTHS - 1)
    rows = Enrolment.objects.visible_to(person).filter(
        result__in=("passed", "failed"), session__ends_at__date__gte=since, session__ends_at__date__lte=today
    )
    by_course = (
        rows.order_by()
        .values_list("session__course__code", "session__course__title")
        .annotate(passed=_PASSED, every=_ALL)
        .order_by("session__course__code")
    )
    bars = [_bar(*row) for row in by_course]
    months = (
        rows.order_by()
        .annotate(month=TruncMonth("session__ends_at"))
        .values_list("month")
        .annotate(passed=_PASSED, every=_ALL)
        .order_by("month")
    )
    counted: list[Any] = list(months)
    points = [Point(format_date(month, "M Y"), 100 * passed // every) for month, passed, every in counted]
    passed = sum(row[1] for row in counted)
    every = sum(row[2] for row in counted)
    answer = ""
    if every:
        answer = _("%(share)d %% of %(every)d results were passes.") % {
            "share": 100 * passed // every,
            "every": every,
        }
    return Reckoned(
        answer=answer,
        period=_("Sessions that ended since %(day)s") % {"day": format_date(since, "j M Y")},
        points=points,
        bars=bars,
        url=f"{reverse('sessions')}",
        label=_("Sessions"),
    )


def _bar(code: str, title: str, passed: int, every: int) -> Bar:
    share = 100 * passed // every
    words = _("%(share)d %% · %(passed)d of %(every)d") % {"share": share, "passed": passed, "every": every}
    return Bar(f"{code} {title}", share, words, passed, every, url=reverse("course", args=[code]))


PASS_RATES = Figure(
    "passing",
    gettext_lazy("Do people pass?"),
    gettext_lazy(
        "Passes out of passes and failures, by course and by month. Who was absent is not counted. "
        "Counted are seats of training records that you may read."
    ),
    pass_rates,
)
