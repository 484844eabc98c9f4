"""What people are told by training."""

from training.notices import course, lesson

KINDS = [*course.KINDS, *lesson.KINDS]
