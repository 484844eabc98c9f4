"""The one procedure that changes the trail: it anonymises a row whose time has run out, in its history too.

It belongs to the owner role and is made anew after every migrate from what the apps declared: the run-time
role can call it, not change it. It asks by itself whether the time has run out and whether somebody decided,
so that calling it directly gains nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from psycopg2 import sql

from cimic_portal.core.audit.events import event_model_of
from cimic_portal.core.retention import Held, Retention, changed_fields, held_of, interval_sql, retentions

if TYPE_CHECKING:
    pass

_HEAD = """
CREATE OR REPLACE FUNCTION core_forget(p_kind text, p_row bigint) RETURNS bigint AS $forget$
DECLARE
    v_decision core_retentiondecision;
    v_last timestamptz;
    v_due timestamptz;
    v_fields text[];
    v_part int;
    v_count int := 0;
    v_entry bigint;
BEGIN
    SELECT * INTO v_decision FROM core_retentiondecision
        WHERE kind = p_kind AND row_id = p_row ORDER BY id DESC LIMIT 1;
    IF v_decision.id IS NULL OR v_decision.keep_until IS NOT NULL THEN
        RAISE EXCEPTION 'Nobody decided that % % is anonymised.', p_kind, p_row;
    END IF;
    IF EXISTS (SELECT FROM core_forgotten WHERE kind = p_kind AND row_id = p_row) THEN
        RAISE EXCEPTION '% % is anonymised already.', p_kind, p_row;
    END IF;
"""
_TAIL = """
    PERFORM set_config('portal.forgetting', '', true);
    INSERT INTO core_forgotten (kind, row_id, last_at, at, decision_id, changed_rows, changed_fields)
        VALUES (p_kind, p_row, v_last, now(), v_decision.id, v_count, v_fields) RETURNING id INTO v_entry;
    RETURN v_entry;
END $forget$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC';
REVOKE EXECUTE ON FUNCTION core_forget(text, bigint) FROM PUBLIC;
"""
# A decision from before the time ran out (again) was about something else.
_NOT_DUE = """
    IF v_last IS NULL THEN
        RAISE EXCEPTION '% % is not due.', p_kind, p_row;
    END IF;
    IF v_decision.decided_at < v_due THEN
        RAISE EXCEPTION 'Nobody decided since % % fell due.', p_kind, p_row;
    END IF;
    PERFORM set_config('portal.forgetting', 'on', true);
"""
# The seal of a row that is changed stays whole by the digest that it had.
_KEEPING_DIGESTS = """WITH was AS MATERIALIZED (
        SELECT t.pgh_id, core_trail_row('{trail}', t.pgh_id, to_jsonb(t)) AS digest
        FROM {trail} t WHERE {link}
    ), is_now AS (
        {update} RETURNING pgh_id, core_trail_row('{trail}', pgh_id, to_jsonb({trail})) AS digest
    )
    INSERT INTO core_forgottenrow ("table", number, before, since, forgotten_at)
    SELECT '{trail}', pgh_id, was.digest, is_now.digest, now() FROM was JOIN is_now USING (pgh_id)"""
_COUNT = "GET DIAGNOSTICS v_part = ROW_COUNT; v_count := v_count + v_part;\n"


def install_procedure(cursor: Any) -> None:
    """Make the procedure from what is declared. Works as the role that migrates."""
    due, work = zip(*(_of_kind(cursor, retention) for retention in retentions()), strict=True)
    # One piece of text: nothing in it comes from outside the code.
    cursor.execute("".join([_HEAD, *due, _NOT_DUE, *work, _TAIL]))
    app = sql.Identifier(settings.DATABASE_APP_ROLE)
    cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION core_forget(text, bigint) TO {}").format(app))


def _of_kind(cursor: Any, retention: Retention) -> tuple[str, str]:
    """How the procedure finds out whether a row is due, and what it does to it."""
    query = retention.last().order_by().values("id", "last_at").query
    counted = cursor.mogrify(*query.sql_with_params()).decode()
    mine = f"IF p_kind = '{retention.kind}' THEN\n"
    due = (
        f"{mine} PERFORM FROM {retention.model._meta.db_table} WHERE id = p_row FOR UPDATE;\n"
        f"SELECT due.last_at INTO v_last FROM ({counted}) due"
        f" WHERE due.id = p_row AND due.last_at + {interval_sql()} <= now();\n"
        f"v_due := v_last + {interval_sql()};\nEND IF;\n"
    )
    fields = ", ".join(f"'{name}'" for name in changed_fields(retention))
    statements = [each for held in held_of(retention) for each in _statements(held)]
    return due, f"{mine} v_fields := ARRAY[{fields}];\n" + "".join(statements) + "END IF;\n"


def _statements(held: Held) -> list[str]:
    """The row first: what the trail is told of the change holds the new values already."""
    table = held.model._meta.db_table
    where = f"{held.link} IN ({held.through})"
    if held.drop:
        done = [f"DELETE FROM {table} WHERE {where}"]
    else:
        done = [_update(table, {**held.becomes, **held.row_only}, where)]
    trail = event_model_of(held.model)
    if trail is not None and held.becomes:
        # By the column that has an index there.
        link = where.replace("id IN", "pgh_obj_id IN", 1) if held.link == "id" else where
        done.append(
            _KEEPING_DIGESTS.format(
                update=_update(trail._meta.db_table, held.becomes, link),
                trail=trail._meta.db_table,
                link=link,
            )
        )
    return [f"{statement.replace('{row}', 'p_row')};\n{_COUNT}" for statement in done]


def _update(table: str, becomes: Any, where: str) -> str:
    columns = ", ".join(f"{column} = {value}" for column, value in becomes.items())
    return f"UPDATE {table} SET {columns} WHERE {where}"
