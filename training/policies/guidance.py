"""Who may do what with guidance. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.models import Position
from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from training.models import (
    CommentState,
    Guidance,
    GuidanceState,
    GuidanceVersion,
    VersionState,
)
from training.querysets.guidance_standing import acknowledgement_of, has_open_version, was_asked_to_review

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import GuidanceComment

# The kind of its paper, as documents are kept under it.
PAPER = "guidance"


def can_write(person: Person) -> Decision:
    """Begin a document: everyone with a current position, for an office of their own."""
    return can_act(person)


def _keeps(person: Person, guidance: Guidance) -> Decision:
    """The office that owns the document keeps it."""
    if guidance.owner_office_id in person.access.owned:
        return Allowed()
    return Refused(_("This document is kept by %(office)s.") % {"office": guidance.owner_office})


def can_edit(person: Person, guidance: Guidance) -> Decision:
    """Change what is true of all versions, and who must acknowledge: the owner office."""
    if guidance.state == GuidanceState.WITHDRAWN:
        return Refused(_("This document was withdrawn."))
    return _keeps(person, guidance)


def can_begin_version(person: Person, guidance: Guidance) -> Decision:
    """Begin a new version: the owner office, while the document is in force and none is being written."""
    if not guidance.is_in_force:
        return Refused(_("A new version is written of a document in force."))
    kept = _keeps(person, guidance)
    if kept and has_open_version(guidance):
        return Refused(_("A new version is being written or reviewed already."))
    return kept


def can_write_version(person: Person, version: GuidanceVersion) -> Decision:
    """Write the text: the owner office and whoever began it, until it is sent into review."""
    if not version.is_writable:
        return Refused(_("The text is written in a draft, or in a version that was returned."))
    if version.author_id == person.pk:
        return Allowed()
    return _keeps(person, version.guidance)


def can_submit(person: Person, version: GuidanceVersion) -> Decision:
    """Send it into review: whoever may write it."""
    if not version.is_writable:
        return Refused(_("This version was sent into review already."))
    return can_write_version(person, version)


def can_take_back(person: Person, version: GuidanceVersion) -> Decision:
    """Take it out of review, or before its day, to work on it: the owner office."""
    if version.state not in (VersionState.REVIEW, VersionState.APPROVED):
        return Refused(_("Only what is in review, or waits for its day, is taken back."))
    return _keeps(person, version.guidance)


def can_drop(person: Person, version: GuidanceVersion) -> Decision:
    """Give a new version up: the owner office. What was never in force is withdrawn as a whole."""
    if not version.is_open:
        return Refused(_("This version is closed."))
    if not version.guidance.is_in_force:
        return Refused(_("Withdraw the document: no version of it is in force."))
    return _keeps(person, version.guidance)


def can_comment(person: Person, version: GuidanceVersion) -> Decision:
    """Comment while it is in review: everyone who reads it then."""
    if version.state != VersionState.REVIEW:
        return Refused(_("Comments are written while a version is in review."))
    return can_act(person)


def can_answer_comment(person: Person, comment: GuidanceComment) -> Decision:
    """Say what became of a comment: whoever keeps the document, until the version is decided on."""
    version = comment.version
    if version.state not in (VersionState.REVIEW, VersionState.DRAFT, VersionState.RETURNED):
        return Refused(_("This version was decided on."))
    if comment.state != CommentState.OPEN:
        return Refused(_("This comment was answered already."))
    if version.author_id == person.pk:
        return Allowed()
    return _keeps(person, version.guidance)


def can_answer_review(person: Person, version: GuidanceVersion) -> Decision:
    """Agree or not, as a reviewer who was asked; may be changed until it is decided."""
    if version.state != VersionState.REVIEW:
        return Refused(_("Reviewers answer while a version is in review."))
    if was_asked_to_review(person, version):
        return Allowed()
    return Refused(_("No position of yours was asked to review it."))


def can_decide(person: Person, version: GuidanceVersion) -> Decision:
    """Bring it into force, or return it: the approving position, never who wrote in it."""
    approver = version.guidance.approver
    if version.state != VersionState.REVIEW:
        return Refused(_("Only a version in review is decided on."))
    if person.pk in version.writers:
        return Refused(_("You wrote in this version; somebody else decides on it."))
    if approver is None or approver.pk not in person.access.positions:
        return Refused(_("This waits for %(position)s.") % {"position": approver})
    if not decides_for(person, approver, authors=version.writers):
        return Refused(_("You deputise for somebody who wrote in it. Another holder decides."))
    return Allowed()


def can_acknowledge(person: Person, guidance: Guidance) -> Decision:
    """Sign that one has read the version in force: whoever is asked to."""
    if not guidance.is_in_force:
        return Refused(_("Only what is in force is acknowledged."))
    state = acknowledgement_of(person, guidance)
    if state == "asked":
        return Allowed()
    if state == "given":
        return Refused(_("You have acknowledged it."))
    return Refused(_("You are not asked to acknowledge it."))


def can_confirm(person: Person, guidance: Guidance) -> Decision:
    """Say that it was reviewed and is still right: its owner, or the head of the owner office."""
    if not guidance.is_in_force:
        return Refused(_("Only what is in force is reviewed."))
    if guidance.owner_id in person.access.positions:
        return Allowed()
    heads = Position.objects.heads_of([guidance.owner_office_id]).values_list("pk", flat=True)
    if person.access.positions.intersection(heads):
        return Allowed()
    return Refused(_("%(position)s reviews this document.") % {"position": guidance.owner})


def can_withdraw(person: Person, guidance: Guidance) -> Decision:
    """Take it out of force: the approving position. What was never in force: the owner office."""
    if guidance.state == GuidanceState.WITHDRAWN:
        return Refused(_("This document was withdrawn already."))
    if not guidance.is_in_force:
        return _keeps(person, guidance)
    if guidance.approver_id in person.access.positions:
        return Allowed()
    return Refused(
        _("%(position)s brought it into force and withdraws it.") % {"position": guidance.approver}
    )
