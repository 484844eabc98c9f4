"""The classification line as every paper shows it: words first, colour second."""

from dataclasses import dataclass
from typing import Literal

from cimic_portal.core.sharing.levels import Classification

Tone = Literal["neutral", "amber", "red"]

_TONES: dict[Classification, Tone] = {
    Classification.UNCLASSIFIED: "neutral",
    Classification.CONFIDENTIAL: "amber",
    Classification.STRICTLY_CONFIDENTIAL: "red",
}


@dataclass(frozen=True, slots=True)
class Marking:
    """What the line says, in capitals, and its tone; the words alone must do in black and white."""

    words: str
    tone: Tone


def marking(classification: int) -> Marking:
    """The line of a level (`Classification`); ValueError for a number that is none."""
    level = Classification(classification)
    return Marking(str(level.label).upper(), _TONES[level])
