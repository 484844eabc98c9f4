"""The page on which the text of a version is written; two texts where two saved at the same time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import require
from cimic_portal.core.services.merging import MergeNeededError
from cimic_portal.core.views.merging import both_texts
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from training.forms.guidance_version import VersionForm
from training.models import GuidanceVersion
from training.policies import guidance as policies
from training.services import guidance_text as services
from training.views.guidance_version import fetch_version


def version_write(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Write the text of a draft."""
    person: Any = request.user
    version = fetch_version(request, reference, number)
    require(policies.can_write_version(person, version))
    log_read(person, "guidance text", [version.guidance])
    first = {name: getattr(version, name) for name in ("text", "changes", "is_correction")}
    form = VersionForm(request.POST or None, initial=first, number=version.number)
    try:
        done = saved(
            request,
            form,
            lambda: services.write_version(
                version, form.input(), actor=person, version=shown_version(request)
            ),
            _("Text saved."),
        )
    except MergeNeededError as error:
        proposal = {"text": error.merged.text, **error.beside}
        form = VersionForm(initial=proposal, number=version.number)
        version.version = error.row.version
        return _write_page(request, version, form, status=error.status, merging=both_texts(error))
    if done:
        return redirect(version.get_absolute_url())
    return _write_page(request, version, form, status=form_status(request))


def _write_page(
    request: HttpRequest, version: GuidanceVersion, form: VersionForm, *, status: int, **more: Any
) -> HttpResponse:
    context = {
        "title": _("Write version %(number)d") % {"number": version.number},
        "sub": str(version.guidance),
        "form": form,
        "form_actions": [{"label": _("Save text"), "primary": True}],
        "cancel_url": version.get_absolute_url(),
        "draft_key": f"guidance-text-{version.guidance.reference}-{version.number}",
        # Of a refused form the version that was shown to whoever typed it.
        "version": request.POST.get("version") or version.version if form.is_bound else version.version,
        "page_classification": version.classification,
        **more,
    }
    return render(request, "training/guidance/write.html", context, status=status)
