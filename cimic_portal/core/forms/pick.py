"""Picking one thing out of many: a text field with suggestions.

Contract with `static/js/suggest.js`: the widget is a text input (`name_text`) with `data-suggest`, the
address that answers `?q=…` with `{"results": [{"value", "label", "hint"}]}`, followed by a hidden
input (`name`) that takes the value chosen. A free field also takes a name that is not known yet.
Without JavaScript what is typed is matched exactly: with the name, and with whatever else pages print of
such a thing ("Chief CIMIC, Sector North CIMIC").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import F, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

LONGEST_NAME = 200
# As many as are told where several have the name that was typed.
MOST_ALIKE = 5


@dataclass(frozen=True)
class Picked:
    """What was picked: a known object, or (where the field is free) only the text."""

    text: str = ""
    chosen: Any = None

    def __bool__(self) -> bool:
        return bool(self.text or self.chosen)


class PickWidget(forms.Widget):
    template_name = "core/forms/pick.html"

    def __init__(
        self, url: str | Promise, *, free: bool = False, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.url = url
        self.free = free

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        text, chosen = value if isinstance(value, tuple) else ("", "")
        context["widget"].update(
            {
                "text_name": f"{name}_text",
                "text": text,
                "chosen": chosen,
                "url": str(self.url),
                "free": self.free,
            }
        )
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return (data.get(f"{name}_text") or "").strip(), (data.get(name) or "").strip()

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str) -> str:
        return id_


class PickField(forms.Field):
    """One object out of `queryset`, which the form sets for its person.

    key: the field that the page carries (a reference, never an id, for shared records);
    text: the field that a typed name is matched with; free: an unknown name is taken as it is.
    Cleans to Picked.
    """

    def __init__(
        self, url: str | Promise, *, key: str = "pk", text: str = "name", free: bool = False, **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", PickWidget(url, free=free))
        super().__init__(**kwargs)
        self.key, self.text, self.free = key, text, free
        self.queryset: QuerySet[Any] | None = None

    def prepare_value(self, value: Any) -> Any:
        """(text, key) for the widget; takes a model object as initial value."""
        if isinstance(value, Model):
            return str(value), str(getattr(value, self.key))
        return value

    def clean(self, value: Any) -> Picked:
        text, chosen = value or ("", "")
        ProhibitNullCharactersValidator()(text + chosen)
        if len(text) > LONGEST_NAME:
            raise ValidationError(_("This name is too long (200 characters at most)."))
        if not text and not chosen:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return Picked()
        found = self._chosen(chosen) if chosen and text else self._named(text)
        if found is None and not self.free:
            raise ValidationError(_("Nothing of this name that you can see. Choose from the suggestions."))
        return Picked(text=str(found) if found is not None else text, chosen=found)

    def _rows(self) -> QuerySet[Any]:
        assert self.queryset is not None, "the form sets the queryset for its person"
        return self.queryset

    def _chosen(self, key: str) -> Any:
        try:
            return self._rows().filter(**{self.key: key}).first()
        except (ValueError, OverflowError):
            return None

    def _named(self, text: str) -> Any:
        """The one that is called this, or printed so. Raises ValidationError where several are."""
        words = " ".join(text.split())
        if not words:
            return None
        rows = self._rows()
        alike = list(rows.filter(**{f"{self.text}__iexact": words})[: MOST_ALIKE + 1])
        if not alike:
            rows, printed = with_printed(rows)
            alike = list(rows.filter(any_of(printed, "iexact", words))[: MOST_ALIKE + 1]) if printed else []
        if len(alike) > 1 and not self.free:
            raise ValidationError(_several(alike))
        return alike[0] if len(alike) == 1 else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial) or ("", "")
        return tuple(before) != tuple(data or ("", ""))


def with_printed(rows: QuerySet[Any]) -> tuple[QuerySet[Any], list[str]]:
    """The rows with each printed form of their model under a name to filter and order by; those names."""
    printed: Sequence[Any] = getattr(rows.model, "printed", ())
    named = {f"printed_{place}": one for place, one in enumerate(printed)}
    rows = rows.alias(**{name: F(one) if isinstance(one, str) else one for name, one in named.items()})
    return rows, list(named)


def any_of(names: Sequence[str], lookup: str, words: str) -> Q:
    """One of the fields is, begins with or holds these words, as the lookup says."""
    return reduce(or_, (Q(**{f"{name}__{lookup}": words}) for name in names))


def _several(alike: Sequence[Any]) -> str:
    """Which ones the name could mean; with one of these words it is told apart."""
    told = [str(one) for one in alike[:MOST_ALIKE]]
    more = " …" if len(alike) > MOST_ALIKE else ""
    return _("Several are called this. Write which one: %(names)s") % {"names": "; ".join(told) + more}
