"""The portal's own database role adds to the trail and reads it; no more, by no way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg2 import errors

from cimic_portal.core.audit.install import ADDED_TO, append_only_tables, is_event_model
from cimic_portal.core.models import Document
from cimic_portal.core.sharing.grants import Grant
from tests.factories import core

pytestmark = pytest.mark.django_db
# The run-time connection sees only what was committed.
committed = pytest.mark.django_db(transaction=True)

COLUMNS = {
    "pghistory_context": "metadata",
    "core_readentry": "surface",
    "core_retentiondecision": "reason",
    "core_forgotten": "kind",
    "core_forgottenrow": "before",
    "core_trailseal": "digest",
    "core_trailsealpart": "digest",
}
EVENT_TABLES = sorted(set(append_only_tables()) - ADDED_TO)


@pytest.fixture
def run_time() -> Iterator[Any]:
    """A connection of the portal itself: signed in as the run-time role, not turned into it."""
    link = psycopg2.connect(os.environ["DATABASE_URL"])
    link.autocommit = True
    with link.cursor() as cursor:
        yield cursor
    link.close()


@pytest.fixture
def document() -> Document:
    return core.DocumentFactory(title="Kept")


def test_connection_is_the_run_time_role(run_time: Any) -> None:
    run_time.execute(
        "SELECT current_user, session_user, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls"
        " FROM pg_roles WHERE rolname = current_user"
    )
    app = settings.DATABASE_APP_ROLE
    assert run_time.fetchone() == (app, app, False, False, False, False)
    run_time.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [app])
    assert run_time.fetchone() == (0,)


def test_event_tables_are_all_known() -> None:
    events = {model._meta.db_table for model in apps.get_models() if is_event_model(model)}
    assert events <= set(EVENT_TABLES)
    assert "core_documentevent" in events
    assert "liaison_attendanceevent" in events


@pytest.mark.parametrize("table", [*EVENT_TABLES, *sorted(ADDED_TO)])
def test_trail_is_not_changed(run_time: Any, table: str) -> None:
    column = COLUMNS.get(table, "pgh_label")
    statements = [
        f"UPDATE {table} SET {column} = NULL",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"DO 'BEGIN LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; END'",
    ]
    if table not in ADDED_TO:
        statements += [f"INSERT INTO {table} SELECT * FROM {table}", f"COPY {table} FROM STDIN"]
    for statement in statements:
        with pytest.raises(errors.InsufficientPrivilege):
            run_time.execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET app = app", "DELETE FROM {}", "INSERT INTO {} SELECT * FROM {}", "TRUNCATE {}"],
)
def test_list_of_migrations_is_read_only(run_time: Any, statement: str) -> None:
    run_time.execute("SELECT count(*) FROM django_migrations")
    with pytest.raises(errors.InsufficientPrivilege):
        run_time.execute(statement.replace("{}", "django_migrations"))


def test_owner_too_is_kept_from_changing_events(document: Document) -> None:
    """A slip of a migration: the triggers refuse what the rights would allow."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        try:
            for statement in (
                "UPDATE core_documentevent SET title = 'x'",
                "DELETE FROM core_documentevent",
                "TRUNCATE core_documentevent",
            ):
                refused = pytest.raises(DatabaseError, match=r"Cannot update or delete|only added to")
                with refused, transaction.atomic():
                    cursor.execute(statement)
        finally:
            cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


FORBIDDEN = [
    "ALTER TABLE core_document DISABLE TRIGGER ALL",
    "ALTER TABLE core_document DISABLE TRIGGER USER",
    "DROP TRIGGER refuse_truncate ON core_documentevent",
    "SET session_replication_role = replica",
    "SET ROLE portal_owner",
    "SET SESSION AUTHORIZATION portal_owner",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE core_membership (id int)",
    "CREATE SCHEMA mine",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE SEQUENCE mine",
    "CREATE TYPE mine AS ENUM ('a')",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS"
    " $$ BEGIN RETURN TRUE; END $$ LANGUAGE plpgsql",
    "ALTER TABLE core_document ADD COLUMN mine int",
    "DROP TABLE core_documentevent",
    "TRUNCATE core_document",
    "TRUNCATE core_documentpersongrant",
    "CREATE INDEX ON core_document (id)",
    "CREATE RULE mine AS ON INSERT TO core_documentevent DO INSTEAD NOTHING",
    "CREATE POLICY mine ON core_documentevent",
    "ALTER ROLE portal_app SUPERUSER",
    "CREATE EXTENSION ltree",
    "COMMENT ON TABLE core_document IS 'x'",
    "SELECT setval('core_grant_key', 1)",
    "SELECT pg_read_file('postgresql.conf')",
    "COPY core_document TO PROGRAM 'cat'",
    "ALTER SYSTEM SET fsync = off",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_run_time_role_cannot(run_time: Any, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run_time.execute(statement)


def test_event_functions_cannot_be_attached_to_a_table(run_time: Any) -> None:
    """On a table of one's own such a function, running as the owner, would write forged events."""
    run_time.execute(
        "SELECT count(*) FILTER (WHERE has_function_privilege(p.oid, 'EXECUTE')), count(*),"
        " count(*) FILTER (WHERE p.proconfig IS NULL)"
        " FROM pg_proc p WHERE p.proname LIKE 'pgtrigger\\_%'"
    )
    may, functions, without_path = run_time.fetchone()
    assert functions > 50
    assert may == 0
    assert without_path == 0


def test_event_functions_run_as_the_owner(run_time: Any) -> None:
    run_time.execute(
        "SELECT bool_and(p.prosecdef) FROM pg_proc p WHERE p.prosrc ~ 'INSERT INTO \"[a-z_]+event\"'"
    )
    assert run_time.fetchone() == (True,)


@committed
def test_reading_the_trail_is_allowed(run_time: Any, document: Document) -> None:
    run_time.execute("SELECT count(*) FROM core_documentevent WHERE title = 'Kept'")
    assert run_time.fetchone() == (1,)


@committed
def test_read_log_is_added_to(run_time: Any, document: Document) -> None:
    run_time.execute(
        "INSERT INTO core_readentry (at, person_id, surface, request, records)"
        " VALUES (now(), %s, '/x', '', '[]')",
        [document.author_id],
    )
    assert run_time.rowcount == 1


@committed
def test_ignore_setting_has_no_effect(run_time: Any, document: Document) -> None:
    run_time.execute("SELECT set_config('pgtrigger.ignore', '{core_document:reader_keys}', false)")
    run_time.execute("UPDATE core_document SET reader_keys = '{9}', title = 'Changed'")
    document.refresh_from_db()
    assert 9 not in document.reader_keys
    run_time.execute("SELECT count(*) FROM core_documentevent WHERE title = 'Changed'")
    assert run_time.fetchone() == (1,)


def test_rights_are_the_same_after_every_migrate(run_time: Any) -> None:
    """No table came by with rights of its own: what the role holds is what is listed here."""
    run_time.execute(
        "SELECT table_name, string_agg(DISTINCT privilege_type, ',' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants WHERE grantee = %s AND table_schema = 'public'"
        " GROUP BY 1",
        [settings.DATABASE_APP_ROLE],
    )
    rights = dict(run_time.fetchall())
    for table, held in rights.items():
        expected = "DELETE,INSERT,SELECT,UPDATE"
        if table in {*EVENT_TABLES, "django_migrations"}:
            expected = "SELECT"
        elif table in ADDED_TO:
            expected = "INSERT,SELECT"
        assert (table, held) == (table, expected)
    assert len(rights) > 60
    assert all(model._meta.db_table in rights for model in apps.get_models() if issubclass(model, Grant))
