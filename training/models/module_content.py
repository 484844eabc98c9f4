"""What stands in a module: pages to read, and questions with what is right."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Where the picture of a page stands in its text; without this line it stands at the end.
PICTURE_MARK = "[picture]"


@dataclass(frozen=True)
class PagePicture:
    """A picture of a page: `file` is one that ships with the portal, else `sha256` names a kept one."""

    alt: str
    file: str = ""
    sha256: str = ""
    content_type: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Page:
    """One page: rich text, and a picture where there is one."""

    title: str
    text: str
    picture: PagePicture | None = None

    @property
    def before_picture(self) -> str:
        return self._parts()[0]

    @property
    def after_picture(self) -> str:
        return self._parts()[1]

    def _parts(self) -> tuple[str, str]:
        lines = self.text.splitlines()
        marks = [number for number, line in enumerate(lines) if line.strip() == PICTURE_MARK]
        if not marks:
            return self.text, ""
        rest = [line for line in lines[marks[0] + 1 :] if line.strip() != PICTURE_MARK]
        return "\n".join(lines[: marks[0]]), "\n".join(rest)


@dataclass(frozen=True)
class Question:
    """A question of the quiz. `right`: the places of the right answers among `answers`, from 0."""

    text: str
    answers: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str = ""

    @property
    def several(self) -> bool:
        return len(self.right) > 1


@dataclass(frozen=True)
class Content:
    """The pages and the questions of a module, in their order."""

    pages: tuple[Page, ...] = ()
    questions: tuple[Question, ...] = ()

    def __str__(self) -> str:
        pages, questions = len(self.pages), len(self.questions)
        return _("%(pages)s, %(questions)s") % {
            "pages": ngettext("%(count)s page", "%(count)s pages", pages) % {"count": pages},
            "questions": ngettext("%(count)s question", "%(count)s questions", questions)
            % {"count": questions},
        }

    @classmethod
    def of(cls, told: Any) -> Content:
        """From what is kept in the database."""
        pages = [
            Page(one["title"], one["text"], PagePicture(**one["picture"]) if one.get("picture") else None)
            for one in told.get("pages", ())
        ]
        questions = [
            Question(one["text"], tuple(one["answers"]), tuple(one["right"]), one.get("explanation", ""))
            for one in told.get("questions", ())
        ]
        return cls(tuple(pages), tuple(questions))


class ContentField(models.JSONField):
    """A `Content`, kept as JSON. The trail keeps it whole and tells its size."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        told = super().from_db_value(value, expression, connection)
        return told if told is None else Content.of(told)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        told = asdict(value) if isinstance(value, Content) else value
        return super().get_db_prep_value(told, connection, prepared)

    def value_to_string(self, obj: Any) -> Any:
        value = self.value_from_object(obj)
        return asdict(value) if isinstance(value, Content) else value
