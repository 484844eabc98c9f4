"""The tests run under the same rights as the portal."""

import pytest
from django.db import ProgrammingError, connection, transaction

from cimic_portal.core.models import Organisation


def _row(query: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


@pytest.mark.django_db
def test_run_time_role_cannot_build() -> None:
    assert _row("SELECT current_user") == ("portal_app",)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _row("CREATE TABLE mine (id int)")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_transaction_test_starts_empty_under_the_run_time_role(attempt: int) -> None:
    assert not Organisation.objects.exists()
    assert not Organisation.objects.model.events.rel.related_model.objects.unscoped("all").exists()
    Organisation.objects.create(name="Relief Carana", component=4)
    assert _row("SELECT current_user") == ("portal_app",)


@pytest.mark.django_db
def test_names_sort_by_unicode_in_both_cases() -> None:
    (locale,) = _row("SELECT datlocale FROM pg_database WHERE datname = current_database()")
    assert locale == "PG_UNICODE_FAST"
    assert _row("SELECT upper('é'), lower('ÅNGSTRÖM')") == ("É", "ångström")
