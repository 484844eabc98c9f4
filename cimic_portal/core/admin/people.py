"""People, positions, who holds them, and the groups that grants may name."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cimic_portal.core.admin.base import PortalAdmin, PortalInline
from cimic_portal.core.forms.staff import HoldingForm, PersonForm, PositionForm, SharingGroupForm, is_future
from cimic_portal.core.models import Delegation, Holding, Person, Position, Proposal, SharingGroup
from cimic_portal.core.querysets import current
from cimic_portal.core.services.delegations import end_delegation
from cimic_portal.core.services.factors import reset_factors
from cimic_portal.core.services.people import announce_new_address, send_password_link
from cimic_portal.core.services.proposals import give_post, propose_clearance, propose_head
from cimic_portal.core.signals import posts_changed


def _now_held() -> Prefetch[Any]:
    rows = Holding.objects.filter(current()).select_related("person", "position__office")
    return Prefetch("holdings", queryset=rows, to_attr="current_holdings")


class ProposingAdmin(PortalAdmin):
    """Pages on which a part of what is entered may have to wait for a second administrator."""

    def say_waits(self, request: HttpRequest, asked: Proposal) -> None:
        words = _("Waits until another administrator confirms it: %s.") % asked
        self.message_user(request, words, messages.WARNING)


class PostsAdmin(ProposingAdmin):
    """Pages on which posts are given, row by row; what stands is changed on its own page."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for row in formset.extra_forms:
            if row.has_changed():
                asked = give_post(row.instance, actor=request.user, reason=row.cleaned_data["reason"])  # type: ignore[arg-type]
                if asked is not None:
                    self.say_waits(request, asked)


class HoldingInline(PortalInline):
    model = Holding
    form = HoldingForm
    fields = ("position", "since", "until", "reason")
    autocomplete_fields = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("position__office", "person")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was served is changed on its own page, row by row."""
        return False


@admin.register(Person)
class PersonAdmin(PostsAdmin):
    form = PersonForm
    list_display = ("__str__", "email", "component", "clearance", "holds", "is_active", "is_staff")
    list_filter = ("is_active", "component", "clearance", "is_staff")
    search_fields = ("family_name", "given_name", "email")
    ordering = ("family_name", "given_name")
    inlines = (HoldingInline,)
    readonly_fields = ("joined_at", "last_login", "password_changed_at")
    actions = ("send_link", "reset_second_factor")
    fieldsets = (
        (
            None,
            {"fields": ("form_of_address", "given_name", "family_name", "email", "phone", "languages")},
        ),
        (gettext_lazy("Access"), {"fields": ("component", "clearance", "reason", "is_active", "is_staff")}),
        (gettext_lazy("Dates"), {"fields": ("joined_at", "last_login", "password_changed_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).prefetch_related(_now_held())

    @admin.display(description=gettext_lazy("Holds now"))
    def holds(self, person: Any) -> str:
        return "; ".join(str(holding.position) for holding in person.current_holdings)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """A new person chooses a password by a link; a former address is told of the new one."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            send_password_link(obj, actor=request.user)  # type: ignore[arg-type]
            self.message_user(request, _("A link to choose a password goes to %s.") % obj.email)
        elif "email" in form.changed_data:
            announce_new_address(obj, former=form.initial["email"])

    def save_related(self, request: HttpRequest, form: PersonForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.proposed_clearance is not None:
            asked = propose_clearance(
                form.instance,
                form.proposed_clearance,
                actor=request.user,  # type: ignore[arg-type]
                reason=form.cleaned_data["reason"],
            )
            self.say_waits(request, asked)

    @admin.action(description=gettext_lazy("Send a link to choose a password"))
    def send_link(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        people = list(queryset.filter(is_active=True))
        for person in people:
            send_password_link(person, actor=request.user)  # type: ignore[arg-type]
        words = ngettext("A link goes to %(count)s person.", "A link goes to %(count)s people.", len(people))
        self.message_user(request, words % {"count": len(people)})

    @admin.action(description=gettext_lazy("Take the second factor away (lost phone or key)"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        people = list(queryset)
        for person in people:
            reset_factors(person, actor=request.user)  # type: ignore[arg-type]
        words = ngettext(
            "%(count)s person was signed out everywhere and sets up a second factor anew.",
            "%(count)s people were signed out everywhere and set up a second factor anew.",
            len(people),
        )
        self.message_user(request, words % {"count": len(people)})


class PositionHoldingInline(HoldingInline):
    fields = ("person", "since", "until", "reason")
    autocomplete_fields = ("person",)


@admin.register(Position)
class PositionAdmin(PostsAdmin):
    form = PositionForm
    list_display = ("title", "office", "is_head", "is_releasing", "held_by", "is_archived")
    list_filter = ("is_archived", "is_head", "is_releasing", "office__organisation")
    list_select_related = ("office__organisation",)
    search_fields = ("title", "office__name", "office__short_name")
    autocomplete_fields = ("office",)
    fields = ("office", "title", "is_head", "reason", "is_releasing", "is_archived")
    inlines = (PositionHoldingInline,)

    def save_related(self, request: HttpRequest, form: PositionForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.proposes_head:
            actor: Any = request.user
            self.say_waits(
                request, propose_head(form.instance, actor=actor, reason=form.cleaned_data["reason"])
            )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        return super().get_queryset(request).select_related("office").prefetch_related(_now_held())

    @admin.display(description=gettext_lazy("Held by"))
    def held_by(self, position: Any) -> str:
        return ", ".join(str(holding.person) for holding in position.current_holdings)


@admin.register(Holding)
class HoldingAdmin(ProposingAdmin):
    """Service in a position. It is ended, not rewritten; what has not begun can be taken back.

    Service in a head post is entered here too, and begins once another administrator has confirmed it.
    """

    form = HoldingForm
    list_display = ("person", "position", "since", "until")
    list_filter = ("position__office__organisation",)
    list_select_related = ("person", "position__office")
    search_fields = ("person__family_name", "person__given_name", "position__title", "position__office__name")
    autocomplete_fields = ("person", "position")

    def save_model(self, request: HttpRequest, obj: Holding, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            posts_changed.send(sender=Holding, person=obj.person_id)
            return
        asked = give_post(obj, actor=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        if asked is not None:
            self.say_waits(request, asked)

    def response_add(self, request: HttpRequest, obj: Holding, post_url_continue: str | None = None) -> Any:
        """What waits has no page of its own yet."""
        if obj.pk is None:
            return redirect("admin:core_proposal_changelist")
        return super().response_add(request, obj, post_url_continue)

    def get_readonly_fields(self, request: HttpRequest, obj: Holding | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("person", "position") if is_future(obj) else ("person", "position", "since")

    def has_delete_permission(self, request: HttpRequest, obj: Holding | None = None) -> bool:
        return obj is not None and is_future(obj) and obj.person_id != request.user.pk


@admin.register(Delegation)
class DelegationAdmin(PortalAdmin):
    """Given by whoever holds the position, on their own page; ended here where that cannot wait."""

    list_display = ("position", "delegator", "delegate", "since", "until", "reason")
    list_select_related = ("position__office", "delegator", "delegate")
    search_fields = ("position__title", "delegator__family_name", "delegate__family_name")
    actions = ("end",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delegation | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("End now"))
    def end(self, request: HttpRequest, queryset: QuerySet[Delegation]) -> None:
        ended = sum(end_delegation(row, actor=request.user) for row in queryset)  # type: ignore[arg-type]
        words = ngettext("%(count)s delegation ended.", "%(count)s delegations ended.", ended)
        self.message_user(request, words % {"count": ended}, messages.SUCCESS)


@admin.register(SharingGroup)
class SharingGroupAdmin(PortalAdmin):
    form = SharingGroupForm
    list_display = ("name", "office")
    list_select_related = ("office",)
    search_fields = ("name",)
    autocomplete_fields = ("office",)
    fields = ("name", "office", "people")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        form.instance.user_set.set(form.cleaned_data["people"])
        super().save_related(request, form, formsets, change)
