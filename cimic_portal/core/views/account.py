"""One's own page: posts and clearance, delegations, devices, tokens for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cimic_portal.core.devices import devices_of
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.factors import is_proven
from cimic_portal.core.forms.own import DelegateForm, TokenForm
from cimic_portal.core.models import ApiToken, Delegation, Holding, Position, Scope
from cimic_portal.core.personal import personal_data
from cimic_portal.core.policies import can_delegate, require
from cimic_portal.core.querysets import current
from cimic_portal.core.services.delegations import delegate, end_delegation
from cimic_portal.core.services.tokens import create_token, revoke_token
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import show_problems

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Who I am to the portal: posts and clearance, who acts for me, where I am signed in."""
    person: Person = request.user  # type: ignore[assignment]
    context = {**_posts(person), **_delegations(person), **_devices(request), "tokens": _tokens(person)}
    return render(request, "core/me/detail.html", {"person": person, **context})


def _posts(person: Person) -> dict[str, Any]:
    holdings = Holding.objects.filter(current(), person=person)
    return {"holdings": holdings.select_related("position__office__organisation")}


def _delegations(person: Person) -> dict[str, Any]:
    """Those I gave and those I got, from now on."""
    lasting = Delegation.objects.filter(until__gt=timezone.now()).order_by("since", "pk")
    given = lasting.filter(delegator=person).select_related("position__office", "delegate")
    got = lasting.filter(delegate=person).select_related("position__office", "delegator")
    return {"given": given, "got": got}


def _devices(request: HttpRequest) -> dict[str, Any]:
    person: Person = request.user  # type: ignore[assignment]
    return {"sessions": devices_of(person), "this_session": request.session.session_key}


def _tokens(person: Person) -> Any:
    return ApiToken.objects.filter(person=person, revoked_at__isnull=True, expires_at__gt=timezone.now())


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What the portal holds about me, as a file."""
    person: Person = request.user  # type: ignore[assignment]
    response = JsonResponse(
        personal_data(person), json_dumps_params={"indent": 2, "ensure_ascii": False}, safe=True
    )
    name = f"my-data-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out another device of mine, or, with 0, every other one."""
    mine = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    ended = list(mine) if pk == 0 else [get_object_or_404(mine, pk=pk)]
    for session in ended:
        session.end()
    messages.success(request, _("Signed out there."))
    return redirect("me")


def delegate_position(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a colleague act for a position that I hold."""
    person: Person = request.user  # type: ignore[assignment]
    rows = Position.objects.filter(pk__in=person.access.positions).select_related("office__organisation")
    position = get_object_or_404(rows, pk=pk)
    require(can_delegate(person, position))
    form = DelegateForm(request.POST or None, person=person, position=position)

    def write() -> Delegation:
        chosen, reason = form.cleaned_data["delegate"], form.cleaned_data["reason"]
        return delegate(position, to=chosen, reason=reason, actor=person, **form.period())

    if saved(
        request,
        form,
        write,
        lambda made: _("%(name)s acts for you and is told by mail.") % {"name": made.delegate},
    ):
        return redirect("me")
    context = {
        "title": _("Delegate %(position)s") % {"position": position},
        "sub": _(
            "Your delegate reads and does what the position may, with their own clearance, and "
            "cannot pass it on."
        ),
        "form": form,
        "form_actions": [{"label": _("Delegate"), "primary": True}],
        "cancel_url": reverse("me"),
    }
    return render(request, "layouts/form.html", context, status=form_status(request))


def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation that I gave or got."""
    person: Person = request.user  # type: ignore[assignment]
    given, got = _delegations(person).values()
    delegation = given.filter(pk=pk).first() or got.filter(pk=pk).first()
    if delegation is None:
        return redirect("me")
    if request.method == "POST":
        end_delegation(delegation, actor=person)
        messages.success(request, _("The delegation is ended."))
        return redirect("me")
    context = {
        "title": _("End this delegation"),
        "text": _("%(delegate)s stops acting for %(position)s at once.")
        % {"delegate": delegation.delegate, "position": delegation.position},
        "submit_label": _("End delegation"),
        "danger": True,
        "cancel_url": reverse("me"),
    }
    return render(request, "layouts/verb.html", context)


def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token; the page that answers is the only one that ever shows it."""
    person: Person = request.user  # type: ignore[assignment]
    form = TokenForm(request.POST or None, initial={"scope": request.GET.get("for", Scope.READ)})
    if request.method == "POST" and form.is_valid():
        try:
            token, text = create_token(
                actor=person,
                name=form.cleaned_data["name"],
                scope=form.cleaned_data["scope"],
                expires_at=form.ends(),
                with_second_factor=is_proven(request.session),
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            return render(request, "core/me/token.html", {"token": token, "text": text})
    context = {
        "title": _("New API token"),
        "sub": _("A program that sends it acts as you, no further than you may and than you allow here."),
        "form": form,
        "form_actions": [{"label": _("Make token"), "primary": True}],
        "cancel_url": reverse("me"),
    }
    return render(request, "layouts/form.html", context, status=form_status(request))


@require_POST
def token_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my tokens."""
    person: Person = request.user  # type: ignore[assignment]
    revoke_token(get_object_or_404(_tokens(person), pk=pk), actor=person)
    messages.success(request, _("The token is ended. Programs that send it are refused from now on."))
    return redirect("me")
