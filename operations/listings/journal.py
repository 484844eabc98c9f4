"""The list of journal entries: of all operations at once, or of one of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OneOfFilter,
    RecordFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
    WithinFilter,
)
from cimic_portal.core.listing.filters import Choices, Reader
from operations.models import EntryKind, JournalEntry, Operation, OperationState, Participation

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person

OPERATION = "operation"
REFERENCE = re.compile(r"[0-9A-Z]{10}")


def _operations(person: Person) -> QuerySet[Any]:
    under_way = (OperationState.ACTIVE, OperationState.SUSPENDED)
    return Operation.objects.visible_to(person).filter(state__in=under_way).order_by("title", "pk")


class OfOperationFilter(RecordFilter):
    """What is offered depends on the operation that the list is narrowed to; without one, nothing is."""

    def __init__(
        self, field_name: str, find: Callable[[Person, str], Choices], *, label: StrOrPromise
    ) -> None:
        super().__init__(field_name, _operations, label=label)
        self.find = find

    def offer(self, reader: Reader, name: str, asked: str) -> None:
        """Find the choices among the rows that this reader sees of that operation."""
        operation = self.parent.data.get(OPERATION) or ""
        if not REFERENCE.fullmatch(operation):
            operation = ""
        found = reader.choices(
            f"{name} {operation}", lambda: self.find(reader.person, operation) if operation else []
        )
        self.extra["choices"] = found
        self.extra["widget"] = forms.Select(attrs={"data-pick": ""}) if found else forms.HiddenInput()

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(**{self.field_name: value}) if value else qs


def _tasks(person: Person, operation: str) -> Choices:
    """Tasks that entries name, each in the words of the newest of them."""
    rows = JournalEntry.objects.visible_to(person).filter(operation__reference=operation)
    named = rows.filter(task_key__isnull=False).order_by("task_key", "-pk").distinct("task_key")
    found = [(str(key), title) for key, title in named.values_list("task_key", "task_title")]
    return sorted(found, key=lambda pair: pair[1])


def _offices(person: Person, operation: str) -> Choices:
    """Offices whose people wrote."""
    rows = JournalEntry.objects.visible_to(person).filter(operation__reference=operation)
    named = rows.order_by("position__office__name").distinct("position__office__name", "position__office")
    return [
        (str(entry.position.office_id), str(entry.position.office))
        for entry in named.select_related("position__office__organisation")
    ]


class JournalFilter(ListFilter):
    front = 6

    q = SearchFilter("text", "location", "task_title")
    kind = OneOfFilter("kind", EntryKind.choices, label=_("Kind"))
    task = OfOperationFilter("task_key", _tasks, label=_("Task"))
    office = OfOperationFilter("position__office", _offices, label=_("Office"))
    since = SinceFilter("happened_at", label=_("Since"))
    until = UntilFilter("happened_at", label=_("Until"))
    within = WithinFilter("happened_at", label=_("In the last"))
    operation = RecordFilter(
        "operation",
        _operations,
        label=_("Operation"),
        key="reference",
        beyond=lambda person: Operation.objects.visible_to(person).order_by("title", "pk"),
    )
    urgent = TickFilter(lambda rows, _person: rows.filter(is_urgent=True), label=_("Urgent only"))
    progress = TickFilter(
        lambda rows, _person: rows.exclude(reported_state=""), label=_("With progress of a task")
    )
    standing = TickFilter(lambda rows, _person: rows.standing(), label=_("Without what was struck"))
    mine = TickFilter(
        lambda rows, person: rows.filter(
            operation__in=Participation.objects.visible_to(person).of_person(person).values("operation")
        ),
        label=_("Operations in which my office takes part"),
    )


def _corrected(entry: JournalEntry) -> int | None:
    return entry.corrects.number if entry.corrects else None


def _prepare(rows: QuerySet[Any], _person: Person) -> QuerySet[Any]:
    entries: Any = rows
    named: QuerySet[Any] = entries.named().select_related("operation")
    return named


journal_list = Listing(
    "journal",
    JournalEntry,
    title=_("Journal"),
    columns=[
        ListColumn("text", _("What"), width=70),
        ListColumn("number", _("No."), kind="integer", minor=True),
        ListColumn("happened_at", _("When"), kind="moment", sort="when"),
        ListColumn.choice("kind", _("Kind")),
        ListColumn("operation", _("Operation"), minor=True),
        ListColumn("position.office", _("Office"), minor=True),
        ListColumn("author", _("Entered by"), minor=True),
        ListColumn("position.title", _("As"), kind="choice", on_page=False),
        ListColumn("where", _("Place"), on_page=False, width=30),
        ListColumn("latitude", _("Latitude"), kind="decimal", on_page=False),
        ListColumn("longitude", _("Longitude"), kind="decimal", on_page=False),
        ListColumn("area", _("Area"), kind="choice", on_page=False),
        ListColumn("task_title", _("Task"), on_page=False),
        ListColumn.choice("reported_state", _("Task is"), on_page=False),
        ListColumn("reported_percent", _("Per cent"), kind="integer", on_page=False),
        ListColumn("is_urgent", _("Urgent"), kind="choice", on_page=False),
        ListColumn("corrects", _("Corrects"), kind="integer", value=_corrected, on_page=False),
        ListColumn("entered_at", _("Entered"), kind="moment", on_page=False),
        ListColumn("struck_reason", _("Struck, because")),
    ],
    filters=JournalFilter,
    sorts={"when": Sort(("-happened_at",), _("newest first"), _("oldest first"))},
    default_sort="when",
    tabs=[
        Tab(_("Mine, today"), {"mine": "1", "within": "1"}, counted=True),
        Tab(_("Urgent, this week"), {"urgent": "1", "within": "7"}, counted=True),
    ],
    link=lambda row: row.get_absolute_url(),
    prepare=_prepare,
    nothing_yet=_("No entries yet"),
    nothing_yet_help=_("While an operation is under way, those who take part write down what happens."),
)
