"""Pages of contacts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import perform, shown_version
from liaison.forms.contact import DETAILS, ContactDetailsForm, ContactForm
from liaison.models import Attendance, Contact, Engagement
from liaison.policies import can_change_contact, can_log
from liaison.services.contact import add_contact, change_contact
from liaison.views.history import shown_history

MEETINGS_SHOWN = 20


def fetch(request: HttpRequest, reference: str) -> Contact:
    """The contact, or 404 where this person may not see it."""
    rows = Contact.objects.visible_to(request.user).select_related("organisation", "author", "owner_office")  # type: ignore[arg-type]
    return get_object_or_404(rows, reference=reference)


def contact_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """What is known of a contact, and the newest engagements with them that the reader may see."""
    person: Any = request.user
    contact = fetch(request, reference)
    met = Attendance.objects.visible_to(person).filter(contact=contact).values("engagement_id")
    engagements = list(
        Engagement.objects.visible_to(person)
        .filter(pk__in=met)
        .select_related("place", "owner_office")
        .order_by("-starts_at")[:MEETINGS_SHOWN]
    )
    actions = sharing_actions(person, contact)
    if can_change_contact(person, contact):
        actions.append({"label": _("Correct"), "url": f"{contact.get_absolute_url()}edit/", "page": True})
    return render(
        request,
        "liaison/contact/detail.html",
        {
            **opened(person, contact, engagements),
            "actions": actions,
            "engagements": engagements,
            "history": shown_history(contact, person),
        },
    )


def contact_add(request: HttpRequest) -> HttpResponse:
    """Enter a contact."""
    person: Any = request.user
    require(can_log(person))
    form = ContactForm(request.POST or None, person=person, initial=first_values(person))
    contact = saved(
        request,
        form,
        lambda: add_contact(
            form.input(), actor=person, office=form.cleaned_data["office"], sharing=form.sharing()
        ),
        _("Contact entered."),
    )
    if contact:
        return redirect(contact.get_absolute_url())
    return _form_page(
        request, form, title=_("New contact"), cancel_url=reverse("contacts"), draft_key="contact-new"
    )


def contact_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct what is known of a contact."""
    person: Any = request.user
    contact = fetch(request, reference)
    require(can_change_contact(person, contact))
    log_read(person, "contact edit", [contact])
    initial = {name: getattr(contact, name) for name in (*DETAILS, "organisation")}
    form = ContactDetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        organisation = form.cleaned_data["organisation"]
        change_contact(
            contact,
            {name: form.cleaned_data[name] for name in DETAILS} | {"organisation": organisation.chosen},
            new_organisation="" if organisation.chosen else organisation.text,
            actor=person,
            version=shown_version(request),
        )
        messages.success(request, _("Contact corrected."), draft_tag(request))
        return redirect(contact.get_absolute_url())
    return _form_page(
        request,
        form,
        title=_("Correct contact"),
        cancel_url=contact.get_absolute_url(),
        draft_key=f"contact-{contact.reference}",
        version=contact.version,
        page_classification=contact.classification,
    )


def contact_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Share with someone, end that, change who may read."""
    return perform(request, fetch(request, reference), SHARING_VERBS, verb)


def _form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form, "form_actions": [{"label": _("Save contact"), "primary": True}]}
    return render(request, "liaison/contact/form.html", context, status=form_status(request))
