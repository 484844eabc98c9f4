"""Granting and revoking: opening one record to one person or group, for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person
from cimic_portal.core.policies import can_grant, require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, save_changed, verb
from cimic_portal.core.sharing.grants import Grant, grant_models_of, grant_tables
from cimic_portal.core.sharing.records import SharedRecord

LONGEST_GRANT = timedelta(days=365)


def _view_permission(record: SharedRecord) -> Permission:
    content_type = ContentType.objects.get_for_model(type(record))
    return Permission.objects.get(content_type=content_type, codename=f"view_{content_type.model}")


def grant(
    record: SharedRecord,
    to: Person | Group,
    *,
    actor: Person,
    expires_at: datetime,
    reason: str,
    version: int,
) -> Grant:
    """Let one person or group read one record until `expires_at` (aware). A former grant is replaced.

    Raises RefusedError, StaleError, or InvalidError (no reason, a past or too distant end, a person
    not cleared for the record, oneself).
    """
    with verb(f"{record._meta.model_name}.grant", actor=actor, reason=reason):
        current = lock(record, actor=actor, version=version)
        require(can_grant(actor, current))
        _check(current, to, actor, expires_at, reason)
        table, named = grant_tables(type(current), to)
        rows: Any = table._default_manager
        former = rows.unscoped("the record is locked by its owner office")
        former.filter(content_object_id=current.pk, **named).delete()
        made: Grant = rows.create(
            content_object_id=current.pk,
            permission=_view_permission(current),
            expires_at=expires_at,
            reason=reason,
            grantor=actor,
            **named,
        )
        save_changed(current)
        people = [to] if isinstance(to, Person) else Person.objects.filter(groups=to)
        notify(current, "record.shared", people=people, actor=actor)
        return made


def revoke(record: SharedRecord, given: Grant, *, actor: Person, reason: str, version: int) -> None:
    """End a grant on this record at once. Raises RefusedError or StaleError."""
    on: Any = given
    if on.content_object_id != record.pk or type(given) not in grant_models_of(type(record)):
        raise ValueError("The grant is on another record.")
    with verb(f"{record._meta.model_name}.revoke", actor=actor, reason=reason):
        current = lock(record, actor=actor, version=version)
        require(can_grant(actor, current))
        rows: Any = type(given)._default_manager
        granted = rows.unscoped("the record is locked by its owner office")
        granted.filter(pk=given.pk, content_object_id=current.pk).delete()
        save_changed(current)


def _check(
    record: SharedRecord, to: Person | Group, actor: Person, expires_at: datetime, reason: str
) -> None:
    problems: dict[str, list[str]] = {}
    now = timezone.now()
    if not reason.strip():
        problems["reason"] = [_("Say why this person needs to read it.")]
    if not now < expires_at <= now + LONGEST_GRANT:
        problems["expires_at"] = [_("Choose an end between now and one year from now.")]
    clearance = getattr(to, "clearance", None)
    if clearance is not None and clearance < record.classification:
        problems["to"] = [_("This person is not cleared for the record.")]
    if to == actor:
        # It would outlast the post by which the actor reads it.
        problems["to"] = [_("You cannot open a record to yourself.")]
    if problems:
        raise InvalidError(problems)
