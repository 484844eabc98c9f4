"""Logs: joined to the trail by the number of the request, and without anybody's data."""

from __future__ import annotations

import io
import json
import logging
from logging.config import DictConfigurator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cimic_portal.core.audit.context import Origin, set_origin
from cimic_portal.core.logs import without_data
from cimic_portal.core.models import Person
from cimic_portal.settings.parts.logs import logging_in
from tests.factories.core import PersonFactory
from tests.factories.training_course import CourseFactory
from tests.support import staff
from tests.support.pages import signed_in


def written(form: str, write: Any) -> str:
    """What a logger of these settings writes."""
    settings = logging_in(form)
    builder = DictConfigurator(settings)  # type: ignore[arg-type]
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(builder.configure_formatter(settings["formatters"][form]))
    handler.addFilter(builder.configure_filter(settings["filters"]["numbered"]))
    logger = logging.getLogger("cimic_portal.of_this_test")
    logger.addHandler(handler)
    try:
        write(logger)
    finally:
        logger.removeHandler(handler)
    return output.getvalue()


@pytest.fixture
def numbered() -> Any:
    set_origin(Origin(request="abc123"))
    yield
    set_origin(Origin())


def test_programs_read_an_object_a_line(numbered: Any) -> None:
    line = written("json", lambda log: log.error("Outbox %s waits", 7, extra={"tries": 3}))
    told = json.loads(line)
    assert told.pop("time").startswith("20")
    assert told == {
        "level": "ERROR",
        "logger": "cimic_portal.of_this_test",
        "request": "abc123",
        "message": "Outbox 7 waits",
        "tries": 3,
    }


def test_a_line_break_begins_no_new_line(numbered: Any) -> None:
    line = written("json", lambda log: log.error("Not kept: %s", 'a"}\n{"level": "ERROR"'))
    assert line.count("\n") == 1
    assert json.loads(line)["message"] == 'Not kept: a"}\n{"level": "ERROR"'


def test_a_line_for_people_is_one_line(numbered: Any) -> None:
    line = written("line", lambda log: log.error("Not kept: %s", "a\r\n2026-11-29 ERROR forged: b"))
    assert line.endswith("Not kept: a\\r\\n2026-11-29 ERROR forged: b\n")
    assert line.count("\n") == 1


def test_people_read_a_line(numbered: Any) -> None:
    assert written("line", lambda log: log.error("Lost")).endswith(
        "ERROR cimic_portal.of_this_test abc123: Lost\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["json", "line"])
def test_a_refused_row_is_not_repeated(form: str) -> None:
    email = PersonFactory().email
    try:
        with transaction.atomic():
            Person.objects.create(email=email, component=1)
    except IntegrityError as error:
        assert email in str(error)
        caught = error
    told = written(form, lambda log: log.error("Not kept: %s", caught, exc_info=caught))
    assert "Not kept" in told
    assert "duplicate key value" in told
    assert "test_logs.py" in told
    assert email not in told
    assert email.partition("@")[0] not in told


def test_what_stands_around_a_row_stays() -> None:
    text = "ERROR: bad\nDETAIL: Failing row: (Ms Ada).\nCONTEXT: COPY a\nTraceback\n  File one\nx@y.example"
    assert without_data(text).splitlines() == [
        "ERROR: bad",
        "(a row is left out here)",
        "(a row is left out here)",
        "Traceback",
        "  File one",
        "…@…",
    ]


@pytest.mark.django_db
def test_each_request_is_told_by_its_pattern(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cimic_portal.requests")
    course = CourseFactory(code="SECRET-9")
    answer = signed_in(PersonFactory()).get(reverse("course", args=[course.code]))
    told = next(one for one in caplog.records if one.name == "cimic_portal.requests")
    assert (told.method, told.route, told.status) == (  # type: ignore[attr-defined]
        "GET",
        "training/courses/<slug:code>/",
        answer.status_code,
    )
    assert "SECRET-9" not in told.getMessage()


@pytest.mark.django_db
def test_sign_ins_and_refusals_are_told_by_number_and_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cimic_portal.security")
    person, client = staff.person(), Client()
    for password in ("wrong wrong wrong", staff.PASSWORD):
        client.post("/sign-in/", {"login": person.email, "password": password}, REMOTE_ADDR="203.0.113.9")
    client.get("/admin/", REMOTE_ADDR="203.0.113.9")
    client.get("/documents/2222222222/", REMOTE_ADDR="203.0.113.9")
    client.post("/sign-out/", REMOTE_ADDR="203.0.113.9")
    told = [one.getMessage() for one in caplog.records if one.name == "cimic_portal.security"]
    assert told[:2] == [
        "sign-in failed from 203.0.113.9",
        f"signed in: person {person.pk} from 203.0.113.9",
    ]
    refused = [line for line in told if line.startswith("refused")]
    assert refused and all(line.endswith(f"person {person.pk}") for line in refused)
    assert told[-1] == f"signed out: person {person.pk} from 203.0.113.9"
    assert person.email not in caplog.text
    assert "2222222222" not in " ".join(told)
