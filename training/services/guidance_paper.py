"""The paper of a version of guidance: asked for here, made by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.services.documents import ask_for_document
from training.policies.guidance import PAPER

if TYPE_CHECKING:
    from cimic_portal.core.models import Document, Office, Person
    from training.models import GuidanceVersion


def ask_for_guidance_paper(version: GuidanceVersion, *, office: Office, actor: Person) -> Document:
    """Have the version made as PDF for one of the actor's offices; it is one that the actor sees."""
    asked = {"guidance": version.guidance.reference, "number": version.number}
    # The title is read with the document, also by those who may not know of the guidance.
    title = _("Guidance, version %(number)d") % {"number": version.number}
    return ask_for_document(PAPER, "pdf", asked, office=office, actor=actor, title=title)
