"""The demo mission: as large and as mixed as it says, and the same every time."""

from collections import Counter
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F, Max, Min
from django.test import RequestFactory
from django.utils import timezone

from cimic_portal.core.models import Office, Organisation, Person, Place, Position
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.overview.demo.load import load_demo
from cimic_portal.overview.demo.mission import NAMED, PASSWORD
from liaison.models import Contact, Engagement, EngagementState, Tasking, TaskingState
from operations.models import (
    Acknowledgement,
    Asset,
    AssetState,
    Booking,
    BookingState,
    Concurrence,
    JoiningParty,
    JournalEntry,
    Occupancy,
    Operation,
    OperationState,
    OperationTask,
    OperationType,
    Participation,
    PlanRevision,
    Qip,
    QipCriterion,
    QipPayment,
    QipPhoto,
    QipSeat,
    QipState,
    QipVote,
    ReachedDecision,
)
from operations.querysets.standing import review_is_finished
from tests.factories.liaison import EngagementKindFactory
from tests.factories.operations_qip import QipCriterionFactory
from training.models import (
    Course,
    Enrolment,
    Guidance,
    GuidanceState,
    GuidanceVersion,
    Lesson,
    LessonState,
    Qualification,
    VersionState,
)
from training.services.record import follow_posts

pytestmark = pytest.mark.django_db
WHY = "the test counts what was loaded"
ROLES = {
    "Liaison officer",
    "Releasing officer",
    "Planner",
    "Commander",
    "CMCoord officer",
    "Humanitarian partner",
    "Police officer",
    "Training officer",
}


def every(model):
    return model.objects.unscoped(WHY)


def drawn():
    """What chance decides in a mission, of the rows in the order in which they were made."""
    return {
        "people": list(Person.objects.order_by("pk").values_list("email", "family_name", "clearance")),
        "contacts": list(every(Contact).order_by("pk").values_list("name", "classification")),
        "engagements": list(
            every(Engagement)
            .order_by("pk")
            .values_list("purpose", "state", "audience_components", "key_points")
        ),
        "operations": list(every(Operation).order_by("pk").values_list("title", "state", "order_number")),
        "assets": list(every(Asset).order_by("pk").values_list("name", "reference", "home__name")),
        "bookings": list(every(Booking).order_by("pk").values_list("asset__name", "state", "purpose")),
        "projects": list(every(Qip).order_by("pk").values_list("title", "state", "budget", "latitude")),
        "qualifications": list(every(Qualification).order_by("pk").values_list("code", "issued_on")),
        "taskings": list(every(Tasking).order_by("pk").values_list("title", "state", "priority")),
    }


@pytest.fixture(scope="module")
def mission(django_db_setup, django_db_blocker):
    """Loaded once for the module, and what a mission loaded before it had drawn."""
    began = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        # What has ended by now is no other for the second one.
        patch.setattr(timezone, "now", lambda: began)
        # The migrations bring them; a test before this one may have emptied every table.
        EngagementKindFactory()
        QipCriterionFactory()
        import_module("operations.migrations.0002_shipped_types_and_procedures").ship(apps, None)
        for shipped in (
            "0002_shipped_themes",
            "0005_shipped_kinds_of_guidance",
            "0006_shipped_module_on_sharing",
            "0007_shipped_module_on_assistance",
        ):
            import_module(f"training.migrations.{shipped}").ship(apps, None)
        with transaction.atomic():
            load_demo(lambda line: None)
            before = drawn()
            transaction.set_rollback(True)
        assert load_demo(lambda line: None)
        yield before
        transaction.set_rollback(True)


@pytest.mark.long
def test_it_is_the_same_every_time(mission):
    assert drawn() == mission


def test_a_mission_that_is_there_is_left_alone(mission):
    assert not load_demo(lambda line: None)
    assert drawn() == mission


def test_it_is_as_large_as_it_says(mission):
    partners = Organisation.objects.filter(is_mission=False, offices__isnull=False).distinct()
    offices = Office.objects.filter(organisation__is_mission=True)
    sectors = offices.filter(name__regex="^Sector (North|South|East|West)$")
    assert sectors.count() == 4
    assert Office.objects.count() >= 24
    assert partners.count() >= 12
    assert Person.objects.count() == 120
    assert Organisation.objects.count() >= 80
    assert every(Contact).count() == 400
    assert every(Engagement).count() == 1500
    assert every(Tasking).count() == 150
    assert every(Qip).count() == 12
    assert every(Operation).count() == 40
    assert every(Asset).count() == 62
    assert every(Lesson).count() == 63
    assert Course.objects.count() == 30
    assert every(Qualification).count() >= 3000
    assert every(Enrolment).filter(state="waiting").exists()
    assert set(every(Lesson).values_list("state", flat=True)) == set(LessonState)
    assert every(Guidance).count() == 25
    assert set(every(Guidance).values_list("state", flat=True)) == set(GuidanceState)
    never = {VersionState.DROPPED}
    assert set(every(GuidanceVersion).values_list("state", flat=True)) == set(VersionState) - never
    assert set(Office.objects.values_list("component", flat=True)) == set(Component)


def test_it_is_spread_over_a_year_and_over_every_state_level_and_audience(mission):
    span = every(Engagement).aggregate(first=Min("starts_at"), last=Max("starts_at"))
    assert timedelta(days=350) < span["last"] - span["first"] < timedelta(days=400)
    assert set(every(Tasking).values_list("state", flat=True)) == set(TaskingState)
    assert set(every(Qip).values_list("state", flat=True)) == set(QipState)
    assert set(every(Operation).values_list("state", flat=True)) == set(OperationState)
    assert set(every(Operation).values_list("kind", flat=True)) == set(
        OperationType.objects.values_list("pk", flat=True)
    )
    states = Counter(every(Engagement).values_list("state", flat=True))
    assert set(states) == set(EngagementState)
    for model in (Engagement, Contact, Tasking):
        assert len(set(every(model).values_list("classification", flat=True))) > 1
    assert set(every(Engagement).values_list("classification", flat=True)) == set(Classification)
    audiences = Counter(map(tuple, every(Engagement).values_list("audience_components", flat=True)))
    assert len(audiences) >= 4


def test_it_is_entered_by_nobody_in_particular(mission):
    """But for the FRAGO that is made by its verbs."""
    for model in (Engagement, Qip, Asset, Lesson, Guidance, JournalEntry):
        events = every(apps.get_model(f"{model._meta.label}Event"))
        assert set(events.values_list("pgh_context__verb", flat=True)) == {"demo.load"}, model


def test_everything_stands_where_it_says(mission):
    assert not every(Engagement).filter(latitude__isnull=False, area__isnull=True).exists()
    assert not Place.objects.filter(area__isnull=True).exists()


def test_projects_are_whole_and_their_money_adds_up(mission):
    assert QipSeat.objects.filter(is_chair=True).count() == 1
    for qip in every(Qip):
        lines = qip.lines.unscoped(WHY).values_list("amount", flat=True)
        assert sum(lines) == qip.budget, qip
        paid = QipPayment.objects.unscoped(WHY).filter(qip=qip).total()
        assert paid <= (qip.approved_amount or 0)
        if qip.state != QipState.DRAFT:
            answered = qip.answers.unscoped(WHY).count()
            assert answered == QipCriterion.objects.filter(is_archived=False).count()
    assert every(QipVote).filter(choice="").exists()
    assert every(QipPhoto).exists()


def test_operations_that_ran_have_journals(mission):
    ran = every(Operation).filter(state__in=("active", "suspended", "completed", "closed"))
    sizes = Counter(every(JournalEntry).values_list("operation_id", flat=True))
    assert set(sizes) == set(ran.values_list("pk", flat=True))
    assert max(sizes.values()) > 400
    for operation, size in sizes.items():
        numbers = every(JournalEntry).filter(operation=operation).order_by("number")
        assert list(numbers.values_list("number", flat=True)) == list(range(1, size + 1))
    reached = every(ReachedDecision)
    assert reached.filter(decided_at__isnull=True).exists()
    assert reached.filter(decided_at__isnull=False).exists()
    assert every(JournalEntry).filter(struck_at__isnull=False, corrections__isnull=False).exists()


def test_operations_are_whole(mission):
    """What is in force was acknowledged or waits; what is closed has learnt; what ran has its plan."""
    for operation in every(Operation):
        rows = Participation.objects.unscoped(WHY).filter(operation=operation)
        assert rows.filter(role="lead").count() == 1
        assert operation.state != "closed" or review_is_finished(operation)
        if operation.approved_at:
            assert operation.state != "staffing"
            in_force = PlanRevision.objects.unscoped(WHY).in_force().get(operation=operation)
            asked = Acknowledgement.objects.unscoped(WHY).filter(revision=in_force)
            assert asked.count() == rows.count()
    fragos = PlanRevision.objects.unscoped(WHY).filter(is_frago=True)
    assert set(fragos.values_list("state", flat=True)) >= {"draft", "submitted", "in_force"}


def test_fragos_change_the_frame_too(mission):
    """One that waits would bring in the engineers, who are asked; one in force gave more days."""
    (joins,) = JoiningParty.objects.unscoped(WHY).select_related("revision", "operation")
    assert joins.revision.state == "submitted"
    assert joins.revision.ends_at > joins.operation.ends_at
    assert Concurrence.objects.unscoped(WHY).current().get(revision=joins.revision).answer == "pending"
    issued = PlanRevision.objects.unscoped(WHY).filter(is_frago=True).in_force()
    assert all(row.ends_at == row.operation.ends_at for row in issued)
    assert [row.ends_at > row.based_on.ends_at for row in issued].count(True) == 1


def test_one_operation_is_large(mission):
    large = every(Operation).get(
        kind__name="Electoral support", ends_at__gt=F("starts_at") + timedelta(days=50)
    )
    assert Participation.objects.unscoped(WHY).filter(operation=large).count() == 25
    tasks = OperationTask.objects.unscoped(WHY).filter(revision__operation=large)
    assert tasks.filter(revision__state="in_force").count() == 300


def test_assets_of_every_component_are_booked(mission):
    components = every(Asset).values_list("owner_office__component", flat=True)
    assert set(components) >= set(Component) - {Component.HOST_STATE}
    assert set(every(Asset).values_list("state", flat=True)) == set(AssetState)
    states = Counter(every(Booking).values_list("state", flat=True))
    assert min(states[state] for state in (BookingState.REQUESTED, BookingState.DECLINED)) >= 3
    assert states[BookingState.CONFIRMED] >= 50
    held = every(Booking).filter(state__in=(BookingState.CONFIRMED, BookingState.ENDED)).count()
    assert every(Occupancy).filter(booking__isnull=False).count() == held
    taken = every(Occupancy).values("asset")
    assert every(Asset).exclude(pk__in=taken).exists()


def test_the_named_people_sign_in_with_one_password_and_hold_their_posts(mission):
    assert {person.role for person in NAMED} >= ROLES
    assert sum(person.staff for person in NAMED) == 2
    for named in NAMED:
        person = authenticate(RequestFactory().post("/sign-in/"), email=named.email, password=PASSWORD)
        assert person is not None, named.key
        assert Position.objects.held_by(person).filter(title=named.post).exists()


def test_it_is_refused_where_demo_data_may_not_exist(settings, db):
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        load_demo(lambda line: None)


def test_lessons_have_days_of_their_own(mission):
    lessons = list(every(Lesson).all())
    days = {lesson.created_at.date() for lesson in lessons}
    assert len(days) > 25
    assert max(days) - min(days) > timedelta(days=150)
    for lesson in lessons:
        steps = [lesson.created_at, lesson.published_at, lesson.learned_at, timezone.now()]
        gone = [step for step in steps if step is not None]
        assert gone == sorted(gone), lesson
        assert lesson.due_on is None or lesson.due_on > lesson.created_at.date(), lesson
    # One step of history: it was not corrected afterwards.
    events = apps.get_model("training.LessonEvent").objects.unscoped(WHY)
    assert events.count() == len(lessons)


def test_people_joined_before_their_first_post(mission):
    days = set()
    for person in Person.objects.prefetch_related("holdings"):
        first = min(holding.since for holding in person.holdings.all())
        assert timedelta() < first - person.joined_at < timedelta(days=7)
        days.add(person.joined_at.date())
    assert len(days) > 30


def test_nobody_writes_a_lesson_before_they_came(mission):
    early = every(Lesson).filter(created_at__lt=F("author__joined_at"))
    # Of a review the day is that of the operation, which the demo mission began with.
    assert not early.filter(source__isnull=True).exists()


def test_training_records_stand_as_the_sweep_would_leave_them(mission):
    assert follow_posts() == 0
