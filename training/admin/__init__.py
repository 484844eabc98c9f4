"""Training in the administration: lists are managed, records looked at as the rule allows."""

from training.admin import case, course, lesson, module

__all__ = ["case", "course", "lesson", "module"]
