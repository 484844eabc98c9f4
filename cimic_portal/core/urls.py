"""Addresses of core."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from cimic_portal.core.listings.area import area_list
from cimic_portal.core.listings.document import document_list
from cimic_portal.core.listings.office import office_list
from cimic_portal.core.listings.organisation import organisation_list
from cimic_portal.core.listings.person import person_list
from cimic_portal.core.listings.place import place_list
from cimic_portal.core.listings.position import position_list
from cimic_portal.core.views import (
    api_docs,
    area,
    demo_mail,
    documents,
    health,
    notifications,
    organisation,
    picks,
    place,
    position,
    retention,
    savedfilter,
)
from cimic_portal.core.views.listing import list_routes

_lists: list[URLPattern | URLResolver] = [
    *list_routes(organisation_list, "organisations/"),
    *list_routes(office_list, "offices/"),
    *list_routes(position_list, "positions/"),
    *list_routes(person_list, "people/"),
    *list_routes(document_list, "documents/"),
    path("lists/<slug:name>/filters/", savedfilter.savedfilters, name="savedfilters"),
    path("lists/<slug:name>/filters/new/", savedfilter.savedfilter_new, name="savedfilter_new"),
    path("lists/filters/<int:pk>/rename/", savedfilter.savedfilter_rename, name="savedfilter_rename"),
    path("lists/filters/<int:pk>/delete/", savedfilter.savedfilter_delete, name="savedfilter_delete"),
]

_suggestions: list[URLPattern | URLResolver] = [
    path("suggest/organisations/", picks.organisation_pick, name="organisation_pick"),
    path("suggest/places/", picks.place_pick, name="place_pick"),
    path("suggest/areas/", picks.area_pick, name="area_pick"),
    path("suggest/people/", picks.person_pick, name="person_pick"),
    path("suggest/everyone/", picks.everyone_pick, name="everyone_pick"),
    path("suggest/offices/", picks.office_pick, name="office_pick"),
    path("suggest/posts/", picks.post_pick, name="post_pick"),
    path("suggest/positions/", picks.position_pick, name="position_pick"),
    path("suggest/position/", position.position_lookup, name="position_lookup"),
]

_organisations: list[URLPattern | URLResolver] = [
    path("organisations/new/", organisation.organisation_add, name="organisation_add"),
    path("organisations/<int:pk>/", organisation.organisation_detail, name="organisation"),
    path("organisations/<int:pk>/edit/", organisation.organisation_edit, name="organisation_edit"),
]

_areas: list[URLPattern | URLResolver] = [
    *list_routes(area_list, "areas/"),
    path("areas/boundaries.json", area.area_boundaries, name="area_boundaries"),
    path("areas/<slug:pcode>/", area.area_detail, name="area"),
    *list_routes(place_list, "places/"),
    path("places/<int:pk>/", place.place_detail, name="place"),
]

_told: list[URLPattern | URLResolver] = [
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/count/", notifications.notifications_count, name="notifications_count"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path("notifications/<int:pk>/", notifications.notification_open, name="notification_open"),
]

_documents: list[URLPattern | URLResolver] = [
    path("documents/<reference:reference>/", documents.document, name="document"),
    path("documents/<reference:reference>/progress/", documents.document_progress, name="document_progress"),
    path("documents/<reference:reference>/file/", documents.document_fetch, name="document_fetch"),
    path("documents/<reference:reference>/release/", documents.document_release, name="document_release"),
    path("documents/<reference:reference>/again/", documents.document_again, name="document_again"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("cimic_portal.core.urls_account")),
    path("api/docs/", api_docs.api_docs, name="api_docs"),
    *_lists,
    *_organisations,
    *_areas,
    *_suggestions,
    *_told,
    *_documents,
    path("retention/", retention.retention, name="retention"),
    path("retention/<slug:kind>/", retention.retention_decide, name="retention_decide"),
]

# Mail to everybody is read here by everybody: the addresses do not even exist outside the demo.
if settings.DEMO:
    urlpatterns += [
        path("demo/mail/", demo_mail.demo_mail, name="demo_mail"),
        path("demo/mail/<slug:name>/", demo_mail.demo_mail_letter, name="demo_mail_letter"),
    ]
