"""Which modules, drafts and results: the named filters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Prefetch, Q

from cimic_portal.core.querysets import ReferenceQuerySet
from cimic_portal.core.sharing.querysets import SharedQuerySet

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cimic_portal.core.models import Person
    from training.models import Module, ModuleDraft  # noqa: F401 - named in strings


class ModuleQuerySet(ReferenceQuerySet["Module"]):
    """Modules of the catalogue, and how far one person has come with each."""

    def offered(self) -> Self:
        return self.filter(is_archived=False)

    def begun_by(self, person: Person) -> Self:
        """Opened, and not passed yet."""
        return self.filter(Exists(_progress(person).filter(passed_at__isnull=True)))

    def passed_by(self, person: Person) -> Self:
        return self.filter(Exists(_progress(person).filter(passed_at__isnull=False)))

    def not_begun_by(self, person: Person) -> Self:
        return self.exclude(Exists(_progress(person)))

    def to_learn_by(self, person: Person, courses: Iterable[int]) -> Self:
        """Offered, and either begun and not passed, or qualifying for one of these courses (ids)."""
        begun = Exists(_progress(person).filter(passed_at__isnull=True))
        return self.offered().filter(begun | Q(course__in=courses))

    def kept_by(self, person: Person) -> Self:
        """Kept by an office of the person's."""
        return self.filter(office__in=person.access.offices)

    def with_own_progress(self, person: Person) -> Self:
        """Each with `own_progress`: a list of the person's own line, or of none."""
        rows = apps.get_model("training.ModuleProgress")._default_manager.filter(person=person)
        return self.prefetch_related(Prefetch("progress", rows, to_attr="own_progress"))


def _progress(person: Person) -> QuerySet[Any]:
    rows = apps.get_model("training.ModuleProgress")._default_manager
    return rows.filter(person=person, module=OuterRef("pk"))


class ModuleDraftQuerySet(SharedQuerySet["ModuleDraft"]):
    def open(self) -> Self:
        """Neither published nor dropped."""
        return self.filter(state__in=("draft", "submitted"))

    def waiting_for(self, person: Person) -> Self:
        """To publish by a position of the person's."""
        asked = self.filter(state="submitted", approver__in=person.access.positions)
        return asked.exclude(author=person)

    def unfinished_of(self, person: Person) -> Self:
        return self.filter(state="draft", author=person)
