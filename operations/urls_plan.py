"""Addresses of the written plan of an operation."""

from django.urls import URLPattern, path

from operations.views import checklists, courses, plan, plan_rows, plan_versions

PLAN = "<reference:reference>/plan/"


def _noun(noun: plan_rows.Noun) -> list[URLPattern]:
    base, given = f"{PLAN}{noun.slug}/", {"noun": noun}
    row = f"{base}<uuid:key>/"
    return [
        path(base, plan_rows.plan_rows, given, name=f"plan_{noun.slug}"),
        path(f"{base}new/", plan_rows.plan_row_new, given, name=f"plan_{noun.name}_new"),
        path(row, plan_rows.plan_row_edit, given, name=f"plan_{noun.name}_edit"),
        path(f"{row}remove/", plan_rows.plan_row_remove, given, name=f"plan_{noun.name}_remove"),
        path(f"{row}move/", plan_rows.plan_row_move, given, name=f"plan_{noun.name}_move"),
    ]


urlpatterns: list[URLPattern] = [
    path(PLAN, plan.operation_plan, name="operation_plan"),
    path(f"{PLAN}sections/<slug:section>/", plan.plan_section, name="plan_section"),
    path(
        f"{PLAN}sections/<slug:section>/versions/",
        plan_versions.plan_section_versions,
        name="plan_section_versions",
    ),
    path(f"{PLAN}versions/", plan_versions.plan_versions, name="plan_versions"),
    *(one for noun in plan_rows.NOUNS for one in _noun(noun)),
    path(f"{PLAN}courses/", courses.plan_courses, name="plan_courses"),
    path(f"{PLAN}courses/edit/", courses.plan_courses_edit, name="plan_courses_edit"),
    path(f"{PLAN}courses/<uuid:key>/choose/", courses.plan_course_choose, name="plan_course_choose"),
    path(f"{PLAN}checklists/", checklists.plan_checklists, name="plan_checklists"),
    path(f"{PLAN}checklists/take/", checklists.checklist_take, name="checklist_take"),
    path(f"{PLAN}checklists/procedures/<int:pk>/leave/", checklists.checklist_leave, name="checklist_leave"),
    path(f"{PLAN}checklists/<int:pk>/", checklists.checklist_settle, name="checklist_settle"),
]
