"""What people are told by training."""

from training.notices import lesson

KINDS = [*lesson.KINDS]
