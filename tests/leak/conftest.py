"""The world of the leak tests: built once, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.leak.world import LeakWorld, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[LeakWorld]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def as_it_was(world: LeakWorld, db: None) -> Iterator[None]:
    """What a visit leaves behind is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
