"""Defects that are planted to see whether a test finds them."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

WHY = "planted"


class Unruled:
    """Stands in for a model in one module, as a hurried change would have it: shows everybody everything."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def objects(self) -> Any:
        return SimpleNamespace(visible_to=lambda _person: self._model.objects.unscoped(WHY))

    _default_manager = objects

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


def forget_the_rule(patch: pytest.MonkeyPatch, module: str, *models: str) -> None:
    """From now on nothing is asked of these models in that module."""
    where = import_module(module)
    for name in models:
        patch.setattr(where, name, Unruled(getattr(where, name)))
