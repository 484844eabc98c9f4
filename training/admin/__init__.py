"""Training in the administration: lists are managed, records looked at as the rule allows."""

from training.admin import case, course, lesson, requirement

__all__ = ["case", "course", "lesson", "requirement"]
