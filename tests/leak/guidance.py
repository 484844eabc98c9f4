"""Versions of guidance, their comments, and who has acknowledged them, for each document of the world."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor
from training.models import Guidance

STEPS = ("approve", "return", "answer-review", "take-back", "drop")
FORMS = ("guidance_version_write", "guidance_version_submit", "guidance_comment", "guidance_paper")
SENT = {"version": STALE, "reason": "Why", "text": "Typed", "answer": "agrees"}


def _told(visitor: Visitor, number: int) -> bool:
    return number in visitor.world.may_be_told(visitor.person)


def _there(visitor: Visitor, address: str, answer: Any, expected: bool) -> None:
    if visitor.enters and (answer.status_code == 404) == expected:
        visitor.fault(f"{address}: {answer.status_code}, expected there: {expected}")


@surface("versions of guidance", "guidance_version", "guidance_compare")
def _versions(visitor: Visitor) -> None:
    """What is in force with its document; what is written for its circle alone."""
    for version, number in visitor.some(visitor.world.versions.items()):
        expected = _told(visitor, number)
        address = reverse("guidance_version", args=[version.guidance.reference, version.number])
        answer = visitor.get(address)
        _there(visitor, address, answer, expected)
        if visitor.enters:
            visitor.must_tell(address, answer.said, {number} if expected else set(), {number})
        compare = reverse("guidance_compare", args=[version.guidance.reference])
        visitor.must_open(compare, version.guidance)
        _there(
            visitor,
            compare,
            visitor.get(f"{compare}?before={version.number}&after={version.number}"),
            expected,
        )


@surface("steps on versions of guidance", "guidance_version_verb", *FORMS)
def _steps(visitor: Visitor) -> None:
    """Each form and verb, and what it says when it is sent as it cannot be."""
    for index, (version, number) in visitor.some(enumerate(visitor.world.versions.items())):
        expected, names = _told(visitor, number), [version.guidance.reference, version.number]
        verb = reverse("guidance_version_verb", args=[*names, STEPS[index % len(STEPS)]])
        for address in (verb, *(reverse(name, args=names) for name in FORMS)):
            _there(visitor, address, visitor.get(address), expected)
            if not address.endswith(("comment/", "paper/")):
                _there(visitor, address, visitor.post(address, SENT), expected)


@surface("comments on guidance", "guidance_comment_answer")
def _comments(visitor: Visitor) -> None:
    for comment, number in visitor.some(visitor.world.comments.items()):
        version = comment.version
        names = [version.guidance.reference, version.number, comment.pk]
        address = reverse("guidance_comment_answer", args=names)
        _there(visitor, address, visitor.get(address), _told(visitor, number))
        _there(visitor, address, visitor.post(address, {"taken_up": "no"}), _told(visitor, number))


ACKNOWLEDGEMENTS = (
    "guidance_acknowledgements",
    "guidance_acknowledgements_csv",
    "guidance_acknowledgements_xlsx",
    "api:guidance-acknowledgement-list",
)


@surface("acknowledgements of guidance", *ACKNOWLEDGEMENTS, "api:guidance-acknowledgement-detail")
def _acknowledgements(visitor: Visitor) -> None:
    """Files and API tell the signed words; the page names documents and people."""
    among = set(visitor.world.signatures)
    expected = among & visitor.world.may_be_told(visitor.person)
    page = visitor.get(reverse(ACKNOWLEDGEMENTS[0]))
    if visitor.enters and f"{len(expected)} you can see" not in page.said:
        visitor.fault(f"acknowledgements: does not say that there are {len(expected)}")
    for name in ACKNOWLEDGEMENTS[1:]:
        answer = visitor.get(f"{reverse(name)}{'?limit=200' if name.startswith('api') else ''}")
        if visitor.enters:
            visitor.must_tell(name, answer.said, expected, among)
        if visitor.enters and name.startswith("api"):
            for row in answer.json()["results"][:2]:
                visitor.get(reverse("api:guidance-acknowledgement-detail", args=[row["id"]]))
    visitor.get(reverse("api:guidance-acknowledgement-detail", args=[1]))


@surface(
    "versions of guidance in the API",
    "api:guidance-versions",
    "api:guidance-comments",
    "api:guidance-answer-comment",
)
def _api(visitor: Visitor) -> None:
    world = visitor.world
    for document in visitor.some(world.records[Guidance]):
        address = reverse("api:guidance-versions", args=[document.reference])
        answer = visitor.must_open(address, document)
        of_it = {number for version, number in world.versions.items() if version.guidance == document}
        if visitor.enters:
            visitor.must_tell(address, answer.said, {one for one in of_it if _told(visitor, one)}, of_it)
        address = reverse("api:guidance-comments", args=[document.reference])
        answer = visitor.must_open(address, document)
        of_it = {one for comment, one in world.comments.items() if comment.version.guidance == document}
        if visitor.enters:
            visitor.must_tell(address, answer.said, {one for one in of_it if _told(visitor, one)}, of_it)
    for comment, number in visitor.some(world.comments.items()):
        address = reverse("api:guidance-answer-comment", args=[comment.version.guidance.reference])
        answer = visitor.post_json(address, {"id": comment.pk, "taken_up": False})
        _there(visitor, address, answer, _told(visitor, number))
