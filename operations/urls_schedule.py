"""Addresses of tasks and time within an operation."""

from django.urls import path

from operations.views import schedule_document, schedule_steps, task_import, tasks, time

_OF = "<reference:reference>/"
schedule_routes = [
    path(f"{_OF}tasks/", tasks.operation_tasks, name="operation_tasks"),
    path(f"{_OF}tasks/new/", tasks.task_new, name="task_new"),
    path(f"{_OF}tasks/import/", task_import.task_import, name="task_import"),
    path(f"{_OF}tasks/<uuid:key>/", tasks.task_detail, name="task"),
    path(f"{_OF}tasks/<uuid:key>/edit/", tasks.task_edit, name="task_edit"),
    path(f"{_OF}tasks/<uuid:key>/drag/", time.task_drag, name="task_drag"),
    path(f"{_OF}tasks/<uuid:key>/<slug:step>/", schedule_steps.task_step, name="task_step"),
    path(f"{_OF}phases/new/", schedule_steps.phase_new, name="phase_new"),
    path(f"{_OF}phases/<uuid:key>/", schedule_steps.phase_edit, name="phase_edit"),
    path(f"{_OF}phases/<uuid:key>/<slug:step>/", schedule_steps.phase_step, name="phase_step"),
    path(f"{_OF}gantt/", time.operation_gantt, name="operation_gantt"),
    path(f"{_OF}matrix/", time.operation_matrix, name="operation_matrix"),
    path(f"{_OF}schedule/document/", schedule_document.schedule_document, name="schedule_document"),
]
