"""Addresses of readiness, requirements and figures."""

from django.urls import URLPattern, URLResolver, path

from cimic_portal.core.views.listing import list_routes
from training.listings.requirement import requirement_list
from training.views import (
    figures,
    operation_readiness,
    person_readiness,
    readiness,
    readiness_document,
    readiness_files,
    requirement,
    whocan,
)

_OPERATION = "readiness/operations/<reference:reference>/"
_PERSON = "readiness/people/<reference:reference>/"
urlpatterns: list[URLPattern | URLResolver] = [
    *list_routes(requirement_list, "requirements/"),
    path("requirements/new/", requirement.requirement_add, name="requirement_add"),
    path("requirements/<int:pk>/", requirement.requirement_detail, name="requirement"),
    path("requirements/<int:pk>/edit/", requirement.requirement_edit, name="requirement_edit"),
    path("requirements/<int:pk>/<slug:step>/", requirement.requirement_step, name="requirement_step"),
    path("readiness/", readiness.readiness_page, name="readiness"),
    path("readiness/courses/", readiness.courses_page, name="readiness_courses"),
    path("readiness/mine/", person_readiness.my_readiness, name="my_readiness"),
    path("figures/", figures.figures_page, name="figures"),
    path("figures/export.csv", figures.figures_file, {"form": "csv"}, name="figures_csv"),
    path("figures/export.xlsx", figures.figures_file, {"form": "xlsx"}, name="figures_xlsx"),
    path("readiness/who/", whocan.who_can_page, name="who_can"),
    path("readiness/offices/<int:pk>/", readiness.office_matrix, name="office_readiness"),
    path(
        "readiness/offices/<int:pk>/export.csv",
        readiness_files.office_file,
        {"form": "csv"},
        name="office_readiness_csv",
    ),
    path(
        "readiness/offices/<int:pk>/export.xlsx",
        readiness_files.office_file,
        {"form": "xlsx"},
        name="office_readiness_xlsx",
    ),
    path(
        "readiness/offices/<int:pk>/document/",
        readiness_document.office_document,
        name="office_readiness_document",
    ),
    path(_PERSON, person_readiness.person_page, name="person_readiness"),
    path(f"{_PERSON}away/", person_readiness.absence_enter, name="absence_enter"),
    path(f"{_PERSON}away/<int:pk>/", person_readiness.absence_withdraw, name="absence_withdraw"),
    path(_OPERATION, operation_readiness.operation_matrix, name="operation_readiness"),
    path(
        f"{_OPERATION}export.csv",
        readiness_files.operation_file,
        {"form": "csv"},
        name="operation_readiness_csv",
    ),
    path(
        f"{_OPERATION}export.xlsx",
        readiness_files.operation_file,
        {"form": "xlsx"},
        name="operation_readiness_xlsx",
    ),
    path(
        f"{_OPERATION}document/",
        readiness_document.operation_document,
        name="operation_readiness_document",
    ),
    path(f"{_OPERATION}require/", operation_readiness.operation_require, name="operation_require"),
    path(
        f"{_OPERATION}require/<int:pk>/",
        operation_readiness.operation_require_drop,
        name="operation_require_drop",
    ),
]
