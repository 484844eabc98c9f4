"""Guidance in the API: the documents, their versions and comments, and every verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import ReasonSerializer
from cimic_portal.core.api.sharing import sharing_of
from cimic_portal.core.api.viewsets import ListedViewSet, SharedViewSet, verb_route
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import Person
from training.api import guidance_fields as fields
from training.listings.guidance import acknowledgement_list, guidance_list
from training.models import Guidance, GuidanceAcknowledgement, GuidanceComment, GuidanceVersion
from training.services import guidance as services
from training.services import guidance_comments as comments
from training.services import guidance_force as force
from training.services import guidance_review as review
from training.services import guidance_text as texts


def _open_version(guidance: Guidance, person: Person) -> GuidanceVersion:
    """The one that is being written or reviewed. Raises RefusedError where the person reads none."""
    rows = GuidanceVersion.objects.visible_to(person).filter(guidance=guidance).open()
    found: GuidanceVersion | None = rows.first()
    if found is None:
        raise RefusedError(_("No version of it that you may read is being written or reviewed."))
    return found


def _on_open(service: Callable[..., Any]) -> Callable[..., Any]:
    """The verb on the version that is being written or reviewed; `version` is that of its row."""

    def run(guidance: Guidance, *, actor: Person, **sent: Any) -> None:
        service(_open_version(guidance, actor), actor=actor, **sent)

    run.__doc__ = service.__doc__
    return run


def _edit(guidance: Guidance, *, actor: Person, version: int, **data: Any) -> None:
    """Change what is true of all versions, and who must acknowledge."""
    services.edit_guidance(guidance, fields.facts_in(data), actor=actor, version=version)


def _write(guidance: Guidance, *, actor: Person, version: int, **data: Any) -> None:
    """Write the text of the draft; where somebody wrote meanwhile, 409: read, merge, and save again."""
    draft = _open_version(guidance, actor)
    texts.write_version(draft, texts.TextInput(**data), actor=actor, version=version)


class GuidanceViewSet(SharedViewSet):
    """Policies, procedures and frameworks.

    Verbs on a version are those on the one that is being written or reviewed; they carry the `version` of
    its row, as `versions/` shows it.
    """

    listing = guidance_list
    serializer_class = fields.GuidanceSerializer

    @extend_schema(request=fields.NewGuidance, responses={201: fields.GuidanceSerializer})
    def create(self, request: Request) -> Response:
        """Begin a document with its first draft."""
        sent = fields.NewGuidance(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        office, text, sharing = data.pop("office"), data.pop("text"), sharing_of(data)
        written = services.write_guidance(
            fields.facts_in(data),
            texts.TextInput(text),
            actor=self.person,
            office=office,
            sharing=sharing,
        )
        self.kwargs["reference"] = written.reference
        return self.answer(status.HTTP_201_CREATED)

    def _found(self) -> Guidance:
        found: Guidance = self.get_object()
        log_read(self.person, "api guidance", [found])
        return found

    @extend_schema(responses=fields.GuidanceVersionSerializer(many=True))
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def versions(self, request: Request, **_kwargs: Any) -> Response:
        """The versions that the caller reads, the newest first."""
        rows = GuidanceVersion.objects.visible_to(self.person).filter(guidance=self._found())
        shown = rows.select_related("author").order_by("-number")
        return Response(fields.GuidanceVersionSerializer(shown, many=True).data)

    @extend_schema(methods=["get"], request=None, responses=fields.GuidanceCommentSerializer(many=True))
    @extend_schema(
        methods=["post"], request=fields.NewComment, responses={201: fields.GuidanceCommentSerializer}
    )
    @action(detail=True, methods=["get", "post"], filter_backends=[], pagination_class=None)
    def comments(self, request: Request, **_kwargs: Any) -> Response:
        """Comments on versions, for those who write and review them; written while one is in review."""
        guidance = self._found()
        if request.method == "POST":
            sent = fields.NewComment(data=request.data)
            sent.is_valid(raise_exception=True)
            draft = _open_version(guidance, self.person)
            made = comments.add_comment(draft, actor=self.person, **sent.validated_data)
            return Response(fields.GuidanceCommentSerializer(made).data, status=status.HTTP_201_CREATED)
        rows = GuidanceComment.objects.visible_to(self.person).filter(version__guidance=guidance)
        shown = rows.select_related("author", "version").order_by("pk")
        return Response(fields.GuidanceCommentSerializer(shown, many=True).data)

    @extend_schema(request=fields.CommentAnswer, responses=fields.GuidanceCommentSerializer)
    @action(detail=True, methods=["post"], url_path="answer-comment")
    def answer_comment(self, request: Request, **_kwargs: Any) -> Response:
        """Say whether a comment is taken up; where it is not, why."""
        guidance = self._found()
        sent = fields.CommentAnswer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        rows = GuidanceComment.objects.visible_to(self.person).filter(version__guidance=guidance)
        comment = rows.filter(pk=data.pop("id")).first()
        if comment is None:
            raise Http404
        done = comments.answer_comment(comment, actor=self.person, **data)
        return Response(fields.GuidanceCommentSerializer(done).data)

    edit = verb_route("edit", _edit, fields.ChangedGuidance)
    begin_version = verb_route("begin-version", services.begin_version)
    write = verb_route("write", _write, fields.WrittenVersion)
    submit = verb_route("submit", _on_open(review.submit_version), fields.IntoReview)
    answer_review = verb_route("answer-review", _on_open(review.answer_review), fields.GivenAnswer)
    take_back = verb_route("take-back", _on_open(review.take_back), ReasonSerializer)
    drop = verb_route("drop", _on_open(review.drop_version), ReasonSerializer)
    send_back = verb_route("return", _on_open(review.return_version), ReasonSerializer, attribute="send_back")
    approve = verb_route("approve", _on_open(review.approve_version), fields.Approval)
    acknowledge = verb_route("acknowledge", force.acknowledge_guidance, fields.SignedWord)
    confirm = verb_route("confirm", services.confirm_guidance, ReasonSerializer)
    withdraw = verb_route("withdraw", services.withdraw_guidance, fields.Withdrawal)


class GuidanceAcknowledgementViewSet(ListedViewSet):
    """Who is asked to acknowledge guidance, and who has: oneself, those one leads, those of one's office."""

    listing = acknowledgement_list
    serializer_class = fields.GuidanceAcknowledgementSerializer

    def get_queryset(self) -> Any:
        return GuidanceAcknowledgement.objects.visible_to(self.person)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One of them."""
        row = self.get_object()
        log_read(self.person, "api guidance acknowledgements", self.listing.records_in(row))
        return Response(self.get_serializer(row).data)
