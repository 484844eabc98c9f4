"""Documents: asking for one, making it, releasing a copy."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core import store
from cimic_portal.core.errors import InvalidError, PortalError, RefusedError
from cimic_portal.core.makers import Made, maker_of
from cimic_portal.core.models import Document, DocumentSource, DocumentState
from cimic_portal.core.policies import can_ask, can_release, require
from cimic_portal.core.progress import Teller, forget
from cimic_portal.core.services.audience import sharing_problems
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.verbs import lock, save_changed, verb
from cimic_portal.core.sharing.levels import Classification

if TYPE_CHECKING:
    from typing import IO

    from cimic_portal.core.models import Office, Organisation, OutboxEntry, Person

logger = logging.getLogger(__name__)

MAKE = "core.make_document"
TRIES = 3
_BATCH = 2000
_DAY = 24 * 3600.0


class NoMakerError(Exception):
    """No app of this worker knows the report; it may run an older version than the page did."""


class FileGoneError(PortalError):
    """The file of a document is missing or damaged."""

    status = 410
    code = "gone"

    def __init__(self) -> None:
        super().__init__(_("The file of this document can no longer be read. Make the document again."))


def ask_for_document(
    kind: str,
    form: str,
    parameters: Mapping[str, Any],
    *,
    office: Office,
    actor: Person,
    title: str = "",
) -> Document:
    """Have a report made for an office; a worker makes it with the rights its maker has then.

    `form` is a file ending that the report knows; `parameters` (JSON, checked by the caller) are
    handed to its maker. Raises RefusedError or InvalidError.
    """
    maker = maker_of(kind)
    if maker is None or form not in maker.forms:
        raise InvalidError({"form": [_("This report cannot be made in this form.")]})
    require(can_ask(actor, office))
    with verb("document.ask", actor=actor):
        settled = maker.settle(parameters, office) if maker.settle else parameters
        document = Document.objects.create(
            kind=kind,
            form=form,
            title=(title or str(maker.title))[:200],
            parameters=dict(settled),
            owner_office=office,
            author=actor,
        )
        enqueue(MAKE, {"document": document.pk, "actor": actor.pk}, queue="reports")
    return document


def make_again(document: Document, *, actor: Person) -> Document:
    """Have the same report made anew, from what the actor may read now. The old one stays."""
    if document.is_released_copy:
        raise RefusedError(_("A released copy is not made again; make the report itself again."))
    return ask_for_document(
        document.kind,
        document.form,
        document.parameters,
        office=document.owner_office,
        actor=actor,
        title=document.title,
    )


def mark_making(entry: OutboxEntry) -> None:
    """A worker has begun. For workers: see `delivery`."""
    document = _asked_for(entry)
    if document is not None:
        document.state = DocumentState.MAKING
        document.save(update_fields=["state", "updated_at"])


def make_document(entry: OutboxEntry) -> None:
    """Make the file as its maker would see it now. For workers: see `delivery`."""
    document = _asked_for(entry)
    if document is None:
        return
    person = document.author
    if not Document.objects.visible_to(person).filter(pk=document.pk).exists():
        raise RefusedError(_("Whoever asked for it may no longer read for this office."))
    maker = maker_of(document.kind)
    if maker is None:
        raise NoMakerError
    made = maker.make(document, person, Teller(document.pk))
    kept = store.documents.keep(made.content)
    document.sha256, document.size = kept.sha256, kept.size
    document.source_count, level = _keep_sources(document, made)
    document.classification = level
    document.state, document.made_at = DocumentState.READY, timezone.now()
    save_changed(document)
    notify(document, "document.ready", people=[person], actor=None)
    forget(document.pk)


def _asked_for(entry: OutboxEntry) -> Document | None:
    """The document of an entry, locked, unless it is made or given up already."""
    rows = Document.objects.unscoped("a worker makes it with its maker's rights")
    waiting = rows.filter(
        pk=entry.payload["document"], state__in=(DocumentState.QUEUED, DocumentState.MAKING)
    )
    return waiting.select_related("author", "owner_office").select_for_update(of=("self",)).first()


def _keep_sources(document: Document, made: Made) -> tuple[int, int]:
    """Write the list of sources; return how many they are and the level that the document gets."""
    # A part has no level of its own; its record is a source beside it.
    levels = {
        (source._meta.label, source.pk): int(getattr(source, "classification", Classification.UNCLASSIFIED))
        for source in made.sources
    }
    DocumentSource.objects.bulk_create(
        (DocumentSource(document=document, record_model=label, record_id=pk) for label, pk in levels),
        batch_size=_BATCH,
    )
    level = max(levels.values(), default=int(Classification.UNCLASSIFIED))
    if made.classification < level:
        logger.error("The report %r marks its paper below its sources.", document.kind)
    return len(levels), max(level, made.classification)


def mark_failed(entry: OutboxEntry, words: str) -> None:
    """It will not be made; whoever asked for it is told why. For workers: see `delivery`."""
    document = _asked_for(entry)
    if document is None:
        return
    document.state = DocumentState.FAILED
    document.problem = words[:300]
    save_changed(document)
    notify(document, "document.failed", people=[document.author], actor=None)
    forget(document.pk)


def release_copy(
    document: Document,
    *,
    actor: Person,
    version: int,
    reason: str,
    classification: int,
    audience_components: Iterable[int],
    audience_organisations: Iterable[Organisation],
) -> Document:
    """Release a copy of the file as a record of its own, to an audience of its own.

    A level below that of the document is named in the history. Raises RefusedError, StaleError or
    InvalidError.
    """
    components = sorted(set(audience_components))
    organisations = sorted({organisation.pk for organisation in audience_organisations})
    with verb(_release_verb(document, classification), actor=actor, reason=reason):
        current = lock(document, actor=actor, version=version)
        require(can_release(actor, current))
        _check_release(actor, reason, classification, [*components, *organisations])
        copy = Document.objects.create(
            kind=current.kind,
            form=current.form,
            title=current.title,
            parameters=current.parameters,
            state=DocumentState.READY,
            made_at=current.made_at,
            sha256=current.sha256,
            size=current.size,
            copy_of=current,
            owner_office=current.owner_office,
            author=actor,
            classification=classification,
            audience_components=components,
            audience_organisations=organisations,
            published_at=timezone.now(),
        )
        save_changed(current)
        notify(current, "document.released", people=[current.author], actor=actor)
    return copy


def _release_verb(document: Document, classification: int) -> str:
    below = classification < document.classification
    return "document.release_below_sources" if below else "document.release"


def _check_release(actor: Person, reason: str, classification: int, audience: list[int]) -> None:
    problems = sharing_problems(actor, classification)
    if not reason.strip():
        problems["reason"] = [_("Say why it is released, and at this level.")]
    if not audience:
        problems["audience_components"] = [_("Choose who may read the copy.")]
    if problems:
        raise InvalidError(problems)


def open_file(document: Document) -> IO[bytes]:
    """The file of a document that the reader may fetch (`may_fetch`). Raises FileGoneError."""
    try:
        return store.documents.open(document.sha256)
    except OSError as error:
        logger.error("Document %s: %s", document.pk, error)
        raise FileGoneError from error


def drop_unowned_files() -> int:
    """Remove files that no document names: their making was undone at the last moment. Returns how many."""
    store.documents.drop_unfinished(_DAY)
    found = list(store.documents.digests(older_than=_DAY))
    named = Document.objects.unscoped("asks for digests only")
    dropped = 0
    for start in range(0, len(found), _BATCH):
        some = set(found[start : start + _BATCH])
        some -= set(named.filter(sha256__in=some).values_list("sha256", flat=True))
        for sha256 in some:
            store.documents.drop(sha256)
        dropped += len(some)
    return dropped
