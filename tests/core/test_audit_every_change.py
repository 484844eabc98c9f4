"""Every change of every record leaves an event, however it is made, with who and why."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models, transaction

from cimic_portal.core.audit.context import Origin, set_origin
from cimic_portal.core.models import (
    ApiToken,
    Area,
    AreaBoundary,
    BrokenGlass,
    ComponentMark,
    Delegation,
    Document,
    DocumentGroupGrant,
    DocumentPersonGrant,
    DocumentSource,
    FormOfAddress,
    GroupMembership,
    Holding,
    Office,
    Organisation,
    Person,
    Place,
    Position,
    Proposal,
    RetentionRules,
    SavedFilter,
    SecondFactor,
    SharingGroup,
)
from cimic_portal.core.services.verbs import verb
from liaison.models import (
    Attendance,
    Commitment,
    Contact,
    ContactGroupGrant,
    ContactPersonGrant,
    Engagement,
    EngagementGroupGrant,
    EngagementKind,
    EngagementPersonGrant,
    Tasking,
    TaskingGroupGrant,
    TaskingPersonGrant,
    TaskingResult,
)
from operations.models import (
    Asset,
    AssetGroupGrant,
    AssetKind,
    AssetPersonGrant,
    AssetRules,
    BookedFor,
    Booking,
    Occupancy,
    Qip,
    QipAnswer,
    QipBudgetLine,
    QipCriterion,
    QipGroupGrant,
    QipMilestone,
    QipPayment,
    QipPersonGrant,
    QipPhoto,
    QipRules,
    QipSeat,
    QipVote,
    Unavailability,
)
from tests.factories import core, liaison, trail_exercises, trail_guidance, trail_operations, training
from tests.factories import operations_assets as assets
from tests.factories import operations_qip as qips
from tests.factories import training_course as courses
from tests.factories import training_module as modules
from tests.factories import training_readiness as readiness
from tests.factories.operations import OperationFactory
from training.models import (
    Absence,
    CaseStudy,
    Course,
    Enrolment,
    Lesson,
    LessonGroupGrant,
    LessonPersonGrant,
    LessonSource,
    LessonTheme,
    Module,
    ModuleAttempt,
    ModuleDraft,
    ModuleDraftGroupGrant,
    ModuleDraftPersonGrant,
    ModuleEdition,
    ModulePackage,
    ModulePicture,
    ModuleProgress,
    ModuleResult,
    OperationRequirement,
    Proof,
    Qualification,
    RecordOffice,
    Requirement,
    Session,
    TrainingRecord,
    TrainingRecordGroupGrant,
    TrainingRecordPersonGrant,
    TrainingRules,
)

pytestmark = pytest.mark.django_db

OURS = {"core", "overview", "operations", "liaison", "training"}


def _grant(record: type[core.DocumentFactory], to: type[core.PersonFactory]) -> Callable[[], models.Model]:
    return lambda: core.give(record(), to(), by=core.PersonFactory())


def _membership() -> models.Model:
    person = core.PersonFactory()
    person.groups.add(core.SharingGroupFactory())
    return GroupMembership.objects.get(person=person)


def _edition() -> Any:
    return modules.ModuleFactory().editions.get()


def _anew(model: Any, **values: Any) -> Callable[[], Any]:
    """A row that stands from the beginning, made anew so that the trail tells of it."""

    def make() -> Any:
        model.objects.all().delete()
        return model.objects.create(**values)

    return make


def _training_rules() -> TrainingRules:
    TrainingRules.objects.all().delete()
    return TrainingRules.objects.create(centre=core.OfficeFactory())


def _booking() -> models.Model:
    made: models.Model = assets.BookingFactory(office=core.OfficeFactory())
    return made


def _out() -> Unavailability:
    """Struck, so that it holds nothing yet."""
    made: Unavailability = assets.UnavailabilityFactory(asset=assets.AssetFactory(), struck_reason="Not so")
    return made


# How a row of each tracked model is made, and a column to change; None where rows are replaced.
ROWS: dict[type[models.Model], tuple[Callable[[], models.Model], tuple[str, Any] | None]] = {
    Proposal: (
        lambda: Proposal.objects.create(
            kind="clearance",
            person=core.PersonFactory(),
            clearance=2,
            reason="Duty",
            proposed_by=core.PersonFactory(),
        ),
        ("answer", "Changed"),
    ),
    BrokenGlass: (
        lambda: BrokenGlass.objects.create(
            person=core.PersonFactory(),
            record_model="core.Document",
            record_id=1,
            reference="ABCDEFGHJK",
            reason="Duty",
            until=core.ahead(minutes=20),
        ),
        ("reason", "Changed"),
    ),
    ApiToken: (
        lambda: ApiToken.objects.create(
            person=core.PersonFactory(),
            name="Laptop",
            digest="d",
            scopes=["read"],
            expires_at=core.ahead(days=1),
        ),
        ("name", "Tablet"),
    ),
    Area: (core.AreaFactory, ("name", "Changed")),
    AreaBoundary: (
        lambda: AreaBoundary.objects.create(
            area=core.AreaFactory(), geometry={}, digest="d", outline={}, west=1, south=1, east=2, north=2
        ),
        ("digest", "e"),
    ),
    Asset: (assets.AssetFactory, ("name", "Changed")),
    AssetGroupGrant: (_grant(assets.AssetFactory, core.SharingGroupFactory), None),
    AssetKind: (lambda: assets.AssetKindFactory(name="Raft"), ("name", "Changed")),
    AssetPersonGrant: (_grant(assets.AssetFactory, core.PersonFactory), None),
    BookedFor: (
        lambda: BookedFor.objects.create(booking=_booking(), operation=OperationFactory()),
        ("task_key", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
    ),
    Booking: (_booking, ("purpose", "Changed")),
    Occupancy: (
        lambda: Occupancy.objects.create(
            asset=assets.AssetFactory(), unavailability=_out(), starts_at=core.ahead(days=1)
        ),
        ("ends_at", "2090-01-01T00:00:00Z"),
    ),
    Attendance: (lambda: liaison.AttendanceFactory(person=core.PersonFactory()), None),
    Commitment: (liaison.CommitmentFactory, ("what", "Changed")),
    Contact: (liaison.ContactFactory, ("name", "Changed")),
    ContactGroupGrant: (_grant(liaison.ContactFactory, core.SharingGroupFactory), None),
    ContactPersonGrant: (_grant(liaison.ContactFactory, core.PersonFactory), None),
    Delegation: (core.DelegationFactory, ("reason", "Changed")),
    Document: (core.DocumentFactory, ("title", "Changed")),
    DocumentGroupGrant: (_grant(core.DocumentFactory, core.SharingGroupFactory), None),
    DocumentPersonGrant: (_grant(core.DocumentFactory, core.PersonFactory), None),
    DocumentSource: (
        lambda: DocumentSource.objects.create(document=core.DocumentFactory(), record_model="x", record_id=1),
        ("record_id", 2),
    ),
    Engagement: (liaison.EngagementFactory, ("purpose", "Changed")),
    EngagementGroupGrant: (_grant(liaison.EngagementFactory, core.SharingGroupFactory), None),
    EngagementKind: (liaison.EngagementKindFactory, ("name", "Changed")),
    EngagementPersonGrant: (_grant(liaison.EngagementFactory, core.PersonFactory), None),
    GroupMembership: (_membership, ("person_id", None)),
    Holding: (core.HoldingFactory, ("until", "2030-01-01T00:00:00Z")),
    Office: (core.OfficeFactory, ("name", "Changed")),
    Organisation: (core.OrganisationFactory, ("name", "Changed")),
    Person: (core.PersonFactory, ("clearance", 1)),
    Place: (core.PlaceFactory, ("name", "Changed")),
    Position: (core.PositionFactory, ("title", "Changed")),
    Qip: (qips.QipFactory, ("title", "Changed")),
    QipAnswer: (
        lambda: QipAnswer.objects.create(
            qip=qips.QipFactory(), criterion=qips.QipCriterionFactory(), is_met=True, evidence="Seen"
        ),
        ("evidence", "Changed"),
    ),
    QipBudgetLine: (
        lambda: QipBudgetLine.objects.create(qip=qips.QipFactory(), what="Pump", amount=1),
        ("what", "Changed"),
    ),
    QipCriterion: (lambda: qips.QipCriterionFactory(name="Asked"), ("help_text", "Changed")),
    QipGroupGrant: (_grant(qips.QipFactory, core.SharingGroupFactory), None),
    QipMilestone: (lambda: qips.QipMilestoneFactory(qip=qips.QipFactory()), ("what", "Changed")),
    QipPayment: (
        lambda: qips.QipPaymentFactory(
            qip=qips.QipFactory(state="under_way"), recorded_by=core.PersonFactory()
        ),
        ("note", "Changed"),
    ),
    QipPersonGrant: (_grant(qips.QipFactory, core.PersonFactory), None),
    QipPhoto: (
        lambda: qips.QipPhotoFactory(qip=qips.QipFactory(), added_by=core.PersonFactory()),
        ("caption", "Changed"),
    ),
    QipRules: (_anew(QipRules), ("quorum", 9)),
    QipSeat: (
        lambda: QipSeat.objects.create(position=core.PositionFactory()),
        ("is_archived", True),
    ),
    QipVote: (
        lambda: qips.QipVoteFactory(qip=qips.QipFactory(), position=core.PositionFactory()),
        ("reason", "Changed"),
    ),
    AssetRules: (_anew(AssetRules), ("answer_hours", 24)),
    ComponentMark: (
        _anew(ComponentMark, component=1, letter="A", shape="cross", tint="slate"),
        ("letter", "B"),
    ),
    FormOfAddress: (lambda: FormOfAddress.objects.create(name="Sheikh"), ("is_archived", True)),
    RetentionRules: (_anew(RetentionRules), ("months", 36)),
    SavedFilter: (
        lambda: SavedFilter.objects.create(person=core.PersonFactory(), list_name="x", name="Mine"),
        ("name", "Changed"),
    ),
    SecondFactor: (
        lambda: SecondFactor.objects.create(user=core.PersonFactory(), type="totp", data={"secret": "x"}),
        ("created_at", "2030-01-01T00:00:00Z"),
    ),
    SharingGroup: (core.SharingGroupFactory, ("office_id", None)),
    Unavailability: (
        lambda: assets.UnavailabilityFactory(asset=assets.AssetFactory()),
        ("reason", "Changed"),
    ),
    Tasking: (liaison.TaskingFactory, ("title", "Changed")),
    TaskingGroupGrant: (_grant(liaison.TaskingFactory, core.SharingGroupFactory), None),
    TaskingPersonGrant: (_grant(liaison.TaskingFactory, core.PersonFactory), None),
    TaskingResult: (liaison.TaskingResultFactory, ("engagement_id", None)),
    CaseStudy: (training.CaseStudyFactory, ("summary", "Changed")),
    Absence: (lambda: readiness.away(core.post_someone(core.OfficeFactory())), ("kind", "travel")),
    OperationRequirement: (readiness.OperationRequirementFactory, None),
    Requirement: (readiness.RequirementFactory, ("note", "Changed")),
    Lesson: (training.LessonFactory, ("title", "Changed")),
    LessonGroupGrant: (_grant(training.LessonFactory, core.SharingGroupFactory), None),
    LessonPersonGrant: (_grant(training.LessonFactory, core.PersonFactory), None),
    LessonSource: (training.LessonSourceFactory, ("finding", 1)),
    Course: (courses.CourseFactory, ("title", "Changed")),
    Session: (courses.SessionFactory, ("room", "Changed")),
    Module: (modules.ModuleFactory, ("summary", "Changed")),
    ModuleAttempt: (modules.ModuleAttemptFactory, ("score", 50)),
    ModuleDraft: (modules.ModuleDraftFactory, ("title", "Changed")),
    ModuleDraftGroupGrant: (_grant(modules.ModuleDraftFactory, core.SharingGroupFactory), None),
    ModuleDraftPersonGrant: (_grant(modules.ModuleDraftFactory, core.PersonFactory), None),
    ModuleEdition: (_edition, ("number", 7)),
    ModulePackage: (modules.ModulePackageFactory, ("title", "Changed")),
    ModulePicture: (modules.ModulePictureFactory, ("caption", "Changed")),
    ModuleProgress: (modules.ModuleProgressFactory, ("page", 7)),
    ModuleResult: (
        lambda: modules.ModuleResultFactory(record=courses.TrainingRecordFactory()),
        ("score", 50),
    ),
    TrainingRecord: (courses.TrainingRecordFactory, ("version", 2)),
    RecordOffice: (lambda: courses.RecordOfficeFactory(office=core.OfficeFactory()), None),
    TrainingRecordGroupGrant: (_grant(courses.TrainingRecordFactory, core.SharingGroupFactory), None),
    TrainingRecordPersonGrant: (_grant(courses.TrainingRecordFactory, core.PersonFactory), None),
    Enrolment: (courses.seat_for, ("version", 2)),
    Qualification: (courses.QualificationFactory, ("authority", "Changed")),
    Proof: (courses.ProofFactory, ("caption", "Changed")),
    TrainingRules: (_training_rules, ("centre_id", None)),
    LessonTheme: (lambda: LessonTheme.objects.create(name="Made for the trail"), ("name", "Changed")),
    **trail_exercises.ROWS,
    **trail_guidance.ROWS,
    **trail_operations.ROWS,
}

# Why a model of ours has no trail of its own.
UNTRACKED = {
    "core.Membership": "made by trigger, never changed; holdings and records tell the same",
    "core.Notification": "tells of events that are in the trail themselves",
    "core.OutboxEntry": "work to do, written with the change that is in the trail; dropped when done",
    "core.Forgotten": "part of the trail itself: what its one procedure did",
    "core.ForgottenRow": "part of the trail itself: the digests of what was forgotten in it",
    "core.RetentionDecision": "only added to, with who decided and why",
    "core.TrailSeal": "made by the database over the trail; the run-time role can only read",
    "core.TrailSealPart": "as the seal that it belongs to",
    "core.ReadEntry": "part of the trail itself; the run-time role only adds to it",
    "core.StreamEvent": "says that something happened, which is in the trail itself; dropped after days",
    "operations.OperationLook": "when somebody last looked, for their own eyes; dropped after a year",
    "core.Person_groups": "tracked as GroupMembership",
    "training.Reminder": "which step of what falls due was told; the news itself is a notification",
}


def _tracked() -> set[type[models.Model]]:
    return {model.pgh_tracked_model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")} - {
        None
    }


def trail_of(model: type[models.Model]) -> Any:
    (events,) = (m for m in apps.get_models() if getattr(m, "pgh_tracked_model", None) is model)
    return events._default_manager.unscoped("the test reads the trail").order_by("pgh_id")


def test_every_model_of_ours_is_tracked_or_has_a_reason() -> None:
    ours = {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS and not hasattr(model, "pgh_tracked_model")
    }
    tracked = {model._meta.label for model in _tracked()}
    assert set(ours) - tracked == set(UNTRACKED)


def test_every_tracked_model_is_tried() -> None:
    assert set(ROWS) | trail_operations.KEPT == _tracked()


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_raw_change_of_every_model_is_in_the_trail(model: type[models.Model]) -> None:
    make, change = ROWS[model]
    table, key = model._meta.db_table, model._meta.pk.column
    actor = core.PersonFactory()
    with verb("test.change", actor=actor, reason="To see"):
        row = make()
        before = trail_of(model).count()
        with connection.cursor() as cursor:
            if change is not None:
                column, value = change
                value = value or _another(model, column)
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, row.pk])
            with transaction.atomic():
                cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [row.pk])
                events = list(trail_of(model)[before:])
                # Rows that point here would fail the commit.
                transaction.set_rollback(True)
    assert [event.pgh_label for event in events] == (["update", "delete"] if change else ["delete"])
    made = trail_of(model)[before - 1]
    assert made.pgh_label == "insert"
    for event in [made, *events]:
        assert event.pgh_context["actor"] == actor.pk
        assert event.pgh_context["verb"] == "test.change"
        assert event.pgh_context["reason"] == "To see"


def _another(model: type[models.Model], column: str) -> Any:
    target = model._meta.get_field(column.removesuffix("_id")).related_model
    maker = {
        Person: core.PersonFactory,
        Office: core.OfficeFactory,
        Engagement: liaison.EngagementFactory,
    }[target]
    return maker().pk


WAYS: dict[str, tuple[Callable[[Organisation], Any], list[str]]] = {
    "save": (lambda row: (setattr(row, "phone", "1"), row.save()), ["update"]),
    "update": (lambda _row: Organisation.objects.update(phone="1"), ["update"]),
    "bulk_update": (
        lambda row: (setattr(row, "phone", "1"), Organisation.objects.bulk_update([row], ["phone"])),
        ["update"],
    ),
    "bulk_create": (
        lambda _row: Organisation.objects.bulk_create([Organisation(name=n) for n in "AB"]),
        ["insert", "insert"],
    ),
    "delete": (lambda row: row.delete(), ["delete"]),
    "upsert": (
        lambda row: Organisation.objects.bulk_create(
            [Organisation(pk=row.pk, name="Upserted")],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["name"],
        ),
        ["update"],
    ),
    "executemany": (
        lambda row: _many("UPDATE core_organisation SET phone = %s WHERE id = %s", ("1", "2"), row.pk),
        ["update", "update"],
    ),
    "literal percent sign": (
        lambda row: _sql(f"UPDATE core_organisation SET phone = '100%' WHERE id = {row.pk}"),
        ["update"],
    ),
    "copy": (lambda _row: _copy("Copied\t\tother\tf\t\t\t\tf\tnow\tnow\n"), ["insert"]),
}


def _many(statement: str, values: tuple[str, ...], pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(value, pk) for value in values])


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _copy(line: str) -> None:
    columns = "name, short_name, kind, is_mission, phone, email, website, is_archived, created_at, updated_at"
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY core_organisation ({columns}) FROM STDIN", io.StringIO(line))


@pytest.mark.parametrize("way", WAYS)
def test_change_by_any_way_is_in_the_trail_with_its_verb(way: str) -> None:
    change, labels = WAYS[way]
    row = core.OrganisationFactory()
    last = trail_of(Organisation).last().pgh_id
    set_origin(Origin(request="r1", address="192.0.2.1", surface="/test"))
    try:
        with verb("organisation.test", actor=None, reason="To see"):
            change(row)
    finally:
        set_origin(Origin())
    events = list(trail_of(Organisation).filter(pgh_id__gt=last))
    assert [event.pgh_label for event in events] == labels
    assert {event.pgh_context_id for event in events} == {events[0].pgh_context_id} != {None}
    assert events[0].pgh_context == {
        "verb": "organisation.test",
        "reason": "To see",
        "request": "r1",
        "address": "192.0.2.1",
        "surface": "/test",
    }


def test_touched_keys_are_not_told_as_a_change() -> None:
    document = core.DocumentFactory()
    core.give(document, core.PersonFactory(), by=document.author)
    assert [event.pgh_label for event in trail_of(Document).filter(pgh_obj=document.pk)] == ["insert"]


def test_second_verb_in_a_transaction_has_a_context_of_its_own() -> None:
    row = core.OrganisationFactory()
    for name in ("one", "two"):
        with verb(f"organisation.{name}", actor=None):
            row.phone = name
            row.save()
    one, two = trail_of(Organisation).filter(pgh_obj=row.pk, pgh_label="update")
    assert (one.pgh_context["verb"], two.pgh_context["verb"]) == ("organisation.one", "organisation.two")
    assert one.pgh_context_id != two.pgh_context_id


def test_ignoring_triggers_has_no_effect() -> None:
    row = core.OrganisationFactory()
    before = trail_of(Organisation).count()
    with pgtrigger.ignore(), pgtrigger.ignore("core.Organisation:update_update"):
        row.phone = "1"
        row.save()
    document = core.DocumentFactory()
    with pgtrigger.ignore("core.Document:reader_keys"), connection.cursor() as cursor:
        cursor.execute("UPDATE core_document SET reader_keys = '{9}' WHERE id = %s", [document.pk])
    document.refresh_from_db()
    assert trail_of(Organisation).count() > before
    assert 9 not in document.reader_keys


@pytest.mark.django_db(transaction=True)
def test_stamp_ends_with_its_transaction() -> None:
    with verb("organisation.test", actor=None):
        row = core.OrganisationFactory()
    row.phone = "1"
    row.save()
    stamped, plain = trail_of(Organisation).filter(pgh_obj=row.pk)
    assert stamped.pgh_context["verb"] == "organisation.test"
    assert plain.pgh_context is None
    assert plain.pgh_context_id is None
