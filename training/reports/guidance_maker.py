"""A version of guidance as PDF, made by a worker: the text as it stands, and from when it counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.makers import Made, Progress, ReportMaker, highest
from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.templatetags.moments import day_text
from cimic_portal.core.texts.blocks import as_blocks
from training.models import Guidance, GuidanceVersion, VersionState
from training.policies.guidance import PAPER

if TYPE_CHECKING:
    from cimic_portal.core.models import Document, Person


def _asked(document: Document, person: Person) -> GuidanceVersion:
    """The version that is to be printed, as far as its maker may read it now."""
    rows = Guidance.objects.visible_to(person).select_related(
        "kind", "owner__office", "approver__office", "owner_office"
    )
    guidance = rows.filter(reference=document.parameters["guidance"]).first()
    versions = GuidanceVersion.objects.visible_to(person).filter(
        guidance=guidance, number=document.parameters["number"]
    )
    version: GuidanceVersion | None = versions.select_related("decided_by").first()
    if guidance is None or version is None:
        raise RefusedError(_("There is no such version that its maker may read now."))
    version.guidance = guidance
    return version


def _facts(version: GuidanceVersion) -> Iterator[tuple[str, str]]:
    guidance = version.guidance
    yield _("Number"), guidance.number
    yield _("Kind"), str(guidance.kind)
    yield _("Version"), f"{version.number}, {version.get_state_display()}"
    yield _("In force from"), day_text(version.effective_on) if version.effective_on else ""
    yield _("Ended"), day_text(version.ended_on) if version.ended_on else ""
    yield _("By"), f"{version.decided_by}, {guidance.approver}" if version.decided_by else ""
    yield _("Kept right by"), str(guidance.owner)
    in_force = version.state == VersionState.IN_FORCE
    yield _("Review due"), day_text(guidance.review_due_on) if in_force and guidance.review_due_on else ""
    yield _("Reference"), guidance.reference


def _stamp(version: GuidanceVersion) -> str:
    """What stands across a paper that does not hold."""
    return "" if version.state == VersionState.IN_FORCE else str(version.get_state_display())


def guidance_data(version: GuidanceVersion) -> dict[str, Any]:
    """What `guidance.typ` takes."""
    return {
        "facts": [fact for fact in _facts(version) if fact[1]],
        "blocks": as_blocks(version.text, top=2),
        "changes_title": _("What changed since the version before"),
        "changes": version.changes,
    }


def make_guidance(document: Document, person: Person, progress: Progress) -> Made:
    """Parameters: `guidance` (reference), `number` (of the version).

    The version is a source of its own: a draft is fetched by those alone who read drafts.
    """
    progress(0, 2)
    version = _asked(document, person)
    progress(1, 2)
    level = highest([version.guidance])
    content = make_pdf(
        "guidance",
        guidance_data(version),
        classification=level,
        title=version.guidance.title,
        made_by=str(person),
        made_at=timezone.now(),
        period="",
        filters="",
        stamp=_stamp(version),
    )
    progress(2, 2)
    return Made(content, level, [version.guidance, version])


GUIDANCE_PAPER = ReportMaker(PAPER, gettext_lazy("Guidance"), make_guidance, forms=("pdf",))
