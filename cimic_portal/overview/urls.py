"""Addresses of the overview: home."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.overview.views.home import home

urlpatterns: list[URLPattern | URLResolver] = [path("", home, name="home")]
