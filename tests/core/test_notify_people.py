"""Who is told what: holders, deputies, heads; nobody who may not see the record."""

import pytest
from django.utils import timezone

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.models import Holding, Notification, OutboxEntry
from cimic_portal.core.services.notifications import lines, notify
from cimic_portal.core.sharing.levels import Classification, Component
from tests.factories.cast import make_cast
from tests.factories.core import PositionFactory, ago, ahead, post_someone
from tests.factories.liaison import TaskingFactory
from tests.support.outbox import deliver_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def tasking(cast):
    """The headquarters task the owner's position in the team."""
    assignee = cast.owner.holdings.get().position
    issuer = cast.head_above.holdings.get().position
    return TaskingFactory(
        title="Meet the mayor of Lorani",
        owner_office=cast.hq,
        author=cast.head_above,
        assignee=assignee,
        issuer=issuer,
        classification=Classification.CONFIDENTIAL,
        published=True,
    )


def tell(record, kind="tasking.issued", actor=None, **who):
    notify(record, kind, actor=actor, **who)
    deliver_waiting("core.tell")


def told():
    return {line.person.family_name for line in Notification.objects.select_related("person")}


def test_holder_and_deputy_are_told(cast, tasking):
    tell(tasking, positions=[tasking.assignee], actor=cast.head_above)
    assert told() == {"Owner", "Delegate"}
    line = Notification.objects.get(person=cast.owner)
    assert (line.position, line.as_head, line.actor) == (tasking.assignee, False, cast.head_above)
    assert (line.record_model, line.record_id) == ("liaison.Tasking", tasking.pk)


def test_successor_is_told_when_the_holder_changed_meanwhile(cast, tasking):
    notify(tasking, "tasking.issued", positions=[tasking.assignee], actor=None)
    successor = post_someone(cast.sector, family_name="Successor")
    cast.owner.holdings.update(until=timezone.now())
    Holding.objects.create(person=successor, position=tasking.assignee, since=ago(minutes=1))
    deliver_waiting("core.tell")
    # The delegation ended with the holding of the one who gave it.
    assert told() == {"Successor"}


def test_whoever_lost_the_clearance_is_told_nothing(cast, tasking):
    notify(tasking, "tasking.issued", positions=[tasking.assignee], actor=None)
    cast.owner.clearance = Classification.UNCLASSIFIED
    cast.owner.save()
    deliver_waiting("core.tell")
    assert told() == {"Delegate"}


def test_whoever_acted_is_not_told(cast, tasking):
    tell(tasking, positions=[tasking.assignee], actor=cast.owner)
    assert told() == {"Delegate"}


def test_vacant_post_is_told_to_the_owning_head(cast, tasking):
    cast.owner.holdings.update(until=timezone.now())
    tell(tasking, positions=[tasking.assignee])
    # The head of the team may not see the headquarters' tasking; the head of the owner office may.
    assert told() == {"Above"}
    line = Notification.objects.get()
    assert line.as_head and line.position == tasking.assignee
    text = lines(cast.head_above, [line])[0].text
    assert "You are told as head" in text and tasking.assignee.title in text


def test_vacant_post_is_told_to_the_head_of_its_own_office_where_that_one_may_see(cast, tasking):
    tasking.audience_components = [Component.MILITARY]
    tasking.save()
    cast.owner.holdings.update(until=timezone.now())
    tell(tasking, positions=[tasking.assignee])
    assert told() == {"Head"}


def test_uncleared_holder_counts_as_nobody(cast, tasking):
    for person in (cast.owner, cast.delegate):
        person.clearance = Classification.UNCLASSIFIED
        person.save()
    tell(tasking, positions=[tasking.assignee])
    assert told() == {"Above"}


def test_inactive_and_hidden_people_are_told_nothing(cast, tasking):
    tell(tasking, people=[cast.inactive, cast.outsider, cast.postless, cast.partner, cast.head_above])
    assert told() == {"Above"}


def test_one_line_for_a_person_named_twice(cast, tasking):
    second = PositionFactory(office=cast.team, title="Second post")
    Holding.objects.create(person=cast.head_above, position=second, since=ago(days=1))
    tell(tasking, people=[cast.head_above], positions=[second, tasking.issuer])
    line = Notification.objects.get()
    assert (line.person, line.position) == (cast.head_above, None)


def test_telling_again_adds_no_line(cast, tasking):
    from cimic_portal.core.outbox import handler_of

    entry = notify(tasking, "tasking.issued", positions=[tasking.assignee], actor=None)
    deliver_waiting("core.tell")
    with pytest.raises(Exception, match="notification_once_per_entry"):
        handler_of("core.tell").work(entry)


def test_reminder_with_a_key_is_told_once(cast, tasking):
    for _time in range(3):
        tell(tasking, "tasking.due", positions=[tasking.assignee], key=f"tasking.due:{tasking.pk}")
    assert Notification.objects.filter(person=cast.owner).count() == 1


def test_reminder_waits_for_its_time(cast, tasking):
    entry = notify(tasking, "tasking.due", positions=[tasking.assignee], actor=None, not_before=ahead(days=1))
    assert entry.due_at > ahead(hours=23)


def test_unknown_kind_is_a_mistake(tasking):
    with pytest.raises(ProgrammingMistakeError):
        notify(tasking, "tasking.forgotten", people=[], actor=None)


def test_record_that_is_gone_tells_nobody(cast, tasking):
    entry = notify(tasking, "tasking.issued", positions=[tasking.assignee], actor=None)
    OutboxEntry.objects.filter(pk=entry.pk).update(payload={**entry.payload, "id": 2**31})
    deliver_waiting("core.tell")
    assert not Notification.objects.exists()


def test_line_names_only_what_the_reader_sees(cast, tasking):
    tell(tasking, positions=[tasking.assignee], actor=cast.head_above)
    line = Notification.objects.get(person=cast.owner)
    text = lines(cast.owner, [line])[0].text
    assert str(tasking.assignee) in text and "Meet the mayor of Lorani" in text
    cast.owner.clearance = Classification.UNCLASSIFIED
    cast.owner.save()
    reader = type(cast.owner).objects.get(pk=cast.owner.pk)
    assert lines(reader, [line]) == []


def test_braces_in_a_title_are_no_fields(cast, tasking):
    tasking.title = "{actor.password} {0} {missing}"
    tasking.save()
    tell(tasking, positions=[tasking.assignee])
    line = Notification.objects.get(person=cast.owner)
    assert "{actor.password} {0} {missing}" in lines(cast.owner, [line])[0].text


def test_lines_of_many_cost_one_query_per_model(cast, tasking, django_assert_num_queries):
    for number in range(5):
        other = TaskingFactory(
            title=f"Other {number}",
            owner_office=cast.hq,
            author=cast.head_above,
            assignee=tasking.assignee,
            issuer=tasking.issuer,
            published=True,
        )
        tell(other, positions=[tasking.assignee])
    rows = list(Notification.objects.visible_to(cast.owner).select_related("actor", "position__office"))
    with django_assert_num_queries(1):
        assert len(lines(cast.owner, rows)) == 5


def test_every_kind_has_texts_that_can_be_composed():
    from cimic_portal.core.notices import all_kinds

    assert len(all_kinds()) > 10
    for kind in all_kinds():
        assert str(kind.line).format(title="t", position="p", actor="a")
        assert "{" not in str(kind.plain)
