"""The MSEL of an exercise: its rows for the page, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cimic_portal.core.paper.sheet import Column
from training.models import ExerciseInject, InjectAddressee, InjectExpectation

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Exercise, ExerciseRole


@dataclass(frozen=True)
class MselRow:
    """An inject with to whom it goes and what is expected; the latter only where the reader is control."""

    inject: ExerciseInject
    roles: list[ExerciseRole]
    expectation: InjectExpectation | None

    @property
    def role_names(self) -> str:
        return ", ".join(str(role) for role in self.roles)


def msel_of(exercise: Exercise, person: Person) -> list[MselRow]:
    """Every inject that the person reads, in the order of the clock."""
    addressees = InjectAddressee.objects.visible_to(person).select_related("role")
    injects = ExerciseInject.objects.visible_to(person).filter(exercise=exercise)
    rows = injects.select_related("objective").prefetch_related(
        Prefetch("addressees", addressees, to_attr="shown_addressees")
    )
    expected = InjectExpectation.objects.visible_to(person).filter(inject__exercise=exercise)
    known = {row.inject_id: row for row in expected}
    return [
        MselRow(inject, [row.role for row in inject.shown_addressees], known.get(inject.pk))  # type: ignore[attr-defined]
        for inject in rows
    ]


def msel_columns() -> list[Column]:
    """What a line of the MSEL says in a file."""
    return [
        Column("number", _("No."), "integer", 6),
        Column("when", _("Exercise time"), "text", 14),
        Column("title", _("Inject"), "text", 32),
        Column("text", _("Text of the message"), "text", 60),
        Column("roles", _("To"), "text", 30),
        Column("expected", _("Expected response"), "text", 50),
        Column("objective", _("Tests"), "text", 36),
        Column("options", _("Options"), "text", 50),
    ]


def msel_lines(exercise: Exercise, person: Person) -> list[dict[str, object]]:
    """The MSEL as lines of a file."""
    return [_row(row) for row in msel_of(exercise, person)]


def _row(row: MselRow) -> dict[str, object]:
    inject = row.inject
    effects = row.expectation.effects if row.expectation else []
    options = [
        f"{number + 1}) {option}" + (f" → {effects[number]}" if number < len(effects) else "")
        for number, option in enumerate(inject.options)
    ]
    return {
        "number": inject.number,
        "when": inject.when,
        "title": inject.title,
        "text": inject.text,
        "roles": row.role_names,
        "expected": row.expectation.expected if row.expectation else "",
        "objective": str(inject.objective) if inject.objective else "",
        "options": "\n".join(options),
    }
