"""Filters, sorting and error summaries: what lists and forms say about themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict  # noqa: TID251 - a tag draws a page
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# Where a list is read from: dropped from an address as soon as its filters or its order change.
CURSOR_PARAMETERS = ("before", "after", "cursor", "page")


@dataclass(frozen=True)
class Chip:
    """One filter that is on: what it says and the address without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class Problem:
    """One error of a form: the field's words, the message, and the id it is about (empty for the form).

    Of a row the words say which ("Participant 3, Office"). What is wrong with a row leads to its first field.
    """

    label: str
    message: str
    target: str


def _without(query: QueryDict, *names: str) -> str:
    """The address of the same list without some parameters and from its first page."""
    rest = query.copy()
    for name in (*names, *CURSOR_PARAMETERS):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"


def _names_of(field: forms.BoundField, query: QueryDict) -> list[str]:
    """The parameters that belong to a field: its own, or its parts (`since_0`) if the widget has several."""
    name = field.html_name
    return [key for key in query if key == name or (key.startswith(f"{name}_") and _is_part(key, name))]


def _is_part(key: str, name: str) -> bool:
    return key.removeprefix(f"{name}_") in {"0", "1", "min", "max", "after", "before"}


def _shown_value(field: forms.BoundField, values: Iterable[str]) -> str:
    """Values in words: labels of choices where the field has them."""
    choices = {str(key): str(label) for key, label in getattr(field.field, "choices", None) or ()}
    return ", ".join(choices.get(value, value) for value in values)


def chips_of(form: forms.BaseForm, query: QueryDict) -> list[Chip]:
    """The filters that are on, in the order of the form."""
    chips = []
    for field in form.visible_fields():
        names = _names_of(field, query)
        values = [value for name in names for value in query.getlist(name) if value]
        if values:
            # A tick box says all with its label.
            shown = "" if field.widget_type == "checkbox" else _shown_value(field, values)
            chips.append(Chip(str(field.label), shown, _without(query, *names)))
    return chips


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: forms.BaseForm, front: int = 99) -> dict[str, Any]:
    """One line of filters: a chip for each that is on, a small menu for each of the first `front`.

    The others stand together in one menu, which is open when something in it cannot be read.
    `form` is a GET form, such as `FilterSet.form`. Works without JavaScript.
    """
    fields = list(form.visible_fields())
    query = context["request"].GET
    names = {name for field in form.visible_fields() for name in _names_of(field, query)}
    own = {field.html_name for field in form} | names
    kept = [
        (name, value)
        for name, values in query.lists()
        if name not in own and name not in CURSOR_PARAMETERS
        for value in values
    ]
    return {
        "form": form,
        "front": fields[:front],
        "more": fields[front:],
        "more_wrong": any(field.errors for field in fields[front:]),
        "chips": chips_of(form, query),
        "kept": kept,
        "clear_url": _without(query, *own),
    }


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, key: str, parameter: str = "sort") -> SafeString:
    """A <th> that sorts by `key`; again turns it round. Reads and writes `?sort=key` or `?sort=-key`."""
    query = context["request"].GET
    chosen = query.get(parameter, "")
    turned = f"-{key}" if chosen == key else key
    state = {key: "ascending", f"-{key}": "descending"}.get(chosen)
    rest = query.copy()
    for name in CURSOR_PARAMETERS:
        rest.pop(name, None)
    rest[parameter] = turned
    return format_html(
        '<th scope="col"{}><a href="?{}" title="{}">{}</a></th>',
        format_html(' aria-sort="{}"', state) if state else "",
        rest.urlencode(),
        _("Sort by this column"),
        label,
    )


def _target(field: forms.BoundField) -> str:
    return "" if field.is_hidden else str(field.id_for_label or field.auto_id)


def _field_problems(form: forms.BaseForm, row: str = "") -> Iterator[Problem]:
    first = next((_target(field) for field in form if not field.is_hidden), "") if row else ""
    for message in form.non_field_errors():
        yield Problem(row, str(message), first)
    for field in form:
        words = _("%(row)s, %(field)s") % {"row": row, "field": field.label} if row else str(field.label)
        for message in field.errors:
            yield Problem(words, str(message), _target(field))


def _row_problems(formset: Any) -> Iterator[Problem]:
    """Those of each row, numbered as on the page; one that is taken away neither counts nor need be right."""
    standing = [row for row in formset.forms if not _taken_away(row)]
    for number, row in enumerate(standing, start=1):
        numbered = f"{getattr(row, 'row_label', _('Row'))} {number}"
        yield from _field_problems(row, getattr(row, "row_name", "") or numbered)


def _taken_away(row: forms.BaseForm) -> bool:
    return DELETION_FIELD_NAME in row.fields and bool(row[DELETION_FIELD_NAME].value())


def problems_of(form: forms.BaseForm | None, formsets: Iterable[Any]) -> list[Problem]:
    """Every error of a form and of the formsets on its page, in the order of the page."""
    problems = list(_field_problems(form)) if form is not None else []
    for formset in formsets:
        problems += [Problem("", str(message), "") for message in formset.non_form_errors()]
        problems += _row_problems(formset)
    return problems


@register.simple_tag(takes_context=True)
def error_summary(context: Context) -> list[Problem]:
    """The errors of the context's `form` and `formsets`; empty when all is well or nothing was sent yet."""
    return problems_of(context.get("form"), context.get("formsets") or ())
