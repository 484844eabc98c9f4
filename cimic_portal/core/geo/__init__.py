"""Positions, grids and boundaries: pure functions, no database."""

from .errors import PositionError
from .grid import to_mgrs
from .position import GeoPosition, parse_position

__all__ = ["GeoPosition", "PositionError", "parse_position", "to_mgrs"]
