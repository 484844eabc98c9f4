"""Addresses of quick impact projects."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from operations.listings.qip import qip_list
from operations.views import qip, qip_parts

ONE = "qips/<reference:reference>/"

urlpatterns: list[URLPattern | URLResolver] = [
    *list_routes(qip_list, "qips/"),
    path("qips/new/", qip.qip_propose, name="qip_propose"),
    path(ONE, qip.qip_detail, name="qip"),
    path(f"{ONE}edit/", qip.qip_edit, name="qip_edit"),
    path(f"{ONE}milestones/<int:pk>/", qip_parts.milestone_reached, name="qip_milestone"),
    path(f"{ONE}payments/<int:pk>/strike/", qip_parts.payment_strike, name="qip_payment_strike"),
    path(f"{ONE}photos/add/", qip_parts.photo_add, name="qip_photo_add"),
    path(f"{ONE}photos/<int:pk>/", qip_parts.photo, name="qip_photo"),
    path(f"{ONE}photos/<int:pk>/small/", qip_parts.photo_small, name="qip_photo_small"),
    path(f"{ONE}photos/<int:pk>/strike/", qip_parts.photo_strike, name="qip_photo_strike"),
    path(f"{ONE}<slug:verb>/", qip.qip_verb, name="qip_verb"),
]
