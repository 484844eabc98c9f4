"""Verbs of retention: decide about what is due, and anonymise what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.functions import TransactionNow
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Forgotten, RetentionDecision, RetentionRules
from cimic_portal.core.policies import can_decide_retention, require
from cimic_portal.core.retention import Retention, retention_of, retentions, time_ran_out
from cimic_portal.core.services.verbs import need_reason, verb
from cimic_portal.core.sharing.records import SharedRecord

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


@dataclass(frozen=True)
class Due:
    """What is due of one kind: how many wait for a decision, were decided, or are kept for longer."""

    retention: Retention
    open: int
    decided: int
    kept: int


def due_rows(retention: Retention) -> QuerySet[Any]:
    """Rows whose time has run out and that are not anonymised yet, with `last_at` and what was decided."""
    about = RetentionDecision.objects.filter(kind=retention.kind, row_id=OuterRef("pk")).order_by("-id")
    done = Forgotten.objects.filter(kind=retention.kind, row_id=OuterRef("pk"))
    rows: QuerySet[Any] = retention.last().filter(~Exists(done)).annotate(due_at=time_ran_out())
    decided: QuerySet[Any] = rows.filter(due_at__lte=TransactionNow()).annotate(
        decided_at=Subquery(about.values("decided_at")[:1]),
        keep_until=Subquery(about.values("keep_until")[:1]),
    )
    return decided.order_by("last_at", "pk")


def is_kept() -> Q:
    """Of due rows: those that somebody keeps for longer."""
    return Q(keep_until__gt=timezone.localdate())


def is_decided() -> Q:
    """Of due rows: those that somebody decided to anonymise, since they fell due."""
    return Q(decided_at__gte=F("due_at"), keep_until__isnull=True)


def open_rows(retention: Retention) -> QuerySet[Any]:
    """What waits: nobody decided since it fell due, or it was kept until a day that is past."""
    past = Q(keep_until__lte=timezone.localdate())
    undecided = Q(decided_at__isnull=True) | Q(decided_at__lt=F("due_at"), keep_until__isnull=True)
    return due_rows(retention).filter(past | undecided)


def visible_due(retention: Retention, rows: QuerySet[Any], reader: Person) -> QuerySet[Any]:
    """Those of the rows that the reader may be shown by name."""
    if issubclass(retention.model, SharedRecord):
        seen = retention.model._default_manager.visible_to(reader).order_by().values("pk")
        return rows.filter(pk__in=seen)
    return rows


def preview() -> list[Due]:
    """How much is due now, of each kind."""
    return [
        Due(
            retention,
            open=open_rows(retention).count(),
            decided=due_rows(retention).filter(is_decided()).count(),
            kept=due_rows(retention).filter(is_kept()).count(),
        )
        for retention in retentions()
    ]


def decide(
    kind: str, rows: Iterable[int] | None, *, actor: Person, reason: str, keep_until: date | None = None
) -> int:
    """Decide about rows that are due: anonymise them, or keep them until a day. Returns about how many.

    `rows`: ids among what the actor may see; None: all that wait for a decision, seen or not, of which the
    actor learns the number alone. The actor's own row, and what is not due, are left alone.
    Raises RefusedError, InvalidError.
    """
    require(can_decide_retention(actor))
    need_reason(reason, _("Say why: it is kept with the decision."))
    if keep_until is not None and keep_until <= timezone.localdate():
        raise InvalidError({"keep_until": [_("Choose a day that is still to come.")]})
    retention = retention_of(kind)
    due = open_rows(retention)
    if rows is not None:
        due = visible_due(retention, due_rows(retention).filter(pk__in=list(rows)), actor)
    if kind == "person":
        due = due.exclude(pk=actor.pk)
    with verb("retention.decide", actor=actor, reason=reason):
        return _write(kind, due, reason=reason, actor=actor, keep_until=keep_until)


def _write(kind: str, due: QuerySet[Any], **decision: Any) -> int:
    actor = decision.pop("actor")
    made = [
        RetentionDecision(kind=kind, row_id=pk, decided_by=actor, **decision)
        for pk in due.values_list("pk", flat=True)
    ]
    return len(RetentionDecision.objects.bulk_create(made))


def forget_decided() -> list[Forgotten]:
    """Anonymise all that was decided and is still due, each row in a transaction of its own.

    Where the mission asks for no review, what waits for a decision is decided first.
    """
    done = []
    is_reviewed = RetentionRules.in_force().is_reviewed
    for retention in retentions():
        if not is_reviewed:
            with verb("retention.decide", actor=None):
                _write(retention.kind, open_rows(retention), reason=_("By the mission's rules"), actor=None)
        rows = due_rows(retention).filter(is_decided())
        done += [forget(retention.kind, pk) for pk in list(rows.values_list("pk", flat=True))]
    return done


def forget(kind: str, pk: int) -> Forgotten:
    """Anonymise one row, in the trail too. The database refuses what is not due or not decided."""
    retention = retention_of(kind)
    with verb(f"{kind}.forget", actor=None):
        if retention.before is not None:
            retention.before(pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_forget(%s, %s)", [kind, pk])
            (entry,) = cursor.fetchone()
        return Forgotten.objects.get(pk=entry)
