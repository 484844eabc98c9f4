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
FIRST_VISIT, NEXT_VISIT, REQUESTS = 60_000, 15_000, 5
TASKS = 300
PAGES = ("tasks/", "gantt/", "matrix/")


def packed(content: bytes) -> int:
    return len(brotli.compress(content, quality=5))


def parts_of(page: str) -> list[bytes]:
    """Style sheets and scripts that the page names, and the module that its live part loads."""
    paths = re.findall(r'(?:<script[^>]* src|<link rel="stylesheet" href)="/static/([^"]+)"', page)
    paths += ["js/stream.js"] if "data-stream-topic" in page else []
    found = [finders.find(path) for path in paths]
    assert all(found), paths
    return [Path(str(path)).read_bytes() for path in found]


@pytest.mark.parametrize("page", PAGES)
def test_page_stays_within_the_figures(cast: Any, page: str) -> None:
    operation = large_operation(cast)
    answer = signed_in(cast.owner).get(f"{operation.get_absolute_url()}{page}")
    assert answer.status_code == 200
    text = body(answer)
    assert text.count("Escort") >= 10
    parts = parts_of(text)
    assert 1 + len(parts) <= REQUESTS
    assert packed(answer.content) + sum(packed(part) for part in parts) <= FIRST_VISIT
    assert packed(answer.content) <= NEXT_VISIT


@pytest.mark.parametrize("page", ["gantt/", "matrix/"])
def test_every_task_stands_on_one_of_the_pages(cast: Any, page: str) -> None:
    client = signed_in(cast.owner)
    address = f"{large_operation(cast).get_absolute_url()}{page}"
    found: set[str] = set()
    asked = [address]
    for each in asked:
        text = body(client.get(each))
        found |= set(re.findall(r'href="[^"]*/tasks/([0-9a-f-]{36})/', text))
        later = re.search(r'<a class="chip" href="([^"]+)">Later</a>', text)
        if later:
            asked.append(later[1].replace("&amp;", "&"))
    earlier = body(client.get(address))
    assert len(asked) > 1 or "Earlier" in earlier
    assert len(found) == TASKS


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
