"""Comments at their place: a heading, a paragraph, a point of a list or a table, found again by its words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from tests.support.pages import body, signed_in, words
from tests.training.guidance_steps import in_force, in_review, newest, page, written
from training.models import GuidanceComment, GuidanceVersion
from training.services import guidance_comments as comments
from training.services import guidance_review as review
from training.services import guidance_text as texts
from training.views.guidance_text import shown_text

TEXT = """Before all headings.

# Rules

One **bold** line
and its second.

- Ask <first>
  - below it
- # In a list

| A | B |
|---|---|
| 1 | 2 |

1. Loose

2. points
"""


def test_each_place_is_known_by_its_words() -> None:
    found = shown_text(TEXT)
    assert [(place.number, place.words, place.heading, place.is_heading) for place in found.places] == [
        (1, "Before all headings.", "", False),
        (2, "Rules", "", True),
        (3, "One bold line and its second.", "Rules", False),
        (4, "Ask <first>", "Rules", False),
        (5, "below it", "Rules", False),
        (6, "In a list", "Rules", True),
        (7, "A B 1 2", "In a list", False),
        (8, "Loose", "In a list", False),
        (9, "points", "In a list", False),
    ]
    assert [heading.anchor for heading in found.contents] == ["part-1", "part-2"]


def test_what_stands_beside_a_place_leaves_the_markup_whole() -> None:
    drawn = shown_text(TEXT, lambda place: (f"[{place.number}]", f"<div>{place.number}</div>")).body
    assert "<p>Before all headings.[1]</p><div>1</div>" in drawn
    assert "and its second.[3]</p><div>3</div>" in drawn
    assert re.search(
        r"<li>Ask &lt;first&gt;\[4\]<div>4</div>\s*<ul>\s*<li>below it\[5\]<div>5</div></li>", drawn
    )
    assert "</table>[7]<div>7</div>" in drawn
    assert re.search(r"<li>\s*<p>Loose\[8\]</p><div>8</div>\s*</li>", drawn)


@pytest.fixture
def version(cast: Any) -> GuidanceVersion:
    guidance = written(cast)
    draft = newest(guidance)
    texts.write_version(draft, texts.TextInput(TEXT), actor=cast.owner, version=draft.version)
    return in_review(cast, guidance)


pytestmark = pytest.mark.django_db


def said_of(cast: Any, version: GuidanceVersion, place: int, text: str) -> GuidanceComment:
    address = reverse("guidance_comment", args=[version.guidance.reference, version.number])
    asked = body(signed_in(cast.other_component).get(f"{address}?at={place}"))
    chosen = re.search(r'<option value="([^"]+)" selected>', asked)
    assert chosen is not None
    sent = {"place": chosen[1].replace("&lt;", "<").replace("&gt;", ">"), "text": text}
    assert signed_in(cast.other_component).post(address, sent).status_code == 302
    return GuidanceComment.objects.visible_to(cast.owner).latest("pk")


def test_a_comment_on_a_paragraph_stands_below_it(cast: Any, version: GuidanceVersion) -> None:
    comment = said_of(cast, version, 4, "Ask <whom>?")
    assert comment.place == "Ask <first>"
    shown = body(page(cast.owner, version))
    assert re.search(
        r'Ask &lt;first&gt;.*?<ul class="beside" id="at-4">.*?Ask &lt;whom&gt;\?.*?below it', shown, re.DOTALL
    )
    assert f'href="#comment-{comment.pk}"' in shown
    assert 'href="#at-4"' in shown
    assert "To answer" in shown
    assert "To answer" not in body(page(cast.other_component, version))


def test_it_is_found_again_when_others_were_changed_and_says_when_its_own_was(
    cast: Any, version: GuidanceVersion
) -> None:
    said_of(cast, version, 3, "Too long")
    said_of(cast, version, 9, "Which ones?")
    review.take_back(version, actor=cast.owner, version=version.version, reason="More to say")
    draft = newest(version.guidance)
    changed = "# New first\n\nNew words.\n\n" + TEXT.replace("2. points", "2. points of view")
    texts.write_version(draft, texts.TextInput(changed), actor=cast.owner, version=draft.version)
    shown = body(page(cast.owner, version))
    assert re.search(r'its second\.</p><ul class="beside" id="at-5">.*?Too long', shown, re.DOTALL)
    assert shown.count('class="beside"') == 1
    assert "about “points” (changed since)" in words(shown)


def test_a_place_that_is_not_there_is_the_whole_text(cast: Any, version: GuidanceVersion) -> None:
    address = reverse("guidance_comment", args=[version.guidance.reference, version.number])
    for at in ("0", "99", "x" * 500, "-1"):
        asked = signed_in(cast.other_component).get(address, {"at": at})
        assert asked.status_code == 200
        assert "All under “Rules”" in words(body(asked))
    refused = signed_in(cast.other_component).post(address, {"place": "Invented", "text": "Kept words"})
    assert refused.status_code == 422
    assert "Kept words" in body(refused)


def test_readers_in_force_are_shown_neither_comments_nor_the_way_to_them(cast: Any) -> None:
    guidance = written(cast)
    version = in_review(cast, guidance)
    comments.add_comment(version, actor=cast.other_component, text="Who decides?", place="Rules")
    assert "comment-here" in body(page(cast.other_component, version))
    review.take_back(version, actor=cast.owner, version=version.version, reason="Once more")
    in_force(cast, guidance)
    for person in (cast.group_member, cast.owner):
        shown = body(page(person, version))
        assert 'class="beside"' not in shown
        assert "comment-here" not in shown
        assert ("Who decides?" in shown) == (person == cast.owner)
