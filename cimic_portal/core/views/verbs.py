"""One verb done to one record: a small page that says what will happen, and the step itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import Decision, Refused, require

# Digits that fit an integer column.
LONGEST_VERSION = 9

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord


class ReasonForm(forms.Form):
    """The reason that is kept with the verb."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )


class NoInputForm(forms.Form):
    """A verb that asks for nothing but its confirmation."""


@dataclass(frozen=True)
class Verb:
    """A verb as the pages show it.

    run(record, actor=…, version=…, **cleaned form data) does it; policy says who may; states in
    which it is offered (shown disabled with the reason where refused). `needs_person`: the form
    takes the person, to offer only what they may see. `if_allowed`: shown to those alone who may do it,
    where a closed door would tell the others nothing. `template` and `context`: where the page shows
    more than the form, so that who decides has it in view.
    """

    name: str
    label: StrOrPromise
    policy: Callable[[Any, Any], Decision]
    run: Callable[..., Any]
    states: Sequence[str] = ()
    text: StrOrPromise = ""
    done: StrOrPromise = ""
    form: type[forms.Form] = NoInputForm
    needs_person: bool = False
    primary: bool = False
    danger: bool = False
    if_allowed: bool = False
    template: str = "layouts/verb.html"
    context: Callable[[Any, Any], dict[str, Any]] | None = None

    def make_form(self, person: Person, record: Any, data: Any = None) -> forms.Form:
        if self.needs_person:
            return self.form(data, person=person, record=record)  # type: ignore[call-arg]
        return self.form(data)


def offered(verbs: Sequence[Verb], person: Person, record: Any) -> list[dict[str, Any]]:
    """The verbs of this record's state for `components/actions.html`: first the one this reader may do."""
    actions = []
    for verb in verbs:
        if verb.states and record.state not in verb.states:
            continue
        decision = verb.policy(person, record)
        if verb.if_allowed and not decision:
            continue
        actions.append(
            {
                "label": verb.label,
                "url": f"{record.get_absolute_url()}{verb.name}/",
                "primary": verb.primary and bool(decision),
                "danger": False,
                "refused": decision.reason if isinstance(decision, Refused) else "",
            }
        )
    return _quiet_refusals(actions)


def _quiet_refusals(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A reader who may do none of them is not shown a row of closed doors."""
    allowed = [action for action in actions if not action["refused"]]
    refused = [action for action in actions if action["refused"]]
    return allowed or refused[:1]


def perform(
    request: HttpRequest, record: SharedRecord, verbs: Sequence[Verb], name: str, *, of: str = ""
) -> HttpResponse:
    """The page of one verb, and its step. The record was fetched under the rule before.

    `of`: what the page calls it, where its own name says too little.
    """
    found = next((verb for verb in verbs if verb.name == name), None)
    if found is None:
        raise Http404
    person: Any = request.user
    require(found.policy(person, record))
    form = found.make_form(person, record, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                found.run(record, actor=person, version=shown_version(request), **form.cleaned_data)
            except InvalidError as error:
                show_problems(form, error)
            else:
                messages.success(request, str(found.done or found.label))
                return redirect(record.get_absolute_url())  # type: ignore[attr-defined]
        status = 422
    more = found.context(person, record) if found.context else {}
    return render(request, found.template, _context(record, found, form, of) | more, status=status)


def _context(record: Any, verb: Verb, form: forms.Form, of: str) -> dict[str, Any]:
    return {
        "title": verb.label,
        "text": verb.text,
        "form": form,
        "version": record.version,
        "submit_label": verb.label,
        "danger": verb.danger,
        "cancel_url": record.get_absolute_url(),
        "record": record,
        "of": of,
        "page_classification": record.classification,
    }


def shown_version(request: HttpRequest) -> int:
    """The version that was shown; a missing or mangled one fits no record."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_VERSION else 0


def show_problems(form: Any, error: InvalidError) -> None:
    """Put what a service found beside the fields; what has no field goes on top.

    A form whose fields have other names than the service's, or that has rows, does so by its own `show`.
    """
    if hasattr(form, "show"):
        form.show(error)
        return
    for field, found in error.fields.items():
        for message in found:
            form.add_error(field if field in form.fields else None, message)
