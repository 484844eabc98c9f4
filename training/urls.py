"""Addresses of training."""

from django.urls import URLPattern, URLResolver, include, path

from cimic_portal.core.views.listing import list_routes
from training.listings.case import case_list
from training.listings.lesson import lesson_list
from training.urls_exercise import exercise_urls
from training.views import case, lesson

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("training.urls_readiness")),
    path("modules/", include("training.urls_module")),
    path("", include("training.urls_course")),
    *list_routes(lesson_list, "lessons/"),
    *list_routes(case_list, "cases/"),
    path("", include("training.urls_guidance")),
    *exercise_urls,
    path("cases/<int:pk>/", case.case_detail, name="case"),
    path("lessons/new/", lesson.lesson_record, name="lesson_record"),
    path("lessons/<reference:reference>/", lesson.lesson_detail, name="lesson"),
    path("lessons/<reference:reference>/edit/", lesson.lesson_edit, name="lesson_edit"),
    path("lessons/<reference:reference>/<slug:verb>/", lesson.lesson_verb, name="lesson_verb"),
]
