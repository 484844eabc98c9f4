"""The papers of an order: asked for here, made by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import require
from cimic_portal.core.services.documents import ask_for_document
from operations.policies.papers import FRAGO, can_make_paper

if TYPE_CHECKING:
    from cimic_portal.core.models import Document, Office, Person
    from operations.models import PlanRevision


def ask_for_paper(revision: PlanRevision, kind: str, *, office: Office, actor: Person) -> Document:
    """Have the order of this revision, or what a FRAGO changes, made as PDF for one of the actor's offices.

    `revision` is one that the actor sees. Raises RefusedError.
    """
    require(can_make_paper(actor, revision, kind))
    operation = revision.operation
    # The title is read with the document, also by those who may not know of the operation.
    title = _("FRAGO") if kind == FRAGO else _("Operation order")
    asked = {"operation": operation.reference, "revision": revision.number}
    return ask_for_document(kind, "pdf", asked, office=office, actor=actor, title=title)
