"""The rivals behind addresses of their own: what the same server does without rule, audit and checks."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cimic_portal.core.counting import COUNT_CAP
from cimic_portal.urls import urlpatterns as portal
from liaison.api.engagement import EngagementSerializer
from liaison.models import Attendance, Commitment, Engagement

LIST = "/api/v1/bare/engagements/"
INSERT = "/api/v1/bare/insert/"


class Newest(CursorPagination):
    """By keyset, with a count that stops where the portal's stops."""

    page_size = 50
    ordering = ("-starts_at", "-id")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        self.count = queryset.select_related(None)[: COUNT_CAP + 1].count()
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Any) -> Response:
        answer = super().get_paginated_response(data)
        answer.data["count"] = self.count
        return answer


class BareList(ListAPIView[Engagement]):
    """The newest fifty of all engagements."""

    permission_classes = [AllowAny]
    serializer_class = EngagementSerializer
    pagination_class = Newest
    filter_backends: Any = []

    def get_queryset(self) -> Any:
        rows = Engagement.objects.unscoped("the rival has no rule").order_by()
        return rows.select_related("kind", "place", "area", "owner_office", "author", "approver__office")


class BareInsert(APIView):
    """The rows of one report as they were sent, into the same triggered tables."""

    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        sent = request.data
        made = Engagement.objects.create(
            owner_office_id=sent["office"],
            author=request.user,
            purpose=sent["purpose"],
            kind_id=sent["kind"],
            starts_at=sent["starts_at"],
            location=sent["location"],
            key_points=sent["key_points"],
        )
        Attendance.objects.bulk_create(_attendance(made, each) for each in sent["attendees"])
        Commitment.objects.bulk_create(Commitment(engagement=made, **each) for each in sent["promises"])
        return Response({"reference": made.reference}, status=201)


def _attendance(made: Engagement, sent: dict[str, int]) -> Attendance:
    return Attendance(engagement=made, **{f"{name}_id": pk for name, pk in sent.items()})


# In a namespace as the API's own: elsewhere a request without a session is sent to the sign-in.
_RIVALS = [path(LIST[1:], BareList.as_view()), path(INSERT[1:], BareInsert.as_view())]
urlpatterns = [path("", include(([path("", include((_RIVALS, "api")))], "bare"))), *portal]
