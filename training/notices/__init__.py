"""What people are told by training."""

from training.notices import course, lesson, module

KINDS = [*course.KINDS, *lesson.KINDS, *module.KINDS]
