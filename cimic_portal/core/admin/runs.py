"""How the portal runs, on one page: health, work, backups, storage, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cimic_portal.core.backups import backup_ages
from cimic_portal.core.health import health
from cimic_portal.core.models import OutboxState
from cimic_portal.core.running import Waiting, counts, outbox_in, storage

# How old a backup may be. Source: docs/howto/run_in_production.md.
_OLDEST = {"changes": timedelta(minutes=5), "files": timedelta(minutes=5), "base": timedelta(hours=26)}
_SCARCE, _LOW = 0.05, 0.15
_PARTS = {
    "database": gettext_lazy("Database"),
    "outbox": gettext_lazy("Outbox"),
    "broker": gettext_lazy("Broker"),
    "worker": gettext_lazy("Workers"),
    "stream": gettext_lazy("Live stream"),
    "changes": gettext_lazy("Changes of the database"),
    "files": gettext_lazy("Files"),
    "base": gettext_lazy("Whole database"),
}


@dataclass(frozen=True)
class Row:
    """One line: what, how it is, in words, and where to act on it."""

    name: str
    words: str = ""
    label: str = ""
    tone: str = ""
    url: str = ""
    act: str = ""


def runs(request: HttpRequest) -> HttpResponse:
    facts = health()
    sections = [
        (_("Health"), _health(facts)),
        (_("Given up"), _dead()),
        (_("Waiting work"), _waiting()),
        (_("Backups"), _backups()),
        (_("Storage"), _storage()),
        (_("People"), _people()),
    ]
    shown = {"title": _("How the portal runs"), "sections": sections}
    return TemplateResponse(request, "admin/runs.html", {**admin.site.each_context(request), **shown})


def _name(part: str) -> str:
    return str(_PARTS.get(part, part))


def _state(well: bool) -> dict[str, str]:
    return {"label": _("Well") if well else _("Down"), "tone": "done" if well else "refused"}


def _health(facts: dict[str, Any]) -> list[Row]:
    rows = []
    for name, part in facts.items():
        if name == "status":
            continue
        rows.append(Row(_name(name), **_state(part["status"] == "ok")))
        for queue, status in part.get("queues", {}).items():
            rows.append(Row(_("Queue “%s”") % queue, **_state(status == "ok")))
    return rows


def _dead() -> list[Row]:
    rows = outbox_in(OutboxState.DEAD)
    if not rows:
        return [Row(_("Nothing was given up"), label=_("Well"), tone="done")]
    page = reverse("admin:core_outboxentry_changelist")
    return [
        Row(
            one.kind,
            _counted(one),
            _("Given up"),
            "refused",
            f"{page}?kind__exact={one.kind}&queue__exact={one.queue}",
            _("Look, and try again"),
        )
        for one in rows
    ]


def _waiting() -> list[Row]:
    rows = outbox_in(OutboxState.WAITING)
    if not rows:
        return [Row(_("Nothing waits"), label=_("Well"), tone="done")]
    return [
        Row(_("%(kind)s in “%(queue)s”") % {"kind": one.kind, "queue": one.queue}, _counted(one))
        for one in rows
    ]


def _counted(one: Waiting) -> str:
    words = ngettext("%(count)d, from %(age)s ago", "%(count)d, the oldest from %(age)s ago", one.count)
    return words % {"count": one.count, "age": timesince(one.oldest)}


def _backups() -> list[Row]:
    ages = backup_ages()
    if not ages:
        return [Row(_("No backup has said how it is"), label=_("None"), tone="waiting")]
    rows = []
    for part, age in ages.items():
        late = age > _OLDEST.get(part, max(_OLDEST.values()))
        mark = {"label": _("Late"), "tone": "refused"} if late else {"label": _("Fresh"), "tone": "done"}
        words = _("kept until %s ago") % timesince(timezone.now() - age)
        rows.append(Row(_name(part), words, **mark))
    return rows


def _storage() -> list[Row]:
    found = storage()
    share = found.free / found.disk if found.disk else 0
    tone = "refused" if share < _SCARCE else "waiting" if share < _LOW else "done"
    label = {"refused": _("Full"), "waiting": _("Low"), "done": _("Enough")}[tone]
    space = {"free": filesizeformat(found.free), "disk": filesizeformat(found.disk)}
    size = filesizeformat(found.files)
    return [
        Row(_("Free space for files"), _("%(free)s of %(disk)s") % space, label, tone),
        Row(_("Files"), size if found.all_counted else _("more than %s") % size),
        Row(_("Database"), filesizeformat(found.database)),
        *(Row(_("Table %s") % name, filesizeformat(size)) for name, size in found.tables),
    ]


def _people() -> list[Row]:
    found = counts()
    proposals = reverse("admin:core_proposal_changelist") + "?state__exact=waiting"
    few = found["administrators"] < 2  # noqa: PLR2004 - two decide together
    lonely = {"label": _("Two are needed"), "tone": "refused"} if few else {}
    waits = {"label": _("Waits"), "tone": "waiting", "url": proposals, "act": _("Confirm or refuse")}
    return [
        Row(_("Signed in, by device"), str(found["sessions"])),
        Row(_("Active people"), str(found["people"])),
        Row(_("Administrators"), str(found["administrators"]), **lonely),
        Row(_("Proposals"), str(found["proposals"]), **(waits if found["proposals"] else {})),
        Row(_("Broken glasses, open now"), str(found["glasses"])),
    ]
