"""What people are told by training."""

from training.notices import course, exercise, guidance, lesson, module, readiness

KINDS = [
    *course.KINDS,
    *exercise.KINDS,
    *guidance.KINDS,
    *lesson.KINDS,
    *module.KINDS,
    *readiness.KINDS,
]
