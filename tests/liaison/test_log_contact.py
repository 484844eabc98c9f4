"""Logging a contact: one input, all or nothing, with the problems at their fields."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import Organisation, OutboxEntry
from cimic_portal.core.services.audience import Sharing
from liaison.models import Attendance, Commitment, Contact, Engagement
from liaison.services.engagement import (
    edit_engagement,
    log_engagement,
    release_engagement,
    return_engagement,
    submit_engagement,
)
from liaison.services.inputs import Attendee, EngagementInput, NewContact, Promise
from tests.factories.liaison import ContactFactory, EngagementKindFactory


def given(**changes):
    """A complete report about one new contact."""
    values = {
        "purpose": "Convoy route before the rains",
        "kind": EngagementKindFactory(),
        "starts_at": timezone.now() - timedelta(hours=3),
        "location": "Town hall",
        "key_points": "The bridge carries five tonnes.",
        "atmosphere": "positive",
        "new_contacts": (
            NewContact(name="Amara Kone", role="Mayor", new_organisation="Town council of Lorani"),
        ),
    }
    return EngagementInput(**{**values, **changes})


def fields_refused(cast, **changes):
    with pytest.raises(InvalidError) as caught:
        log_engagement(given(**changes), actor=cast.owner, office=cast.team)
    return set(caught.value.fields)


def test_new_contact_and_organisation_are_entered_with_the_report(cast):
    engagement = log_engagement(given(sharing=Sharing(2, (1, 3))), actor=cast.owner, office=cast.team)
    contact = Contact.objects.visible_to(cast.owner).get()
    assert (contact.name, contact.organisation.name, contact.classification) == (
        "Amara Kone",
        "Town council of Lorani",
        2,
    )
    assert contact.audience_components == [1, 3]
    assert Attendance.objects.visible_to(cast.owner).get(engagement=engagement).contact == contact
    assert engagement.state == "draft"


def test_meeting_ahead_is_planned(cast):
    engagement = log_engagement(
        given(starts_at=timezone.now() + timedelta(days=2)), actor=cast.owner, office=cast.team
    )
    assert engagement.state == "planned"


def test_similar_contact_is_asked_about_and_nothing_is_saved(cast):
    ContactFactory(name="Amara Koné", owner_office=cast.team, author=cast.owner, published=True)
    assert fields_refused(cast) == {"new_contacts.0.name"}
    assert not Engagement.objects.visible_to(cast.owner).exists()
    assert not Organisation.objects.filter(name="Town council of Lorani").exists()


def test_hidden_contact_raises_no_question(cast):
    ContactFactory(name="Amara Kone", owner_office=cast.country_office, author=cast.partner, published=True)
    log_engagement(given(), actor=cast.owner, office=cast.team)


def test_confirmed_namesake_is_entered(cast):
    ContactFactory(name="Amara Kone", owner_office=cast.team, author=cast.owner, published=True)
    log_engagement(
        given(new_contacts=(NewContact(name="Amara Kone", confirmed=True),)),
        actor=cast.owner,
        office=cast.team,
    )
    assert Contact.objects.visible_to(cast.owner).count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": timezone.now() - timedelta(days=3000)}, "starts_at"),
        ({"starts_at": timezone.now() + timedelta(days=500)}, "starts_at"),
        ({"ends_at": timezone.now() - timedelta(hours=9)}, "ends_at"),
        ({"ends_at": timezone.now() + timedelta(days=30)}, "ends_at"),
        ({"new_contacts": ()}, "attendees"),
    ],
)
def test_bad_input_is_told_at_its_field(cast, changes, field):
    assert fields_refused(cast, **changes) == {field}


def test_nobody_classifies_above_their_clearance(cast):
    cast.owner.clearance = 2
    cast.owner.save()
    with pytest.raises(InvalidError) as caught:
        log_engagement(given(sharing=Sharing(3)), actor=cast.owner, office=cast.team)
    assert "classification" in caught.value.fields


def test_colleague_who_is_not_cleared_cannot_be_named(cast):
    attendees = (Attendee(person=cast.auditor),)
    assert fields_refused(cast, attendees=attendees, sharing=Sharing(2)) == {"attendees"}


def test_partner_cannot_be_named_as_our_own(cast):
    assert fields_refused(cast, attendees=(Attendee(person=cast.partner),)) == {"attendees"}


def test_other_office_is_refused(cast):
    with pytest.raises(RefusedError):
        log_engagement(given(), actor=cast.owner, office=cast.police)


def test_submission_names_what_is_missing(cast):
    draft = log_engagement(
        given(key_points="", atmosphere="", location=""), actor=cast.owner, office=cast.team
    )
    with pytest.raises(InvalidError) as caught:
        submit_engagement(draft, actor=cast.owner, version=draft.version)
    assert set(caught.value.fields) == {"key_points", "atmosphere", "place"}


def test_report_goes_from_draft_to_release(cast):
    draft = log_engagement(given(sharing=Sharing(1, (1, 3))), actor=cast.owner, office=cast.team)
    assert not Engagement.objects.visible_to(cast.outsider).exists()
    submitted = submit_engagement(draft, actor=cast.owner, version=draft.version)
    assert submitted.approver == cast.head.holdings.get().position
    returned = return_engagement(
        submitted, actor=cast.head, version=submitted.version, reason="Name the date."
    )
    assert returned.returned_reason == "Name the date."
    again = submit_engagement(returned, actor=cast.owner, version=returned.version)
    released = release_engagement(again, actor=cast.head, version=again.version)
    assert released.released_by == cast.head
    assert Engagement.objects.visible_to(cast.outsider).get() == released
    assert not Engagement.objects.visible_to(cast.partner).exists()
    kinds = OutboxEntry.objects.order_by("pk").values_list("payload__kind", flat=True)
    assert list(kinds) == [
        "engagement.submitted",
        "engagement.returned",
        "engagement.submitted",
        "engagement.released",
    ]


def test_head_who_writes_is_released_up_the_chain(cast):
    draft = log_engagement(given(), actor=cast.head, office=cast.team)
    submitted = submit_engagement(draft, actor=cast.head, version=draft.version)
    assert submitted.approver == cast.head_above.holdings.get().position


def test_second_decision_on_an_older_version_is_told_what_changed(cast):
    draft = log_engagement(given(), actor=cast.owner, office=cast.team)
    edit_engagement(draft, given(purpose="Ford", new_contacts=(), attendees=(
        Attendee(organisation=Organisation.objects.get(name="Town council of Lorani")),
    )), actor=cast.owner, version=1)  # fmt: skip
    with pytest.raises(StaleError) as caught:
        submit_engagement(draft, actor=cast.owner, version=1)
    assert any("Ford" in line for line in caught.value.changes)


def test_editing_replaces_promises_and_keeps_settled_ones(cast):
    promise = Promise(side="ours", what="Send the dates")
    draft = log_engagement(given(promises=(promise,)), actor=cast.owner, office=cast.team)
    kept = Commitment.objects.visible_to(cast.owner).get()
    Commitment.objects.unscoped("test").filter(pk=kept.pk).update(state="kept")
    contact = Contact.objects.visible_to(cast.owner).get()
    edit_engagement(
        draft,
        given(
            new_contacts=(),
            attendees=(Attendee(contact=contact),),
            promises=(Promise(side="theirs", what="Mark the ford"),),
        ),
        actor=cast.owner,
        version=draft.version,
    )
    assert set(Commitment.objects.visible_to(cast.owner).values_list("what", flat=True)) == {
        "Send the dates",
        "Mark the ford",
    }


def test_editing_keeps_attendees_that_the_writer_may_not_see(cast):
    draft = log_engagement(given(), actor=cast.owner, office=cast.team)
    hidden = ContactFactory(owner_office=cast.country_office, author=cast.partner, published=True)
    Attendance.objects.create(engagement=draft, contact=hidden)
    contact = Contact.objects.visible_to(cast.owner).get()
    edit_engagement(
        draft,
        given(new_contacts=(), attendees=(Attendee(contact=contact),)),
        actor=cast.owner,
        version=draft.version,
    )
    assert Attendance.objects.unscoped("test").filter(engagement=draft).count() == 2
    assert Attendance.objects.visible_to(cast.owner).filter(engagement=draft).count() == 1


def test_similar_organisation_is_asked_about(cast):
    Organisation.objects.create(name="Ferry committee of Oumwe")
    alike = (Attendee(new_organisation="Ferry committee Oumwe"),)
    assert fields_refused(cast, new_contacts=(), attendees=alike) == {"organisations"}
    someone = (NewContact(name="Amara Kone", new_organisation="Ferry committee Oumwe"),)
    assert fields_refused(cast, new_contacts=someone) == {"new_contacts.0.organisation"}
    confirmed = (Attendee(new_organisation="Ferry committee Oumwe", confirmed=True),)
    log_engagement(given(new_contacts=(), attendees=confirmed), actor=cast.owner, office=cast.team)
    assert Organisation.objects.filter(name__startswith="Ferry committee").count() == 2
