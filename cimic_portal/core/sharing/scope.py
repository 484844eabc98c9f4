"""The scope of a query: for whom it reads, checked whenever SQL is made of it.

The check stands in the query and not in the methods of the queryset, so that it holds however the
query is used: iterated, counted, explained, as `Exists`, as a subquery or as one side of a union.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import sql
from django.db.models.sql.datastructures import Join

from cimic_portal.core.errors import UnscopedQueryError


@dataclass(frozen=True)
class Scope:
    """For whom a query reads: `person` by the sharing rule, or no one in particular (`why`)."""

    why: str
    person: int | None = None
    by_rule: bool = True


NOBODY = Scope("nobody")


def is_guarded(model: type[models.Model]) -> bool:
    """Whether the rows of this table need a scope of their own: shared records and their trail."""
    return getattr(model, "sharing", None) in {"shared", "event"}


def opens(model: type[models.Model]) -> tuple[str, ...]:
    """The links of a part whose rule its own `visible_to` asks: its record, and `also_of`."""
    if getattr(model, "sharing", None) != "part":
        return ()
    return (model.part_of, *getattr(model, "also_of", ()))  # type: ignore[attr-defined]


_inherited: ContextVar[Scope | None] = ContextVar("inherited_scope", default=None)


@contextmanager
def _inheriting(scope: Scope | None) -> Iterator[None]:
    token = _inherited.set(scope)
    try:
        yield
    finally:
        _inherited.reset(token)


class ScopedQuery(sql.Query):
    """A query that makes no SQL until its scope is known, and joins no table past its rule."""

    def __init__(self, model: type[models.Model] | None, alias_cols: bool = True) -> None:
        super().__init__(model, alias_cols=alias_cols)
        self.scope: Scope | None = _inherited.get()

    def require_scope(self) -> Scope:
        if self.scope is None:
            name = self.model.__name__ if self.model else "A shared model"
            raise UnscopedQueryError(f"{name} was read without visible_to(person) or unscoped(reason).")
        return self.scope

    def split_exclude(self, *args: Any, **kwargs: Any) -> Any:
        # The inner query of an exclude() over many rows is part of this one.
        with _inheriting(self.scope):
            return super().split_exclude(*args, **kwargs)

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        scope = self.require_scope()
        compiler = super().get_compiler(*args, **kwargs)
        if scope.by_rule:
            set_up = compiler.pre_sql_setup

            def checked(*setup_args: Any, **setup_kwargs: Any) -> Any:
                # Only here are the joins of ordering and of select_related() known.
                done = set_up(*setup_args, **setup_kwargs)
                self._check_joins()
                return done

            compiler.pre_sql_setup = checked
        return compiler

    def _check_joins(self) -> None:
        """A join would show, filter or sort by rows of another record that nobody asked the rule for."""
        for alias, join in self.alias_map.items():
            if isinstance(join, Join) and self.alias_refcount[alias] and not _may_join(join.join_field):
                raise UnscopedQueryError(
                    f"{self.model.__name__ if self.model else ''} was joined to {join.table_name} past its "
                    "rule: use a subquery or Prefetch(queryset=….visible_to(person))."
                )


def _may_join(link: Any) -> bool:
    """Whether whoever may see the near end may see the far end, or the far end is for everyone."""
    if isinstance(link, models.ForeignKey):
        return link.name in opens(link.model) or not is_guarded(link.related_model)
    far = link.related_model
    if getattr(far, "sharing", None) == "part":
        return link.field.name == far.part_of and not far.also_of
    return getattr(far, "sharing", "reference") == "reference"
