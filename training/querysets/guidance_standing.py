"""What policies ask of a whole document, whoever reads it: answers yes or no, and shows no row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Guidance, GuidanceVersion

WHY = "a policy asks of the whole document; its reason names no row"


def _rows(model: str) -> Any:
    return apps.get_model("training", model)._default_manager.unscoped(WHY)


def has_open_version(guidance: Guidance) -> bool:
    """Whether a version of it is being written, reviewed, or waits for its day."""
    return bool(_rows("GuidanceVersion").filter(guidance=guidance).open().exists())


def was_asked_to_review(person: Person, version: GuidanceVersion) -> bool:
    """Whether a position of the person's was asked to comment on it."""
    rows = _rows("GuidanceReviewer").filter(version=version)
    return bool(rows.filter(position__in=person.access.positions).exists())


def acknowledgement_of(person: Person, guidance: Guidance) -> str:
    """Of the version that counts: "asked", "given", or empty where the person is not asked."""
    rows = _rows("GuidanceAcknowledgement").filter(version__guidance=guidance, person=person)
    if rows.pending().exists():
        return "asked"
    return "given" if rows.counting().exists() else ""
