"""The audit trail, searched by administrators, who read of records what the rule opens to them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.trail import verb_words
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.audit.search import Found, Sought, kinds, places_in, search
from cimic_portal.core.models import Person
from cimic_portal.core.paging import CursorError, Position, binding
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.records import SharedRecord

LONGEST = timedelta(days=366)
SHOWN_DAYS = timedelta(days=30)


class TrailForm(forms.Form):
    """What to look for; everything but the kind narrows it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of record"))
    record = forms.CharField(
        label=gettext_lazy("Record"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Its reference; of a person the e-mail, of an area the P-code; else its name."
        ),
    )
    person = forms.CharField(
        label=gettext_lazy("Done by"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("The e-mail of who did it."),
    )
    verb = forms.CharField(
        label=gettext_lazy("Verb"),
        required=False,
        max_length=80,
        help_text=gettext_lazy(
            "As it stands in the small letters of an entry: release, or engagement.release."
        ),
    )
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [
            (one._meta.label_lower, capfirst(str(one._meta.verbose_name_plural))) for one in kinds()
        ]

    def clean_person(self) -> int | None:
        """The id of the person; None for anybody."""
        text = self.cleaned_data["person"].strip().lower()
        if not text:
            return None
        person = Person.objects.filter(email=text).only("pk").first()
        if person is None:
            raise ValidationError(_("Nobody in the portal has this address."))
        pk: int = person.pk
        return pk

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end must not come before the beginning."))
        elif since and until and until - since > LONGEST:
            self.add_error("since", _("Search a year at a time."))
        # The edges of the calendar have no day beside them in another zone.
        elif until and until.year == date.max.year:
            self.add_error("until", _("Choose an earlier day."))
        elif since and since.year == date.min.year:
            self.add_error("since", _("Choose a later day."))
        return cleaned

    def sought(self) -> Sought:
        told = self.cleaned_data
        kind = next(one for one in kinds() if one._meta.label_lower == told["kind"])
        since, until = _midnight(told["since"]), _midnight(told["until"] + timedelta(days=1))
        return Sought(kind, since, until, told["record"].strip(), told["person"], told["verb"].strip())


def trail(request: HttpRequest) -> HttpResponse:
    """The form, and what was found, a page at a time."""
    person: Any = request.user
    today = timezone.localdate()
    asked = {
        "kind": Person._meta.label_lower,
        "since": (today - SHOWN_DAYS).isoformat(),
        "until": today.isoformat(),
        **request.GET.dict(),
    }
    form = TrailForm(asked)
    shown: dict[str, Any] = {"title": _("Search the audit trail"), "form": form}
    if form.is_valid():
        shown |= _found(request, form.sought(), person)
    context = {**admin.site.each_context(request), **shown}
    return TemplateResponse(request, "admin/trail_search.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, sought: Sought, person: Person) -> dict[str, Any]:
    query = [(name, str(value)) for name, value in request.GET.items() if name != "page"]
    bound = binding(person.pk, "trail", query)
    keyset = places_in(sought.kind)
    problem, before = "", None
    try:
        position = keyset.unseal(request.GET.get("page", ""), bound)
        before = position.values[0] if position else None
    except CursorError as error:
        problem = error.message
    found = search(sought, person, before=before)
    rows = {pk: row for row, pk, _entry in found.lines if row is not None}
    level: int = Classification.UNCLASSIFIED
    if issubclass(sought.kind, SharedRecord):
        level = max((row.classification for row in rows.values()), default=level)
        log_read(person, "trail", rows.values())
    older = ""
    if found.more:
        older = keyset.seal(Position((found.lines[-1][2].number,), False, 0), bound)
    return {
        "problem": problem,
        "lines": _lines(found, sought),
        "older": _address([*query, ("page", older)]) if older else "",
        "newest": _address(query) if before is not None else "",
        "page_classification": level,
    }


def _lines(found: Found, sought: Sought) -> list[dict[str, Any]]:
    names = Person.objects.in_bulk({entry.actor for _row, _pk, entry in found.lines if entry.actor})
    return [
        {
            "when": entry.at,
            "who": str(names.get(entry.actor, "")) if entry.actor else "",
            "text": verb_words(entry.verb),
            "verb": entry.verb,
            "record": str(row) if row is not None else _("No. %s") % pk,
            "url": _page_of(row),
            "changes": entry.changes,
            "reason": entry.reason,
            "origin": " · ".join(filter(None, (entry.address, entry.surface))),
        }
        for row, pk, entry in found.lines
    ]


def _page_of(row: Any) -> str:
    """The record's own page, else its row in the administration; nothing where there is none."""
    if row is None:
        return ""
    own = getattr(row, "get_absolute_url", None)
    if own is not None:
        return str(own())
    site = admin.site._registry.get(type(row))
    return (
        reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) if site else ""
    )


def _address(query: list[tuple[str, str]]) -> str:
    return "?" + urlencode(query)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
