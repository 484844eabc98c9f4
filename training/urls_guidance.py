"""Addresses of guidance."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from training.listings.guidance import acknowledgement_list, guidance_list
from training.views import guidance, guidance_version, guidance_write

_ONE = "guidance/<reference:reference>/"
_VERSION = f"{_ONE}versions/<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    *list_routes(guidance_list, "guidance/"),
    *list_routes(acknowledgement_list, "guidance/acknowledgements/"),
    path("guidance/new/", guidance.guidance_write, name="guidance_write"),
    path(_ONE, guidance.guidance_detail, name="guidance"),
    path(f"{_ONE}edit/", guidance.guidance_edit, name="guidance_edit"),
    path(f"{_ONE}compare/", guidance_version.guidance_compare, name="guidance_compare"),
    path(_VERSION, guidance_version.version_detail, name="guidance_version"),
    path(f"{_VERSION}write/", guidance_write.version_write, name="guidance_version_write"),
    path(f"{_VERSION}submit/", guidance_version.version_submit, name="guidance_version_submit"),
    path(f"{_VERSION}comment/", guidance_version.version_comment, name="guidance_comment"),
    path(f"{_VERSION}comments/<int:pk>/", guidance_version.comment_answer, name="guidance_comment_answer"),
    path(f"{_VERSION}paper/", guidance_version.version_paper, name="guidance_paper"),
    path(f"{_VERSION}<slug:verb>/", guidance_version.version_verb, name="guidance_version_verb"),
    path(f"{_ONE}<slug:verb>/", guidance.guidance_verb, name="guidance_verb"),
]
