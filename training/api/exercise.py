"""Exercises in the API: the exercise, its verbs, and what is done during a run. Its plan: `exercise_plan`."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import (
    SHARED_FIELDS,
    MomentField,
    NamedSerializer,
    ReasonSerializer,
    RowField,
    SharedSerializer,
    VerbSerializer,
)
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Area, Office, Person
from operations.models import OperationType
from training.listings.exercise import exercise_list
from training.models import (
    Exercise,
    ExerciseForm,
    ExerciseInject,
    ExerciseObjective,
    ExerciseRole,
    ExerciseRun,
    InjectDelivery,
    LessonTheme,
    Rating,
    Stance,
)
from training.services import exercise as services
from training.services import exercise_play as play
from training.services import exercise_review as review
from training.services import exercise_run as running


class ExerciseSerializer(SharedSerializer):
    mark = serializers.CharField(read_only=True)
    theme = NamedSerializer(read_only=True, allow_null=True)
    kind = NamedSerializer(read_only=True, allow_null=True)
    area = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="pcode", read_only=True, allow_null=True
    )

    class Meta:
        model = Exercise
        fields = (
            *SHARED_FIELDS,
            "mark",
            "title",
            "form",
            "purpose",
            "scenario",
            "theme",
            "kind",
            "area",
            "starts_at",
            "ends_at",
            "dimensions",
            "state",
            "state_reason",
            "ended_at",
        )


class NewExercise(SharingFields):
    """An exercise for an office of the caller's; the office reads it until it is scheduled."""

    title = serializers.CharField(max_length=160)
    form = serializers.ChoiceField(choices=ExerciseForm.choices)
    purpose = serializers.CharField(max_length=2000)
    scenario = serializers.CharField(max_length=12000, required=False, allow_blank=True)
    starts_at = MomentField()
    ends_at = MomentField()
    theme = RowField(queryset=LessonTheme.objects.filter(is_archived=False), required=False, allow_null=True)
    kind = RowField(queryset=OperationType.objects.filter(is_archived=False), required=False, allow_null=True)
    area = serializers.SlugRelatedField(
        slug_field="pcode", queryset=Area.objects.all(), required=False, allow_null=True
    )
    dimensions = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=services.MOST_DIMENSIONS
    )
    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))


class MessageShown(serializers.ModelSerializer[InjectDelivery]):
    """A message of the exercise, as it was delivered."""

    run = serializers.IntegerField(source="run.number", read_only=True)
    inject = serializers.IntegerField(source="inject.number", read_only=True)
    mark = serializers.CharField(source="run.exercise.mark", read_only=True)
    title = serializers.CharField(source="inject.title", read_only=True)
    text = serializers.CharField(source="inject.text", read_only=True)
    options = serializers.ListField(source="inject.options", child=serializers.CharField(), read_only=True)

    class Meta:
        model = InjectDelivery
        fields = ("id", "run", "inject", "mark", "title", "text", "options", "at", "second", "version")


def _number() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class OfRun(VerbSerializer):
    """A verb on one run, by its number, on the version of the run that was shown."""

    run = serializers.IntegerField(min_value=1, max_value=32767)


class OfInject(OfRun):
    """A verb on one inject in one run, both by their numbers."""

    inject = serializers.IntegerField(min_value=1, max_value=32767)


class OfMessage(VerbSerializer):
    """A verb on a message, by its id, on the version of the message that was shown."""

    message = _number()


class Answered(OfMessage):
    """What a role that the caller plays answers."""

    role = _number()
    text = serializers.CharField(max_length=4000)


class TakenStance(OfMessage):
    """Whether a role that the caller plays concurs; an objection needs its reason."""

    role = _number()
    stance = serializers.ChoiceField(choices=Stance.choices)
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class Proposed(OfMessage):
    """An option, counted from 0, and why."""

    option = serializers.IntegerField(min_value=0, max_value=99)
    why = serializers.CharField(max_length=2000)


class Decided(OfMessage):
    """An option, counted from 0, with the reasoning."""

    option = serializers.IntegerField(min_value=0, max_value=99)
    reasoning = serializers.CharField(max_length=2000)


class Observed(serializers.Serializer[Any]):
    """What was seen in a run, against an objective, by their numbers. It stands beside what others saw."""

    run = serializers.IntegerField(min_value=1, max_value=32767)
    objective = serializers.IntegerField(min_value=1, max_value=32767)
    seen = serializers.CharField(max_length=4000)
    rating = serializers.ChoiceField(choices=Rating.choices)
    inject = serializers.IntegerField(min_value=1, max_value=32767, required=False, allow_null=True)


def _run(exercise: Exercise, number: int, actor: Person) -> ExerciseRun:
    rows = ExerciseRun.objects.visible_to(actor).filter(exercise=exercise)
    run = get_object_or_404(rows, number=number)
    run.exercise = exercise
    return run


def _of_run(service: Any) -> Any:
    """The service of a run, asked for by the number of the run."""

    def work(exercise: Exercise, *, actor: Person, version: int, run: int) -> None:
        service(_run(exercise, run, actor), actor=actor, version=version)

    work.__doc__ = service.__doc__
    return work


def _of_inject(service: Any) -> Any:
    def work(exercise: Exercise, *, actor: Person, version: int, run: int, inject: int) -> None:
        rows = ExerciseInject.objects.visible_to(actor).filter(exercise=exercise)
        service(
            _run(exercise, run, actor), get_object_or_404(rows, number=inject), actor=actor, version=version
        )

    work.__doc__ = service.__doc__
    return work


def _of_message(service: Any) -> Any:
    def work(exercise: Exercise, *, actor: Person, version: int, message: int, **data: Any) -> None:
        rows = InjectDelivery.objects.visible_to(actor).standing().filter(run__exercise=exercise)
        if "role" in data:
            roles = ExerciseRole.objects.visible_to(actor).filter(exercise=exercise)
            data["role"] = get_object_or_404(roles, pk=data["role"])
        service(get_object_or_404(rows, pk=message), actor=actor, version=version, **data)

    work.__doc__ = service.__doc__
    return work


def _observe(
    exercise: Exercise,
    *,
    actor: Person,
    run: int,
    objective: int,
    inject: int | None = None,
    **data: Any,
) -> None:
    """Note what was seen, against an objective."""
    objectives = ExerciseObjective.objects.visible_to(actor).filter(exercise=exercise)
    injects = ExerciseInject.objects.visible_to(actor).filter(exercise=exercise)
    review.observe(
        _run(exercise, run, actor),
        actor=actor,
        objective=get_object_or_404(objectives, number=objective),
        inject=get_object_or_404(injects, number=inject) if inject else None,
        **data,
    )


class ExerciseViewSet(SharedViewSet):
    """Table-top, simulation, field: what is practised together. Nothing of it is in earnest."""

    listing = exercise_list
    serializer_class = ExerciseSerializer

    @extend_schema(request=NewExercise, responses={201: ExerciseSerializer})
    def create(self, request: Request) -> Response:
        """Plan an exercise."""
        sent = NewExercise(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        office, sharing = data.pop("office"), sharing_of(data)
        data["dimensions"] = tuple(data.get("dimensions", ()))
        made = services.create_exercise(
            services.ExerciseInput(**data), actor=self.person, office=office, sharing=sharing
        )
        self.kwargs["reference"] = made.reference
        return self.answer(status.HTTP_201_CREATED)

    @extend_schema(responses=MessageShown(many=True))
    @action(detail=True, methods=["get"], url_path="messages", pagination_class=None, filter_backends=[])
    def messages(self, request: Request, **_kwargs: Any) -> Response:
        """The messages that the caller reads, in the order in which they came."""
        exercise = self.get_object()
        log_read(self.person, "api exercise messages", [exercise])
        rows = InjectDelivery.objects.visible_to(self.person).standing().filter(run__exercise=exercise)
        return Response(MessageShown(rows.select_related("run__exercise", "inject"), many=True).data)

    schedule = verb_route("schedule", services.schedule_exercise)
    cancel = verb_route("cancel", services.cancel_exercise, ReasonSerializer)
    end = verb_route("end", services.end_exercise)
    finish = verb_route("finish", review.finish_exercise)
    close = verb_route("close", services.close_exercise)
    start_run = verb_route("start-run", _of_run(running.start_run), OfRun)
    pause_run = verb_route("pause-run", _of_run(running.pause_run), OfRun)
    resume_run = verb_route("resume-run", _of_run(running.resume_run), OfRun)
    end_run = verb_route("end-run", _of_run(running.end_run), OfRun)
    deliver = verb_route("deliver", _of_inject(running.deliver_inject), OfInject)
    hold = verb_route("hold", _of_inject(running.hold_inject), OfInject)
    skip = verb_route("skip", _of_inject(running.skip_inject), OfInject)
    respond = verb_route("respond", _of_message(play.answer_inject), Answered)
    propose = verb_route("propose", _of_message(play.propose_option), Proposed)
    speak = verb_route("take-stance", _of_message(play.take_stance), TakenStance, attribute="speak")
    decide = verb_route("decide", _of_message(play.decide), Decided)
    observe = verb_route("observe", _observe, Observed)
