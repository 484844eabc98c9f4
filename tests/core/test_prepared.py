"""Statements that a connection plans once."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction

from cimic_portal.core.prepared import Prepared

pytestmark = pytest.mark.django_db

DOUBLE = "SELECT one * 2 FROM unnest($1) one WHERE one > $2"


def told() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return [name for (name,) in cursor.fetchall()]


def test_it_is_told_once_and_answers_each_time(django_assert_num_queries) -> None:
    double = Prepared("double_once", ("integer[]", "integer"), DOUBLE)
    with django_assert_num_queries(2):
        assert double.rows([1, 2, 3], 1) == [(4,), (6,)]
        assert double.rows([5], 0) == [(10,)]
    assert told().count("double_once") == 1


@pytest.mark.django_db(transaction=True)
def test_another_connection_is_told_anew() -> None:
    double = Prepared("double_anew", ("integer[]", "integer"), DOUBLE)
    assert double.rows([2], 0) == [(4,)]
    connection.close()
    assert "double_anew" not in told()
    assert double.rows([3], 0) == [(6,)]


def test_what_is_rolled_back_does_not_take_it_away() -> None:
    double = Prepared("double_back", ("integer[]", "integer"), DOUBLE)
    with transaction.atomic():
        double.rows([1], 0)
        transaction.set_rollback(True)
    assert double.rows([1], 0) == [(2,)]


def test_errors_are_those_of_django() -> None:
    half = Prepared("half", ("integer",), "SELECT 1 / $1")
    with pytest.raises(DataError):
        half.rows(0)
