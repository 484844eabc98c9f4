"""The demo mission's guidance: twenty-five documents in every state, with versions, comments and signatures."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cimic_portal.core.models import Holding, Office, Person, Position
from cimic_portal.core.sharing.levels import Component
from cimic_portal.overview.demo.cast import Cast, cast_of
from cimic_portal.overview.demo.guidance_procedures import PROCEDURES
from cimic_portal.overview.demo.guidance_words import POLICIES, Document
from cimic_portal.overview.demo.records import reference
from training.models import (
    Guidance,
    GuidanceAcknowledgement,
    GuidanceComment,
    GuidanceConcern,
    GuidanceKind,
    GuidanceReviewer,
    GuidanceState,
    GuidanceVersion,
    LessonTheme,
)
from training.services.guidance_force import concerned_posts, signed_words

MISSION = [Component.MILITARY, Component.POLICE, Component.CIVILIAN]
# States of a newest version beside which an older one is in force.
_BESIDE = {"review_again": "review", "draft_again": "draft"}
_NEVER_IN_FORCE = ("draft", "review", "returned", "approved")
_REVIEWERS = (
    ("CMCoord", "CMCoord officer"),
    ("Sector North CIMIC", "Liaison officer 1"),
    ("Police Sector North", "Community policing officer"),
    ("Force HQ U9", "Plans officer"),
)


@dataclass
class _Shelf:
    """What every document is made with; kinds and themes by name, and what was made by its numbers."""

    rng: random.Random
    cast: Cast
    kinds: Mapping[str, GuidanceKind]
    themes: Mapping[str, LessonTheme]
    made: dict[str, Guidance] = field(default_factory=dict)
    versions: dict[tuple[int, int], GuidanceVersion] = field(default_factory=dict)


def make_guidance(rng: random.Random, offices: Mapping[str, Office]) -> Sequence[Guidance]:
    """Every document of the words, with what belongs to it."""
    shelf = _Shelf(
        rng,
        cast_of(offices),
        {kind.name: kind for kind in GuidanceKind.objects.all()},
        {theme.name: theme for theme in LessonTheme.objects.all()},
    )
    told = [*POLICIES, *PROCEDURES]
    for place, document in enumerate(told):
        shelf.made[document.number] = _document(shelf, document, place)
    for document in told:
        if document.replaced_by:
            old = shelf.made[document.number]
            old.replaced_by = shelf.made[document.replaced_by]
            old.save()
    _sign(shelf)
    return list(shelf.made.values())


def _document(shelf: _Shelf, told: Document, place: int) -> Guidance:
    owner = shelf.cast.post(told.office, told.post)
    approver = shelf.cast.post(*told.approver)
    texts = _texts(told)
    in_force = _in_force_number(told, len(texts))
    since = timezone.localdate() - timedelta(days=20 + place * 9)
    guidance = Guidance.objects.create(
        reference=reference(shelf.rng),
        title=told.title,
        number=told.number,
        kind=shelf.kinds[told.kind],
        theme=shelf.themes[told.theme],
        owner=owner,
        approver=approver,
        owner_office=owner.office,
        author=shelf.cast.person(owner),
        classification=told.classification,
        audience_components=[*MISSION, *([Component.HUMANITARIAN] if told.with_partners else [])],
        review_months=(6, 12, 24)[place % 3],
        **_state(told, in_force, since, texts),
    )
    _concern(shelf, guidance, told.concerned)
    for number, (text, changes, is_correction) in enumerate(texts, start=1):
        _version(
            shelf, guidance, told, number, len(texts), since,
            text=text, changes=changes, is_correction=is_correction,
        )  # fmt: skip
    return guidance


def _texts(told: Document) -> list[tuple[str, str, bool]]:
    """The text of each version, what changed, and whether it is a small correction; oldest first."""
    found = [(told.text, "", False)]
    for edit in reversed(told.edits):
        newer, _changes, _correction = found[0]
        found[0] = (newer, edit.changes, edit.is_correction)
        found.insert(0, (newer.replace(edit.now, edit.was), "", False))
    return found


def _in_force_number(told: Document, count: int) -> int | None:
    if told.state in _NEVER_IN_FORCE:
        return None
    return count - 1 if told.state in _BESIDE else count


def _state(
    told: Document, in_force: int | None, since: date, texts: Sequence[tuple[str, str, bool]]
) -> dict[str, Any]:
    """The state of the whole, and what belongs to it."""
    if in_force is None:
        waits = told.state in ("review", "approved")
        return {"state": GuidanceState.REVIEW if waits else GuidanceState.DRAFT}
    asked_from = in_force
    while texts[asked_from - 1][2]:
        asked_from -= 1
    found: dict[str, Any] = {
        "state": GuidanceState.IN_FORCE,
        "published_at": _at(since),
        "in_force_number": in_force,
        "in_force_since": since,
        "asked_from": asked_from,
        "review_due_on": timezone.localdate() + timedelta(days=told.review_in),
    }
    if told.state == "withdrawn":
        found |= {"state": GuidanceState.WITHDRAWN, "state_reason": told.changes}
    return found


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))


def _concern(shelf: _Shelf, guidance: Guidance, names: Sequence[str]) -> None:
    for name in names:
        if name == "mission":
            for component in MISSION:
                GuidanceConcern.objects.create(guidance=guidance, component=component)
        else:
            GuidanceConcern.objects.create(guidance=guidance, office=shelf.cast.offices[name])


def _version(
    shelf: _Shelf, guidance: Guidance, told: Document, number: int, count: int, since: date, **words: Any
) -> None:
    newest = number == count
    state = _BESIDE.get(told.state, told.state) if newest else "superseded"
    if told.state in _BESIDE and number == count - 1:
        state = "in_force"
    effective = since - timedelta(days=200 * (count - number))
    facts: dict[str, Any] = {"state": state}
    if state in ("in_force", "superseded", "withdrawn"):
        facts |= {"published_at": _at(effective), "effective_on": effective}
    if state in ("superseded", "withdrawn"):
        facts["ended_on"] = effective + timedelta(days=200) if state == "superseded" else timezone.localdate()
    if state == "approved":
        facts["effective_on"] = timezone.localdate() + timedelta(days=9)
    if state in ("in_force", "superseded", "withdrawn", "approved"):
        decider = shelf.cast.person(guidance.approver) if guidance.approver else None
        facts |= {"decided_by": decider, "decided_at": _at(effective)}
    if state == "returned":
        facts["returned_reason"] = "Say who may speak to the radio, and who must not."
    if state not in ("draft", "returned"):
        facts["submitted_at"] = timezone.now() - timedelta(days=6)
    version = GuidanceVersion.objects.create(
        guidance=guidance,
        number=number,
        author=guidance.author,
        writers=[guidance.author_id],
        **facts,
        **words,
    )
    shelf.versions[guidance.pk, number] = version
    if newest and told.comments:
        _review(shelf, version, told)


def _review(shelf: _Shelf, version: GuidanceVersion, told: Document) -> None:
    """Some have answered, one is late; comments by those who were asked."""
    today, guidance = timezone.localdate(), version.guidance
    posts = [shelf.cast.post(*names) for names in _REVIEWERS]
    posts = [post for post in posts if post.pk != guidance.owner_id]
    for place, post in enumerate(posts):
        late = place == len(posts) - 1
        answered = place == 1 or (version.state == "approved" and not late)
        GuidanceReviewer.objects.create(
            guidance=guidance,
            version=version,
            position=post,
            due_on=today - timedelta(days=2) if late else today + timedelta(days=5),
            **_answer(shelf, post) if answered else {},
        )
    for place, (heading, text) in enumerate(told.comments):
        comment: dict[str, Any] = {}
        if place == 2 or version.state == "approved":
            comment = {
                "state": "taken_up",
                "answer": "It stands in the text now.",
                "answered_by": guidance.author,
                "answered_at": timezone.now() - timedelta(days=1),
            }
        GuidanceComment.objects.create(
            version=version,
            place=heading,
            text=text,
            author=shelf.cast.person(posts[place % len(posts)]),
            **comment,
        )


def _answer(shelf: _Shelf, post: Position) -> dict[str, Any]:
    return {
        "answer": "comments",
        "reason": "Good, once the comment is met.",
        "answered_by": shelf.cast.person(post),
        "answered_at": timezone.now() - timedelta(days=2),
    }


def _sign(shelf: _Shelf) -> None:
    """Who is concerned and may see it is asked; four of five have signed."""
    people = list(Person.objects.posted().order_by("pk"))
    seen = {
        person.pk: set(Guidance.objects.visible_to(person).values_list("pk", flat=True)) for person in people
    }
    rows: list[GuidanceAcknowledgement] = []
    for guidance in shelf.made.values():
        if not guidance.is_in_force:
            continue
        posts = concerned_posts(guidance)
        version = shelf.versions[guidance.pk, guidance.asked_from or 1]
        rows += [
            _signature(shelf, version, posts[person])
            for person in sorted(posts)
            if guidance.pk in seen.get(person, ())
        ]
    GuidanceAcknowledgement.objects.bulk_create(rows, batch_size=1000)


def _signature(shelf: _Shelf, version: GuidanceVersion, holding: Holding) -> GuidanceAcknowledgement:
    guidance = version.guidance
    asked = _at(version.effective_on or timezone.localdate())
    is_current = version.number == guidance.in_force_number
    signed: dict[str, Any] = {}
    # What a small correction only mended was signed by all before it.
    if shelf.rng.random() < 0.8 or not is_current:
        after = min(timedelta(hours=shelf.rng.randint(2, 260)), timezone.now() - asked)
        signed = {"acknowledged_at": asked + after, "words": signed_words(guidance)}
    newcomer = not signed and shelf.rng.random() < 0.5
    due = timezone.localdate() + timedelta(days=6) if newcomer else asked.date() + timedelta(days=14)
    return GuidanceAcknowledgement(
        version=version,
        person_id=holding.person_id,
        position=holding.position,
        office=holding.position.office,
        asked_at=asked,
        due_on=due,
        **signed,
    )
