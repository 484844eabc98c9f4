"""History is read under the rule of today and under that of each row's own day."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.audit.history import changes_since, history_of
from cimic_portal.core.audit.snapshots import visible_events
from cimic_portal.core.models import Document, Person
from cimic_portal.core.services.grants import grant, revoke
from cimic_portal.core.services.verbs import lock, save_changed, verb
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.sharing.records import SharedRecord
from liaison.models import Attendance, Engagement, EngagementState
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory, HoldingFactory, PositionFactory, ago, ahead, give
from tests.factories.liaison import EngagementFactory
from tests.support.facts import WHY

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def document(cast: Cast) -> Document:
    """Written in several verbs, each under a title of its own; a draft so far."""
    with verb("document.write", actor=cast.owner):
        return DocumentFactory(owner_office=cast.team, author=cast.owner, title="First")


def change(record: SharedRecord, actor: Person, name: str = "document.edit", **fields: Any) -> None:
    """One verb that writes these fields."""
    with verb(name, actor=actor, reason=f"Reason of {name}"):
        record.refresh_from_db()
        for field, value in fields.items():
            setattr(record, field, value)
        save_changed(record)


def titles(record: SharedRecord, person: Person) -> list[str]:
    person.refresh_from_db()
    column = "title" if isinstance(record, Document) else "purpose"
    return [getattr(event, column) for _place, event in visible_events(record, person)]


def told(record: SharedRecord, person: Person) -> str:
    """Everything that the history says, as one text."""
    person.refresh_from_db()
    return repr(history_of(record, person))


def publish(record: SharedRecord, actor: Person, **fields: Any) -> None:
    if isinstance(record, Engagement):
        fields["state"] = EngagementState.RELEASED
    change(record, actor, "document.release", published_at=timezone.now(), **fields)


def test_owner_reads_all_of_it(cast: Cast, document: Document) -> None:
    change(document, cast.owner, title="Second")
    newest, oldest = history_of(document, cast.colleague)
    assert (oldest.verb, oldest.actor, oldest.changes) == ("document.write", cast.owner.pk, ())
    assert (newest.verb, newest.version, newest.reason) == ("document.edit", 2, "Reason of document.edit")
    assert [(c.before, c.after) for c in newest.changes] == [("First", "Second")]
    assert not newest.after_gap


def test_record_just_made_has_its_history(cast: Cast, document: Document) -> None:
    """The instance that made it does not hold the keys that the trigger wrote."""
    assert document.reader_keys == []
    assert titles(document, cast.owner) == ["First"]


def test_who_may_not_see_the_record_reads_no_history(cast: Cast, document: Document) -> None:
    publish(document, cast.head, audience_components=[Component.POLICE])
    change(document, cast.head, audience_components=[])
    for name in ("other_component", "partner", "outsider", "inactive", "postless"):
        assert titles(document, getattr(cast, name)) == []
        assert history_of(document, getattr(cast, name)) == []


def test_drafts_stay_hidden_from_the_audience(cast: Cast, document: Document) -> None:
    change(document, cast.owner, audience_components=[Component.POLICE], title="Draft for the police")
    publish(document, cast.head, title="Published")
    assert titles(document, cast.other_component) == ["Published"]
    assert "Draft" not in told(document, cast.other_component)


def test_narrower_versions_stay_hidden_when_the_audience_widens(cast: Cast, document: Document) -> None:
    publish(document, cast.head, audience_components=[Component.MILITARY], title="Narrow")
    change(document, cast.head, audience_components=[Component.MILITARY, Component.POLICE], title="Wide")
    change(document, cast.head, title="Wider still")
    assert titles(document, cast.other_component) == ["Wide", "Wider still"]
    assert "Narrow" not in told(document, cast.other_component)
    first = history_of(document, cast.other_component)[-1]
    assert first.after_gap
    assert first.changes == ()


def test_higher_versions_stay_hidden_after_downgrading(cast: Cast, document: Document) -> None:
    publish(document, cast.head, audience_components=[Component.MILITARY], title="Open")
    change(document, cast.head, classification=Classification.STRICTLY_CONFIDENTIAL, title="Source named")
    change(document, cast.owner, "document.downgrade", classification=1, title="Source removed")
    low = cast.auditor
    assert titles(document, low) == ["Open", "Source removed"]
    newest, oldest = history_of(document, low)
    assert "Source named" not in told(document, low)
    # Otherwise the downgrade would seem to have changed what the hidden version did.
    assert newest.after_gap
    assert newest.changes == ()
    assert not oldest.after_gap or oldest.changes == ()


def test_changes_of_a_stale_verb_pass_over_hidden_versions(cast: Cast, document: Document) -> None:
    publish(document, cast.head, audience_components=[Component.MILITARY], title="Open")
    version = document.version
    change(document, cast.head, classification=Classification.STRICTLY_CONFIDENTIAL, title="Source named")
    change(document, cast.owner, classification=1, title="Source removed")
    lines = changes_since(document, version, cast.auditor)
    assert len(lines) == 1
    assert "Source removed" in lines[0]
    assert "Source named" not in lines[0]


def test_former_owner_office_s_version_stays_with_it(cast: Cast, document: Document) -> None:
    change(document, cast.head, "document.transfer", owner_office=cast.police, title="With the police")
    assert titles(document, cast.other_component) == ["With the police"]
    assert titles(document, cast.head) == []
    # The author wrote for the mission, whose both offices are.
    assert titles(document, cast.owner) == ["First", "With the police"]
    assert titles(document, cast.head_above) == ["First", "With the police"]


def test_author_s_right_is_that_of_the_organisation_then(cast: Cast, document: Document) -> None:
    change(document, cast.owner, owner_office=cast.country_office, title="For the partner")
    HoldingFactory(
        person=cast.owner, position=PositionFactory(office__organisation=cast.partner_organisation)
    )
    cast.owner.holdings.filter(position__office=cast.team).update(until=timezone.now())
    assert titles(document, cast.owner) == ["For the partner"]


def test_later_grant_opens_no_earlier_version(cast: Cast, document: Document) -> None:
    change(document, cast.owner, title="Second")
    grant(
        document,
        cast.partner,
        actor=cast.owner,
        expires_at=ahead(days=1),
        reason="Joint",
        version=document.version,
    )
    change(document, cast.owner, title="Third")
    assert titles(document, cast.partner) == ["Second", "Third"]
    assert "First" not in told(document, cast.partner)


def test_grant_to_a_group_opens_as_one_to_a_person(cast: Cast, document: Document) -> None:
    grant(document, cast.group, actor=cast.owner, expires_at=ahead(days=1), reason="Joint", version=1)
    change(document, cast.owner, title="Second")
    assert titles(document, cast.group_member) == ["First", "Second"]
    assert titles(document, cast.other_component) == []


def test_version_between_two_grants_stays_hidden(cast: Cast, document: Document) -> None:
    given = grant(document, cast.partner, actor=cast.owner, expires_at=ahead(days=1), reason="A", version=1)
    change(document, cast.owner, title="Granted once")
    revoke(document, given, actor=cast.owner, reason="B", version=3)
    change(document, cast.owner, title="Not granted")
    change(document, cast.owner, title="Not granted either")
    grant(document, cast.partner, actor=cast.owner, expires_at=ahead(days=1), reason="C", version=6)
    change(document, cast.owner, title="Granted again")
    seen = titles(document, cast.partner)
    assert seen == ["First", "Granted once", "Not granted either", "Granted again"]


def test_grant_that_had_run_out_then_opens_nothing(cast: Cast, document: Document) -> None:
    give(document, cast.partner, by=cast.owner, expires_at=ago(hours=1))
    change(document, cast.owner, title="After it ended")
    publish(document, cast.head, audience_components=[Component.HUMANITARIAN], title="For all")
    assert titles(document, cast.partner) == ["For all"]


def test_participant_reads_from_the_release_with_them_on(cast: Cast) -> None:
    with verb("engagement.log", actor=cast.owner):
        report = EngagementFactory(owner_office=cast.team, author=cast.owner, purpose="Draft")
        Attendance.objects.create(engagement=report, person=cast.other_component)
    publish(report, cast.head, purpose="Released")
    with verb("engagement.correct", actor=cast.head):
        Attendance.objects.create(engagement=report, person=cast.outsider)
        report.refresh_from_db()
        report.purpose = "Corrected"
        save_changed(report)
    assert titles(report, cast.other_component) == ["Released", "Corrected"]
    assert titles(report, cast.outsider) == ["Corrected"]


def test_participant_taken_off_reads_no_more(cast: Cast) -> None:
    with verb("engagement.log", actor=cast.owner):
        report = EngagementFactory(owner_office=cast.team, author=cast.owner, purpose="One")
        Attendance.objects.create(engagement=report, person=cast.outsider)
    publish(report, cast.head, purpose="Two")
    with verb("engagement.correct", actor=cast.head):
        report.attendances.unscoped(WHY).all().delete()
        report.refresh_from_db()
        report.purpose = "Without"
        save_changed(report)
    assert titles(report, cast.outsider) == []
    publish(report, cast.head, purpose="For civilians", audience_components=[Component.CIVILIAN])
    # The release with them on was theirs to read, and is again.
    assert titles(report, cast.outsider) == ["Two", "For civilians"]


def test_rewritten_attendance_loses_no_history(cast: Cast) -> None:
    """Forms replace all rows of a report at once."""
    with verb("engagement.log", actor=cast.owner):
        report = EngagementFactory(owner_office=cast.team, author=cast.owner, purpose="One")
        Attendance.objects.create(engagement=report, person=cast.outsider)
    publish(report, cast.head, purpose="Two")
    with verb("engagement.correct", actor=cast.head):
        report.attendances.unscoped(WHY).all().delete()
        Attendance.objects.create(engagement=report, person=cast.outsider)
        report.refresh_from_db()
        report.purpose = "Three"
        save_changed(report)
    assert titles(report, cast.outsider) == ["Two", "Three"]


def test_hidden_linked_record_is_not_named(cast: Cast, document: Document) -> None:
    secret = DocumentFactory(title="Secret original", owner_office=cast.police)
    other = DocumentFactory(title="Another secret", owner_office=cast.police)
    change(document, cast.owner, copy_of=secret)
    change(document, cast.owner, copy_of=other)
    assert "ecret" not in told(document, cast.owner)
    assert "Another secret" in told(document, cast.head_above)


def test_lock_refuses_who_may_not_see(cast: Cast, document: Document) -> None:
    with pytest.raises(Document.DoesNotExist), verb("document.edit", actor=cast.partner):
        lock(document, actor=cast.partner, version=1)
