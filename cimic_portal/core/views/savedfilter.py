"""Saving, renaming and deleting one's own filters of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.forms.savedfilter import SavedFilterForm
from cimic_portal.core.listing import Listing, Selection, listing_named
from cimic_portal.core.models import SavedFilter
from cimic_portal.core.services.savedfilters import delete_filter, rename_filter, save_filter

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def savedfilter_new(request: HttpRequest, name: str) -> HttpResponse:
    """Give the filters in the address a name."""
    listing = _listing(name)
    chosen = Selection(listing, _person(request), request.GET)
    if chosen.problems:
        raise InvalidError(chosen.problems)
    query = urlencode(chosen.asked())
    form = SavedFilterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save_filter(actor=chosen.person, list_name=name, name=form.cleaned_data["name"], query=query)
        except InvalidError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The filters are saved as a tab."))
            return redirect(f"{reverse(name)}?{query}")
    context = {
        "title": _("Save these filters"),
        "text": chosen.words(),
        "form": form,
        "version": "",
        "submit_label": _("Save filters"),
        "cancel_url": f"{reverse(name)}?{query}",
    }
    return render(request, "layouts/verb.html", context, status=422 if form.errors else 200)


def savedfilters(request: HttpRequest, name: str) -> HttpResponse:
    """One's own filters of a list, to rename or delete."""
    listing = _listing(name)
    saved = SavedFilter.objects.filter(person=_person(request), list_name=name)
    context = {"title": _("Saved filters"), "listing": listing, "list_url": reverse(name), "saved": saved}
    return render(request, "core/listing/saved.html", context)


def savedfilter_rename(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk)
    form = SavedFilterForm(request.POST or None, initial={"name": saved.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_filter(saved, form.cleaned_data["name"], actor=_person(request))
        except InvalidError as error:
            _tell(form, error)
        else:
            return redirect("savedfilters", saved.list_name)
    context = {
        "title": _("Rename “%(name)s”") % {"name": saved.name},
        "form": form,
        "version": "",
        "submit_label": _("Rename"),
        "cancel_url": reverse("savedfilters", args=[saved.list_name]),
    }
    return render(request, "layouts/verb.html", context, status=422 if form.errors else 200)


def savedfilter_delete(request: HttpRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk)
    if request.method == "POST":
        delete_filter(saved, actor=_person(request))
        messages.success(request, _("The saved filter is deleted. No record was touched."))
        return redirect("savedfilters", saved.list_name)
    context = {
        "title": _("Delete “%(name)s”") % {"name": saved.name},
        "text": _("Only the saved filter goes. The records that it showed stay."),
        "version": "",
        "submit_label": _("Delete filter"),
        "danger": True,
        "cancel_url": reverse("savedfilters", args=[saved.list_name]),
    }
    return render(request, "layouts/verb.html", context)


def _person(request: HttpRequest) -> Person:
    return request.user  # type: ignore[return-value]


def _listing(name: str) -> Listing:
    found = listing_named(name)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: int) -> SavedFilter:
    return get_object_or_404(SavedFilter, pk=pk, person=_person(request))


def _tell(form: SavedFilterForm, error: InvalidError) -> None:
    for field, lines in error.fields.items():
        form.add_error(field if field in form.fields else None, list(lines))
