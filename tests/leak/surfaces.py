"""Every surface on which something of a record could reach a person, and how each is looked at.

A surface names the routes that it opens. Every route of the portal stands here, or in
`TELLS_NO_RECORD` with the reason; whatever adds a route adds it to one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver

from cimic_portal.core.listings.document import document_list
from cimic_portal.core.models import Document
from cimic_portal.core.sharing.records import SharedRecord
from liaison.listings.contact import contact_list
from liaison.listings.engagement import engagement_list
from liaison.listings.tasking import tasking_list
from liaison.models import Contact, Engagement, Tasking
from operations.listings.asset import asset_list
from operations.listings.operation import operation_list
from operations.listings.qip import qip_list
from operations.models import Asset, Operation, Qip
from tests.leak.visitor import Visitor
from training.listings.exercise import exercise_list
from training.listings.guidance import guidance_list
from training.listings.lesson import lesson_list
from training.listings.module import module_draft_list
from training.models import Exercise, Guidance, Lesson, ModuleDraft

# The shared nouns: the list, the name of the page's route, and of the API's.
NOUNS: list[tuple[type[SharedRecord], Any, str]] = [
    (Engagement, engagement_list, "engagement"),
    (Tasking, tasking_list, "tasking"),
    (Qip, qip_list, "qip"),
    (Contact, contact_list, "contact"),
    (Document, document_list, "document"),
    (Operation, operation_list, "operation"),
    (Asset, asset_list, "asset"),
    (Lesson, lesson_list, "lesson"),
    (ModuleDraft, module_draft_list, "moduledraft"),
    (Guidance, guidance_list, "guidance"),
    (Exercise, exercise_list, "exercise"),
]
SHARING = ["grant", "revoke", "audience"]
OPERATION_VERBS = [
    "approve",
    "answer",
    "return",
    "staff",
    "record-answer",
    "pull-back",
    "activate",
    "resume",
    "complete",
    "suspend",
    "finish-review",
    "close",
    "cancel",
    "assess",
    "monitor",
    "frago",
    "submit-frago",
    "return-frago",
    "drop-frago",
    "issue-frago",
    "acknowledge",
    "record-acknowledgement",
]
QIP_STEPS = [
    "submit",
    "take-up",
    "vote",
    "approve",
    "refuse",
    "return",
    "start",
    "pay",
    "complete",
    "close",
    "reopen",
    "cancel",
]
LESSON_STEPS = [
    "submit",
    "identify",
    "return",
    "plan-action",
    "report-change",
    "validate",
    "reopen",
    "drop",
]
DRAFT_STEPS = ["submit", "publish", "return", "drop"]
GUIDANCE_STEPS = ["acknowledge", "begin-version", "confirm", "withdraw"]
GUIDANCE_OPEN = ["edit", "write", "submit", "answer-review", "take-back", "drop", "return", "approve"]
EXERCISE_STEPS = ["schedule", "end", "finish", "close", "cancel"]
EXERCISE_RUN_STEPS = [
    "start-run",
    "pause-run",
    "resume-run",
    "end-run",
    "deliver",
    "hold",
    "skip",
    "respond",
    "propose",
    "take-stance",
    "decide",
    "observe",
]
VERBS = {
    "engagement": ["release", "return", "submit", "held", "not-held", *SHARING],
    "tasking": ["acknowledge", "start", "complete", "decline", "withdraw", *SHARING],
    "qip": [*QIP_STEPS, *SHARING],
    "contact": SHARING,
    "operation": [*OPERATION_VERBS, *SHARING],
    "asset": ["block", "repair", "return", "withdraw", *SHARING],
    "lesson": [*LESSON_STEPS, *SHARING],
    "moduledraft": [*DRAFT_STEPS, *SHARING],
    "guidance": [*GUIDANCE_STEPS, *SHARING],
    "exercise": [*EXERCISE_STEPS, *SHARING],
}
API_VERBS = {
    "engagement": ["release", "return", "submit", "held", "not-held"],
    "tasking": ["acknowledge", "start", "complete", "decline", "withdraw"],
    "operation": [*OPERATION_VERBS, "frame"],
    "qip": [*QIP_STEPS, "milestone", "strike-payment", "add-photo", "strike-photo"],
    "asset": ["block", "unblock", "repair", "return", "withdraw"],
    "lesson": LESSON_STEPS,
    "moduledraft": DRAFT_STEPS,
    "guidance": [*GUIDANCE_STEPS, *GUIDANCE_OPEN],
    "exercise": [*EXERCISE_STEPS, *EXERCISE_RUN_STEPS],
}
# Where the verb's name is taken in the API's code, its route has another.
API_NAMES = {
    "return": "send-back",
    "answer": "give-answer",
    "frago": "begin-frago",
    "frame": "change-frame",
    "take-stance": "speak",
}
# No record has got that far; nothing is changed by asking.
STALE = 999
INVENTED = "2222222222"


@dataclass(frozen=True)
class Surface:
    """`tells`: somebody is told something here, so a silent one is a mistake of the test."""

    name: str
    look: Callable[[Visitor], None]
    routes: tuple[str, ...] = ()
    tells: bool = True


SURFACES: dict[str, Surface] = {}


def surface(name: str, *routes: str, tells: bool = True) -> Callable[[Callable[[Visitor], None]], Any]:
    """Register a way of looking at these routes."""

    def add(look: Callable[[Visitor], None]) -> Callable[[Visitor], None]:
        assert name not in SURFACES
        SURFACES[name] = Surface(name, look, routes, tells)
        return look

    return add


# Routes that show no record; each is opened all the same, once for everybody.
TELLS_NO_RECORD: dict[str, str] = {
    **dict.fromkeys(("healthz", "metrics", "api_docs", "api:schema"), "the portal's own state"),
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "mfa_authenticate",
            "oidc_begin",
            "oidc_answer",
            "account_inactive",
            "account_change_password",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
        ),
        "signing in and out",
    ),
    **dict.fromkeys(
        (
            "me",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_add_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "api:me",
            "delegate_position",
            "delegation_end",
            "token_create",
            "token_end",
            "end_session",
            "savedfilters",
            "savedfilter_new",
            "savedfilter_rename",
            "savedfilter_delete",
            "changes_seen",
            "notifications_read",
            "api:notification-read",
        ),
        "the reader's own account",
    ),
    **{
        f"{name}{form}": "reference data that everybody reads"
        for name in (
            "organisations",
            "offices",
            "positions",
            "people",
            "areas",
            "places",
            "cases",
            "requirements",
            "courses",
            "sessions",
        )
        for form in ("", "_csv", "_xlsx")
    },
    **{
        f"api:{name}-{what}": "reference data that everybody reads"
        for name in (
            "organisation",
            "office",
            "position",
            "person",
            "area",
            "place",
            "case",
            "course",
            "session",
        )
        for what in ("list", "detail")
    },
    **dict.fromkeys(
        (
            *(f"api:requirement-{what}" for what in ("list", "detail")),
            "requirement",
            "requirement_add",
            "requirement_edit",
            "requirement_step",
            "api:requirement-change",
            "api:requirement-archive",
            "api:requirement-restore",
        ),
        "which course is asked of whom is reference data that everybody reads",
    ),
    **dict.fromkeys(
        (
            "course",
            "course_add",
            "course_edit",
            "api:course-change",
            "session_plan",
            "session_edit",
            "session_calendar",
            "session_ics",
            *(f"api:session-{verb}" for verb in ("ask", "cancel", "change", "close", "marks", "nominate")),
        ),
        "the catalogue and its calendar, which everybody reads",
    ),
    **dict.fromkeys(
        ("certificate_ask", "certificate_check"), "what stands on the paper, for whoever holds it"
    ),
    **dict.fromkeys(
        (
            "case",
            "organisation_add",
            "organisation_edit",
            "area_boundaries",
            "organisation_pick",
            "place_pick",
            "area_pick",
            "person_pick",
            "everyone_pick",
            "position_pick",
            "office_pick",
            "post_pick",
            "position_lookup",
        ),
        "reference data that everybody reads",
    ),
    "admin:running": "figures of the portal itself",
    "admin:settings": "reference data that everybody reads",
    **dict.fromkeys(
        ("admin:rotation", "admin:rotation_table"), "people and posts, which administrators enter"
    ),
    **{f"admin:{name}": "Django's own doors" for name in ("login", "logout", "password_change", "jsi18n")},
    **dict.fromkeys(
        (
            "tasking_issue",
            "sitrep_new",
            "operation_new",
            "qip_propose",
            "asset_new",
            "guidance_write",
            "exercise_new",
        ),
        "a form that is still empty",
    ),
    **dict.fromkeys(("demo_mail", "demo_mail_letter"), "the mails themselves, which are judged as mail"),
}


def admin_routes() -> Iterable[str]:
    """Pages that the admin gives to each model; all are opened by `administration`."""
    for model in admin.site._registry:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        for page in ("changelist", "add", "history", "delete", "change"):
            yield f"admin:{label}_{page}"


def routes(patterns: Any = None, space: str = "") -> dict[str, URLPattern]:
    """Every named route, with its namespace. Nameless ones of the admin lead to a named one or to 404."""
    if patterns is None:
        from cimic_portal.urls import urlpatterns as patterns
    found: dict[str, URLPattern] = {}
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            found |= routes(one.url_patterns, inner)
        elif one.name:
            found[f"{space}{one.name}"] = one
    return found
