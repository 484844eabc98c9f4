"""Assets over time: the calendar of one, and the load of all that the reader may see."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Office
from cimic_portal.core.months import DAY, EARLIEST, LATEST, month_after, month_of, weeks_of
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.views.detail import opened
from operations.forms.asset import LoadForm
from operations.models import Asset, AssetRules
from operations.schedule.asset_use import Taken, Use, midnight, taken_times, use_of, weeks_from
from operations.views.asset import fetch

WEEK = timedelta(days=7)
WEEKS = 8
# One page; more are found by the filters.
MOST = 300


@require_GET
def asset_calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """One month of an asset: each day with what takes it, and the same as a list."""
    person: Any = request.user
    asset = fetch(request, reference)
    first = month_of(request.GET.get("month", ""))
    after = month_after(first)
    start, end = midnight(first), midnight(after)
    taken = taken_times([asset], start, end, person)
    address = reverse("asset_calendar", args=[asset.reference])
    return render(
        request,
        "operations/asset/calendar.html",
        {
            **opened(person, asset, [one.operation for one in taken if one.operation]),
            "month": format_date(start, "F Y"),
            "weeks": [[_cell(day, taken) for day in week] for week in weeks_of(first)],
            "taken": taken,
            "use": use_of(taken, start, end, AssetRules.in_force()),
            "earlier_url": f"{address}?month={(first - DAY):%Y-%m}",
            "later_url": f"{address}?month={after:%Y-%m}",
            "today": timezone.localdate(),
        },
    )


def _cell(day: date | None, taken: list[Taken]) -> dict[str, Any]:
    """One day of the calendar, with what takes the asset; an empty one is of another month."""
    if day is None:
        return {"day": None, "taken": []}
    start, end = midnight(day), midnight(day + DAY)
    return {"day": day, "taken": [one for one in taken if one.covers(start, end)]}


@require_GET
def asset_load(request: HttpRequest) -> HttpResponse:
    """How much each asset is booked, week by week: which are over-used, which stand idle."""
    person: Any = request.user
    visible = Asset.objects.visible_to(person).usable()
    offices = Office.objects.filter(pk__in=visible.order_by().values("owner_office"))
    form = LoadForm(request.GET, offices=offices)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    since = asked.get("since") or timezone.localdate() - WEEK
    weeks = weeks_from(min(max(since, EARLIEST), LATEST), WEEKS)
    rows = _filtered(visible, asked) if form.is_valid() else visible.none()
    assets = list(rows.select_related("kind", "owner_office").order_by("kind__order", "name", "pk")[:MOST])
    log_read(person, "asset load", assets)
    rules = AssetRules.in_force()
    lines = _lines(assets, weeks, person, rules)
    shown = [line for line in lines if _fits(line["total"], asked.get("use", ""))]
    context = {
        "title": _("Load of assets"),
        "page_classification": max(
            (line["asset"].classification for line in shown), default=Classification.UNCLASSIFIED
        ),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "weeks": weeks,
        "lines": shown,
        "count": len(shown),
        "over": sum(line["total"].is_over for line in lines),
        "under": sum(line["total"].is_under for line in lines),
        "is_cut": len(assets) == MOST,
        "rules": rules,
        "actions": [
            {"label": _("Bookings"), "url": reverse("bookings"), "page": True},
            {"label": _("Assets"), "url": reverse("assets"), "page": True},
        ],
        **_turning(request, weeks),
    }
    return render(request, "operations/asset/load.html", context)


def _filtered(rows: Any, asked: dict[str, Any]) -> Any:
    given = {
        "kind": asked.get("kind"),
        "owner_office__component": asked.get("component"),
        "owner_office": asked.get("office"),
    }
    return rows.filter(**{name: value for name, value in given.items() if value})


def _lines(
    assets: list[Asset], weeks: list[tuple[datetime, datetime]], person: Any, rules: AssetRules
) -> list[dict[str, Any]]:
    start, end = weeks[0][0], weeks[-1][1]
    taken: dict[int, list[Taken]] = {}
    for one in taken_times(assets, start, end, person):
        taken.setdefault(one.asset_id, []).append(one)
    return [
        {
            "asset": asset,
            "uses": [use_of(taken.get(asset.pk, ()), *week, rules) for week in weeks],
            "total": use_of(taken.get(asset.pk, ()), start, end, rules),
        }
        for asset in assets
    ]


def _fits(total: Use, wanted: str) -> bool:
    return {"over": total.is_over, "under": total.is_under}.get(wanted, True)


def _turning(request: HttpRequest, weeks: list[tuple[datetime, datetime]]) -> dict[str, str]:
    """The addresses of the weeks before and after these, with the filters kept."""
    kept = {
        name: request.GET[name] for name in ("kind", "component", "office", "use") if request.GET.get(name)
    }
    first = timezone.localdate(weeks[0][0])
    address = reverse("asset_load")

    def at(day: date) -> str:
        return f"{address}?{urlencode({**kept, 'since': day.isoformat()})}"

    return {"earlier_url": at(first - WEEK * WEEKS), "later_url": at(first + WEEK * WEEKS)}
