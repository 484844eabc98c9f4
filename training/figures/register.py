"""The figures of the page, in order: each noun adds a line."""

from __future__ import annotations

from training.figures.exercises import JOINT_EXERCISES
from training.figures.figure import Figure
from training.figures.guidance import GUIDANCE_OVERDUE
from training.figures.lessons import OPEN_LESSONS
from training.figures.passing import PASS_RATES
from training.figures.readiness import READINESS_OVER_TIME

FIGURES: list[Figure] = [
    READINESS_OVER_TIME,
    PASS_RATES,
    JOINT_EXERCISES,
    OPEN_LESSONS,
    GUIDANCE_OVERDUE,
]
