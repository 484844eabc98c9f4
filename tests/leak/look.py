"""Everybody looks at a surface."""

from __future__ import annotations

from types import ModuleType

from tests.factories.cast import Cast
from tests.leak import (
    assets,
    delivered,
    exercise,
    guidance,
    journal,
    lists,
    modules,
    operations_plan,
    pages,
    papers,
    readiness,
    review,
    schedule,
    training,
)
from tests.leak.surfaces import SURFACES, Surface
from tests.leak.visitor import FaultFoundError, Visitor
from tests.leak.world import LeakWorld

__all__ = [
    "PEOPLE",
    "SURFACES",
    "assets",
    "delivered",
    "exercise",
    "first_fault",
    "guidance",
    "journal",
    "lists",
    "look",
    "modules",
    "operations_plan",
    "pages",
    "papers",
    "readiness",
    "review",
    "schedule",
    "surfaces_of",
    "training",
]

PEOPLE = [name for name, kind in Cast.__annotations__.items() if kind == "Person"]


def surfaces_of(*modules: ModuleType) -> list[Surface]:
    names = {module.__name__ for module in modules}
    return [surface for surface in SURFACES.values() if surface.look.__module__ in names]


def look(world: LeakWorld, surface: Surface, *, thorough: bool = False) -> tuple[list[str], set[int]]:
    """What is wrong with what they are told, and every item that was told to anyone."""
    faults: list[str] = []
    told: set[int] = set()
    for name in PEOPLE:
        visitor = Visitor(world, name, surface.name, thorough)
        surface.look(visitor)
        faults += visitor.faults
        told |= visitor.told
    return faults, told


def first_fault(world: LeakWorld, surface: Surface) -> str:
    """The first leak or wrong refusal that anybody comes upon, or nothing; a page that breaks is none.

    At first everybody makes some visits, as in the short test: most faults are found there.
    """
    for thorough in (False, True):
        for name in PEOPLE:
            try:
                surface.look(Visitor(world, name, surface.name, thorough, stops=True))
            except FaultFoundError as found:
                return str(found)
    return ""
