"""What training knows beside the things of lower apps, and beside a training record."""

from training.panels import exercise, lesson, readiness

PANELS = [*exercise.PANELS, *lesson.PANELS, *readiness.PANELS]
