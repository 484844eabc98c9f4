"""The catalogue of modules, the drafts of an office, and who passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OfficeFilter,
    OneOfFilter,
    RecordFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
)
from cimic_portal.core.ordering import By
from cimic_portal.core.sharing.levels import Classification
from training.models import Module, ModuleDraft, ModuleDraftState, ModuleKind, ModuleLanguage, ModuleResult
from training.policies.module import can_write

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class ModuleFilter(ListFilter):
    q = SearchFilter("title", "summary")
    kind = OneOfFilter("kind", ModuleKind.choices, label=_("Kind"))
    language = OneOfFilter("language", ModuleLanguage.choices, label=_("Language"))
    office = OfficeFilter("office", label=_("Kept by"))
    to_do = TickFilter(lambda rows, person: rows.not_begun_by(person), label=_("Not begun by me"))
    begun = TickFilter(lambda rows, person: rows.begun_by(person), label=_("Begun by me"))
    passed = TickFilter(lambda rows, person: rows.passed_by(person), label=_("Passed by me"))


def _prepare(rows: Any, person: Person) -> Any:
    return rows.select_related("course", "office").with_own_progress(person)


def how_far(module: Module) -> str:
    """How far the reader has come, in a word."""
    return module.get_state_display()


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    actions: list[Mapping[str, object]] = [
        {"label": _now("Who passed"), "url": reverse("moduleresults"), "page": True}
    ]
    if can_write(person):
        actions = [
            {"label": _now("Write a module"), "url": reverse("moduledraft_begin"), "page": True},
            {"label": _now("Drafts"), "url": reverse("moduledrafts"), "page": True},
            *actions,
        ]
    return actions


module_list = Listing(
    "modules",
    Module,
    title=_("Online modules"),
    columns=[
        ListColumn("title", _("Module"), sort="title", width=60),
        ListColumn("minutes", _("Minutes"), kind="integer", named=True),
        ListColumn.choice("language", _("Language"), minor=True),
        ListColumn("course", _("Qualifies for"), minor=True),
        ListColumn.choice("kind", _("Kind"), on_page=False),
        ListColumn("summary", _("In short"), on_page=False, width=80),
        ListColumn("pass_mark", _("Pass mark, per cent"), kind="integer", on_page=False),
        ListColumn("office", _("Kept by"), on_page=False),
        ListColumn("edition", _("Edition"), kind="integer", on_page=False),
        ListColumn("published_on", _("Published"), kind="date", minor=True),
        ListColumn("how_far", _("How far I am"), value=how_far, cell="state"),
    ],
    filters=ModuleFilter,
    sorts={"title": Sort((By("title", expression=Lower("title")),), _("from A to Z"), _("from Z to A"))},
    default_sort="title",
    tabs=[
        Tab(_("To do"), {"to_do": "1"}),
        Tab(_("Begun"), {"begun": "1"}, counted=True),
        Tab(_("Passed"), {"passed": "1"}),
    ],
    narrow=lambda rows, person: rows.filter(is_archived=False),
    prepare=_prepare,
    actions=_actions,
    nothing_yet=_("No modules yet"),
    nothing_yet_help=_("What is learned online stands here. Two come with the portal; offices write more."),
)


class ModuleDraftFilter(ListFilter):
    q = SearchFilter("title", "summary")
    state = OneOfFilter("state", ModuleDraftState.choices, label=_("State"))
    kind = OneOfFilter("kind", ModuleKind.choices, label=_("Kind"))
    office = OfficeFilter("owner_office", label=_("Kept by"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    open = TickFilter(lambda rows, person: rows.open(), label=_("Not closed"))
    to_publish = TickFilter(lambda rows, person: rows.waiting_for(person), label=_("For me to publish"))


module_draft_list = Listing(
    "moduledrafts",
    ModuleDraft,
    title=_("Drafts of modules"),
    columns=[
        ListColumn("title", _("Module"), width=60),
        ListColumn.choice("kind", _("Kind"), minor=True),
        ListColumn("content", _("Content"), value=lambda row: str(row.content), minor=True),
        ListColumn("summary", _("In short"), on_page=False, width=80),
        ListColumn("author", _("Written by"), minor=True),
        ListColumn("created_at", _("Begun"), kind="moment", sort="begun"),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=ModuleDraftFilter,
    sorts={"begun": Sort(("created_at",), _("oldest on top"), _("newest on top"))},
    default_sort="-begun",
    tabs=[
        Tab(_("Not closed"), {"open": "1"}),
        Tab(_("For me to publish"), {"to_publish": "1"}, counted=True),
    ],
    prepare=lambda rows, person: rows.select_related("author", "owner_office", "module", "course"),
    nothing_yet=_("No drafts yet"),
    nothing_yet_help=_("What your office writes stands here until it is published."),
)


class ModuleResultFilter(ListFilter):
    module = RecordFilter("module", lambda person: Module.objects.all(), label=_("Module"))
    since = SinceFilter("passed_on", label=_("Passed since"))
    until = UntilFilter("passed_on", label=_("Passed until"))
    mine = TickFilter(lambda rows, person: rows.filter(record__person=person), label=_("My own"))


module_result_list = Listing(
    "moduleresults",
    ModuleResult,
    title=_("Who passed modules"),
    columns=[
        ListColumn("person", _("Person"), value=lambda row: str(row.record.person), width=40),
        ListColumn("module", _("Module"), width=60),
        ListColumn("edition", _("Edition"), kind="integer", minor=True),
        ListColumn("attempt", _("Attempt"), kind="integer", minor=True),
        ListColumn("score", _("Per cent"), kind="integer", named=True),
        ListColumn("passed_on", _("Passed"), kind="date", sort="passed", named=True),
    ],
    filters=ModuleResultFilter,
    sorts={"passed": Sort(("passed_on",), _("first on top"), _("last on top"))},
    default_sort="-passed",
    link=lambda row: row.module.get_absolute_url(),
    prepare=lambda rows, person: rows.select_related("module", "record__person"),
    nothing_yet=_("Nobody whose training record you read has passed a module yet"),
    nothing_yet_help=_("Here stands who passed which module, of your office and those below it."),
)
