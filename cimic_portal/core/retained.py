"""How long people are kept who left, and what is forgotten of them."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.devices import sign_out
from cimic_portal.core.models import ApiToken, Delegation, Holding, Notification, Person, SavedFilter
from cimic_portal.core.retention import Held, Retention


def people_who_left() -> QuerySet[Any]:
    """Who is switched off, or holds no post now or later; counted from the last sign of them."""
    holdings = Holding.objects.filter(person=OuterRef("pk"))
    lasting = Holding.objects.filter(Q(until__isnull=True) | Q(until__gt=Now()))
    ended = holdings.order_by().values("person").annotate(last=Max(Coalesce("until", "since"))).values("last")
    gone = Person.objects.filter(Q(is_active=False) | ~Q(pk__in=lasting.values("person")))
    counted: QuerySet[Any] = gone.annotate(
        last_at=Greatest("joined_at", "last_login", Subquery(ended), _switched_off())
    )
    return counted


def _switched_off() -> Subquery:
    """When the person was switched off for the last time, by the trail."""
    trail: Any = Person._meta.get_field("events").related_model
    active = trail.objects.filter(pgh_obj=OuterRef("pgh_obj"), is_active=True).order_by("-pgh_id")
    last_active = Coalesce(Subquery(active.values("pgh_id")[:1]), Value(0))
    after = trail.objects.filter(pgh_obj=OuterRef("pk"), is_active=False).annotate(last_active=last_active)
    return Subquery(after.filter(pgh_id__gt=F("last_active")).order_by("pgh_id").values("pgh_created_at")[:1])


def _sign_out(pk: int) -> None:
    sign_out(Person.objects.get(pk=pk))


PEOPLE = Retention(
    kind="person",
    label=_("People who left"),
    model=Person,
    last=people_who_left,
    before=_sign_out,
    held=(
        Held(
            Person,
            becomes={
                "given_name": "'Person'",
                "family_name": "{row} || ' (anonymised)'",
                "form_of_address": "''",
                "email": "'person-' || {row} || '@anonymised.invalid'",
                "phone": "''",
                "languages": "''",
            },
            row_only={
                "password": "'!'",
                "is_active": "false",
                "is_staff": "false",
                "last_login": "NULL",
                "seen_until": "NULL",
            },
        ),
        # Why somebody was away is theirs; who acted for whom stays.
        Held(Delegation, "delegator_id", {"reason": "''"}),
        Held(ApiToken, "person_id", {"name": "''", "prefix": "''"}, drop=True),
        Held(SavedFilter, "person_id", {"name": "''", "query": "''"}, drop=True),
        Held(Notification, "person_id", drop=True),
        Held(UserSession, "user_id", drop=True),
        Held(Authenticator, "user_id", drop=True),
        Held(EmailAddress, "user_id", drop=True),
        Held(SocialAccount, "user_id", drop=True),
    ),
)
