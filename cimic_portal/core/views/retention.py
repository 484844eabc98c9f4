"""Data whose time has run out: what is due, who decides what, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.forms.retention import RetentionForm
from cimic_portal.core.models import Forgotten
from cimic_portal.core.policies import can_decide_retention, require
from cimic_portal.core.retention import Retention, retention_of
from cimic_portal.core.services.forgetting import decide, open_rows, preview, visible_due
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.records import SharedRecord
from cimic_portal.core.views.saving import form_status
from cimic_portal.core.views.verbs import show_problems

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

MOST_SHOWN = 100


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """How much is due of each kind, and what was anonymised lately."""
    require(can_decide_retention(request.user))  # type: ignore[arg-type]
    done = Forgotten.objects.select_related("decision__decided_by")[:MOST_SHOWN]
    return render(request, "core/retention.html", {"kinds": preview(), "done": done})


def retention_decide(request: HttpRequest, kind: str) -> HttpResponse:
    """Decide about rows of one kind, the oldest first; those that I may not read are counted alone."""
    person: Person = request.user  # type: ignore[assignment]
    require(can_decide_retention(person))
    try:
        found = retention_of(kind)
    except KeyError:
        raise Http404 from None
    waiting = open_rows(found)
    shown = list(visible_due(found, waiting, person)[:MOST_SHOWN])
    hidden = waiting.count() - visible_due(found, waiting, person).count()
    form = RetentionForm(request.POST or None, choices=[(row.pk, _line(row)) for row in shown])
    if request.method == "POST" and form.is_valid():
        try:
            count = decide(kind, form.cleaned_data.pop("rows"), actor=person, **form.cleaned_data)
        except InvalidError as error:
            show_problems(form, error)
        else:
            words = ngettext("Decided about %(count)s row.", "Decided about %(count)s rows.", count)
            messages.success(request, words % {"count": count})
            return redirect("retention")
    context = {**_words(found, hidden), "form": form, "page_classification": _tell_read(found, shown, person)}
    return render(request, "layouts/form.html", context, status=form_status(request))


def _line(row: Any) -> str:
    return _("%(name)s, since %(day)s") % {
        "name": row,
        "day": date_format(localtime(row.due_at), "DATE_FORMAT"),
    }


def _words(found: Retention, hidden: int) -> dict[str, Any]:
    told = _(
        "Names in free texts and in documents made already are not searched. %(hidden)s more wait that you "
        "may not read."
    )
    return {
        "title": _("Data that is due: %(kind)s") % {"kind": found.label},
        "sub": told % {"hidden": hidden},
        "form_actions": [{"label": _("Decide"), "primary": True}],
        "cancel_url": reverse("retention"),
    }


def _tell_read(found: Retention, shown: list[Any], person: Person) -> int:
    """The level of the page, and the entry in the trail where records are shown."""
    if not issubclass(found.model, SharedRecord):
        return Classification.UNCLASSIFIED
    log_read(person, f"retention {found.kind}", shown)
    return max((row.classification for row in shown), default=Classification.UNCLASSIFIED)
