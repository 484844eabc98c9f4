"""Training in the administration: lists are managed, records looked at as the rule allows."""

from training.admin import case, course, guidance, lesson, module, requirement

__all__ = ["case", "course", "guidance", "lesson", "module", "requirement"]
