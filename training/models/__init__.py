"""What training keeps."""

from training.models.case import CaseStudy
from training.models.lesson import Lesson, LessonGroupGrant, LessonPersonGrant, LessonSource, LessonState
from training.models.theme import LessonTheme

__all__ = [
    "CaseStudy",
    "Lesson",
    "LessonGroupGrant",
    "LessonPersonGrant",
    "LessonSource",
    "LessonState",
    "LessonTheme",
]
