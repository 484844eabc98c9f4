"""Addresses of the overview: home."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.overview.views.home import changes_seen, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("seen/", changes_seen, name="changes_seen"),
]
