"""Training in the administration: lists are managed, records looked at as the rule allows."""

from training.admin import case, course, exercise, guidance, lesson, module, requirement

__all__ = ["case", "course", "exercise", "guidance", "lesson", "module", "requirement"]
