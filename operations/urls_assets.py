"""Addresses of assets and bookings."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from operations.listings.asset import asset_list
from operations.listings.booking import booking_list
from operations.views import asset, asset_time, booking, operation_assets

ONE = "assets/<reference:reference>/"
BOOKING = "bookings/<int:pk>/"
OF = "<reference:reference>/assets/"

urlpatterns: list[URLPattern | URLResolver] = [
    *list_routes(asset_list, "assets/"),
    path("assets/new/", asset.asset_new, name="asset_new"),
    path("assets/load/", asset_time.asset_load, name="asset_load"),
    path(ONE, asset.asset_detail, name="asset"),
    path(f"{ONE}edit/", asset.asset_edit, name="asset_edit"),
    path(f"{ONE}calendar/", asset_time.asset_calendar, name="asset_calendar"),
    path(f"{ONE}out/<int:pk>/end/", asset.asset_unblock, name="asset_unblock"),
    path(f"{ONE}<slug:verb>/", asset.asset_verb, name="asset_verb"),
    *list_routes(booking_list, "bookings/"),
    path(BOOKING, booking.booking_detail, name="booking"),
    path(f"{BOOKING}<slug:verb>/", booking.booking_verb, name="booking_verb"),
    path(OF, operation_assets.operation_assets, name="operation_assets"),
    path(f"{OF}request/", operation_assets.asset_request, name="asset_request"),
]
