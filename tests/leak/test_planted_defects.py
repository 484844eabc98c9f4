"""The leak test against leaks: each defect is planted by itself and must be found at its surface.

Most of them forget the rule in one place, as a hurried change would.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, Q

from cimic_portal.core.admin.base import SharedAdmin
from cimic_portal.core.api.viewsets import ListedViewSet
from cimic_portal.core.listing import Listing
from cimic_portal.core.policies import Allowed
from cimic_portal.core.services import notifications
from cimic_portal.core.sharing import keys
from cimic_portal.core.sharing.querysets import SharedQuerySet
from operations.reports import order_maker
from operations.schedule import reading
from tests.leak.look import SURFACES, first_fault
from tests.leak.world import LeakWorld
from tests.support.planted import WHY, Unruled, forget_the_rule
from training.api.module import ModuleDraftViewSet
from training.models import ExerciseSeat, InjectAddressee, InjectDelivery, ModuleDraft
from training.querysets import exercise as querysets
from training.querysets.module import ModuleDraftQuerySet

pytestmark = pytest.mark.django_db

FORGOTTEN = [
    ("liaison.views.engagement", "Engagement", "one record"),
    ("liaison.views.engagement", "Attendance", "one record"),
    ("liaison.views.engagement", "Tasking", "log a contact"),
    ("liaison.views.contact", "Contact", "edit pages"),
    ("liaison.views.tasking", "Tasking", "verbs"),
    ("liaison.views.picks", "Contact", "suggestions"),
    ("liaison.services.contact", "Contact", "log a contact"),
    ("liaison.forms.engagement_set", "Attendance", "edit pages"),
    ("liaison.api.engagement", "Attendance", "one record in the API"),
    ("liaison.api.commitment", "Commitment", "one promise"),
    ("liaison.listings.engagement", "Attendance", "files of lists"),
    ("liaison.panels", "Contact", "pages of what records point at"),
    ("liaison.panels", "Engagement", "pages of what records point at"),
    ("liaison.reports.sitrep", "Engagement", "papers"),
    ("liaison.reports.sitrep", "Attendance", "papers"),
    ("training.views.lesson", "Lesson", "one record"),
    ("training.views.lesson", "Operation", "lesson from an operation"),
    ("training.panels.lesson", "Lesson", "pages of a plan"),
    ("training.views.session", "Enrolment", "lists of a session"),
    ("training.views.marks", "TrainingRecord", "attendance lists of a session"),
    ("training.views.record", "TrainingRecord", "one training record"),
    ("training.views.record", "Qualification", "one qualification"),
    ("training.views.exercise_frame", "Exercise", "pages of an exercise"),
    ("training.views.exercise_play", "InjectDelivery", "messages of an exercise"),
    ("training.views.exercise_play", "InjectExpectation", "messages of an exercise"),
    ("training.views.exercise_review", "ExerciseObservation", "pages of an exercise"),
    ("training.api.exercise", "InjectDelivery", "messages in the API"),
    ("training.api.exercise_plan", "Exercise", "the plan of an exercise in the API"),
    ("training.reports.exercise_msel", "ExerciseInject", "the plan of an exercise in the API"),
    ("training.views.module_draft", "ModuleDraft", "one record"),
    ("training.views.module_draft", "ModuleDraft", "writing modules"),
    ("training.views.module_draft", "ModuleDraft", "verbs"),
    ("training.views.module", "ModuleResult", "who passed modules"),
    ("training.api.module", "ModuleResult", "who passed modules"),
    ("training.views.guidance", "Guidance", "one record"),
    ("training.views.guidance_version", "GuidanceVersion", "versions of guidance"),
    ("training.api.guidance", "GuidanceComment", "versions of guidance in the API"),
    ("training.api.guidance", "GuidanceVersion", "versions of guidance in the API"),
    ("operations.views.qip", "Qip", "one record"),
    ("operations.views.qip", "QipPhoto", "one record"),
    ("operations.services.qip_nearby", "Qip", "one record"),
    ("operations.views.qip_parts", "QipPhoto", "photos"),
    ("cimic_portal.core.views.documents", "Document", "documents"),
    ("cimic_portal.overview.changes", "Engagement", "home"),
    ("operations.views.frame", "Operation", "one record"),
    ("operations.views.frame", "Operation", "edit pages"),
    ("operations.views.operation", "Concurrence", "one record"),
    ("operations.panels", "Operation", "pages of what records point at"),
    ("operations.api.operation", "Concurrence", "one record in the API"),
    ("operations.views.frame", "Operation", "journal of an operation"),
    ("operations.api.parts", "Operation", "journal in the API"),
    ("operations.reports.operation_sitrep", "Operation", "SITREP of an operation"),
    ("operations.views.frame", "Operation", "papers of an order"),
    ("operations.api.papers", "Operation", "papers of an order in the API"),
    ("operations.views.asset", "Asset", "assets over time"),
    ("operations.views.asset_time", "Asset", "assets over time"),
    ("operations.views.booking", "Booking", "one booking"),
    ("operations.views.booking", "BookedFor", "one booking"),
    # Of two gates one that still stands hides the booking.
    ("operations.views.operation_assets", "BookedFor Booking", "assets of operations"),
    ("operations.views.operation_assets", "Asset", "assets of operations"),
    ("operations.listings.booking", "BookedFor", "bookings"),
    ("operations.schedule.asset_use", "BookedFor", "one record"),
]


@pytest.mark.long
@pytest.mark.parametrize(("module", "model", "surface"), FORGOTTEN)
def test_a_forgotten_rule_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, module: str, model: str, surface: str
) -> None:
    forget_the_rule(monkeypatch, module, *model.split())
    assert first_fault(world, SURFACES[surface])


# Where one gate that still stands hides the record: forgotten in all of them at once.
PAGE = (("operations.views.frame", "Operation"), ("operations.reports.plan_book", "PlanRevision"))
API = (("operations.api.schedule", "Operation"), ("operations.api.schedule", "PlanRevision"))
GATES = [
    (PAGE, "tasks and time"),
    (PAGE[1:], "tasks and time"),
    (PAGE, "one task"),
    (PAGE, "forms of a schedule"),
    (API, "tasks and time in the API"),
    (API[1:], "tasks and time in the API"),
]
ROWS = ("OperationTask", "Phase", "DecisionPoint", "TaskProgress", "TaskDependency", "Participation")


@pytest.mark.long
@pytest.mark.parametrize(("gates", "surface"), GATES)
def test_gates_of_a_schedule_forgotten_together_are_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, gates: tuple[tuple[str, str], ...], surface: str
) -> None:
    for module, model in gates:
        forget_the_rule(monkeypatch, module, model)
    # The rows themselves forget it too, as one who widens the page would have them.
    forget_the_rule(monkeypatch, reading.__name__, *ROWS)
    assert first_fault(world, SURFACES[surface])


Plant = Callable[[pytest.MonkeyPatch], None]


def _clearance_is_not_asked(patch: pytest.MonkeyPatch) -> None:
    def visible_to(rows: Any, person: Any) -> Any:
        return rows.unscoped(WHY).filter(reader_keys__overlap=sorted(person.access.keys))

    patch.setattr(SharedQuerySet, "visible_to", visible_to)


def _keys_are_not_asked(patch: pytest.MonkeyPatch) -> None:
    def visible_to(rows: Any, person: Any) -> Any:
        return rows.unscoped(WHY).filter(classification__lte=person.access.clearance)

    patch.setattr(SharedQuerySet, "visible_to", visible_to)


def _drafts_are_refused_to_all(patch: pytest.MonkeyPatch) -> None:
    real = SharedQuerySet.visible_to
    patch.setattr(
        SharedQuerySet,
        "visible_to",
        lambda rows, person: real(rows, person).filter(published_at__isnull=False),
    )


def _expired_grants_still_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keys, "_GRANTS", keys._GRANTS.replace("g.expires_at > statement_timestamp()", "TRUE"))


def _grants_open_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keys, "_GRANTS", keys._GRANTS.replace("g.expires_at > statement_timestamp()", "FALSE"))


def _ended_posts_still_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keys, "_POSTS", keys._POSTS.replace("h.until > statement_timestamp()", "TRUE"))
    patch.setattr("cimic_portal.core.middleware._needs_position", lambda _match: False)


def _every_post_is_a_head(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keys, "_POSTS", keys._POSTS.replace("AND owned.is_head", ""))


def _lists_forget_the_rule(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Listing, "visible_to", lambda listing, _person: listing.model.objects.unscoped(WHY))


def _api_forgets_the_rule(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ListedViewSet, "get_queryset", lambda view: view.listing.model.objects.unscoped(WHY))


def _admin_forgets_the_rule(patch: pytest.MonkeyPatch) -> None:
    def rows(site: Any, _request: Any) -> Any:
        return site.model.objects.unscoped(WHY).order_by("-pk")

    patch.setattr(SharedAdmin, "get_queryset", rows)


def _files_ask_for_no_source(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("cimic_portal.core.policies.has_hidden_source", lambda *_args: False)


def _news_goes_to_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(notifications._Recipients, "_may_see", lambda *_args: True)


def _lines_are_not_checked(patch: pytest.MonkeyPatch) -> None:
    real = notifications._model
    patch.setattr(notifications, "_model", lambda label: Unruled(real(label)))


def _mail_tells_what_is_classified(patch: pytest.MonkeyPatch) -> None:
    every = type("Every", (), {"__eq__": lambda *_args: True, "__hash__": object.__hash__})()
    patch.setattr("cimic_portal.core.services.mail.Classification", SimpleNamespace(UNCLASSIFIED=every))


def _old_history_is_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        "cimic_portal.core.audit.history.visible_events",
        lambda record, _person: list(enumerate(record.events.unscoped(WHY).order_by("pgh_id"))),
    )


def _every_document_may_be_fetched(patch: pytest.MonkeyPatch) -> None:
    for module in ("cimic_portal.core.views.documents", "cimic_portal.core.api.documents"):
        patch.setattr(f"{module}.may_fetch", lambda *_args: Allowed())


def _the_trail_takes_records_for_reference_data(patch: pytest.MonkeyPatch) -> None:
    def every(model: Any, keys: Any, _person: Any) -> Any:
        trails: dict[int, list[Any]] = {pk: [] for pk in keys}
        for event in model.events.rel.related_model.objects.unscoped(WHY).filter(pgh_obj_id__in=keys):
            trails[event.pgh_obj_id].append((len(trails[event.pgh_obj_id]), event))
        return trails

    patch.setattr("cimic_portal.core.audit.search.visible_events_of", every)


def _papers_forget_their_revision(patch: pytest.MonkeyPatch) -> None:
    real = order_maker.Made
    patch.setattr(
        order_maker, "Made", lambda content, level, sources: real(content, level, list(sources)[:1])
    )


def _injects_are_told_before_their_delivery(patch: pytest.MonkeyPatch) -> None:
    def every(person: Any) -> Any:
        roles = InjectAddressee.objects.unscoped(WHY).filter(inject=OuterRef(OuterRef("inject")))
        seats = ExerciseSeat.objects.unscoped(WHY).filter(querysets.seated(person), run=OuterRef("run"))
        rows = InjectDelivery.objects.unscoped(WHY)
        return rows.filter(Exists(seats.filter(role__in=roles.values("role_id"))))

    patch.setattr(querysets, "delivered_to", every)
    patch.setattr(querysets.DeliveryQuerySet, "standing", lambda rows: rows)


def _drafts_of_modules_have_an_audience(patch: pytest.MonkeyPatch) -> None:
    real = ModuleDraftQuerySet.visible_to

    def visible_to(rows: Any, person: Any) -> Any:
        told = Q(audience_components__contains=[person.component])
        cleared = Q(classification__lte=person.access.clearance)
        return rows.unscoped(WHY).filter(Q(pk__in=real(rows, person).values("pk")) | (told & cleared))

    patch.setattr(ModuleDraftQuerySet, "visible_to", visible_to)


def _the_api_forgets_drafts_of_modules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ModuleDraftViewSet, "get_queryset", lambda _view: ModuleDraft.objects.unscoped(WHY))


DEFECTS: list[tuple[Plant, str]] = [
    (_clearance_is_not_asked, "list in the API"),
    (_keys_are_not_asked, "list page"),
    (_drafts_are_refused_to_all, "one record"),
    (_expired_grants_still_open, "one record"),
    (_grants_open_nothing, "one record"),
    (_ended_posts_still_count, "one record"),
    (_every_post_is_a_head, "list page"),
    (_lists_forget_the_rule, "ordering"),
    (_lists_forget_the_rule, "filters"),
    (_api_forgets_the_rule, "one record in the API"),
    (_admin_forgets_the_rule, "administration"),
    (_files_ask_for_no_source, "documents"),
    (_every_document_may_be_fetched, "documents"),
    (_news_goes_to_everybody, "news"),
    (_lines_are_not_checked, "mail"),
    (_mail_tells_what_is_classified, "mail"),
    (_old_history_is_open, "one record"),
    (_the_trail_takes_records_for_reference_data, "audit trail"),
    (_papers_forget_their_revision, "orders on paper"),
    (_injects_are_told_before_their_delivery, "messages of an exercise"),
    (_injects_are_told_before_their_delivery, "messages in the API"),
    (_drafts_of_modules_have_an_audience, "list page"),
    (_drafts_of_modules_have_an_audience, "list in the API"),
    (_drafts_of_modules_have_an_audience, "writing modules"),
    (_the_api_forgets_drafts_of_modules, "one record in the API"),
    (_lists_forget_the_rule, "who passed modules"),
]


@pytest.mark.long
@pytest.mark.parametrize(("plant", "surface"), DEFECTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_broken_rule_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, plant: Plant, surface: str
) -> None:
    plant(monkeypatch)
    assert first_fault(world, SURFACES[surface])


def test_each_defect_names_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that was changed elsewhere is told at once, and not by the long tests alone."""
    for module, models, _surface in FORGOTTEN:
        forget_the_rule(monkeypatch, module, *models.split())
    for module, model in {gate for gates, _surface in GATES for gate in gates}:
        forget_the_rule(monkeypatch, module, model)
    surfaces = {row[-1] for row in [*FORGOTTEN, *GATES, *DEFECTS]}
    assert surfaces <= SURFACES.keys()
    assert len(set(FORGOTTEN)) == len(FORGOTTEN)
