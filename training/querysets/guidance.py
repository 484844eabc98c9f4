"""Which rows of guidance: the named filters. Each starts from `visible_to`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import (  # noqa: F401 - named in strings
        Guidance,
        GuidanceAcknowledgement,
        GuidanceComment,
        GuidanceReviewer,
        GuidanceVersion,
    )

# Being written, reviewed, or waiting for its day; one of each document at most.
OPEN_VERSIONS = ("draft", "review", "returned", "approved")
# How long before its day the review of a document is told to its owner.
REVIEW_NEAR = timedelta(days=60)


def _rows(model: str) -> Any:
    return apps.get_model("training", model)._default_manager


class GuidanceQuerySet(SharedQuerySet["Guidance"]):
    def in_force(self) -> Self:
        return self.filter(state="in_force")

    def with_open_version(self, person: Person) -> Self:
        """A version of them is being written or reviewed, and the person reads it."""
        rows = _rows("GuidanceVersion").visible_to(person).filter(state__in=OPEN_VERSIONS)
        return self.filter(Exists(rows.filter(guidance=OuterRef("pk"))))

    def review_overdue(self, today: date | None = None) -> Self:
        return self.filter(state="in_force", review_due_on__lt=today or timezone.localdate())

    def to_review_by(self, person: Person) -> Self:
        """Kept right by a position of the person's, and to be reviewed within two months or overdue."""
        near = timezone.localdate() + REVIEW_NEAR
        return self.filter(state="in_force", owner__in=person.access.positions, review_due_on__lte=near)

    def to_acknowledge_by(self, person: Person) -> Self:
        rows = _rows("GuidanceAcknowledgement").visible_to(person).asked_of(person)
        return self.filter(pk__in=rows.values("version__guidance_id"))

    def holding(self, word: str, person: Person) -> Self:
        """The word stands in title, number or the text in force; letter case does not matter."""
        texts = _rows("GuidanceVersion").visible_to(person).filter(state="in_force", text__icontains=word)
        named = Q(title__icontains=word) | Q(number__icontains=word)
        return self.filter(named | Q(Exists(texts.filter(guidance=OuterRef("pk")))))


def _asked(person: Person) -> Any:
    """The versions that a position of the person's was asked to review."""
    rows = PartQuerySet.visible_to(_rows("GuidanceReviewer").all(), person)
    return rows.filter(position__in=person.access.positions).values("version_id")


def in_circle(person: Person, version: str = "") -> Q:
    """Who reads a version while it is written: owner office and owner, author, reviewers asked, approver.

    `version`: the path to the version, with its two underscores. An author's rights end with the
    organisation for which they wrote.
    """
    written = {
        f"{version}author": person,
        f"{version}guidance__owner_office__organisation__in": person.access.organisations,
    }
    return (
        Q(**{f"{version}guidance__owner_office__in": person.access.owned})
        | Q(**written)
        | Q(**{f"{version}guidance__owner__in": person.access.positions})
        | Q(**{f"{version}guidance__approver__in": person.access.positions})
        | Q(**{f"{version}pk__in": _asked(person)})
    )


class GuidanceVersionQuerySet(PartQuerySet["GuidanceVersion"]):
    def visible_to(self, person: Person | None) -> Self:
        """What came into force with its document; what is written or reviewed for its circle alone.

        Before the first one is in force nobody else sees the document, but by name.
        """
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        with_document = Q(published_at__isnull=False) | Q(guidance__published_at__isnull=True)
        return seen.filter(with_document | in_circle(person))

    def written_by_circle(self, person: Person) -> Self:
        """Those of which the person reads comments and answers of reviewers too."""
        return self.filter(in_circle(person))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_VERSIONS)

    def in_force(self) -> Self:
        return self.filter(state="in_force")

    def to_decide_by(self, person: Person) -> Self:
        """In review, for a position of the person's to decide, who has not written in it."""
        rows = self.filter(state="review", guidance__approver__in=person.access.positions)
        return rows.exclude(writers__contains=[person.pk])

    def unfinished_of(self, person: Person) -> Self:
        """Being written, or returned, begun by the person."""
        return self.filter(state__in=("draft", "returned"), author=person)

    def coming(self, today: date) -> Self:
        """Approved, and their day has come."""
        return self.filter(state="approved", effective_on__lte=today)


class GuidanceReviewerQuerySet(PartQuerySet["GuidanceReviewer"]):
    def visible_to(self, person: Person | None) -> Self:
        """Those of versions that the person reads while they are written."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        return seen.filter(in_circle(person, "version__"))

    def asked_of(self, person: Person) -> Self:
        """Asked of a position of the person's, not answered, and the version is still in review."""
        return self.pending().filter(position__in=person.access.positions)

    def pending(self) -> Self:
        return self.filter(answer="pending", version__state="review")

    def overdue(self, today: date) -> Self:
        return self.pending().filter(due_on__lt=today)


class GuidanceCommentQuerySet(PartQuerySet["GuidanceComment"]):
    def visible_to(self, person: Person | None) -> Self:
        """Those on versions that the person reads while they are written; readers in force see none."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        return seen.filter(in_circle(person, "version__"))

    def open(self) -> Self:
        """Not answered, and the version is not decided on."""
        return self.filter(state="open", version__decided_at__isnull=True)


class GuidanceAcknowledgementQuerySet(PartQuerySet["GuidanceAcknowledgement"]):
    def visible_to(self, person: Person | None) -> Self:
        """One's own; all of a document for its owner office; of an office for those who lead it."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        posts = apps.get_model("core.Position")._default_manager.filter(pk__in=person.access.positions)
        headed = Q(office__in=posts.filter(is_head=True).values("office"))
        # Of the offices whose records one owns, those that one does not only work in.
        below = Q(office__in=person.access.owned) & ~Q(office__in=posts.values("office"))
        kept = Q(version__guidance__owner_office__in=person.access.owned)
        return seen.filter(Q(person=person) | kept | headed | below)

    def counting(self) -> Self:
        """Those that count today: of the version in force, and of those that it only corrects."""
        return self.filter(
            version__guidance__state="in_force", version__number__gte=F("version__guidance__asked_from")
        )

    def pending(self) -> Self:
        return self.counting().filter(version__state="in_force", acknowledged_at__isnull=True)

    def asked_of(self, person: Person) -> Self:
        return self.pending().filter(person=person)

    def overdue(self, today: date | None = None) -> Self:
        return self.pending().filter(due_on__lt=today or timezone.localdate())
