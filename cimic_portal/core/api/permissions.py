"""Who may call the API at all. What each record allows is asked of the rule and the policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from cimic_portal.core.models import ApiToken, Scope

if TYPE_CHECKING:
    from rest_framework.request import Request


class HoldsPosition(BasePermission):
    """Signed in, holding a position now, and with a token whose scope covers the method.

    `scopes_enough` of a view: any of these opens it; each is written as it stands on the token.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        person = request.user
        if person is None or not person.is_authenticated:
            return False
        if not person.access.held:
            raise PermissionDenied(_("You hold no position at present."))
        if isinstance(request.auth, ApiToken):
            needed = Scope.READ if request.method in SAFE_METHODS else Scope.WRITE
            enough = getattr(view, "scopes_enough", {needed})
            if not enough & set(request.auth.scopes):
                raise PermissionDenied(_("This token may not do that."))
        return True
