"""What training knows beside the things of lower apps."""

from training.panels import lesson, readiness

PANELS = [*lesson.PANELS, *readiness.PANELS]
