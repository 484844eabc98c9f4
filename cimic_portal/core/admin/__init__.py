"""The administration: who manages what. Apps register their own models on these bases."""

from cimic_portal.core.admin import look, people, places, proposals, running

__all__ = ["look", "people", "places", "proposals", "running"]
