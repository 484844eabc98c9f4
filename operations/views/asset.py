"""Pages of assets: enter, edit, read, and their verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import offered, perform, show_problems, shown_version
from operations.forms.asset import AssetForm, UnblockForm, asset_values
from operations.models import Asset, AssetRules, BookedFor, Booking, Unavailability
from operations.policies.asset import can_block, can_edit, can_register
from operations.schedule.asset_use import midnight, taken_times, use_of
from operations.services.asset import edit_asset, register_asset, unblock_asset
from operations.views.asset_verbs import ASSET_VERBS, HISTORY_WORDS

ACTIONS = [{"label": gettext_lazy("Save asset"), "primary": True}]
# The share of use that the page of an asset tells is that of so many days.
LOOKED_BACK = timedelta(days=28)


def fetch(request: HttpRequest, reference: str) -> Asset:
    """The asset, or 404 where this person may not see it."""
    rows = Asset.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "kind", "home", "decider__office", "owner_office__organisation", "author"
    )
    return get_object_or_404(rows, reference=reference)


def asset_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One asset: what it is, when it is taken from now on, what is asked of it, its history."""
    person: Any = request.user
    asset = fetch(request, reference)
    now, today = timezone.now(), midnight(timezone.localdate())
    taken = taken_times([asset], now - LOOKED_BACK, None, person)
    requests = list(
        Booking.objects.visible_to(person)
        .filter(asset=asset)
        .waiting()
        .select_related("asset", "office", "decider__office")
    )
    uses = BookedFor.objects.visible_to(person).filter(booking__in=requests).select_related("operation")
    named = {use.booking_id: use.operation for use in uses}
    ahead = [one for one in taken if one.ends_at is None or one.ends_at > now]
    others = [one.operation for one in ahead if one.operation] + list(named.values())
    outs = Unavailability.objects.visible_to(person).filter(asset=asset, struck_reason="")
    return render(
        request,
        "operations/asset/detail.html",
        {
            **opened(person, asset, others),
            "actions": _actions(person, asset),
            "ahead": ahead,
            "requests": [(row, named.get(row.pk)) for row in requests],
            "outs": [row for row in outs if row.ends_at is None or row.ends_at > now],
            "may_block": bool(can_block(person, asset)),
            "use": use_of(taken, today - LOOKED_BACK, today, AssetRules.in_force()),
            "history": shown_history(asset, person, HISTORY_WORDS),
        },
    )


def _actions(person: Any, asset: Asset) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = [
        {"label": _("Calendar"), "url": reverse("asset_calendar", args=[asset.reference]), "page": True}
    ]
    actions += offered(ASSET_VERBS, person, asset) if can_edit(person, asset) else []
    actions += sharing_actions(person, asset)
    if can_edit(person, asset):
        actions.append({"label": _("Edit"), "url": f"{asset.get_absolute_url()}edit/", "page": True})
    return actions


def asset_new(request: HttpRequest) -> HttpResponse:
    """Enter an asset."""
    person: Any = request.user
    require(can_register(person))
    form = AssetForm(request.POST or None, person=person, initial=first_values(person))

    asset = saved(
        request,
        form,
        lambda: register_asset(form.input(), actor=person, office=form.cleaned_data["office"]),
        _("Asset entered."),
    )
    if asset:
        return redirect(asset.get_absolute_url())
    return _form_page(request, form, title=_("Enter an asset"), draft_key="asset-new")


def asset_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what is said of an asset."""
    person: Any = request.user
    asset = fetch(request, reference)
    require(can_edit(person, asset))
    form = AssetForm(request.POST or None, person=person, asset=asset, initial=asset_values(asset))
    log_read(person, "asset edit", [asset])

    version = shown_version(request)
    if saved(
        request, form, lambda: edit_asset(asset, form.input(), actor=person, version=version), _("Saved.")
    ):
        return redirect(asset.get_absolute_url())
    return _form_page(request, form, title=_("Edit asset"), draft_key=f"asset-{asset.reference}", asset=asset)


def _form_page(
    request: HttpRequest, form: AssetForm, *, title: str, draft_key: str, asset: Asset | None = None
) -> HttpResponse:
    return render(
        request,
        "operations/asset/form.html",
        {
            "title": title,
            "form": form,
            "form_actions": ACTIONS,
            "draft_key": draft_key,
            "version": asset.version if asset else None,
            "cancel_url": asset.get_absolute_url() if asset else reverse("assets"),
            "page_classification": asset.classification if asset else Classification.UNCLASSIFIED,
        },
        status=form_status(request),
    )


def asset_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Out of service, under repair, back, withdrawn."""
    return perform(request, fetch(request, reference), [*ASSET_VERBS, *SHARING_VERBS], verb)


def asset_unblock(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """End a time out of service, or strike one that lies ahead, with the reason."""
    person: Any = request.user
    asset = fetch(request, reference)
    row = Unavailability.objects.visible_to(person).filter(asset=asset, pk=pk, struck_reason="").first()
    if row is None:
        raise Http404
    require(can_block(person, asset))
    form = UnblockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            unblock_asset(
                asset,
                actor=person,
                version=shown_version(request),
                unavailability=row.pk,
                **form.cleaned_data,
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("It can be booked again."))
            return redirect(asset.get_absolute_url())
    log_read(person, "asset out of service", [asset])
    context = {
        "title": _("End this time out of service"),
        "text": f"“{row.reason}”",
        "form": form,
        "record": asset,
        "version": asset.version,
        "submit_label": _("End it"),
        "cancel_url": asset.get_absolute_url(),
        "page_classification": asset.classification,
    }
    return render(request, "layouts/verb.html", context, status=form_status(request))
