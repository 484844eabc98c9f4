"""Modules in the API: the catalogue, reading, one's own attempts; drafts and their verbs; who passed."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import SHARED_FIELDS, NamedSerializer, ReasonSerializer, SharedSerializer
from cimic_portal.core.api.viewsets import ListedViewSet, SharedViewSet, verb_route
from training.listings.module import how_far, module_draft_list, module_list, module_result_list
from training.models import Module, ModuleAttempt, ModuleDraft, ModuleResult
from training.services import module_draft as drafts
from training.services import module_learning as services


class ModuleSerializer(serializers.ModelSerializer[Module]):
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    course = NamedSerializer(read_only=True, allow_null=True)
    office = NamedSerializer(read_only=True, allow_null=True)
    how_far = serializers.SerializerMethodField()

    class Meta:
        model = Module
        fields = (
            "id",
            "url",
            "title",
            "summary",
            "language",
            "minutes",
            "kind",
            "pass_mark",
            "attempts_allowed",
            "course",
            "office",
            "edition",
            "published_on",
            "is_archived",
            "how_far",
        )

    def get_how_far(self, module: Module) -> str:
        return how_far(module)


class PageSerializer(serializers.Serializer[Any]):
    """One page: rich text as it was written; pictures stand on the pages of the portal."""

    title = serializers.CharField()
    text = serializers.CharField()


class ReadSerializer(serializers.Serializer[Any]):
    """The pages of a module, to read."""

    edition = serializers.IntegerField()
    pages = PageSerializer(many=True)


class AnswerSerializer(serializers.Serializer[Any]):
    place = serializers.IntegerField()
    text = serializers.CharField()
    ticked = serializers.BooleanField()


class AskedSerializer(serializers.Serializer[Any]):
    """A question as an attempt asks it; what is right is told once it was handed in."""

    place = serializers.IntegerField()
    text = serializers.CharField()
    several = serializers.BooleanField()
    answers = AnswerSerializer(many=True)
    right = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    explanation = serializers.CharField(allow_null=True)


class AttemptSerializer(serializers.ModelSerializer[ModuleAttempt]):
    edition = serializers.IntegerField(source="edition.number", read_only=True)
    questions = serializers.SerializerMethodField()

    class Meta:
        model = ModuleAttempt
        fields = (
            "number",
            "edition",
            "pass_mark",
            "begun_at",
            "handed_in_at",
            "score",
            "passed",
            "questions",
        )

    @extend_schema_field(AskedSerializer(many=True))
    def get_questions(self, attempt: ModuleAttempt) -> list[dict[str, Any]]:
        told = not attempt.is_open
        return [
            {
                "place": row.place,
                "text": row.question.text,
                "several": row.question.several,
                "answers": [
                    {"place": place, "text": text, "ticked": ticked} for place, text, ticked in row.answers
                ],
                "right": list(row.question.right) if told else None,
                "explanation": row.question.explanation if told else None,
            }
            for row in services.asked(attempt)
        ]


class TickedSerializer(serializers.Serializer[Any]):
    """What was ticked at one question."""

    place = serializers.IntegerField(min_value=0, max_value=999)
    answers = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=99), max_length=20)


class AnswersSerializer(serializers.Serializer[Any]):
    """The answers of the open attempt."""

    answers = TickedSerializer(many=True)

    def ticked(self) -> dict[int, list[int]]:
        return {one["place"]: one["answers"] for one in self.validated_data["answers"]}


class ModuleViewSet(ListedViewSet):
    """What is learned online, and one's own attempts at it."""

    listing = module_list
    serializer_class = ModuleSerializer

    @extend_schema(responses=ReadSerializer)
    @action(detail=True, methods=["get"])
    def read(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The pages of the edition of now."""
        module = self.get_object()
        pages = services.edition_of(module).content.pages
        told = {"edition": module.edition, "pages": [{"title": p.title, "text": p.text} for p in pages]}
        return Response(told)

    @extend_schema(request=None, responses={201: AttemptSerializer})
    @action(detail=True, methods=["post"])
    def begin(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Begin an attempt; the open one where there is one."""
        attempt = services.begin_attempt(self.get_object(), actor=self.person)
        return Response(AttemptSerializer(attempt).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AnswersSerializer, responses=AttemptSerializer)
    @action(detail=True, methods=["post"])
    def answers(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Keep what was ticked so far in the open attempt."""
        attempt, sent = self._open_one(), self._sent(request)
        kept = services.keep_answers(attempt, sent.ticked(), actor=self.person)
        return Response(AttemptSerializer(kept).data)

    @extend_schema(request=AnswersSerializer, responses=AttemptSerializer)
    @action(detail=True, methods=["post"], url_path="hand-in")
    def hand_in(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Hand the open attempt in: the score is final."""
        attempt, sent = self._open_one(), self._sent(request)
        done = services.hand_in(attempt, sent.ticked(), actor=self.person)
        return Response(AttemptSerializer(done).data)

    def _sent(self, request: Request) -> AnswersSerializer:
        sent = AnswersSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return sent

    def _open_one(self) -> ModuleAttempt:
        rows = ModuleAttempt.objects.select_related("edition", "module").filter(handed_in_at__isnull=True)
        return get_object_or_404(rows, module=self.get_object(), person=self.person)


class ModuleDraftSerializer(SharedSerializer):
    course = NamedSerializer(read_only=True, allow_null=True)
    module = NamedSerializer(read_only=True, allow_null=True)
    content = serializers.CharField(source="content.__str__", read_only=True)

    class Meta:
        model = ModuleDraft
        fields = (
            *SHARED_FIELDS,
            "title",
            "summary",
            "language",
            "minutes",
            "kind",
            "pass_mark",
            "attempts_allowed",
            "course",
            "module",
            "content",
            "state",
            "state_reason",
        )


class ModuleDraftViewSet(SharedViewSet):
    """Modules that an office writes, until they are published."""

    listing = module_draft_list
    serializer_class = ModuleDraftSerializer

    submit = verb_route("submit", drafts.submit_draft)
    send_back = verb_route("return", drafts.return_draft, ReasonSerializer, attribute="send_back")
    publish = verb_route("publish", drafts.publish_draft)
    drop = verb_route("drop", drafts.drop_draft, ReasonSerializer)


class ModuleResultSerializer(serializers.ModelSerializer[ModuleResult]):
    person = NamedSerializer(source="record.person", read_only=True)
    module = NamedSerializer(read_only=True)

    class Meta:
        model = ModuleResult
        fields = ("id", "person", "module", "edition", "attempt", "score", "passed_on")


class ModuleResultViewSet(ListedViewSet):
    """Who passed which module, of those whose training records the caller reads."""

    listing = module_result_list
    serializer_class = ModuleResultSerializer

    def get_queryset(self) -> Any:
        return ModuleResult.objects.visible_to(self.person)
