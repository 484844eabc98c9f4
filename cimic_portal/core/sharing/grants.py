"""Single grants: reading one record, by name, for a time, with a reason.

The tables stand on django-guardian's direct-foreign-key bases. They are written by `grant()` and
`revoke()` (in `services/grants.py`) alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from cimic_portal.core.sharing.levels import MAX_KEYED_ID
from cimic_portal.core.sharing.querysets import PartQuerySet
from cimic_portal.core.sharing.triggers import touches

if TYPE_CHECKING:
    from cimic_portal.core.sharing.records import SharedRecord

# One sequence for all grant tables: a key of kind GRANT carries the bare id, so two grants on
# different models must never share a number.
GRANT_SEQUENCE = "core_grant_key"


class NextGrantId(models.Func):
    function = "nextval"
    template = f"nextval('{GRANT_SEQUENCE}')"
    output_field = models.IntegerField()


class Grant(models.Model):
    """What every grant carries. It gives reading only, and stops by itself."""

    sharing: ClassVar[str] = "part"
    part_of: ClassVar[str] = "content_object"
    also_of: ClassVar[tuple[str, ...]] = ()

    id = models.IntegerField(primary_key=True, db_default=NextGrantId(), editable=False)
    expires_at = models.DateTimeField(_("expires"))
    reason = models.CharField(_("reason"), max_length=300)
    grantor = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)

    # Whom a record was opened to is told to those who may see the record.
    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=models.Q(id__lt=MAX_KEYED_ID), name="%(class)s_id_fits_key"),
        ]


class PersonGrant(Grant, UserObjectPermissionBase):
    user = models.ForeignKey("core.Person", on_delete=models.CASCADE, related_name="+")
    permission = models.ForeignKey("auth.Permission", on_delete=models.CASCADE, related_name="+")

    class Meta(Grant.Meta, UserObjectPermissionBase.Meta):
        abstract = True
        unique_together = ["user", "permission", "content_object"]


class GroupGrant(Grant, GroupObjectPermissionBase):
    group = models.ForeignKey("auth.Group", on_delete=models.CASCADE, related_name="+")
    permission = models.ForeignKey("auth.Permission", on_delete=models.CASCADE, related_name="+")

    class Meta(Grant.Meta, GroupObjectPermissionBase.Meta):
        abstract = True
        unique_together = ["group", "permission", "content_object"]


def grant_models(record: type[models.Model]) -> tuple[type[PersonGrant], type[GroupGrant]]:
    """The two grant tables of a shared model; call it beside the model."""
    made = []
    for base, suffix in ((PersonGrant, "PersonGrant"), (GroupGrant, "GroupGrant")):
        meta = type("Meta", (base.Meta,), {"abstract": False, "default_permissions": ()})
        model = type(
            f"{record.__name__}{suffix}",
            (base,),
            {
                "__module__": record.__module__,
                "__doc__": f"A grant to read one {record._meta.verbose_name}.",
                "content_object": models.ForeignKey(record, on_delete=models.CASCADE, related_name="+"),
                "Meta": meta,
            },
        )
        touches(record._meta.db_table, "content_object_id")(model)
        pghistory.track()(model)
        made.append(model)
    return made[0], made[1]


def grant_models_of(record: type[models.Model]) -> tuple[type[Grant], ...]:
    """The two grant tables of a shared model, found by their names."""
    from django.apps import apps

    names = (f"{record.__name__}{suffix}" for suffix in ("PersonGrant", "GroupGrant"))
    return tuple(apps.get_model(record._meta.app_label, name) for name in names)


def grant_tables(record: type[models.Model], to: models.Model) -> tuple[type[Grant], dict[str, int]]:
    """The grant table for a record and a person or group, and the column that names them."""
    from django.apps import apps
    from django.contrib.auth.models import Group

    named, suffix = ("group_id", "GroupGrant") if isinstance(to, Group) else ("user_id", "PersonGrant")
    table = apps.get_model(record._meta.app_label, f"{record.__name__}{suffix}")
    assert issubclass(table, Grant)
    return table, {named: to.pk}


def grants_of(record: SharedRecord) -> list[Any]:
    """The grants on a record that have not expired, each with `named`: the person or the group."""
    from django.apps import apps

    found: list[Any] = []
    for suffix, column in (("PersonGrant", "user"), ("GroupGrant", "group")):
        table: Any = apps.get_model(
            record._meta.app_label, f"{type(record).__name__}{suffix}"
        )._default_manager
        rows = table.unscoped("grants of a record that the reader may open to others").filter(
            content_object_id=record.pk, expires_at__gt=timezone.now()
        )
        for row in rows.select_related(column).order_by("expires_at"):
            row.named = getattr(row, column)
            found.append(row)
    return found
