"""Changing the pages and questions of a draft, and what must be right before it is published."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.attachments import keep_picture
from cimic_portal.core.services.verbs import lock, save_changed, verb
from training.models import Content, ModuleDraft, ModuleKind, ModulePicture, Page, PagePicture, Question
from training.policies import module as policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from cimic_portal.core.models import Person

MOST_PAGES, MOST_QUESTIONS, MOST_ANSWERS = 40, 40, 6
LONGEST_TEXT = 12_000
Row = TypeVar("Row", bound=Page | Question)


def _change(
    draft: ModuleDraft, name: str, change: Callable[[Content], Content], *, actor: Person, version: int
) -> ModuleDraft:
    with verb(f"moduledraft.{name}", actor=actor):
        current = lock(draft, actor=actor, version=version)
        require(policies.can_edit(actor, current))
        current.author = actor
        current.content = change(current.content)
        save_changed(current)
        return current


def _put(rows: tuple[Row, ...], row: Row, place: int | None, most: int) -> tuple[Row, ...]:
    """The rows with one changed at its place (from 0), or added at the end. Raises InvalidError."""
    if place is None:
        if len(rows) >= most:
            raise InvalidError({"title": [_("A module has at most %(most)s of these.") % {"most": most}]})
        return (*rows, row)
    if not 0 <= place < len(rows):
        raise InvalidError({"title": [_("It was taken away meanwhile.")]})
    return (*rows[:place], row, *rows[place + 1 :])


def write_page(
    draft: ModuleDraft,
    *,
    actor: Person,
    version: int,
    place: int | None,
    title: str,
    text: str,
    alt: str = "",
    picture: IO[bytes] | None = None,
    without_picture: bool = False,
) -> ModuleDraft:
    """Write a page: a new one at the end, or the one at `place` (from 0). Raises InvalidError, StaleError.

    `picture`: a new one, checked by its content; `alt` says what it shows, for whoever cannot see it.
    """
    problems: dict[str, list[str]] = {}
    if not title.strip():
        problems["title"] = [_("Give the page a title.")]
    if not text.strip():
        problems["text"] = [_("Write what stands on the page.")]
    if len(text) > LONGEST_TEXT:
        problems["text"] = [_("A page may have at most %(most)s characters.") % {"most": LONGEST_TEXT}]
    if picture is not None and not alt.strip():
        problems["alt"] = [_("Say what the picture shows, for whoever cannot see it.")]
    if problems:
        raise InvalidError(problems)

    def change(content: Content) -> Content:
        old = content.pages[place].picture if place is not None and place < len(content.pages) else None
        kept = None if without_picture else old
        if picture is not None:
            kept = _kept_picture(draft, picture, alt.strip(), actor)
        elif kept is not None and alt.strip():
            kept = replace(kept, alt=alt.strip())
        page = Page(title.strip(), text.strip(), kept)
        return replace(content, pages=_put(content.pages, page, place, MOST_PAGES))

    return _change(draft, "write_page", change, actor=actor, version=version)


def _kept_picture(draft: ModuleDraft, content: IO[bytes], alt: str, actor: Person) -> PagePicture:
    size = content.seek(0, 2)
    content.seek(0)
    if size > settings.MODULE_PICTURE_MAX_BYTES:
        words = _("A picture of a page may have at most %(most)s kB; this one has %(size)s kB.")
        most = settings.MODULE_PICTURE_MAX_BYTES // 1000
        raise InvalidError({"picture": [words % {"most": most, "size": -(-size // 1000)}]})
    made = keep_picture(content, field="picture")
    ModulePicture.objects.create(
        draft=draft,
        caption=alt[:200],
        classification=draft.classification,
        added_by=actor,
        **vars(made),
    )
    return PagePicture(
        alt, sha256=made.sha256, content_type=made.content_type, width=made.width, height=made.height
    )


def write_question(
    draft: ModuleDraft, question: Question, *, actor: Person, version: int, place: int | None
) -> ModuleDraft:
    """Write a question: a new one at the end, or the one at `place` (from 0). Raises InvalidError too."""
    problems: dict[str, list[str]] = {}
    if not question.text.strip():
        problems["text"] = [_("Write the question.")]
    if len(question.answers) < 2:  # noqa: PLR2004 - between one answer there is no choice
        problems["answer_1"] = [_("Give at least two answers to choose from.")]
    elif len(set(question.answers)) < len(question.answers):
        problems["answer_1"] = [_("Two answers are alike.")]
    if not question.right:
        problems["right"] = [_("Tick what is right.")]
    if not question.explanation.strip():
        problems["explanation"] = [_("Say why, for whoever answers otherwise.")]
    if problems:
        raise InvalidError(problems)

    def change(content: Content) -> Content:
        return replace(content, questions=_put(content.questions, question, place, MOST_QUESTIONS))

    return _change(draft, "write_question", change, actor=actor, version=version)


def arrange(
    draft: ModuleDraft, *, actor: Person, version: int, what: str, place: int, step: int
) -> ModuleDraft:
    """Move a page or question (`what`: pages, questions) up (-1) or down (1), or take it away (0)."""

    def change(content: Content) -> Content:
        rows = list(getattr(content, what))
        if not 0 <= place < len(rows):
            raise InvalidError({"place": [_("It was taken away meanwhile.")]})
        row = rows.pop(place)
        if step:
            rows.insert(max(0, place + step), row)
        return replace(content, **{what: tuple(rows)})

    return _change(draft, "arrange", change, actor=actor, version=version)


def content_problems(draft: ModuleDraft, *, has_package: bool) -> list[str]:
    """What is missing before anybody learns from it."""
    content: Content = draft.content
    problems = []
    if draft.kind == ModuleKind.SCORM:
        return [] if has_package else [_("Upload the SCORM package first.")]
    if not content.pages:
        problems.append(_("Write at least one page first."))
    if not content.questions:
        problems.append(_("Write at least one question first."))
    return problems


def picture_named(sha256: str) -> ModulePicture | None:
    """The picture that a page names by its digest; whoever asks has read the page under the rule."""
    rows = ModulePicture.objects.unscoped("the draft was fetched under the rule, and names it")
    found: ModulePicture | None = rows.filter(sha256=sha256).first()
    return found
