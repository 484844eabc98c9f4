"""Pages of guidance: the document with the text in force, its facts, and the steps on it as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import offered, perform, shown_version
from training.forms.guidance import AcknowledgeForm, FactsForm, GuidanceForms, NewGuidanceForm, facts_of
from training.models import Guidance, GuidanceAcknowledgement, GuidanceConcern, GuidanceVersion
from training.policies import guidance as policies
from training.services import guidance as services
from training.views.guidance_text import shown_text
from training.views.guidance_verbs import GUIDANCE_VERBS, WORDS

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def fetch(request: HttpRequest, reference: str) -> Guidance:
    """The document, or 404 where this person may not see it."""
    rows = Guidance.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "kind", "theme", "owner__office", "approver__office", "author", "owner_office", "reviewed_by"
    )
    return get_object_or_404(rows, reference=reference)


def versions_of(person: Person, guidance: Guidance) -> list[GuidanceVersion]:
    """Those that the person reads, the newest first."""
    rows = GuidanceVersion.objects.visible_to(person).filter(guidance=guidance).order_by("-number")
    found = list(rows.select_related("author", "decided_by"))
    for version in found:
        version.guidance = guidance
    return found


def guidance_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One document: what is in force, what waits, its facts, its versions and its history."""
    person: Any = request.user
    guidance = fetch(request, reference)
    versions = versions_of(person, guidance)
    shown = next((one for one in versions if one.number == guidance.in_force_number), None)
    newer = next((one for one in versions if one.is_open), None)
    replaced_by = Guidance.objects.visible_to(person).filter(pk=guidance.replaced_by_id or 0).first()
    # One signs at the end of the text, not above it.
    actions = offered([verb for verb in GUIDANCE_VERBS if verb.name != "acknowledge"], person, guidance)
    if policies.can_edit(person, guidance):
        actions.append({"label": _("Edit facts"), "url": f"{guidance.get_absolute_url()}edit/", "page": True})
    context = {
        **opened(person, guidance, [replaced_by] if replaced_by else []),
        "actions": actions + sharing_actions(person, guidance),
        "versions": versions,
        "shown": shown or newer or next(iter(versions), None),
        "newer": newer,
        "replaced_by": replaced_by,
        "history": shown_history(guidance, person, WORDS),
        **_acknowledgements(person, guidance),
    }
    context["text"] = shown_text(context["shown"].text if context["shown"] else "")
    return render(request, "training/guidance/detail.html", context)


def _acknowledgements(person: Person, guidance: Guidance) -> dict[str, Any]:
    """The person's own word, and how many of those whom they lead have given theirs."""
    rows = GuidanceAcknowledgement.objects.visible_to(person).filter(version__guidance=guidance).counting()
    found = list(rows.select_related("version").order_by("version__number", "pk"))
    own = next((row for row in reversed(found) if row.person_id == person.pk), None)
    concerns = GuidanceConcern.objects.visible_to(person).filter(guidance=guidance)
    asks = own is not None and own.acknowledged_at is None and guidance.is_in_force
    return {
        "own": own,
        "sign": AcknowledgeForm(person=person, record=guidance) if asks else None,
        "signed": sum(row.acknowledged_at is not None for row in found),
        "late": sum(row.is_overdue for row in found),
        "asked": len(found),
        "concerns": list(concerns.select_related("office", "position__office")),
    }


def guidance_write(request: HttpRequest) -> HttpResponse:
    """Begin a document with its first draft."""
    person: Any = request.user
    require(policies.can_write(person))
    data = request.POST if request.method == "POST" else None
    first = first_values(person) | {"owner": next(iter(sorted(person.access.held)), None)}
    forms = GuidanceForms(NewGuidanceForm(data, person=person, initial=first), data, [])
    guidance = saved(
        request,
        forms,
        lambda: services.write_guidance(
            forms.input(),
            forms.text(),
            actor=person,
            office=forms.main.cleaned_data["office"],
            sharing=forms.main.sharing(),  # type: ignore[attr-defined]
        ),
        _("Draft saved. Send it into review when it is whole."),
    )
    if guidance:
        return redirect(guidance.get_absolute_url())
    return _form_page(
        request,
        forms,
        title=_("Write guidance"),
        cancel_url=reverse("guidance_register"),
        draft_key="guidance-new",
        page_classification=1,
    )


def guidance_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what is true of all versions, and who must acknowledge."""
    person: Any = request.user
    guidance = fetch(request, reference)
    require(policies.can_edit(person, guidance))
    log_read(person, "guidance edit", [guidance])
    data = request.POST if request.method == "POST" else None
    first, rows = facts_of(guidance, person)
    forms = GuidanceForms(FactsForm(data, offices={guidance.owner_office_id}, initial=first), data, rows)
    done = saved(
        request,
        forms,
        lambda: services.edit_guidance(guidance, forms.input(), actor=person, version=shown_version(request)),
        _("Saved. Who is new among those concerned is asked within ten minutes."),
    )
    if done:
        return redirect(guidance.get_absolute_url())
    return _form_page(
        request,
        forms,
        title=_("Edit facts"),
        cancel_url=guidance.get_absolute_url(),
        draft_key=f"guidance-{guidance.reference}",
        version=guidance.version,
        page_classification=guidance.classification,
    )


def _form_page(request: HttpRequest, forms: GuidanceForms, **context: Any) -> HttpResponse:
    context |= {
        "form": forms.main,
        "formsets": forms.formsets,
        "concerned": forms.concerned,
        "form_actions": [{"label": _("Save"), "primary": True}],
    }
    return render(request, "training/guidance/form.html", context, status=form_status(request))


def guidance_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Acknowledge, begin a new version, confirm, withdraw; and share."""
    guidance = fetch(request, reference)
    answer = perform(request, guidance, [*GUIDANCE_VERBS, *SHARING_VERBS], verb)
    if verb == "begin-version" and isinstance(answer, HttpResponseRedirect):
        person: Any = request.user
        begun = next(one for one in versions_of(person, guidance) if one.is_open)
        return redirect("guidance_version_write", guidance.reference, begun.number)
    return answer
