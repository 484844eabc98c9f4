"""Coming into force: what it replaces, who is asked to acknowledge it, and their signed word."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Holding, Office, Person
from cimic_portal.core.policies import require
from cimic_portal.core.querysets import current as now_held
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.verbs import lock, save_changed, save_changed_part, verb
from training.models import (
    Guidance,
    GuidanceAcknowledgement,
    GuidanceConcern,
    GuidanceState,
    GuidanceVersion,
    VersionState,
)
from training.policies import guidance as policies
from training.querysets.guidance import GuidanceAcknowledgementQuerySet
from training.services.guidance import months_after

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cimic_portal.core.models import OutboxEntry

ASK = "training.ask_to_acknowledge"
WHY = "the portal asks for those only who may see the document"


def take_effect(version: GuidanceVersion, *, actor: Person | None) -> None:
    """It replaces the one in force. Inside a verb that holds the document; the caller saves the version."""
    guidance, today = version.guidance, timezone.localdate()
    rows = GuidanceVersion.objects.unscoped(WHY).filter(guidance=guidance)
    before = rows.in_force().first()
    if before is not None:
        before.state, before.ended_on = VersionState.SUPERSEDED, today
        save_changed_part(before)
    version.state, version.published_at = VersionState.IN_FORCE, timezone.now()
    guidance.state, guidance.state_reason = GuidanceState.IN_FORCE, ""
    guidance.published_at = guidance.published_at or version.published_at
    guidance.in_force_number, guidance.in_force_since = version.number, version.effective_on
    # A small correction neither asks anew nor counts as a review.
    if before is None or not version.is_correction:
        guidance.asked_from = version.number
        guidance.review_due_on = months_after(version.effective_on or today, guidance.review_months)
    else:
        _pending(before).update(version=version)
    save_changed(guidance)
    notify(guidance, "guidance.in_force", people=[version.author], positions=[guidance.owner], actor=actor)
    enqueue(ASK, {"guidance": guidance.pk})


def _pending(version: GuidanceVersion) -> GuidanceAcknowledgementQuerySet:
    return GuidanceAcknowledgement.objects.unscoped(WHY).filter(version=version, acknowledged_at__isnull=True)


def bring_into_force(today: date | None = None) -> int:
    """What was approved for a day that has come. Returns how many."""
    day = today or timezone.localdate()
    coming = GuidanceVersion.objects.unscoped("what is approved comes into force on its day").coming(day)
    count = 0
    for pk, guidance in coming.values_list("pk", "guidance_id").order_by("effective_on", "pk"):
        with verb("guidance.take_effect", actor=None):
            whole = Guidance.objects.unscoped(WHY).select_for_update(of=("self",))
            document = whole.select_related("owner__office").get(pk=guidance)
            version = (
                GuidanceVersion.objects.unscoped(WHY)
                .coming(day)
                .select_for_update(of=("self",))
                .filter(pk=pk)
                .select_related("author")
                .first()
            )
            if version is None:  # It was taken back meanwhile.
                continue
            version.guidance = document
            take_effect(version, actor=None)
            save_changed_part(version)
            count += 1
    return count


def ask_again(entry: OutboxEntry) -> None:
    """Ask everybody whom a document concerns. For workers: see `core/services/delivery.py`."""
    guidance = Guidance.objects.unscoped(WHY).filter(pk=entry.payload["guidance"]).first()
    if guidance is not None:
        ask_to_acknowledge(guidance)


def ask_everybody() -> int:
    """Ask those who came since, of every document in force. Returns how many were asked."""
    rows = Guidance.objects.unscoped(WHY).in_force().order_by("pk")
    return sum(ask_to_acknowledge(guidance) for guidance in rows)


def ask_to_acknowledge(guidance: Guidance) -> int:
    """Ask whom the version in force concerns and who may see it; pending ones whom it does not, no more.

    Whoever has acknowledged it, or what it only corrects, is not asked again. Returns how many are new.
    """
    versions = GuidanceVersion.objects.unscoped(WHY).filter(guidance=guidance)
    version = versions.in_force().first()
    if version is None or not guidance.is_in_force:
        return 0
    version.guidance = guidance
    posts = concerned_posts(guidance)
    asked = GuidanceAcknowledgement.objects.unscoped(WHY).filter(version__guidance=guidance).counting()
    known = set(asked.values_list("person_id", flat=True))
    with verb("guidance.ask", actor=None):
        gone = _pending(version).exclude(person__in=_seeing(guidance, posts, known))
        gone.delete()
        new = sorted(_seeing(guidance, posts, posts.keys() - known))
        rows = [_asking(version, posts[person]) for person in new]
        for row in rows:
            row.save()
        if rows:
            people = Person.objects.filter(pk__in=new)
            notify(guidance, "guidance.acknowledge", people=people, actor=None)
    return len(rows)


def _asking(version: GuidanceVersion, holding: Holding) -> GuidanceAcknowledgement:
    return GuidanceAcknowledgement(
        version=version,
        person_id=holding.person_id,
        position=holding.position,
        office=holding.position.office,
        due_on=timezone.localdate() + timedelta(days=version.guidance.acknowledge_days),
    )


def _seeing(guidance: Guidance, posts: dict[int, Holding], people: Iterable[int]) -> set[int]:
    """Those of these people (ids) whom it still concerns and who may see it now."""
    found = Person.objects.filter(pk__in=[person for person in people if person in posts])
    return {
        person.pk for person in found if Guidance.objects.visible_to(person).filter(pk=guidance.pk).exists()
    }


def concerned_posts(guidance: Guidance) -> dict[int, Holding]:
    """Whom a document concerns, by the id of the person, each with the post for which it does."""
    rows = list(GuidanceConcern.objects.unscoped(WHY).filter(guidance=guidance))
    if not rows:
        return {}
    wanted = Q(person__component__in=[row.component for row in rows if row.component is not None])
    wanted |= Q(position__office__in=_with_all_below({row.office_id for row in rows if row.office_id}))
    wanted |= Q(position__in=[row.position_id for row in rows if row.position_id])
    held = Holding.objects.filter(now_held(), wanted, person__is_active=True)
    # One post for each: the one that heads its office before others.
    found = held.select_related("position__office").order_by("position__is_head", "-pk")
    return {holding.person_id: holding for holding in found}


def _with_all_below(offices: set[int]) -> set[int]:
    parents = dict(Office.objects.filter(closed_on__isnull=True).values_list("pk", "parent_id"))
    found: set[int] = set(offices)
    grown = True
    while grown:
        below = {pk for pk, parent in parents.items() if parent in found} - found
        found |= below
        grown = bool(below)
    return found


def signed_words(guidance: Guidance) -> str:
    """What a person signs."""
    words = _("I have read “%(title)s”, version %(number)s, and I work by it.")
    return words % {"title": guidance, "number": guidance.in_force_number}


def acknowledge_guidance(guidance: Guidance, *, actor: Person, version: int, have_read: bool) -> Guidance:
    """Sign that one has read the version in force. Raises RefusedError, InvalidError, StaleError."""
    if not have_read:
        raise InvalidError({"have_read": [_("Tick that you have read it, once you have.")]})
    with verb("guidance.acknowledge", actor=actor):
        current = lock(guidance, actor=actor, version=version)
        require(policies.can_acknowledge(actor, current))
        rows = GuidanceAcknowledgement.objects.visible_to(actor).asked_of(actor)
        row = rows.select_for_update(of=("self",)).get(version__guidance=current)
        row.acknowledged_at, row.words = timezone.now(), signed_words(current)
        row.save()
        return current
