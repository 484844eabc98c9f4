"""The API: every noun under /api/v1/, and its schema. Each app registers its own nouns."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from cimic_portal.core.api import routes as core
from cimic_portal.core.api.own import MeView
from liaison.api import routes as liaison
from operations.api import routes as operations
from training.api import routes as training
from training.api.calendar import CalendarFeed

router = SimpleRouter()
core.register(router)
operations.register(router)
liaison.register(router)
training.register(router)

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/calendar.ics", CalendarFeed.as_view(), name="calendar_feed"),
    path("v1/me/", MeView.as_view(), name="me"),
    path("v1/", include(router.urls)),
]
