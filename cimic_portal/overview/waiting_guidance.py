"""What waits for a person among guidance: to sign, to comment on, to decide, to review, to write on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.overview.waits import MOST, Waiting
from training.models import Guidance, GuidanceAcknowledgement, GuidanceReviewer, GuidanceVersion

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def guidance_waiting(person: Person) -> Iterator[Waiting]:
    """What is in force and to be acknowledged; what is in review; reviews that fall due; own drafts."""
    yield from _to_acknowledge(person)
    yield from _to_comment(person)
    yield from _to_decide(person)
    yield from _to_review(person)
    yield from _unfinished(person)


def _to_acknowledge(person: Person) -> Iterator[Waiting]:
    rows = GuidanceAcknowledgement.objects.visible_to(person).asked_of(person)
    for row in rows.select_related("version__guidance").order_by("due_on", "pk")[:MOST]:
        guidance = row.version.guidance
        yield Waiting(
            record=guidance,
            title=guidance.title,
            url=guidance.get_absolute_url(),
            sub=_("Guidance in force, version %(number)d, to read and sign") % {"number": row.version.number},
            label=_("Overdue") if row.is_overdue else _("Acknowledge"),
            tone=row.state_tone,
            due=row.due_on,
            overdue=row.is_overdue,
        )


def _to_comment(person: Person) -> Iterator[Waiting]:
    rows = GuidanceReviewer.objects.visible_to(person).asked_of(person)
    for row in rows.select_related("version", "guidance", "position__office").order_by("due_on", "pk")[:MOST]:
        row.version.guidance = row.guidance
        yield Waiting(
            record=row.guidance,
            title=row.guidance.title,
            url=row.version.get_absolute_url(),
            sub=_("Guidance in review, for your comments as %(position)s") % {"position": row.position},
            label=_("Overdue") if row.is_overdue else _("Comment"),
            tone=row.answer_tone,
            due=row.due_on,
            overdue=row.is_overdue,
        )


def _to_decide(person: Person) -> Iterator[Waiting]:
    rows = (
        GuidanceVersion.objects.visible_to(person).to_decide_by(person).select_related("guidance", "author")
    )
    for version in rows.order_by("submitted_at", "pk")[:MOST]:
        told = {"number": version.number, "who": version.author}
        yield _line(version, _("Version %(number)d by %(who)s, in review") % told, _("Decide"), "waiting")


def _to_review(person: Person) -> Iterator[Waiting]:
    rows = Guidance.objects.visible_to(person).to_review_by(person).select_related("owner__office")
    for guidance in rows.order_by("review_due_on", "pk")[:MOST]:
        late = guidance.review_is_overdue
        yield Waiting(
            record=guidance,
            title=guidance.title,
            url=guidance.get_absolute_url(),
            sub=_("Is it still right? Its review falls to %(position)s") % {"position": guidance.owner},
            label=_("Overdue") if late else _("Review"),
            tone="refused" if late else "waiting",
            due=guidance.review_due_on,
            overdue=late,
        )


def _unfinished(person: Person) -> Iterator[Waiting]:
    rows = GuidanceVersion.objects.visible_to(person).unfinished_of(person).select_related("guidance")
    for version in rows.order_by("-pk")[:MOST]:
        sub = f"“{version.returned_reason}”" if version.returned_reason else _("Your draft of guidance")
        yield _line(version, sub, str(version.get_state_display()), version.state_tone)


def _line(version: GuidanceVersion, sub: str, label: str, tone: str) -> Waiting:
    guidance = version.guidance
    return Waiting(guidance, guidance.title, version.get_absolute_url(), sub, label, tone)
