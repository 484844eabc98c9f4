"""Addresses of operations."""

from django.urls import URLPattern, URLResolver, include, path

from cimic_portal.core.views.listing import list_routes
from operations.listings.operation import operation_list
from operations.urls_plan import urlpatterns as plan_patterns
from operations.urls_schedule import schedule_routes
from operations.views import operation

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("operations.urls_qip")),
    *list_routes(operation_list, ""),
    path("new/", operation.operation_new, name="operation_new"),
    path("<reference:reference>/", operation.operation_detail, name="operation"),
    path("<reference:reference>/edit/", operation.operation_edit, name="operation_edit"),
    path(
        "<reference:reference>/monitoring/<int:pk>/strike/",
        operation.diligence_strike,
        name="diligence_strike",
    ),
    *plan_patterns,
    *schedule_routes,
    path("<reference:reference>/<slug:verb>/", operation.operation_verb, name="operation_verb"),
]
