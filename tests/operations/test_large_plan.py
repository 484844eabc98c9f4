"""An operation of 300 tasks and 25 participants opens on a satellite link: bytes and queries, no clock."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.schedule import large_operation
from tests.support.pages import body, signed_in

pytestmark = pytest.mark.django_db
FIRST_VISIT, REQUESTS = 60_000, 5
PAGES = ("tasks/", "gantt/", "matrix/")


def packed(content: bytes) -> int:
    return len(brotli.compress(content, quality=5))


def parts_of(page: str) -> list[bytes]:
    """Style sheets and scripts that the page names, as they are served."""
    paths = re.findall(r'(?:<script[^>]* src|<link rel="stylesheet" href)="/static/([^"]+)"', page)
    found = [finders.find(path) for path in paths]
    assert all(found), paths
    return [Path(str(path)).read_bytes() for path in found]


@pytest.mark.parametrize("page", PAGES)
def test_page_stays_within_the_figures(cast: Any, page: str) -> None:
    operation = large_operation(cast)
    answer = signed_in(cast.owner).get(f"{operation.get_absolute_url()}{page}")
    assert answer.status_code == 200
    text = body(answer)
    assert text.count("Escort") >= 30
    parts = parts_of(text)
    assert 1 + len(parts) <= REQUESTS
    assert packed(answer.content) + sum(packed(part) for part in parts) <= FIRST_VISIT


@pytest.mark.parametrize("page", PAGES)
def test_queries_do_not_grow(cast: Any, page: str) -> None:
    counted = []
    client = signed_in(cast.owner)
    for tasks, participants in ((8, 3), (300, 25)):
        operation = large_operation(cast, tasks=tasks, participants=participants)
        address = f"{operation.get_absolute_url()}{page}"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 45, counted
