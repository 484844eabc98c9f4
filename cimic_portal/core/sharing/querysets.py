"""Reading shared records: every read says for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q, Value

from cimic_portal.core.errors import UnscopedQueryError
from cimic_portal.core.sharing.scope import NOBODY, Scope, ScopedQuery, opens

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Refuses to touch the database until `visible_to` or `unscoped` was called.

    Reading is refused where the SQL is made (`ScopedQuery`); what never comes there is refused here.
    """

    def __init__(
        self, model: Any = None, query: Any = None, using: str | None = None, hints: Any = None
    ) -> None:
        super().__init__(model, query or ScopedQuery(model), using, hints)

    def _scoped(self, scope: Scope) -> Self:
        clone = self._chain()  # type: ignore[attr-defined]
        clone.query.scope = scope
        return clone  # type: ignore[no-any-return]

    def unscoped(self, why: str) -> Self:
        """All rows, for services and triggers' tests. `why` says what stands in for the rule."""
        return self._scoped(Scope(why, by_rule=False))

    def visible_to(self, person: Person | None) -> Self:
        """The rows this person may see."""
        raise NotImplementedError

    def _require_scope(self) -> Scope:
        query: Any = self.query
        scope: Scope = query.require_scope()
        return scope

    def _require_same_scope(self, other: Any) -> None:
        """Rows joined on from elsewhere must have been read for the same person."""
        theirs = other.query
        if isinstance(theirs, ScopedQuery) and theirs.require_scope() != self._require_scope():
            raise UnscopedQueryError(f"{self.model.__name__}: two queries of different scope were combined.")

    def __and__(self, other: Any) -> Self:
        self._require_same_scope(other)
        return super().__and__(other)

    def __or__(self, other: Any) -> Self:
        self._require_same_scope(other)
        return super().__or__(other)

    def __xor__(self, other: Any) -> Self:
        self._require_same_scope(other)
        return super().__xor__(other)

    def _combinator_query(self, combinator: str, *others: Any, all: bool = False) -> Self:
        for other in others:
            self._require_same_scope(other)
        combined: Self = super()._combinator_query(combinator, *others, all=all)  # type: ignore[misc]
        return combined

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise UnscopedQueryError(f"{self.model.__name__}: raw SQL knows no rule.")

    def extra(self, *args: Any, **kwargs: Any) -> Any:
        raise UnscopedQueryError(f"{self.model.__name__}: SQL of one's own knows no rule.")


class SharedQuerySet(ScopedQuerySet[M]):
    """Rows that carry the rule themselves."""

    def visible_to(self, person: Person | None) -> Self:
        if person is None or not person.is_authenticated:
            return self._scoped(NOBODY).none()
        access = person.access
        if not access.keys:
            return self._scoped(_scope_of(person)).none()
        # One value: Django makes of a list an expression for each key, and copies all with each query.
        field: Any = self.model._meta.get_field("reader_keys")
        keys = Value(sorted(access.keys), output_field=field)
        return self._scoped(_scope_of(person)).filter(
            classification__lte=access.clearance, reader_keys__overlap=keys
        )


class PartQuerySet(ScopedQuerySet[M]):
    """Rows that are visible with the record they belong to; the model names it in `part_of`.

    Where a row also points at other shared records (`also_of`), each of these must be visible too.
    """

    def visible_to(self, person: Person | None) -> Self:
        seen = self
        for name in opens(self.model):
            link: Any = self.model._meta.get_field(name)
            records = link.related_model._default_manager.visible_to(person).order_by().values("pk")
            reached = Q(**{f"{name}__in": records})
            # Only where it can be empty: the OR costs the planner its semi-join.
            seen = seen.filter(reached | Q(**{f"{name}__isnull": True}) if link.null else reached)
        return seen._scoped(_scope_of(person))


def _scope_of(person: Person | None) -> Scope:
    return NOBODY if person is None else Scope("the sharing rule", person.pk)
