"""What is forgotten, and when: each app declares its own at start-up; core never knows who did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, Func

from cimic_portal.core.models import RetentionRules

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Held:
    """Columns of one table that tell of the one who is forgotten.

    link: the column that holds the id of the row that is forgotten, or with `through` one of the ids which
    that SQL finds. becomes: for each column what stands there afterwards, in the table and in its trail.
    row_only: the same for the table alone. drop: the rows go altogether, and their trail is emptied.
    In all SQL `{row}` stands for the id of the row that is forgotten.
    """

    model: type[Model]
    link: str = "id"
    becomes: Mapping[str, str] = field(default_factory=dict)
    row_only: Mapping[str, str] = field(default_factory=dict)
    through: str = "{row}"
    drop: bool = False


@dataclass(frozen=True)
class Retention:
    """A kind of row that holds somebody's data.

    last(): the rows whose time runs, each with `last_at`, from which it is counted. The database procedure
    asks the same query, so it may depend on nothing but the database.
    before(id): what has to end first, in the same transaction.
    told(row): what is held about them, for who asks and has no account.
    """

    kind: str
    label: StrOrPromise
    model: type[Model]
    last: Callable[[], QuerySet[Any]]
    held: tuple[Held, ...]
    before: Callable[[int], None] | None = None
    told: Callable[[Any], dict[str, Any]] | None = None


_kinds: dict[str, Retention] = {}
_more: dict[str, list[Held]] = {}


def add_retention(retention: Retention) -> None:
    _kinds[retention.kind] = retention


def also_held(kind: str, *held: Held) -> None:
    """What a higher app holds of the same people: forgotten with them."""
    known = _more.setdefault(kind, [])
    known += [each for each in held if each not in known]


def retentions() -> list[Retention]:
    return list(_kinds.values())


def retention_of(kind: str) -> Retention:
    """Raises KeyError for a kind that nobody declared."""
    return _kinds[kind]


def held_of(retention: Retention) -> list[Held]:
    """All that is forgotten with a row of the kind, the row itself first."""
    return [*retention.held, *_more.get(retention.kind, [])]


def interval_sql() -> str:
    """For how long data is kept, as SQL: what the mission's rules say at that moment."""
    rules = f"(SELECT months FROM {RetentionRules._meta.db_table})"  # noqa: S608 - our own names
    return f"make_interval(months => coalesce({rules}, {RetentionRules().months}))"


def time_ran_out() -> Func:
    """Of rows with `last_at`: the moment at which the time runs or ran out."""
    return Func("last_at", template=f"(%(expressions)s + {interval_sql()})", output_field=DateTimeField())


def changed_fields(retention: Retention) -> list[str]:
    """Every column that is emptied, as `table.column`; `table.*` where rows go. For entries and previews."""
    return [
        f"{held.model._meta.db_table}.{column}"
        for held in held_of(retention)
        for column in ({"*": ""} if held.drop else {**held.becomes, **held.row_only})
        if column != "version"
    ]
