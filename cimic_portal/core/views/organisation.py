"""Pages of organisations: reference, read by everyone; what the apps know of them stands in panels."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.forms.organisation import NewOrganisationForm, OrganisationForm
from cimic_portal.core.models import Organisation, OrganisationKind
from cimic_portal.core.panels import panels_beside
from cimic_portal.core.policies import can_keep_organisations, require
from cimic_portal.core.services.organisation import add_organisation, change_organisation
from cimic_portal.core.views.saving import form_status, saved

DETAILS = ("name", "short_name", "kind", "phone", "email", "website")


def organisation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: facts, its offices where its people sign in, and the panels of the apps."""
    person: Any = request.user
    organisation = get_object_or_404(Organisation, pk=pk)
    panels = panels_beside("organisation", organisation, person)
    actions = []
    if can_keep_organisations(person) and organisation.kind != OrganisationKind.MISSION:
        url = reverse("organisation_edit", args=[organisation.pk])
        actions.append({"label": _("Correct"), "url": url, "page": True})
    return render(
        request,
        "core/organisation/detail.html",
        {
            "title": organisation.name,
            "organisation": organisation,
            "offices": organisation.offices.filter(closed_on__isnull=True).order_by("name"),
            "panels": panels,
            "actions": actions,
            "page_classification": max((panel.get("level", 1) for panel in panels), default=1),
        },
    )


def organisation_add(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    person: Any = request.user
    require(can_keep_organisations(person))
    form = NewOrganisationForm(request.POST or None)

    def write() -> Organisation:
        details = {name: form.cleaned_data[name] for name in DETAILS}
        return add_organisation(details, actor=person, confirmed=form.cleaned_data["confirmed"])

    organisation = saved(request, form, write, _("Organisation entered."))
    if organisation:
        return redirect("organisation", pk=organisation.pk)
    return _form_page(request, form, _("New organisation"), reverse("organisations"))


def organisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known of an organisation."""
    person: Any = request.user
    require(can_keep_organisations(person))
    organisation = get_object_or_404(Organisation.objects.exclude(kind=OrganisationKind.MISSION), pk=pk)
    form = OrganisationForm(
        request.POST or None, initial={name: getattr(organisation, name) for name in DETAILS}
    )
    back = reverse("organisation", args=[pk])
    if saved(
        request,
        form,
        lambda: change_organisation(organisation, form.cleaned_data, actor=person),
        _("Organisation corrected."),
    ):
        return redirect(back)
    return _form_page(request, form, _("Correct organisation"), back)


def _form_page(request: HttpRequest, form: Any, title: str, back: str) -> HttpResponse:
    return render(
        request,
        "layouts/form.html",
        {
            "title": title,
            "form": form,
            "form_actions": [{"label": _("Save organisation"), "primary": True}],
            "cancel_url": back,
        },
        status=form_status(request),
    )
