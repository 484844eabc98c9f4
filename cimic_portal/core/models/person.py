"""People who sign in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models.office import Office
from cimic_portal.core.querysets import PersonQuerySet
from cimic_portal.core.sharing.levels import MAX_KEYED_ID, Classification, Component
from cimic_portal.core.sharing.records import Reference

if TYPE_CHECKING:
    from cimic_portal.core.sharing.keys import Access


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person: Person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        found: Person = self.get(email=(username or "").lower())
        return found


@pghistory.track(exclude=["password", "last_login", "seen_until"])
class Person(AbstractBaseUser, PermissionsMixin, Reference):
    """Someone who signs in to the portal; holds positions over periods.

    Personal data: name, rank, email, phone. Retention: anonymised when due after they leave
    (settings; default 24 months).
    """

    printed = (
        Concat("form_of_address", Value(" "), "given_name", Value(" "), "family_name"),
        Concat("given_name", Value(" "), "family_name"),
    )

    id = models.AutoField(primary_key=True)
    email = models.EmailField(_("email"), unique=True)
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    form_of_address = models.CharField(
        _("rank or form of address"), max_length=20, blank=True, help_text=_("Cpt, Ms, Dr …")
    )
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    component = models.PositiveSmallIntegerField(_("component"), choices=Component)
    clearance = models.PositiveSmallIntegerField(
        _("clearance"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(
        _("administrator"),
        default=False,
        help_text=_(
            "Manages people, posts, offices, reference data and settings. "
            "Reads records only as the rule allows."
        ),
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    seen_until = models.DateTimeField(_("last looked at the home page"), null=True, blank=True)
    # In the trail in place of the password itself.
    password_changed_at = models.DateTimeField(_("password changed"), null=True, blank=True, editable=False)

    # Permissions come from the sharing rule and from positions, never from a model-level permission.
    is_superuser = False
    user_permissions = None  # type: ignore[assignment]

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["given_name", "family_name", "component"]

    class Meta:
        ordering = ["family_name", "given_name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=models.Q(id__lt=MAX_KEYED_ID), name="person_id_fits_key"),
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")), name="person_email_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(component__in=Component.values), name="person_component_known"
            ),
            models.CheckConstraint(
                condition=models.Q(clearance__in=Classification.values), name="person_clearance_known"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.form_of_address, self.given_name, self.family_name) if part)

    def get_full_name(self) -> str:
        return str(self)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again, and what the person holds with it."""
        super().refresh_from_db(*args, **kwargs)
        self.__dict__.pop("access", None)

    @cached_property
    def access(self) -> Access:
        """What this person may read and act for, gathered once per request or task."""
        from cimic_portal.core.sharing.keys import gather_access

        return gather_access(self.pk)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A session ends when the password or the clearance changes.
        return salted_hmac(
            "core.Person.session", f"{self.password}:{self.clearance}", secret=secret, algorithm="sha256"
        ).hexdigest()


@pghistory.track()
class SharingGroup(Group):
    """People who may be named together in a grant; owned by an office.

    Personal data: who belongs to it. Retention: kept.
    """

    sharing: ClassVar[str] = "reference"

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner office")
    )

    class Meta:
        verbose_name = _("sharing group")
        verbose_name_plural = _("sharing groups")


@pghistory.track(obj_field=None, exclude=["id"])
class GroupMembership(Person.groups.through):  # type: ignore[name-defined]
    """Who belongs to which group, for the trail: it decides what a group's grants open to whom."""

    sharing: ClassVar[str] = "reference"

    class Meta:
        proxy = True
