"""Rights of the two database roles, set after every migrate.

The owner role builds tables and triggers; the run-time role works with rows. Of the event tables
and the read log the run-time role may read, and nothing else: the triggers that fill them run
with the owner's rights.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models
from psycopg2 import sql

from cimic_portal.core.audit.forgetting import install_procedure
from cimic_portal.core.audit.seal import FUNCTIONS

_RIGHTS = """
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {app};
"""

# Without this the run-time role could switch the audit triggers off for its own session. Only the procedure
# that forgets gets by, and only what keeps rows from being changed: the setting is its own and counts for
# the owner alone, as whom it runs.
_NO_IGNORE = """
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS
$$ BEGIN
    RETURN trigger_name ~ '^pgtrigger_(append_only|readers_fixed)_'
        AND current_setting('portal.forgetting', true) IS NOT DISTINCT FROM 'on'
        AND current_user = {owner};
END $$ LANGUAGE plpgsql;
"""

_KEEP_ALL = """
CREATE OR REPLACE FUNCTION core_refuse_truncate() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'The audit trail is only added to.'; END $$ LANGUAGE plpgsql;
"""


ADDED_TO = {"core_readentry", "core_retentiondecision"}
# Written by the procedures of the database: that which forgets, and that which seals.
ITS_OWN = {"core_forgotten", "core_forgottenrow", "core_trailseal", "core_trailsealpart"}
_SEALING = """
REVOKE EXECUTE ON FUNCTION core_seal_trail() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_seal_trail() TO {app};
"""


def is_event_model(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_tracked_model")


def append_only_tables() -> list[str]:
    """Tables that the run-time role may not change: those that triggers or procedures fill, and logs."""
    filled = {
        model._meta.db_table
        for model in apps.get_models()
        if is_event_model(model) or model._meta.label == "pghistory.Context"
    }
    return sorted(filled | ADDED_TO | ITS_OWN)


def install_rights(using: str = "default", **_kwargs: Any) -> None:
    """Give the run-time role its rights and close the ways around the trail."""
    connection = connections[using]
    app = sql.Identifier(settings.DATABASE_APP_ROLE)
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            return
        database = sql.Identifier(connection.settings_dict["NAME"])
        cursor.execute(sql.SQL(_RIGHTS).format(app=app, database=database))
        cursor.execute(sql.SQL(_NO_IGNORE).format(owner=sql.Literal(_owner(cursor))))
        cursor.execute(_KEEP_ALL)
        for function in FUNCTIONS:
            cursor.execute(function)
        cursor.execute(sql.SQL(_SEALING).format(app=app))
        for table in append_only_tables():
            if table not in present:
                continue
            name = sql.Identifier(table)
            # These logs are written by the portal itself; no row of them is ever changed.
            rights = "UPDATE, DELETE" if table in ADDED_TO else "INSERT, UPDATE, DELETE"
            cursor.execute(sql.SQL("REVOKE {}, TRUNCATE ON {} FROM {}").format(sql.SQL(rights), name, app))
            cursor.execute(
                sql.SQL(
                    "CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON {}"
                    " EXECUTE FUNCTION core_refuse_truncate()"
                ).format(name)
            )
        _secure_trigger_functions(cursor)
        if present.issuperset(ITS_OWN):
            install_procedure(cursor)


def _owner(cursor: Any) -> str:
    """Who migrates, and so owns tables and procedures."""
    cursor.execute("SELECT current_user")
    return str(cursor.fetchone()[0])


def _secure_trigger_functions(cursor: Any) -> None:
    """No trigger function looks into foreign schemas; those that write events run as the owner.

    Nobody else may attach them to a table: on one of their own it would write forged events.
    """
    cursor.execute(
        "SELECT p.oid::regprocedure::text, p.prosrc ~ 'INSERT INTO \"[a-z_]+event\"' FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'public' AND p.proname LIKE 'pgtrigger\\_%'"
    )
    for signature, writes_events in cursor.fetchall():
        rights = "SECURITY DEFINER" if writes_events else "SECURITY INVOKER"
        cursor.execute(f"ALTER FUNCTION {signature} {rights} SET search_path = public, pg_temp")
        cursor.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC")
