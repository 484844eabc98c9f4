"""Addresses of operations."""

from django.urls import URLPattern, URLResolver, include, path

from cimic_portal.core.views.listing import list_routes
from operations.listings.operation import operation_list
from operations.urls_journal import journal_routes
from operations.urls_plan import urlpatterns as plan_patterns
from operations.urls_schedule import schedule_routes
from operations.views import frago_frame, operation, papers, review

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("operations.urls_qip")),
    path("", include("operations.urls_assets")),
    *list_routes(operation_list, ""),
    path("new/", operation.operation_new, name="operation_new"),
    path("<reference:reference>/", operation.operation_detail, name="operation"),
    path("<reference:reference>/edit/", operation.operation_edit, name="operation_edit"),
    path(
        "<reference:reference>/monitoring/<int:pk>/strike/",
        operation.diligence_strike,
        name="diligence_strike",
    ),
    path("<reference:reference>/papers/", papers.operation_papers, name="operation_papers"),
    path("<reference:reference>/frame/", frago_frame.operation_frame, name="operation_frame"),
    path("<reference:reference>/review/", review.operation_review, name="operation_review"),
    path("<reference:reference>/review/edit/", review.review_edit, name="review_edit"),
    path("<reference:reference>/review/findings/new/", review.finding_new, name="finding_new"),
    path("<reference:reference>/review/findings/<int:pk>/", review.finding_edit, name="finding_edit"),
    path(
        "<reference:reference>/review/findings/<int:pk>/withdraw/",
        review.finding_withdraw,
        name="finding_withdraw",
    ),
    *plan_patterns,
    *journal_routes,
    *schedule_routes,
    path("<reference:reference>/<slug:verb>/", operation.operation_verb, name="operation_verb"),
]
