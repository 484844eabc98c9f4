"""Fetching a document, releasing a copy, and the pages around them."""

import pytest
from django.urls import reverse

from cimic_portal.core import makers, progress
from cimic_portal.core.audit.history import history_of
from cimic_portal.core.errors import RefusedError, StaleError
from cimic_portal.core.makers import Made, ReportMaker, highest
from cimic_portal.core.models import Document, DocumentState, Holding, Person, ReadEntry
from cimic_portal.core.policies import may_fetch
from cimic_portal.core.services.documents import ask_for_document, release_copy
from cimic_portal.core.sharing.levels import Classification, Component
from liaison.models import Engagement
from tests.factories.cast import make_cast
from tests.factories.core import PositionFactory, ago
from tests.factories.liaison import EngagementFactory
from tests.support.outbox import deliver_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def maker(monkeypatch):
    monkeypatch.setattr(makers, "_makers", dict(makers._makers))

    def make(document, person, tell):
        rows = list(Engagement.objects.visible_to(person).order_by("pk"))
        return Made("\n".join(row.purpose for row in rows).encode(), highest(rows), rows)

    makers.add_maker(ReportMaker("test.list", "List of engagements", make, forms=("pdf",)))


@pytest.fixture
def source(cast):
    return EngagementFactory(
        purpose="tale of the bridge",
        owner_office=cast.team,
        author=cast.owner,
        classification=Classification.CONFIDENTIAL,
    )


@pytest.fixture
def document(cast, source):
    asked = ask_for_document("test.list", "pdf", {}, office=cast.team, actor=cast.owner, title="Week 46")
    deliver_waiting()
    return reload(asked)


def reload(document):
    rows = Document.objects.unscoped("test").select_related("owner_office", "author")
    return rows.get(pk=document.pk)


def again(person):
    """The person as the next request knows them."""
    return Person.objects.get(pk=person.pk)


def at(name, document):
    return reverse(name, args=[document.reference])


def release(document, actor, **more):
    values = {
        "version": document.version,
        "reason": "Partners plan with it",
        "classification": Classification.CONFIDENTIAL,
        "audience_components": [Component.POLICE],
        "audience_organisations": [],
    }
    return release_copy(document, actor=actor, **{**values, **more})


def test_fetching_sends_the_file_and_logs_the_read(client, cast, document):
    client.force_login(cast.owner)
    answer = client.get(at("document_fetch", document))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"tale of the bridge"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="Confidential Week 46')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store, private"
    entry = ReadEntry.objects.get(surface="document file")
    assert (entry.person, entry.records) == (cast.owner, [f"document:{document.reference}"])


def test_colleague_who_sees_every_source_may_fetch(client, cast, document):
    client.force_login(cast.colleague)
    assert client.get(at("document_fetch", document)).status_code == 200


def test_hidden_source_refuses_even_the_maker(client, cast, document, source):
    """The record went to another office: whoever made the report may no longer read it."""
    Engagement.objects.unscoped("test").filter(pk=source.pk).update(
        owner_office=cast.police, author=cast.other_component
    )
    decision = may_fetch(again(cast.owner), document)
    assert not decision and "Make it again" in decision.reason
    client.force_login(cast.owner)
    assert client.get(at("document_fetch", document)).status_code == 403
    page = client.get(at("document", document))
    text = page.content.decode()
    assert page.status_code == 200 and "Make it again" in text and "tale of the bridge" not in text
    # How many records it was made from would tell of the hidden one.
    assert "Made from" not in text


@pytest.mark.parametrize("reference", ["%00", "%00234567AB", "234567890", "A" * 5000, "%ed%a0%80"])
@pytest.mark.parametrize("page", ["", "file/", "progress/", "release/", "again/"])
def test_what_is_no_reference_leads_nowhere(client, cast, reference, page):
    client.force_login(cast.owner)
    assert client.get(f"/documents/{reference}/{page}").status_code == 404


def test_document_of_another_office_does_not_exist(client, cast, document):
    for person in (cast.other_component, cast.partner, cast.outsider, cast.auditor):
        client.force_login(person)
        for name in (
            "document",
            "document_fetch",
            "document_progress",
            "document_release",
            "document_again",
        ):
            assert client.get(at(name, document)).status_code == 404, (person, name)
        assert "Week 46" not in client.get(reverse("documents")).content.decode()


def test_fetch_check_costs_one_query_per_kind_of_source(
    cast, document, django_assert_num_queries, django_assert_max_num_queries
):
    from cimic_portal.core.models import DocumentSource

    DocumentSource.objects.bulk_create(
        DocumentSource(
            document=document,
            record_model="liaison.Engagement",
            record_id=EngagementFactory(owner_office=cast.team, author=cast.owner).pk,
        )
        for _number in range(30)
    )
    reader = again(cast.owner)
    assert reader.access.keys
    with django_assert_num_queries(2):
        assert may_fetch(reader, document)


def test_detail_shows_progress_that_can_be_left(client, cast, source):
    asked = ask_for_document("test.list", "pdf", {}, office=cast.team, actor=cast.owner, title="Week 47")
    client.force_login(cast.owner)
    page = client.get(at("document", asked)).content.decode()
    assert "Waiting for its turn" in page
    assert f'hx-get="{at("document_progress", asked)}"' in page and "Look again" in page
    assert "Release a copy" not in page
    Document.objects.unscoped("test").filter(pk=asked.pk).update(state=DocumentState.MAKING)
    progress.Teller(asked.pk)(3, 8)
    part = client.get(at("document_progress", asked)).content.decode()
    assert "Being made" in part and 'value="3" max="8"' in part and "<html" not in part
    deliver_waiting()
    answer = client.get(at("document_progress", asked))
    assert answer["HX-Refresh"] == "true"
    assert client.get(at("document_fetch", asked)).status_code == 200


def test_file_that_is_not_ready_is_refused(client, cast):
    asked = ask_for_document("test.list", "pdf", {}, office=cast.team, actor=cast.owner)
    client.force_login(cast.owner)
    assert client.get(at("document_fetch", asked)).status_code == 403


def test_detail_of_a_failed_one_says_why_and_offers_another_try(client, cast, document):
    Document.objects.unscoped("test").filter(pk=document.pk).update(
        state=DocumentState.FAILED, problem="The list is longer than a sheet."
    )
    client.force_login(cast.owner)
    page = client.get(at("document", document)).content.decode()
    assert "The list is longer than a sheet." in page and at("document_again", document) in page


def test_making_again_by_page(client, cast, document):
    client.force_login(cast.owner)
    assert "Make it again" in client.get(at("document_again", document)).content.decode()
    answer = client.post(at("document_again", document))
    fresh = Document.objects.visible_to(cast.owner).latest("pk")
    assert answer.status_code == 302 and answer.url == fresh.get_absolute_url()
    assert fresh.pk != document.pk and fresh.state == DocumentState.QUEUED


# Releasing


def test_releasing_position_releases_a_copy_as_a_record_of_its_own(cast, document):
    copy = reload(release(document, cast.head))
    assert copy.pk != document.pk and copy.copy_of_id == document.pk
    assert copy.published_at is not None and copy.author == cast.head
    assert (copy.sha256, copy.state, copy.parameters) == (document.sha256, DocumentState.READY, {})
    assert not copy.sources.unscoped("test").exists()
    reader = again(cast.other_component)
    assert Document.objects.visible_to(reader).get() == copy
    assert may_fetch(reader, copy)
    assert not Engagement.objects.visible_to(reader).exists()
    assert not Document.objects.visible_to(cast.partner).exists()


@pytest.mark.parametrize("who", ["owner", "colleague", "delegate"])
def test_others_and_the_maker_may_not_release(cast, document, who):
    with pytest.raises(RefusedError):
        release(document, getattr(cast, who))
    assert Document.objects.unscoped("test").count() == 1


def test_maker_may_not_release_in_another_position_either(cast, document):
    """The maker holds the releasing position as well: it passes up the chain."""
    post = PositionFactory(office=cast.team, title="Releasing", is_releasing=True)
    Holding.objects.create(person=cast.owner, position=post, since=ago(days=1))
    with pytest.raises(RefusedError):
        release(document, again(cast.owner))
    # Nobody else holds the post, so the head of the office above releases.
    with pytest.raises(RefusedError):
        release(document, again(cast.head))


def test_maker_may_not_release_while_handing_over_the_post(cast, document):
    """Two hold the releasing position for a time: the other one releases, the maker does not."""
    post = PositionFactory(office=cast.team, title="Releasing", is_releasing=True)
    for person in (cast.owner, cast.colleague):
        Holding.objects.create(person=person, position=post, since=ago(days=1))
    with pytest.raises(RefusedError):
        release(document, again(cast.owner))
    assert release(document, again(cast.colleague))


def test_releaser_must_be_able_to_fetch(cast, document, source):
    Engagement.objects.unscoped("test").filter(pk=source.pk).update(
        owner_office=cast.police, author=cast.other_component
    )
    with pytest.raises(RefusedError, match="Make it again"):
        release(document, again(cast.head))


def test_release_on_an_old_version_is_refused(cast, document):
    with pytest.raises(StaleError):
        release(document, cast.head, version=document.version - 1)


def test_copy_of_a_copy_is_refused(cast, document):
    copy = reload(release(document, cast.head))
    with pytest.raises(RefusedError):
        release(copy, cast.head_above)


def test_release_below_the_sources_is_named_in_history(cast, document):
    copy = reload(release(document, cast.head, classification=Classification.UNCLASSIFIED))
    assert copy.classification == Classification.UNCLASSIFIED
    for record in (document, copy):
        entry = history_of(reload(record), again(cast.head))[0]
        assert (entry.verb, entry.reason) == ("document.release_below_sources", "Partners plan with it")
    assert reload(document).classification == Classification.CONFIDENTIAL


def test_release_at_level_is_named_so(cast, document):
    release(document, cast.head)
    assert history_of(reload(document), again(cast.head))[0].verb == "document.release"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"audience_components": []}, "audience_components"),
    ],
)
def test_release_page_names_what_is_missing_at_the_field(client, cast, document, changed, field):
    client.force_login(cast.head)
    sent = {
        "version": document.version,
        "reason": "Partners plan with it",
        "classification": 2,
        "audience_components": [2],
    }
    answer = client.post(at("document_release", document), {**sent, **changed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert Document.objects.unscoped("test").count() == 1


def test_nobody_releases_above_their_clearance(client, cast, document):
    Person.objects.filter(pk=cast.head.pk).update(clearance=Classification.CONFIDENTIAL)
    client.force_login(again(cast.head))
    sent = {
        "version": document.version,
        "reason": "x",
        "classification": int(Classification.STRICTLY_CONFIDENTIAL),
        "audience_components": [2],
    }
    assert client.post(at("document_release", document), sent).status_code == 422


def test_release_by_page_then_read_by_the_audience(client, cast, document):
    client.force_login(cast.head)
    page = client.get(at("document_release", document))
    assert page.status_code == 200 and page.context["form"].initial["classification"] == 2
    sent = {
        "version": document.version,
        "reason": "Partners plan with it",
        "classification": 1,
        "audience_organisations": [cast.partner_organisation.pk],
    }
    assert client.post(at("document_release", document), sent).status_code == 302
    copy = Document.objects.unscoped("test").get(copy_of=document)
    client.force_login(cast.partner)
    text = client.get(at("document", copy)).content.decode()
    assert "Week 46" in text and document.reference not in text
    answer = client.get(at("document_fetch", copy))
    assert b"".join(answer.streaming_content) == b"tale of the bridge"
    assert 'filename="Unclassified Week 46' in answer["Content-Disposition"]
    assert client.get(at("document_release", copy)).status_code == 403


def test_detail_lists_only_copies_that_the_reader_sees(client, cast, document):
    """A copy above the colleague's clearance stands in no list."""
    copy = release(document, cast.head, classification=Classification.STRICTLY_CONFIDENTIAL)
    Person.objects.filter(pk=cast.colleague.pk).update(clearance=Classification.CONFIDENTIAL)
    client.force_login(again(cast.colleague))
    text = client.get(at("document", document)).content.decode()
    assert copy.reference not in text and "Released copies" not in text
    client.force_login(cast.head)
    assert copy.reference in client.get(at("document", document)).content.decode()
