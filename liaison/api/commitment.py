"""Promises in the API: the register, and how each ended."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import NamedSerializer
from cimic_portal.core.api.viewsets import ListedViewSet
from cimic_portal.core.audit.reads import log_read
from liaison.listings.commitment import commitment_list
from liaison.models import Commitment
from liaison.services.commitment import SETTLED, settle_commitment


class CommitmentSerializer(serializers.ModelSerializer[Commitment]):
    """A promise with the engagement in which it was made; its version is the engagement's."""

    engagement = serializers.SlugRelatedField(slug_field="reference", read_only=True)  # type: ignore[var-annotated]
    version = serializers.IntegerField(source="engagement.version", read_only=True)
    organisation = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Commitment
        fields = (
            "id",
            "engagement",
            "version",
            "side",
            "what",
            "organisation",
            "due_on",
            "state",
            "settled_at",
            "note",
        )


class Settlement(serializers.Serializer[Any]):
    """How it ended; `version` is the engagement's."""

    version = serializers.IntegerField(min_value=1)
    state = serializers.ChoiceField(choices=[(state.value, state.label) for state in SETTLED])
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class CommitmentViewSet(ListedViewSet):
    """What was promised to whom by when, by either side."""

    listing = commitment_list
    serializer_class = CommitmentSerializer

    def get_queryset(self) -> Any:
        return Commitment.objects.visible_to(self.person)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        commitment = self.get_object()
        log_read(self.person, "api promises", [commitment.engagement])
        return Response(self.get_serializer(commitment).data)

    @extend_schema(request=Settlement, responses=CommitmentSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, **_kwargs: Any) -> Response:
        """Kept, broken (with why), or released from it."""
        commitment = self.get_object()
        sent = Settlement(data=request.data)
        sent.is_valid(raise_exception=True)
        settle_commitment(commitment, actor=self.person, **sent.validated_data)
        return Response(self.get_serializer(self.get_object()).data)
