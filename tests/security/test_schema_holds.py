"""Whatever the OpenAPI schema allows and forbids is asked of the API, as three people with tokens.

No answer is an error of the server, and each is as the schema says: a success by its own schema, anything
else as problem details. Every request is undone, so that the next finds the same records.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.throttling import UserRateThrottle
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug import Client

from cimic_portal.core.models import Person, Scope
from cimic_portal.core.services.tokens import create_token
from tests.factories.core import ahead
from tests.leak.world import LeakWorld, build

pytestmark = pytest.mark.long

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# The liaison officer, the humanitarian partner, the administrator.
ROLES = ("owner", "partner", "auditor")
SCHEMA = "application/vnd.oai.openapi+json"
# Of each operation: cases by chance that fit, and that do not; some of those at the limits of its fields.
# The three people take turns, so that each sends some of every kind.
FITTING, MISFITTING, AT_LIMITS = 3, 2, range(0, 18, 3)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[LeakWorld]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def api(world: LeakWorld, db: None, monkeypatch: Any, settings: Any, tmp_path: Any) -> Iterator[None]:
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "1000000/min"})
    # Between requests the connection would be closed, and with it the transaction of the test.
    moments = (request_started, request_finished)
    for moment in moments:
        moment.disconnect(close_old_connections)
    # Each refusal is logged, which is right, and a hundred thousand lines.
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
    for moment in moments:
        moment.connect(close_old_connections)


class Callers:
    """The people who call every operation, and what was found wrong with the answers."""

    def __init__(self, people: dict[str, Person]) -> None:
        self.headers = {role: headers(person) for role, person in people.items()}
        self.app = get_wsgi_application()
        self.schema = schemathesis.openapi.from_wsgi(
            "/api/schema/", self.app, headers=self.headers[ROLES[0]] | {"Accept": SCHEMA}
        )
        self.turns = cycle(self.headers)
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self._keys: dict[tuple[str, str], dict[str, Any]] = {}

    def try_operation(self, operation: Any) -> None:
        """The first wrong answer to each operation is kept."""
        try:
            for mode, most in ((GenerationMode.POSITIVE, FITTING), (GenerationMode.NEGATIVE, MISFITTING)):
                self._by_chance(operation, mode, most)
            self._at_limits(operation)
        # What the checks find is a group that is no Exception.
        except (Exception, BaseExceptionGroup) as error:
            self.wrong.append(f"{operation.label}: {str(error)[:1500]}")

    def _by_chance(self, operation: Any, mode: GenerationMode, most: int) -> None:
        @settings(
            max_examples=most,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def call(case: Case) -> None:
            self._send(case)

        call()

    def _at_limits(self, operation: Any) -> None:
        cases = self.schema.iter_coverage_cases(
            operation, generation_modes=list(GenerationMode), generation_config=self.schema.config.generation
        )
        for case in islice(cases, AT_LIMITS.start, AT_LIMITS.stop, AT_LIMITS.step):
            self._send(case)

    def _send(self, case: Case) -> None:
        role = next(self.turns)
        case.path_parameters = dict(case.path_parameters or {}) | self._names(role, case.operation.path)
        with transaction.atomic():
            answer = case.call(headers=self.headers[role])
            transaction.set_rollback(True)
        self.statuses[role, answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS, headers=self.headers[role])

    def _names(self, role: str, path: str) -> dict[str, Any]:
        """The parameter that names a record, of the first that this person finds in the list of its noun."""
        noun = path.removeprefix("/api/v1/").partition("/")[0]
        name = path.partition("{")[2].partition("}")[0]
        if name and (role, noun) not in self._keys:
            answer = Client(self.app).get(f"/api/v1/{noun}/", headers=self.headers[role])
            told = answer.get_json(silent=True) if answer.status_code == 200 else []
            rows = told.get("results", []) if isinstance(told, dict) else told
            self._keys[role, noun] = {name: rows[0][name]} if rows and name in rows[0] else {}
        return self._keys[role, noun] if name else {}


def headers(person: Person) -> dict[str, str]:
    """Those of a program with a token of this person. Compressed answers would not be looked into."""
    _token, text = create_token(
        actor=person, name="fuzz", scope=Scope.WRITE, expires_at=ahead(days=1), with_second_factor=True
    )
    return {"Authorization": f"Bearer {text}", "Accept-Encoding": "identity"}


def test_every_answer_is_as_the_schema_says(world: LeakWorld, api: None) -> None:
    callers = Callers({role: getattr(world.cast, role) for role in ROLES})
    for found in callers.schema.get_all_operations():
        callers.try_operation(found.ok())
    assert not callers.wrong, f"{len(callers.wrong)}\n" + "\n\n".join(callers.wrong)
    for role in ROLES:
        answered = {status for who, status in callers.statuses if who == role}
        assert {200, 404, 422} <= answered, role
