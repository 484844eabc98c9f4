"""What people are told by training."""

from training.notices import course, exercise, lesson

KINDS = [*course.KINDS, *exercise.KINDS, *lesson.KINDS]
