"""Training in the administration: lists are managed, records looked at as the rule allows."""

from training.admin import case, exercise, lesson

__all__ = ["case", "exercise", "lesson"]
