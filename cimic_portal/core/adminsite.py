"""The admin site: entered through the portal's own sign-in, with nothing that reads past the rule."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

# Django's own addresses that are not served: sign-in by another door, and a redirect to any object
# of any model by its id, which would tell what exists.
_CLOSED = {"password_change_done", "view_on_site"}


class PortalAdminSite(AdminSite):
    """People, posts, offices, reference data and settings; shared records as the rule allows."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("What you manage")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what declares how it is shared; libraries bring pages for tables that nobody manages."""
        given = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register([model for model in given if hasattr(model, "sharing")], admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from cimic_portal.core.admin import glass, rotation, runs, settings_page, trail_search

        own: list[URLPattern | URLResolver] = [
            path("running/", self.admin_view(runs.runs), name="running"),
            path("settings/", self.admin_view(settings_page.settings_page), name="settings"),
            path("rotation/", self.admin_view(rotation.rotation), name="rotation"),
            path("rotation/table/", self.admin_view(rotation.rotation_table), name="rotation_table"),
            path("trail/", self.admin_view(trail_search.trail), name="trail"),
            path("glass/", self.admin_view(glass.ask), name="glass"),
            path("glass/<reference:reference>/", self.admin_view(glass.show), name="glass_record"),
        ]
        given = super().get_urls()
        return own + [route for route in given if getattr(route, "name", None) not in _CLOSED]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Who is not signed in was sent to the portal's sign-in before; administrators go on."""
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))
