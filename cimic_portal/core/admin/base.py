"""What every page of the admin stands on: the trail, the rule, and no way past either."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from cimic_portal.core.admin.trail import shown_trail
from cimic_portal.core.audit.context import stamp
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.jointly import guard_standing, standing
from cimic_portal.core.own import guard_own_access
from cimic_portal.core.sharing.keys import gather_access
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.scope import is_guarded

# The ends of the addresses that Django's own filters make, by value, by row, and for what is empty.
_ASKED = ("", "__exact", "__id__exact", "__isnull")
# The number of a row, as the boxes to tick carry it.
_NUMBER = re.compile("[0-9]{1,18}")


class Closed(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing of Django's that reads or tells past the rule: filters by address, previews, its log."""

    actions_on_bottom = False
    show_full_result_count = False
    list_per_page = 50

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters of the page ask: a longer path would ask about what lies behind the row."""
        filters: Iterable[Any] = self.list_filter
        offered = [item if isinstance(item, str) else item[0] for item in filters]
        return "\0" not in value and any(lookup == name + end for name in offered for end in _ASKED)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "\0" in search_term:  # PostgreSQL takes no such text, so no row holds it.
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not all(map(_NUMBER.fullmatch, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest
        return super().response_action(request, *args, **kwargs)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Our own verbs; rows are never deleted by the dozen."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The row alone. Django would list what points at it, hidden records too."""
        rows = list(objs)
        return [str(row) for row in rows], {str(self.opts.verbose_name_plural): len(rows)}, set(), []

    def view_on_site(self, obj: Any) -> str | None:
        address: Callable[[], str] | None = getattr(obj, "get_absolute_url", None)
        return address() if address is not None else None

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        raise Http404

    # The audit trail tells who did what; Django's log would be a second, weaker one.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None


class PortalAdmin(Closed):
    """Reference data: changed by administrators, each change stamped for the trail.

    Nothing that records point at is deleted: it is archived, closed or ended.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which knows who fills it in (`self.actor`)."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        request.access_before = gather_access(request.user.pk)  # type: ignore[attr-defined, arg-type]
        if request.method == "POST":
            request.standing_before = standing()  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            # Two rows of one page, or two administrators at once: each was right by itself.
            raise InvalidError(
                {"": [_("Some of this contradicts what stands there already. Nothing was saved.")]}
            ) from error

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self._stamp(request, "change" if change else "add")
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        guard_own_access(request.access_before)  # type: ignore[attr-defined]
        guard_standing(request.standing_before)  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._stamp(request, "delete")
        super().delete_model(request, obj)

    def _stamp(self, request: HttpRequest, done: str) -> None:
        # The page runs in one transaction, so one stamp covers the row, its links and its inlines.
        stamp(request.user, f"{self.opts.model_name}.{done}")  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit trail of the row."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(what)s") % {"what": obj},
            "original": obj,
            "opts": self.opts,
            "history": shown_trail(obj, request.user),  # type: ignore[arg-type]
        }
        return TemplateResponse(request, "admin/trail.html", context)


class PortalInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows inside the page of another row; their forms know who fills them in, too."""

    extra = 0
    can_delete = False
    show_change_link = True

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = type(self.form.__name__, (self.form,), {"actor": request.user})
        return super().get_formset(request, obj, **kwargs)


class ReferenceChangeList(ChangeList):
    """Rows lead to addresses by reference."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pk_attname = "reference"


class SharedAdmin(Closed):
    """Shared records: looked at, as the rule allows this reader; what they may not see is not there."""

    actions = None
    ordering = ("-pk",)
    # Kept by the portal; it tells readers nothing.
    silent_fields: ClassVar[frozenset[str]] = frozenset({"id", "reader_keys"})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and bool(request.user.access.held)  # type: ignore[union-attr]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = self.model._default_manager
        return rows.visible_to(request.user).order_by(*self.ordering)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if "\0" in object_id:
            return None
        found: Any | None = self.get_queryset(request).filter(reference=object_id).first()
        return found

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ReferenceChangeList

    def get_fields(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Every own column but links to other shared records: those have a rule of their own."""
        return [
            field.name
            for field in self.opts.concrete_fields
            if field.name not in self.silent_fields
            and not (isinstance(field.related_model, type) and is_guarded(field.related_model))
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> Any:
        return self.get_fields(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            self._tell_read(request, shown["cl"].result_list, shown)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        response: Any = super().changeform_view(request, object_id, form_url, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if shown.get("original") is not None:
            self._tell_read(request, [shown["original"]], shown)
        return response

    def _tell_read(self, request: HttpRequest, records: Iterable[Any], shown: dict[str, Any]) -> None:
        """The level of the page, and the entry in the trail."""
        rows = list(records)
        levels = (record.classification for record in rows)
        shown["page_classification"] = max(levels, default=Classification.UNCLASSIFIED)
        log_read(request.user, f"admin {self.opts.model_name}", rows)  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a record stands on its own page."""
        raise Http404
