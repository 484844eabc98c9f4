"""Comments on a version: each with what may be done with it, and beside the text at its place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from training.models import GuidanceComment, GuidanceVersion
from training.policies import guidance as policies
from training.views.guidance_text import ShownText, shown_text

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.views.guidance_text import Place


def comments_of(person: Person, version: GuidanceVersion) -> list[GuidanceComment]:
    """Each with whether this person may answer it."""
    rows = GuidanceComment.objects.visible_to(person).filter(version=version)
    found = list(rows.select_related("author", "answered_by"))
    for comment in found:
        comment.version = version
        comment.may_answer = bool(policies.can_answer_comment(person, comment))  # type: ignore[attr-defined]
    return found


def text_with_comments(
    person: Person, version: GuidanceVersion, comments: list[GuidanceComment]
) -> ShownText:
    """The text with what was said of each place below it, and a link to say more.

    Each comment is told where it stands (`at`): the number of the first place that begins with its words.
    Below a version that is decided they are not repeated.
    """
    waiting: dict[str, list[GuidanceComment]] = defaultdict(list)
    for comment in comments:
        waiting[comment.place].append(comment)
    may_comment = bool(policies.can_comment(person, version))

    def margin(place: Place) -> tuple[str, str]:
        said = waiting.pop(place.words, []) if place.words else []
        for comment in said:
            comment.at = place.number  # type: ignore[attr-defined]
        context = {"version": version, "place": place, "comments": said}
        asks = may_comment and place.words and not place.is_heading
        within = _drawn("comment_here", context) if asks else ""
        return within, _drawn("beside", context) if said and version.is_open else ""

    return shown_text(version.text, margin)


def _drawn(name: str, context: dict[str, Any]) -> str:
    # Line ends count within a paragraph.
    return render_to_string(f"training/guidance/{name}.html", context).strip()
