"""Who could have read a record on a day: as people, posts and the record stood then, whatever came since."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cimic_portal.core.audit.readers import ReadersOf
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Holding, Person
from cimic_portal.core.services.grants import grant, revoke
from cimic_portal.core.sharing.levels import Classification, Component
from tests.factories.cast import make_cast
from tests.factories.core import DocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def document(cast):
    return DocumentFactory(owner_office=cast.team, author=cast.owner)


def spans_between(document, since, until):
    """By family name: from when to when, and by which ways."""
    return {one.person.family_name: one.spans for one in ReadersOf(document, since, until).found()}


def spans(document, since):
    return spans_between(document, since, timezone.now())


# Each change in a transaction of its own, as in life: the trail tells moments by them. One test, because
# emptying all tables afterwards takes longer than everything in it.
@pytest.mark.django_db(transaction=True)
def test_each_change_counts_from_its_moment_on():
    cast, before = make_cast(), timezone.now()
    document = DocumentFactory(owner_office=cast.team, author=cast.owner)
    entered = timezone.now()
    _leaves(cast, document)
    _is_cleared_later(cast, document)
    _is_in_the_audience_from_publication_on(cast, document)
    _has_it_opened_for_a_while(cast, document)
    # What came since changes nothing of what was.
    assert set(spans_between(document, entered - timedelta(microseconds=1), entered)) >= {
        "Colleague",
        "Owner",
    }
    assert ReadersOf(document, before - timedelta(days=1), before).found() == []
    assert before < spans(document, before)["Owner"][0].since < entered


def _leaves(cast, document):
    before = timezone.now()
    Holding.objects.filter(person=cast.colleague).update(until=timezone.now())
    left = timezone.now()
    [span] = spans(document, before)["Colleague"]
    assert span.since == before
    assert before < span.until < left
    assert "Colleague" not in spans(document, left)


def _is_cleared_later(cast, document):
    Person.objects.filter(pk=cast.head.pk).update(clearance=Classification.UNCLASSIFIED)
    document.classification = Classification.CONFIDENTIAL
    document.save()
    closed = timezone.now()
    Person.objects.filter(pk=cast.head.pk).update(clearance=Classification.STRICTLY_CONFIDENTIAL)
    [span] = spans(document, closed)["Head"]
    assert span.since > closed
    assert "Head" not in spans_between(document, closed, span.since)


def _is_in_the_audience_from_publication_on(cast, document):
    drafted = timezone.now()
    document.published_at = timezone.now()
    document.audience_components = [Component.POLICE]
    document.save()
    [span] = spans(document, drafted)["Other"]
    assert span.since > drafted
    assert span.ways == ("audience",)


def _has_it_opened_for_a_while(cast, document):
    before, end = timezone.now(), timezone.now() + timedelta(days=1)
    head = Person.objects.get(pk=cast.head.pk)
    given = grant(
        document, cast.partner, actor=head, reason="Asked", expires_at=end, version=document.version
    )
    document.refresh_from_db()
    revoke(document, given, actor=head, reason="Done", version=document.version)
    after = timezone.now()
    [span] = spans(document, before)["Partner"]
    assert before < span.since < span.until < after
    assert span.ways == ("grant",)
    assert "Partner" not in spans(document, after)


def told(reference, **options):
    out = StringIO()
    call_command("who_could_read", reference, stdout=out, **options)
    return out.getvalue()


def test_command_names_readers_ways_and_reads_and_nothing_of_the_record(cast):
    document = DocumentFactory(
        owner_office=cast.team,
        author=cast.owner,
        title="Heronshaw",
        classification=Classification.CONFIDENTIAL,
    )
    log_read(cast.head, "page document", [document])
    words = told(document.reference.lower())
    assert cast.owner.email in words
    assert "owner office" in words
    assert cast.outsider.email not in words
    assert "page document" in words
    assert "Heronshaw" not in words


def test_command_says_what_it_cannot_answer(cast, document):
    with pytest.raises(CommandError, match="No record"):
        told("ZZZZZZZZZZ")
    with pytest.raises(CommandError, match="not begun"):
        told(document.reference, on=timezone.localdate() + timedelta(days=2))
    assert "Nobody could read it" in told(document.reference, on=timezone.localdate() - timedelta(days=2))
