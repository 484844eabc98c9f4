"""The written plan of one operation in the API: read whole, written row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cimic_portal.core.api.fields import VerbSerializer
from cimic_portal.core.audit.reads import log_read
from operations.api.parts import OfOperationViewSet
from operations.api.plan_fields import (
    Choosing,
    ComparisonWriting,
    DecisionWriting,
    ObjectiveWriting,
    RiskWriting,
    SectionWriting,
    Settling,
    Taking,
)
from operations.api.plan_shown import (
    ComparisonShown,
    DecisionShown,
    ObjectiveShown,
    PlanShown,
    RiskShown,
    SectionShown,
    StepShown,
    shown_plan,
)
from operations.models import ChecklistItem, CourseOfAction, PlanRevision, PlanSection
from operations.reports.plan_book import comparison_of, find_revision, find_revision_to_write
from operations.services.checklists import settle_item, take_procedure
from operations.services.courses import choose_course, compare_courses
from operations.services.plan_rows import add_row, change_row, remove_row
from operations.services.plan_text import save_section

_KEY = "(?P<row>[0-9a-f-]{36})"
_SECTION = "(?P<section>situation|mission|execution|sustainment|command)"


def _read(serializer: type[BaseSerializer[Any]], row: Any, code: int = status.HTTP_200_OK) -> Response:
    return Response(serializer(row).data, status=code)


def _there(revision: PlanRevision | None) -> PlanRevision:
    if revision is None:
        raise Http404
    return revision


def row_routes(
    slug: str, takes: Any, shows: type[BaseSerializer[Any]]
) -> tuple[Callable[..., Response], Callable[..., Response], Callable[..., Response]]:
    """POST on the list, PUT and DELETE on one row: add, replace and remove, by their services."""
    noun = takes.row_input.noun

    def add(self: PlanViewSet, request: Request, **_kwargs: Any) -> Response:
        revision = self.to_write()
        row = add_row(revision, takes.row_input(**self.sent(takes)), actor=self.person)
        return _read(shows, row, status.HTTP_201_CREATED)

    def change(self: PlanViewSet, request: Request, row: str, **_kwargs: Any) -> Response:
        standing = self.row(takes.row_input.model, row)
        version = self.sent(VerbSerializer)["version"]
        data = takes.row_input(**self.sent(takes))
        return _read(shows, change_row(standing, data, actor=self.person, version=version))

    def remove(self: PlanViewSet, request: Request, row: str, **_kwargs: Any) -> Response:
        standing = self.row(takes.row_input.model, row)
        version = self.sent(VerbSerializer)["version"]
        remove_row(standing, noun, actor=self.person, version=version)
        return Response(status=status.HTTP_204_NO_CONTENT)

    add.__name__, change.__name__, remove.__name__ = f"add_{noun}", f"change_{noun}", f"remove_{noun}"
    add.__doc__ = "Add a row to the revision that is being written."
    change.__doc__ = "Replace a row, on the version that was read."
    remove.__doc__ = "Take a row out of the revision that is being written."
    # One schema for what is sent: the row, and for a change the version.
    changing = type(f"Changed{takes.__name__.removesuffix('Writing')}", (takes, VerbSerializer), {})
    adding: Any = action(detail=False, methods=["post"], url_path=f"plan/{slug}")(
        extend_schema(request=takes, responses={201: shows})(add)
    )
    changing_route: Any = action(detail=False, methods=["put"], url_path=f"plan/{slug}/{_KEY}")(
        extend_schema(request=changing, responses=shows)(change)
    )
    removing = changing_route.mapping.delete(
        extend_schema(request=VerbSerializer, responses={204: None})(remove)
    )
    return adding, changing_route, removing


class PlanViewSet(OfOperationViewSet):
    """What is written in the plan of an operation. Writing goes to the revision that is being written."""

    serializer_class = PlanShown

    def to_write(self) -> PlanRevision:
        """The draft; where there is none, the one that counts, which refuses changes with the reason."""
        return _there(find_revision_to_write(self.person, self.operation()))

    def row(self, model: Any, key: str) -> Any:
        revision = self.to_write()
        rows = model.objects.visible_to(self.person).filter(revision=revision)
        try:
            return get_object_or_404(rows.select_related("revision"), key=key)
        except ValidationError as error:
            raise Http404 from error

    @extend_schema(parameters=[OpenApiParameter("revision", int)], responses=PlanShown)
    @action(detail=False, methods=["get"], url_path="plan")
    def plan(self, request: Request, **_kwargs: Any) -> Response:
        """One revision whole: by default the order in force, before approval the newest that one reads."""
        asked = request.query_params.get("revision", "")
        revision = _there(find_revision(self.person, self.operation(), asked))
        log_read(self.person, "api plan", [revision.operation])
        return Response(shown_plan(self.person, revision))

    @extend_schema(request=SectionWriting, responses=SectionShown)
    @action(detail=False, methods=["put"], url_path=f"plan/sections/{_SECTION}")
    def section(self, request: Request, section: str, **_kwargs: Any) -> Response:
        """Save the text of a section; where somebody saved it meanwhile, 409: read, merge, and save again."""
        revision = self.to_write()
        get_object_or_404(PlanSection.objects.visible_to(self.person), revision=revision, kind=section)
        data = self.sent(SectionWriting)
        saved = save_section(
            revision,
            section,
            data["text"],
            actor=self.person,
            version=data["version"],
            shown_in=data.get("revision"),
        )
        return _read(SectionShown, saved)

    add_objective, change_objective, remove_objective = row_routes(
        "objectives", ObjectiveWriting, ObjectiveShown
    )
    add_risk, change_risk, remove_risk = row_routes("risks", RiskWriting, RiskShown)
    add_decision, change_decision, remove_decision = row_routes("decisions", DecisionWriting, DecisionShown)

    @extend_schema(request=ComparisonWriting, responses=ComparisonShown)
    @action(detail=False, methods=["put"], url_path="plan/comparison")
    def comparison(self, request: Request, **_kwargs: Any) -> Response:
        """Write courses, criteria and scores whole."""
        revision = self.to_write()
        sent = ComparisonWriting(data=request.data)
        sent.is_valid(raise_exception=True)
        compare_courses(revision, sent.input(), actor=self.person, version=sent.validated_data["version"])
        return _read(ComparisonShown, comparison_of(self.person, revision))

    @extend_schema(request=Choosing, responses=ComparisonShown)
    @action(detail=False, methods=["post"], url_path=f"plan/courses/{_KEY}/choose")
    def choose_course(self, request: Request, row: str, **_kwargs: Any) -> Response:
        """Choose one course of action, with the reason."""
        course = self.row(CourseOfAction, row)
        choose_course(course, actor=self.person, **self.sent(Choosing))
        return _read(ComparisonShown, comparison_of(self.person, course.revision))

    @extend_schema(request=Taking, responses={201: StepShown(many=True)})
    @action(detail=False, methods=["post"], url_path="plan/checklists")
    def take_procedure(self, request: Request, **_kwargs: Any) -> Response:
        """Take the steps of a procedure in, as they read today."""
        operation = self.operation()
        items = take_procedure(operation, self.sent(Taking)["procedure"], actor=self.person)
        return Response(StepShown(items, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=Settling, responses=StepShown)
    @action(detail=False, methods=["put"], url_path="plan/checklists/(?P<step>[0-9]{1,9})")
    def settle_step(self, request: Request, step: str, **_kwargs: Any) -> Response:
        """Tick a step, say why it does not apply, or open it again."""
        rows = ChecklistItem.objects.visible_to(self.person).filter(operation=self.operation())
        item = get_object_or_404(rows.select_related("operation"), pk=int(step))
        return _read(StepShown, settle_item(item, actor=self.person, **self.sent(Settling)))
