"""The papers that were made of an operation: which revision each tells, and whether it still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.models import Document
from operations.models import Operation, OperationState, PlanRevision, RevisionState
from operations.policies.papers import FRAGO, ORDER
from operations.reports.order_words import superseded_words

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

SCHEDULE = "schedule"
MOST = 100


@dataclass(frozen=True)
class Paper:
    """A document with what it is in words; `standing` says whether it holds, `why` the rest of it."""

    document: Document
    revision: PlanRevision
    what: str
    standing: str
    tone: str
    why: str = ""


def papers_of(person: Person, operation: Operation) -> list[Paper]:
    """The newest papers first, as far as the person sees both the document and the revision in it."""
    revisions = {
        row.number: row
        for row in PlanRevision.objects.visible_to(person)
        .filter(operation=operation)
        .select_related("operation")
    }
    documents = (
        Document.objects.visible_to(person)
        .filter(kind__in=(ORDER, FRAGO, SCHEDULE), parameters__operation=operation.reference)
        .select_related("owner_office__organisation", "author")
    )
    return [
        paper_of(document, revisions[number], revisions)
        for document in documents.order_by("-pk")[:MOST]
        if (number := document.parameters.get("revision")) in revisions
    ]


def paper_of(document: Document, revision: PlanRevision, revisions: Mapping[int, PlanRevision]) -> Paper:
    """`revisions`: those of the operation that the reader sees, by their numbers."""
    in_force = next((row for row in revisions.values() if row.state == RevisionState.IN_FORCE), None)
    return Paper(document, revision, _what(document, revision), *standing_of(document, revision, in_force))


def _what(document: Document, revision: PlanRevision) -> str:
    if document.kind == FRAGO:
        words = str(revision)
    elif document.kind == ORDER:
        words = _("Order, %(revision)s") % {"revision": revision}
    else:
        words = _("Tasks and time, %(revision)s") % {"revision": revision}
    copy = document.parameters.get("copy")
    return _("%(paper)s, copy %(number)s") % {"paper": words, "number": copy} if copy else words


def standing_of(
    document: Document, revision: PlanRevision, in_force: PlanRevision | None
) -> tuple[str, str, str]:
    """Whether the paper holds now: a word, the tone of its pill, and what is to be known of it.

    A FRAGO holds once it is issued; the whole order only as long as it is in force.
    """
    if revision.state == RevisionState.DROPPED:
        return _("Dropped"), "refused", ""
    if revision.decided_at is None and revision.state != RevisionState.SUPERSEDED:
        return _("Draft"), "draft", _("as it stood when it was made")
    if document.made_at and revision.decided_at and document.made_at < revision.decided_at:
        return _("Made as a draft"), "waiting", _("make it again: it is in force now or was since")
    if document.kind == FRAGO and revision.decided_at:
        return _("Issued"), "done", ""
    if revision.state == RevisionState.SUPERSEDED:
        return _("Superseded"), "refused", superseded_words(revision, in_force)
    return _of_operation(revision.operation)


def _of_operation(operation: Operation) -> tuple[str, str, str]:
    """Of the order that nothing has followed: it holds as long as the operation does."""
    if operation.state == OperationState.SUSPENDED or not operation.is_in_force:
        return str(operation.get_state_display()), operation.state_tone, ""
    return _("In force"), "done", ""
