"""What people are told by training."""

from training.notices import course, guidance, lesson, readiness

KINDS = [*course.KINDS, *guidance.KINDS, *lesson.KINDS, *readiness.KINDS]
