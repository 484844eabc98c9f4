"""Documents: asked for, made with the maker's rights, kept with their sources."""

import io
from pathlib import Path

import pytest
from django.utils import timezone

from cimic_portal.core import makers, progress, store
from cimic_portal.core.errors import InvalidError, PortalError, RefusedError
from cimic_portal.core.makers import Made, ReportMaker, highest
from cimic_portal.core.models import (
    Document,
    DocumentSource,
    DocumentState,
    Notification,
    OutboxEntry,
    OutboxState,
)
from cimic_portal.core.services.delivery import deliver
from cimic_portal.core.services.documents import (
    FileGoneError,
    ask_for_document,
    drop_unowned_files,
    make_again,
    open_file,
)
from cimic_portal.core.sharing.levels import Classification
from liaison.models import Engagement
from tests.factories.cast import make_cast
from tests.factories.core import post_someone
from tests.factories.liaison import EngagementFactory
from tests.support.outbox import deliver_waiting, load_handlers

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def maker(monkeypatch):
    """A report of the engagements that its maker sees: one line each."""
    monkeypatch.setattr(makers, "_makers", dict(makers._makers))

    def make(document, person, tell):
        rows = list(Engagement.objects.visible_to(person).order_by("pk"))
        for number, _row in enumerate(rows, start=1):
            tell(number, len(rows))
        content = "\n".join(row.purpose for row in rows).encode()
        return Made(content, highest(rows), rows)

    made = ReportMaker("test.list", "List of engagements", make, forms=("csv", "pdf"))
    makers.add_maker(made)
    return made


@pytest.fixture
def engagements(cast):
    mine = {"owner_office": cast.team, "author": cast.owner}
    hidden = EngagementFactory(purpose="hidden", owner_office=cast.police, author=cast.other_component)
    return [
        EngagementFactory(purpose="open", **mine),
        EngagementFactory(purpose="closed", classification=Classification.CONFIDENTIAL, **mine),
        hidden,
    ]


def ask(cast, **more):
    values = {"office": cast.team, "actor": cast.owner, "title": "Week 46"}
    return ask_for_document("test.list", "csv", {}, **{**values, **more})


def fresh(document):
    return Document.objects.unscoped("test").get(pk=document.pk)


def test_asking_leaves_a_waiting_document_that_nobody_else_reads(cast, maker):
    document = fresh(ask(cast))
    assert (document.state, document.classification) == (DocumentState.QUEUED, Classification.UNCLASSIFIED)
    assert document.published_at is None
    assert Document.objects.visible_to(cast.colleague).filter(pk=document.pk).exists()
    for person in (cast.other_component, cast.partner, cast.outsider):
        assert not Document.objects.visible_to(person).filter(pk=document.pk).exists()
    entry = OutboxEntry.objects.get(kind="core.make_document")
    assert (entry.queue, entry.payload) == ("reports", {"document": document.pk, "actor": cast.owner.pk})


def test_asking_for_an_office_of_others_is_refused(cast, maker):
    with pytest.raises(RefusedError):
        ask(cast, office=cast.police)
    assert not Document.objects.unscoped("test").exists()
    assert ask(cast, actor=cast.delegate)  # deputises for the owner


@pytest.mark.parametrize(("kind", "form"), [("test.list", "xlsx"), ("test.unknown", "pdf")])
def test_asking_for_what_cannot_be_made_is_invalid(cast, maker, kind, form):
    with pytest.raises(InvalidError):
        ask_for_document(kind, form, {}, office=cast.team, actor=cast.owner)


def test_made_from_what_the_maker_sees(cast, maker, engagements):
    document = ask(cast)
    deliver_waiting()
    document = fresh(document)
    assert (document.state, document.version) == (DocumentState.READY, 2)
    assert document.made_at is not None
    assert open_file(document).read() == b"open\nclosed"
    assert document.size == len(b"open\nclosed")
    named = DocumentSource.objects.unscoped("test").filter(document=document)
    assert {(one.record_model, one.record_id) for one in named} == {
        ("liaison.Engagement", engagements[0].pk),
        ("liaison.Engagement", engagements[1].pk),
    }
    assert document.source_count == 2


def test_level_rises_to_that_of_its_sources(cast, maker, engagements):
    document = ask(cast)
    deliver_waiting()
    assert fresh(document).classification == Classification.CONFIDENTIAL


def test_level_rises_even_where_the_paper_says_less(cast, maker, engagements, monkeypatch):
    rows = list(Engagement.objects.visible_to(cast.owner))
    careless = ReportMaker("test.careless", "Careless", lambda *_: Made(b"x", 1, iter(rows)), forms=("csv",))
    makers.add_maker(careless)
    document = ask_for_document("test.careless", "csv", {}, office=cast.team, actor=cast.owner)
    deliver_waiting()
    assert fresh(document).classification == Classification.CONFIDENTIAL


def test_maker_is_told(cast, maker):
    document = ask(cast)
    deliver_waiting()
    line = Notification.objects.get()
    assert (line.person, line.kind, line.record_id) == (cast.owner, "document.ready", document.pk)


def test_rights_are_those_of_the_moment_it_is_made(cast, maker, engagements):
    document = ask(cast)
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(clearance=Classification.UNCLASSIFIED)
    deliver_waiting()
    assert open_file(fresh(document)).read() == b"open"


@pytest.mark.django_db(transaction=True)
def test_maker_who_left_gets_nothing(cast, maker, engagements):
    load_handlers()
    document = ask(cast)
    cast.owner.holdings.update(until=timezone.now())
    entry = OutboxEntry.objects.get(kind="core.make_document")
    deliver(entry.pk)
    document = fresh(document)
    entry.refresh_from_db()
    assert (entry.state, document.state) == (OutboxState.DEAD, DocumentState.FAILED)
    assert document.problem and not document.sha256


@pytest.mark.django_db(transaction=True)
def test_report_that_cannot_be_made_says_why(cast, maker, monkeypatch):
    load_handlers()

    def refuse(*_args):
        raise PortalError("The list is longer than a sheet.")

    makers.add_maker(ReportMaker("test.refuses", "Refuses", refuse, forms=("csv",)))
    document = ask_for_document("test.refuses", "csv", {}, office=cast.team, actor=cast.owner)
    deliver(OutboxEntry.objects.get(kind="core.make_document").pk)
    document = fresh(document)
    assert (document.state, document.problem) == (
        DocumentState.FAILED,
        "The list is longer than a sheet.",
    )
    deliver_waiting("core.tell")
    assert Notification.objects.get().kind == "document.failed"


@pytest.mark.django_db(transaction=True)
def test_report_that_breaks_is_tried_thrice_and_tells_nothing_of_the_error(cast, maker, settings):
    load_handlers()
    settings.OUTBOX_LEASE = settings.OUTBOX_FIRST_WAIT = 0

    def broken(*_args):
        raise KeyError("name of an informant")

    makers.add_maker(ReportMaker("test.broken", "Broken", broken, forms=("csv",)))
    document = ask_for_document("test.broken", "csv", {}, office=cast.team, actor=cast.owner)
    entry = OutboxEntry.objects.get(kind="core.make_document")
    for attempt in (1, 2, 3):
        deliver(entry.pk)
        entry.refresh_from_db()
        assert entry.attempts == attempt
    assert entry.state == OutboxState.DEAD
    assert "informant" not in entry.last_error
    document = fresh(document)
    assert (document.state, document.problem) == (DocumentState.FAILED, "")


def test_open_files_are_taken_and_closed(cast, maker):
    content = io.BytesIO(b"x" * 600_000)
    makers.add_maker(ReportMaker("test.file", "File", lambda *_: Made(content, 1, []), forms=("csv",)))
    document = ask_for_document("test.file", "csv", {}, office=cast.team, actor=cast.owner)
    deliver_waiting()
    assert content.closed
    assert len(open_file(fresh(document)).read()) == 600_000


def test_same_source_twice_is_one(cast, maker, engagements):
    rows = [engagements[0], engagements[0], engagements[1]]
    makers.add_maker(ReportMaker("test.twice", "Twice", lambda *_: Made(b"x", 2, rows), forms=("csv",)))
    document = ask_for_document("test.twice", "csv", {}, office=cast.team, actor=cast.owner)
    deliver_waiting()
    assert fresh(document).source_count == 2


def test_making_again_takes_the_same_inputs_and_leaves_the_old_one(cast, maker, engagements):
    first = ask_for_document("test.list", "csv", {"week": 46}, office=cast.team, actor=cast.owner, title="W")
    deliver_waiting()
    second = make_again(fresh(first), actor=cast.colleague)
    assert (second.parameters, second.title, second.author) == ({"week": 46}, "W", cast.colleague)
    deliver_waiting()
    assert fresh(second).state == fresh(first).state == DocumentState.READY


def test_progress_is_told_while_it_is_made(cast, maker, engagements, monkeypatch):
    told = []
    real = progress.Teller.__call__
    monkeypatch.setattr(
        progress.Teller,
        "__call__",
        lambda self, done, total: (real(self, done, total), told.append(progress.steps_of(self._pk))),
    )
    document = ask(cast)
    deliver_waiting()
    assert told[-1] == progress.Steps(2, 2)
    assert progress.steps_of(document.pk) is None


def test_damaged_and_missing_files_are_said_so(cast, maker, engagements):
    document = ask(cast)
    deliver_waiting()
    document = fresh(document)
    path = store.documents._path(document.sha256)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"something else")
    with pytest.raises(FileGoneError):
        open_file(document)
    path.unlink()
    with pytest.raises(FileGoneError):
        open_file(document)


def test_files_without_a_document_are_removed_after_a_day(cast, maker, engagements):
    import os
    import time

    document = ask(cast)
    deliver_waiting()
    document = fresh(document)
    orphan = store.documents.keep(b"nobody's")
    young = store.documents.keep(b"just written")
    unfinished = store.documents.folder / ".new-abc"
    unfinished.write_bytes(b"half")
    long_ago = time.time() - 2 * 24 * 3600
    for path in (
        store.documents._path(orphan.sha256),
        store.documents._path(document.sha256),
        unfinished,
    ):
        os.utime(path, (long_ago, long_ago))
    assert drop_unowned_files() == 1
    assert not store.documents._path(orphan.sha256).exists()
    assert not Path(unfinished).exists()
    assert store.documents._path(young.sha256).exists()
    assert open_file(document).read() == b"open\nclosed"


def test_file_is_written_whole_or_not_at_all():
    class Broken(io.BytesIO):
        def read(self, *_args):
            if self.tell():
                raise OSError("disk full")
            return super().read(3)

    before = set(store.documents.folder.rglob("*")) if store.documents.folder.exists() else set()
    with pytest.raises(OSError, match="disk full"):
        store.documents.keep(Broken(b"abcdef"))
    assert {path for path in store.documents.folder.rglob("*") if path.is_file()} <= before


def test_maker_of_another_office_sees_other_rows(cast, maker, engagements):
    writer = post_someone(cast.police)
    document = ask_for_document("test.list", "csv", {}, office=cast.police, actor=writer)
    deliver_waiting()
    assert open_file(fresh(document)).read() == b"hidden"
