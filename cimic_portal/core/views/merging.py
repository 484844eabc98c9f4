"""A save that met another, for `components/both_texts.html`."""

from __future__ import annotations

from typing import Any

from cimic_portal.core.services.merging import MergeNeededError
from cimic_portal.core.texts.difference import marked


def both_texts(error: MergeNeededError) -> dict[str, Any]:
    """Both texts with what each changed, what they came from, and how many places are to be decided."""
    return {
        "by": error.by,
        "at": error.at,
        "conflicts": error.merged.conflicts,
        "mine": marked(error.base, error.mine),
        "base": error.base,
        "theirs": marked(error.base, error.theirs),
    }
