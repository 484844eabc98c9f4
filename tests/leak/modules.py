"""Drafts of modules with their pages, questions, pictures and packages; and who passed modules."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.urls import reverse

from tests.leak.surfaces import STALE, TELLS_NO_RECORD, surface
from tests.leak.visitor import Visitor
from training.models import ModuleDraft

PAGES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("moduledraft_edit", ()),
    ("moduledraft_package", ()),
    ("moduledraft_page_new", ()),
    ("moduledraft_page", (1,)),
    ("moduledraft_picture", (1,)),
    ("moduledraft_question_new", ()),
    ("moduledraft_question", (1,)),
)
TELLS_NO_RECORD |= {
    **dict.fromkeys(
        (
            *(f"modules{form}" for form in ("", "_csv", "_xlsx")),
            "module_page",
            "module_picture",
            "module_file",
            "module_edition",
            "module_archive",
            *(f"api:module-{name}" for name in ("list", "detail", "read")),
        ),
        "the catalogue of modules, which everybody reads",
    ),
    **dict.fromkeys(
        (
            "module_quiz",
            "module_attempt",
            "module_play",
            "module_report",
            *(f"api:module-{name}" for name in ("begin", "answers", "hand-in")),
        ),
        "one's own attempts: those of others are not there, tests/training/test_module_pages.py",
    ),
    "moduledraft_begin": "a form that is still empty",
}


@surface("writing modules", "moduledraft_arrange", *(route for route, _more in PAGES))
def _writing(visitor: Visitor) -> None:
    """Each page on which a draft is written, and each step on a version that never was."""
    for index, draft in visitor.some(enumerate(visitor.world.records[ModuleDraft])):
        for route, more in PAGES:
            address = reverse(route, args=[draft.reference, *more])
            visitor.must_open(address, draft)
            sent: dict[str, Any] = {"version": STALE, "title": "Why", "text": "Why"}
            if route != "moduledraft_picture":
                visitor.must_open(address, draft, answer=visitor.post(address, sent))
        address = reverse("moduledraft_arrange", args=[draft.reference])
        sent = {"version": STALE, "do": f"pages-1-{('up', 'down', 'away')[index % 3]}"}
        visitor.must_open(address, draft, answer=visitor.post(address, sent))


@surface(
    "who passed modules",
    "module",
    "moduleresults",
    "moduleresults_csv",
    "moduleresults_xlsx",
    "api:moduleresult-list",
    "api:moduleresult-detail",
    tells=False,
)
def _passed(visitor: Visitor) -> None:
    """Told with the training record, to those alone who read it."""
    may = visitor.world.may_be_told(visitor.person)
    expected = {row.pk for row, number in visitor.world.passed if number in may}
    page = visitor.get(reverse("moduleresults"))
    if visitor.enters and f"{len(expected)} you can see" not in page.said:
        visitor.fault(f"moduleresults: does not say that there are {len(expected)}")
    for form in ("csv", "xlsx"):
        visitor.get(reverse(f"moduleresults_{form}"))
    for module, count in Counter(row.module for row, _number in visitor.world.passed).items():
        may_count = sum(row.module == module for row, number in visitor.world.passed if number in may)
        page = visitor.get(module.get_absolute_url())
        if visitor.enters and not re.search(rf"\b{may_count} times?, as far as you may read", page.said):
            visitor.fault(f"module: does not say that {may_count} of {count} passed it")
    answer = visitor.get(f"{reverse('api:moduleresult-list')}?limit=200")
    if visitor.enters and {row["id"] for row in answer.json()["results"]} != expected:
        visitor.fault("api:moduleresult-list: tells of others than of those who may be told")
    for row, _number in visitor.some(visitor.world.passed):
        found = visitor.get(reverse("api:moduleresult-detail", args=[row.pk]))
        if visitor.enters and (found.status_code == 404) == (row.pk in expected):
            visitor.fault(f"api:moduleresult-detail: {found.status_code} for {row.pk}")
