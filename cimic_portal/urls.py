"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("cimic_portal.overview.urls")),
    path("", include("cimic_portal.core.urls")),
    path("operations/", include("operations.urls")),
    path("liaison/", include("liaison.urls")),
    path("training/", include("training.urls")),
    path("api/", include("cimic_portal.api_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "cimic_portal.core.views.errors.bad_request"
handler403 = "cimic_portal.core.views.errors.forbidden"
handler404 = "cimic_portal.core.views.errors.not_found"
handler500 = "cimic_portal.core.views.errors.server_error"
