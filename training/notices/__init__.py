"""What people are told by training."""

from training.notices import course, lesson, readiness

KINDS = [*course.KINDS, *lesson.KINDS, *readiness.KINDS]
