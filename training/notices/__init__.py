"""What people are told by training."""

from training.notices import course, guidance, lesson, module, readiness

KINDS = [*course.KINDS, *guidance.KINDS, *lesson.KINDS, *module.KINDS, *readiness.KINDS]
