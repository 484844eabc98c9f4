"""The triggers that keep `reader_keys`, so that raw SQL cannot forget the rule.

The record's own BEFORE trigger always recomputes. Child tables (grants, participants) only touch
the record: a set-based UPDATE computed in the child's transaction loses a reader when two commit
at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pgtrigger
from django.db import models

from cimic_portal.core.sharing.levels import KeyKind

M = TypeVar("M", bound=type[models.Model])


@dataclass(frozen=True)
class Named:
    """A column that names someone in an acting role.

    early: counts before publication as well (someone asked to write or decide).
    """

    column: str
    kind: KeyKind
    early: bool = False


@dataclass(frozen=True)
class NamedIn:
    """A child table whose rows name participants; counts from publication on, or `early` before it too."""

    table: str
    record_column: str
    column: str
    kind: KeyKind
    early: bool = False


@dataclass(frozen=True)
class Roles:
    """Who a model names in a role that acts on it, besides author, owner office and audience."""

    columns: tuple[Named, ...] = ()
    children: tuple[NamedIn, ...] = field(default=())


_BASE_COLUMNS = (
    "owner_office_id",
    "author_id",
    "published_at",
    "audience_components",
    "audience_organisations",
    "reader_keys",
)


# The author within the organisation of the owner office. The pair is made here when it is missing:
# it gives nothing by itself, and an author who joins the organisation only later must not be lost.
# (Asked before inserting: each refused insert would use up a number of the sequence.)
_AUTHOR_MEMBERSHIP = """
    SELECT m.id INTO membership FROM core_membership m JOIN core_office o USING (organisation_id)
        WHERE o.id = NEW.owner_office_id AND m.person_id = NEW.author_id;
    IF membership IS NULL THEN
        INSERT INTO core_membership (person_id, organisation_id)
            SELECT NEW.author_id, o.organisation_id FROM core_office o WHERE o.id = NEW.owner_office_id
            ON CONFLICT DO NOTHING;
        SELECT m.id INTO membership FROM core_membership m JOIN core_office o USING (organisation_id)
            WHERE o.id = NEW.owner_office_id AND m.person_id = NEW.author_id;
    END IF;
"""


def _column_key(named: Named) -> str:
    return f"NEW.{named.column} * 8 + {int(named.kind)}"


def _child_keys(child: NamedIn) -> str:
    return (
        f"SELECT c.{child.column} * 8 + {int(child.kind)} FROM {child.table} c"
        f" WHERE c.{child.record_column} = NEW.id"
    )


def _keys_function(table: str, roles: Roles) -> str:
    always = [
        f"NEW.owner_office_id * 8 + {int(KeyKind.OWNER)}",
        f"membership * 8 + {int(KeyKind.AUTHOR)}",
        *[_column_key(named) for named in roles.columns if named.early],
    ]
    published = [
        f"SELECT unnest(NEW.audience_components) * 8 + {int(KeyKind.COMPONENT)}",
        f"SELECT unnest(NEW.audience_organisations) * 8 + {int(KeyKind.ORGANISATION)}",
        *[f"SELECT {_column_key(named)}" for named in roles.columns if not named.early],
        *[_child_keys(child) for child in roles.children if not child.early],
    ]
    grants = [
        f"SELECT g.id * 8 + {int(KeyKind.GRANT)} FROM {table}{suffix} g WHERE g.content_object_id = NEW.id"
        for suffix in ("persongrant", "groupgrant")
    ]
    early = [_child_keys(child) for child in roles.children if child.early]
    return f"""{_AUTHOR_MEMBERSHIP}
        SELECT coalesce(array_agg(DISTINCT k ORDER BY k), '{{}}') INTO NEW.reader_keys FROM (
            SELECT unnest(ARRAY[{", ".join(always)}]) AS k
            UNION ALL {" UNION ALL ".join([*grants, *early])}
            UNION ALL SELECT p.k FROM ({" UNION ALL ".join(published)}) AS p(k)
                WHERE NEW.published_at IS NOT NULL
        ) AS keys WHERE k IS NOT NULL;
        RETURN NEW;
    """


def shared(roles: Roles | None = None) -> Callable[[M], M]:
    """Class decorator: keeps the reader keys of a shared model."""
    wanted = roles or Roles()

    def decorate(model: M) -> M:
        table = model._meta.db_table
        columns = (*_BASE_COLUMNS, *(named.column for named in wanted.columns))
        pgtrigger.register(
            pgtrigger.Trigger(
                name="reader_keys",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns),
                declare=[("membership", "INTEGER")],
                func=_keys_function(table, wanted),
            )
        )(model)
        model.roles = wanted  # type: ignore[attr-defined]
        return model

    return decorate


def touches(record_table: str, record_column: str, fixed: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Class decorator for child tables that name readers: each row touches its record.

    Rows are replaced, never changed: a changed one would need both the old and the new record touched.
    `fixed`: the fields that name record and reader, where the others may change.
    """

    def decorate(model: M) -> M:
        body = (
            f"UPDATE {record_table} SET reader_keys = '{{}}'"
            f" WHERE id IN (SELECT DISTINCT {record_column} FROM changed_rows); RETURN NULL;"
        )
        for name, operation, referencing in (
            ("readers_added", pgtrigger.Insert, pgtrigger.Referencing(new="changed_rows")),
            ("readers_removed", pgtrigger.Delete, pgtrigger.Referencing(old="changed_rows")),
        ):
            pgtrigger.register(
                pgtrigger.Trigger(
                    name=name,
                    level=pgtrigger.Statement,
                    when=pgtrigger.After,
                    operation=operation,
                    referencing=referencing,
                    func=body,
                )
            )(model)
        pgtrigger.register(
            pgtrigger.ReadOnly(name="readers_fixed", fields=list(fixed))
            if fixed
            else pgtrigger.Protect(name="readers_fixed", operation=pgtrigger.Update)
        )(model)
        return model

    return decorate
