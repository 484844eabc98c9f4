"""Addresses of the execution of an operation: journal, decisions, who is who, SITREP."""

from django.urls import URLPattern, path

from cimic_portal.core.views.listing import list_routes
from operations.listings.journal import journal_list
from operations.views import execution, journal, sitrep, tasks

_OF = "<reference:reference>/"
journal_routes: list[URLPattern] = [
    *list_routes(journal_list, "journal/"),
    path(f"{_OF}journal/", journal.operation_journal, name="operation_journal"),
    path(f"{_OF}journal/<int:number>/", journal.journal_entry, name="journal_entry"),
    path(f"{_OF}journal/<int:number>/strike/", journal.journal_strike, name="journal_strike"),
    path(f"{_OF}live/", execution.operation_live, name="operation_live"),
    path(f"{_OF}changes/", execution.operation_changes, name="operation_changes"),
    path(f"{_OF}tasks/live/", tasks.tasks_live, name="tasks_live"),
    path(f"{_OF}who/", execution.operation_who, name="operation_who"),
    path(f"{_OF}reached/<int:pk>/", execution.decision_take, name="decision_take"),
    path(f"{_OF}sitrep/", sitrep.operation_sitrep, name="operation_sitrep"),
]
