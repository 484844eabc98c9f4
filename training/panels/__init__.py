"""What training knows beside the things of lower apps."""

from training.panels import lesson

PANELS = [*lesson.PANELS]
