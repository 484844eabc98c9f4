"""Where further kinds of conflict come in: other features and apps add a finder at start-up."""

from operations.schedule.conflicts import Conflict, Finder, add_finder

__all__ = ["Conflict", "Finder", "add_finder"]
