"""Who is who in an operation: its posts, who holds them, who deputises, how they are reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.models import Delegation, Holding, Position
from cimic_portal.core.querysets import current
from operations.models import Operation, Participation, PlanRevision, PlanSection, SectionKind
from operations.querysets.speaking import speakers

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


@dataclass
class Post:
    """A post in the operation. `deputies`: who acts for it now, each with the one for whom."""

    role: str
    who: str
    component: int | None
    position: Position | None
    note: str = ""
    holders: list[Person] = field(default_factory=list)
    deputies: list[Person] = field(default_factory=list)


@dataclass(frozen=True)
class ContactCard:
    """`signal`: the paragraph "Command and signal" of the order in force; empty where there is none."""

    posts: list[Post]
    signal: str


def card_of(operation: Operation, person: Person) -> ContactCard:
    """The lead first, then who approved, then the others; in as many queries, however many there are."""
    rows = Participation.objects.visible_to(person).filter(operation=operation)
    parts = list(
        rows.select_related("office__organisation", "organisation", "position__office").order_by("pk")
    )
    speaking = speakers(parts)
    posts = [
        Post(
            str(row.get_role_display()),
            str(row),
            row.component,
            speaking.get(row.pk),
            row.note,
        )
        for row in sorted(parts, key=lambda row: (not row.is_lead, row.role == "informed", row.pk))
    ]
    approver = operation.approver
    posts.insert(
        1 if posts else 0, Post(_("Approves"), str(approver.office), approver.office.component, approver)
    )
    _fill(posts)
    return ContactCard(posts, _signal(operation, person))


def holders_of(positions: Iterable[int]) -> dict[int, list[Person]]:
    """Who holds each of these positions now, longest first."""
    rows = Holding.objects.filter(current(), position__in=positions, person__is_active=True)
    found: dict[int, list[Person]] = {}
    for row in rows.select_related("person").order_by("since", "pk"):
        found.setdefault(row.position_id, []).append(row.person)
    return found


def _fill(posts: list[Post]) -> None:
    """Who holds each post now, and who deputises for it."""
    wanted = {post.position.pk for post in posts if post.position is not None}
    holders = holders_of(wanted)
    deputies: dict[int, list[Person]] = {}
    lent = Delegation.objects.filter(current(), position__in=wanted, delegate__is_active=True)
    for delegation in lent.select_related("delegate").order_by("since", "pk"):
        # It ends with the post of whoever gave it.
        if any(one.pk == delegation.delegator_id for one in holders.get(delegation.position_id, ())):
            deputies.setdefault(delegation.position_id, []).append(delegation.delegate)
    for post in posts:
        if post.position is not None:
            post.holders = holders.get(post.position.pk, [])
            post.deputies = deputies.get(post.position.pk, [])


def _signal(operation: Operation, person: Person) -> str:
    revision = PlanRevision.objects.visible_to(person).in_force().filter(operation=operation).first()
    if revision is None:
        return ""
    rows = PlanSection.objects.visible_to(person).filter(revision=revision, kind=SectionKind.COMMAND)
    return rows.values_list("text", flat=True).first() or ""
