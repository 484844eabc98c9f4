"""Who may sign in, and what Django's permission questions mean here."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.apps import apps

from cimic_portal.core.models import Person

# Apps whose models administrators manage. Shared records are read there as the rule allows.
_MANAGED_APPS = {"core", "operations", "liaison", "training"}


class PortalBackend(AuthenticationBackend):
    """Signs in by email. Permissions: an administrator manages reference data and looks at the rest.

    Rights on shared records come from the sharing rule and the policies, never from here: of a
    shared model the answer is at most `view`, and the admin then asks `visible_to`. Parts and what
    belongs to one person have no page of their own, so the answer is no.
    """

    def _authenticate_by_email(self, email: str, password: str) -> Person | None:
        # allauth keeps addresses in a table of its own too; here the person's own is the only one.
        person = Person.objects.filter(email=email.strip().lower()).first()
        found: Person | None = self._check_password(person, password)
        return found

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        app_label, _, codename = perm.partition(".")
        action, _, model_name = codename.partition("_")
        if not self.has_module_perms(user_obj, app_label):
            return False
        try:
            sharing = getattr(apps.get_model(app_label, model_name), "sharing", None)
        except LookupError:
            return False
        # What declares nothing (the trail, tables of libraries) is not managed.
        return sharing == "reference" or (sharing == "shared" and action == "view")

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return bool(user_obj.is_active and user_obj.is_staff and app_label in _MANAGED_APPS)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
