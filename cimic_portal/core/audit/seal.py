"""The seal of the trail: a chain of digests over its rows, made by the database and checked by anybody.

A row is digested as JSON of the columns that its table had when it was sealed, times in UTC. Rows that were
being written while a batch was sealed come under a later seal, if they are committed within two days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg2 import sql

from cimic_portal.core.models import TrailSeal, TrailSealPart

# What counts as the trail, and by which column its rows are numbered.
_TABLES = """
    SELECT c.relname::text AS name, a.attname::text AS key,
        (SELECT array_agg(o.attname::text ORDER BY o.attname) FROM pg_attribute o
         WHERE o.attrelid = c.oid AND o.attnum > 0 AND NOT o.attisdropped) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT a.attisdropped
      AND (a.attname = 'pgh_id' OR a.attname = 'id' AND c.relname IN ('core_readentry', 'core_forgottenrow'))
"""

FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION core_trail_digest(line jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS
$$ SELECT encode(sha256(convert_to(line::text, 'UTF8')), 'hex') $$
""",
    # The digest of one row by the columns under which it was sealed.
    """
CREATE OR REPLACE FUNCTION core_trail_row(name text, number bigint, line jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT core_trail_digest(line - coalesce((
        SELECT ARRAY(SELECT k FROM jsonb_object_keys(line) k WHERE k <> ALL (p.columns))
        FROM core_trailsealpart p WHERE p."table" = name AND p.numbers @> number ORDER BY p.id LIMIT 1
    ), '{}'))
$$
""",
    # The digest over the rows of one table whose numbers are in the set: those forgotten count as they were.
    """
CREATE OR REPLACE FUNCTION core_trail_part(
    name text, key text, columns text[], numbers int8multirange, OUT counted bigint, OUT digest text
) LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    EXECUTE format(
        'SELECT count(*),
            encode(sha256(convert_to(coalesce(string_agg(d, '''' ORDER BY k), ''''), ''UTF8'')), ''hex'')
         FROM (
            SELECT t.%1$I AS k, CASE WHEN f.since = now.d THEN f.before ELSE now.d END AS d
            FROM %2$I t
            CROSS JOIN LATERAL (SELECT core_trail_digest(to_jsonb(t) - $3) AS d) now
            LEFT JOIN (
                SELECT number, (array_agg(before ORDER BY id))[1] AS before,
                    (array_agg(since ORDER BY id DESC))[1] AS since
                FROM core_forgottenrow WHERE "table" = %2$L GROUP BY number
            ) f ON f.number = t.%1$I
            WHERE t.%1$I >= lower($1) AND t.%1$I < upper($1) AND t.%1$I::bigint <@ $1
         ) digests', key, name)
    INTO counted, digest
    USING numbers, columns, ARRAY(
        SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = to_regclass(name) AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attname <> ALL (columns));
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION core_seal_trail() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    trail record; part record; number bigint; former text; fresh int8multirange;
    everything bigint := 0; words text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('core_trailseal'));
    SELECT s.digest INTO former FROM core_trailseal s ORDER BY s.id DESC LIMIT 1;
    number := nextval(pg_get_serial_sequence('core_trailseal', 'id'));
    -- Filled in below, once the parts are known.
    INSERT INTO core_trailseal (id, sealed_at, rows, previous, digest)
        VALUES (number, clock_timestamp(), 0, coalesce(former, ''), number::text);
    FOR trail IN {_TABLES} LOOP
        EXECUTE format(
            'WITH sealed AS (
                SELECT p.numbers, s.sealed_at > now() - interval ''2 days'' AS is_new
                FROM core_trailsealpart p JOIN core_trailseal s ON s.id = p.seal_id WHERE p."table" = %2$L
             ), known AS (
                SELECT coalesce(range_agg(numbers) FILTER (WHERE is_new), ''{{}}'') AS of_late,
                    max(upper(numbers)) FILTER (WHERE NOT is_new) AS long_ago
                FROM sealed
             )
             SELECT range_agg(int8range(t.%1$I::bigint, t.%1$I::bigint, ''[]''))
             FROM %2$I t, known
             WHERE (known.long_ago IS NULL OR t.%1$I >= known.long_ago)
               AND NOT t.%1$I::bigint <@ known.of_late',
            trail.key, trail.name) INTO fresh;
        CONTINUE WHEN fresh IS NULL;
        SELECT * INTO part FROM core_trail_part(trail.name, trail.key, trail.columns, fresh);
        INSERT INTO core_trailsealpart (seal_id, "table", columns, numbers, rows, digest)
            VALUES (number, trail.name, trail.columns, fresh, part.counted, part.digest);
        everything := everything + part.counted;
    END LOOP;
    IF everything = 0 THEN
        DELETE FROM core_trailseal WHERE id = number;
        RETURN NULL;
    END IF;
    SELECT coalesce(former, '') || coalesce(string_agg(
            E'\\n' || p."table" || ' ' || p.numbers::text || ' ' || p.rows || ' ' || p.digest,
            '' ORDER BY p."table" COLLATE "C"), '')
        INTO words FROM core_trailsealpart p WHERE p.seal_id = number;
    UPDATE core_trailseal SET rows = everything, digest = encode(sha256(convert_to(words, 'UTF8')), 'hex')
        WHERE id = number;
    RETURN number;
END $$
""",
)


def seal() -> int | None:
    """Seal what was added to the trail since the last time: the number of the seal; None when nothing was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_seal_trail()")
        number: int | None = cursor.fetchone()[0]
    return number


@dataclass(frozen=True)
class Fault:
    """What does not hold, and under which seal."""

    seal: int
    words: str


def faults() -> Iterator[Fault]:
    """Check every seal against the one before it and against the rows of the trail. Reads all of it."""
    shapes = _shapes()
    previous = None
    for one in TrailSeal.objects.order_by("pk").prefetch_related("parts"):
        parts = sorted(one.parts.all(), key=lambda part: part.table)
        lines = [f"\n{part.table} {part.numbers} {part.rows} {part.digest}" for part in parts]
        if one.previous != (previous or ""):
            yield Fault(one.pk, "does not follow the one before: a seal was removed or changed")
        if hashlib.sha256((one.previous + "".join(lines)).encode()).hexdigest() != one.digest:
            yield Fault(one.pk, "its own lines were changed")
        for part in parts:
            if words := _wrong_with(part, shapes):
                yield Fault(one.pk, f"{part.table}: {words}")
        previous = one.digest
    if previous is None:
        yield Fault(0, "nothing was sealed yet")
    for table, (key, _columns) in shapes.items():
        if count := _never_sealed(table, key):
            yield Fault(0, f"{table}: {count} rows stand among sealed ones and were never sealed")


def _shapes() -> dict[str, tuple[str, set[str]]]:
    """Of each table of the trail the column that numbers its rows, and all columns."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return {name: (key, set(columns)) for name, key, columns in cursor.fetchall()}


def _wrong_with(part: TrailSealPart, shapes: dict[str, tuple[str, set[str]]]) -> str:
    key, columns = shapes.get(part.table, ("", set()))
    if dropped := sorted(set(part.columns) - columns):
        return f"cannot be checked, its columns {', '.join(dropped)} are gone"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM core_trail_part(%s, %s, %s, %s::int8multirange)",
            [part.table, key, part.columns, part.numbers],
        )
        counted, digest = cursor.fetchone()
    if counted != part.rows:
        return f"{part.rows} rows were sealed, {counted} are there"
    return "" if digest == part.digest else f"at least one of {part.rows} rows was changed"


_NEVER_SEALED = """
    WITH sealed AS (
        SELECT range_agg(p.numbers) AS numbers,
            max(upper(p.numbers)) FILTER (WHERE s.sealed_at <= now() - interval '2 days') AS old
        FROM core_trailsealpart p JOIN core_trailseal s ON s.id = p.seal_id WHERE p."table" = {name}
    )
    SELECT count(*) FROM {table} t, sealed
    WHERE t.{key} < sealed.old AND NOT t.{key}::bigint <@ sealed.numbers
"""


def _never_sealed(table: str, key: str) -> int:
    """Rows among sealed ones that came later than a row can: they were put there by hand."""
    named = {"name": sql.Literal(table), "table": sql.Identifier(table), "key": sql.Identifier(key)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_NEVER_SEALED).format(**named))
        count: int = cursor.fetchone()[0]
    return count
