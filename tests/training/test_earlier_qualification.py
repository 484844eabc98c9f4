"""What was learned before the mission: entered with its proof, confirmed by somebody else, revoked."""

from __future__ import annotations

import html
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cimic_portal.core.errors import InvalidError, RefusedError
from tests.factories.training_course import CourseFactory, QualificationFactory, record_for
from tests.support.outbox import told
from tests.support.pages import body, signed_in, words
from training.models import Proof, Qualification, TrainingRules
from training.policies import qualification as policies
from training.services import qualification as services
from training.services.record import open_to

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def picture(name: str = "paper.png") -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "PNG")
    target.seek(0)
    return target


def given(course: Any = None, **changed: Any) -> services.EarlierInput:
    fields = {
        "course": course or CourseFactory(),
        "issued_on": TODAY() - timedelta(days=60),
        "expires_on": TODAY() + timedelta(days=100),
        "authority": "Peace school",
        "proof": picture(),
    }
    return services.EarlierInput(**(fields | changed))


def entered(cast: Any, actor: Any = None, **changed: Any) -> Qualification:
    return services.enter_earlier(record_for(cast.owner), given(**changed), actor=actor or cast.owner)


def test_it_counts_once_somebody_else_has_confirmed_the_proof(cast):
    course = CourseFactory(office=cast.police)
    one = entered(cast, course=course)
    assert not one.counts
    assert Proof.objects.visible_to(cast.owner).get().qualification == one
    for person in (cast.owner, cast.colleague):
        with pytest.raises(RefusedError):
            services.confirm_qualification(one, actor=person, version=one.version)
    one = services.confirm_qualification(one, actor=cast.other_component, version=one.version)
    assert one.counts
    assert one.valid_on(TODAY())
    assert told("qualification.confirmed")["people"] == [cast.owner.pk]


def test_nobody_decides_on_the_one_they_deputise_for(cast):
    """The delegate acts in the team, which gives the course, by a delegation of the owner alone."""
    one = entered(cast, course=CourseFactory(office=cast.team))
    for verb, given in (("confirm", {}), ("revoke", {"reason": "Not seen"})):
        work = getattr(services, f"{verb}_qualification")
        with pytest.raises(RefusedError, match="deputise"):
            work(one, actor=cast.delegate, version=one.version, **given)
    assert services.confirm_qualification(one, actor=cast.colleague, version=one.version).counts


def test_nobody_confirms_what_the_one_entered_for_whom_they_deputise(cast):
    one = services.enter_earlier(
        record_for(cast.colleague), given(CourseFactory(office=cast.team)), actor=cast.owner
    )
    with pytest.raises(RefusedError, match="deputise"):
        services.confirm_qualification(one, actor=cast.delegate, version=one.version)
    assert services.confirm_qualification(one, actor=cast.head, version=one.version).counts


def test_where_no_office_gives_it_the_releasing_position_confirms(cast):
    one = entered(cast)
    assert told("qualification.entered")["positions"] == [cast.head.holdings.get().position_id]
    assert services.confirm_qualification(one, actor=cast.head, version=one.version).counts


def test_who_entered_it_for_another_does_not_confirm_it(cast):
    one = entered(cast, actor=cast.head)
    with pytest.raises(RefusedError, match="Somebody else"):
        services.confirm_qualification(one, actor=cast.head, version=one.version)


def test_strangers_enter_nothing(cast):
    with pytest.raises(RefusedError):
        entered(cast, actor=cast.partner)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issued_on", lambda: TODAY() + timedelta(days=1)),
        ("expires_on", lambda: TODAY() - timedelta(days=61)),
        ("expires_on", lambda: TODAY() - timedelta(days=1)),
        ("expires_on", lambda: TODAY() + timedelta(days=3000)),
        ("expires_on", lambda: None),
        ("authority", lambda: "  "),
        ("proof", lambda: None),
        ("proof", lambda: io.BytesIO(b"<svg/>")),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_stored(cast, field, value):
    with pytest.raises(InvalidError) as caught:
        entered(cast, **{field: value()})
    assert list(caught.value.fields) == [field]
    assert not Qualification.objects.visible_to(cast.owner).exists()


def test_the_same_twice_is_refused(cast):
    course = CourseFactory()
    entered(cast, course=course)
    with pytest.raises(InvalidError, match="already"):
        entered(cast, course=course)


@pytest.mark.parametrize("reader", ["other_component", "delegate", "head", "partner"])
def test_what_waits_for_somebody_is_what_they_may_confirm(cast, reader):
    TrainingRules.objects.update_or_create(id=1, defaults={"centre": cast.police})
    waits = {"confirmed_at": None, "confirmed_by": None, "way": "earlier"}
    person = getattr(cast, reader)
    for owner in (cast.owner, cast.partner, cast.other_component):
        for author in (owner, cast.other_component):
            for course in (CourseFactory(), CourseFactory(office=cast.police)):
                record = record_for(owner)
                open_to(record, cast.police)
                QualificationFactory(record=record, course=course, entered_by=author, **waits)
    seen = Qualification.objects.visible_to(person)
    may = {one.pk for one in seen if policies.can_confirm(person, one)}
    waiting = {one.pk for one in seen.confirmed_by_office_of(person)}
    assert waiting <= may
    if person.access.offices & {cast.police.pk}:
        assert waiting == may


def test_without_a_proof_it_is_said_what_was_seen_instead(cast):
    waits = {"confirmed_at": None, "confirmed_by": None, "way": "earlier"}
    one = QualificationFactory(
        record=record_for(cast.owner), course=CourseFactory(office=cast.police), **waits
    )
    open_to(one.record, cast.police)
    address = reverse("qualification_verb", args=[one.pk, "confirm"])
    client = signed_in(cast.other_component)
    page = words(body(client.get(address)))
    assert "No proof is attached" in page
    assert "looked at the proof" not in page
    refused = client.post(address, {"version": one.version, "seen": " "})
    assert refused.status_code == 422
    with pytest.raises(InvalidError):
        services.confirm_qualification(one, actor=cast.other_component, version=one.version)
    answer = client.post(address, {"version": one.version, "seen": "The school's letter"}, follow=True)
    assert "The school's letter" in html.unescape(words(body(answer)))


def test_one_that_has_expired_meanwhile_is_confirmed_with_that_word(cast):
    one = entered(cast, course=CourseFactory(office=cast.police))
    one.expires_on = TODAY() - timedelta(days=3)
    one.save()
    address = reverse("qualification_verb", args=[one.pk, "confirm"])
    client = signed_in(cast.other_component)
    page = words(body(client.get(address)))
    assert "You have looked at the proof" in page
    assert "It has expired" in page
    assert "From now on it counts" not in page
    answer = client.post(address, {"version": one.version}, follow=True)
    assert "expired" in words(body(answer)).casefold()


def test_the_tab_of_the_list_counts_what_the_reader_may_confirm(cast):
    entered(cast, course=CourseFactory(office=cast.police))
    address = f"{reverse('qualifications')}?for_me=1"
    shown = signed_in(cast.other_component).get(address)
    assert str(cast.owner) in words(body(shown))
    assert (
        str(cast.owner)
        not in words(body(signed_in(cast.colleague).get(address))).partition("Qualifications")[2]
    )


def test_what_an_empty_day_means_is_said_with_the_months_of_each_course(cast):
    CourseFactory(title="Driving", validity_months=24)
    CourseFactory(title="Law", validity_months=None)
    address = reverse("earlier_add", args=[record_for(cast.owner).reference])
    page = words(body(signed_in(cast.owner).get(address)))
    assert "Driving (valid for 24 months)" in page
    assert "Law (does not expire)" in page
    assert "Left empty, it does not expire" in page


def test_a_revoked_one_counts_no_more_and_says_why(cast):
    course = CourseFactory(office=cast.police)
    one = entered(cast, course=course)
    one = services.confirm_qualification(one, actor=cast.other_component, version=one.version)
    with pytest.raises(RefusedError):
        services.revoke_qualification(one, actor=cast.head, version=one.version, reason="Forged")
    one = services.revoke_qualification(one, actor=cast.other_component, version=one.version, reason="Forged")
    assert (one.counts, one.get_state_display()) == (False, "Revoked")
    assert not Qualification.objects.visible_to(cast.owner).current().exists()


def test_the_training_centre_reads_and_confirms_for_its_own_organisation_alone(cast):
    TrainingRules.objects.update_or_create(id=1, defaults={"centre": cast.police})
    one = entered(cast)
    assert Qualification.objects.visible_to(cast.other_component).filter(pk=one.pk).exists()
    assert services.confirm_qualification(one, actor=cast.other_component, version=one.version).counts
    record_for(cast.partner)
    assert (
        not Qualification.objects.visible_to(cast.other_component)
        .filter(record__person=cast.partner)
        .exists()
    )


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [("2026-01-31", 1, "2026-02-27"), ("2026-03-15", 12, "2027-03-14"), ("2024-02-29", 12, "2025-02-27")],
)
def test_the_last_day_of_validity(issued, months, last):
    course = CourseFactory(validity_months=months)
    assert course.expiry(date.fromisoformat(issued)) == date.fromisoformat(last)
    assert CourseFactory(validity_months=None).expiry(date.fromisoformat(issued)) is None


def test_a_centre_that_reads_a_partners_record_is_not_asked_to_confirm_what_it_may_not(cast):
    TrainingRules.objects.update_or_create(id=1, defaults={"centre": cast.police})
    record = record_for(cast.partner)
    open_to(record, cast.police)
    own = entered(cast)
    theirs = services.enter_earlier(record, given(), actor=cast.partner)
    seen = Qualification.objects.visible_to(cast.other_component)
    assert set(seen) == {own, theirs}
    waiting = seen.confirmed_by_office_of(cast.other_component)
    assert list(waiting) == [one for one in seen if policies.can_confirm(cast.other_component, one)] == [own]
