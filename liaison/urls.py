"""Addresses of liaison."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from liaison.listings.commitment import commitment_list
from liaison.listings.contact import contact_list
from liaison.listings.engagement import engagement_list
from liaison.listings.tasking import tasking_list
from liaison.views import commitment, contact, engagement, picks, sitrep, tasking

urlpatterns: list[URLPattern | URLResolver] = [
    *list_routes(engagement_list, "engagements/"),
    *list_routes(tasking_list, "taskings/"),
    *list_routes(contact_list, "contacts/"),
    *list_routes(commitment_list, "promises/"),
    path("engagements/new/", engagement.log_contact, name="log_contact"),
    path("engagements/<reference:reference>/", engagement.engagement_detail, name="engagement"),
    path("engagements/<reference:reference>/edit/", engagement.engagement_edit, name="engagement_edit"),
    path(
        "engagements/<reference:reference>/promises/<int:pk>/",
        commitment.commitment_settle,
        name="commitment_settle",
    ),
    path(
        "engagements/<reference:reference>/<slug:verb>/", engagement.engagement_verb, name="engagement_verb"
    ),
    path("taskings/new/", tasking.tasking_issue, name="tasking_issue"),
    path("taskings/<reference:reference>/", tasking.tasking_detail, name="tasking"),
    path("taskings/<reference:reference>/<slug:verb>/", tasking.tasking_verb, name="tasking_verb"),
    path("sitrep/new/", sitrep.sitrep_new, name="sitrep_new"),
    path("contacts/new/", contact.contact_add, name="contact_add"),
    path("contacts/suggest/", picks.contact_pick, name="contact_pick"),
    path("contacts/<reference:reference>/", contact.contact_detail, name="contact"),
    path("contacts/<reference:reference>/edit/", contact.contact_edit, name="contact_edit"),
    path("contacts/<reference:reference>/<slug:verb>/", contact.contact_verb, name="contact_verb"),
]
