"""Tokens for the API: hashed, scoped, expiring."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Personal


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")
    CALENDAR = "calendar", _("The calendar alone")


@pghistory.track(exclude=["digest", "last_used_at", "last_used_from"])
class ApiToken(Personal):
    """Lets a program act as a person, no further than the person and the scopes allow.

    One for the calendar reads the calendar feed and nothing else: it lies in a program on a telephone.

    Only the SHA-256 of the token is kept; `prefix` is what the person recognises it by.
    Personal data: whose device it is and where it last called from. Retention: 12 months after it ends.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("person")
    )
    name = models.CharField(
        _("name"), max_length=80, help_text=_("Where it is used, for example “laptop Lorani”.")
    )
    prefix = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True, blank=True)
    # One made without, acts for nobody who needs a second factor.
    with_second_factor = models.BooleanField(
        _("made after a second factor"), default=False, db_default=False, editable=False
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    @property
    def scope(self) -> Scope:
        """The widest that it has."""
        return next(one for one in (Scope.WRITE, Scope.READ, Scope.CALENDAR) if one in self.scopes)

    @property
    def scope_words(self) -> str:
        return str(self.scope.label)
