"""What people are told by training."""

from training.notices import lesson, module

KINDS = [*lesson.KINDS, *module.KINDS]
