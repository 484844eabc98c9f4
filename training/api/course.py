"""Courses and sessions in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import (
    MomentField,
    NamedSerializer,
    ReasonSerializer,
    RowField,
    VerbSerializer,
)
from cimic_portal.core.api.viewsets import ListedViewSet, verb_route
from cimic_portal.core.models import Office, Person, Place
from training.listings.course import course_list, session_list
from training.models import Course, CoursePhase, Enrolment, Result, Session
from training.services import course as catalogue
from training.services import enrolment as seats
from training.services import session as services


class CourseSerializer(serializers.ModelSerializer[Course]):
    office = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Course
        fields = (
            "id",
            "code",
            "title",
            "summary",
            "standard",
            "edition",
            "phase",
            "authority",
            "office",
            "validity_months",
            "pass_score",
            "is_archived",
            "version",
        )


class NewCourse(serializers.Serializer[Any]):
    """What is taught, by whom, for how long it holds good."""

    code = serializers.CharField(max_length=20)
    title = serializers.CharField(max_length=160)
    authority = serializers.CharField(max_length=120)
    phase = serializers.ChoiceField(choices=CoursePhase.choices, default=CoursePhase.ONGOING)
    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    standard = serializers.CharField(max_length=80, required=False, allow_blank=True)
    edition = serializers.CharField(max_length=40, required=False, allow_blank=True)
    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True), required=False, allow_null=True)
    validity_months = serializers.IntegerField(min_value=1, max_value=120, required=False, allow_null=True)
    pass_score = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)


class ChangedCourse(NewCourse, VerbSerializer):
    """The course as it is to be, whole, with the version that was shown."""

    is_archived = serializers.BooleanField(default=False)


def _changed(course: Course, *, actor: Person, version: int, **data: Any) -> Course:
    return catalogue.change_course(course, catalogue.CourseInput(**data), actor=actor, version=version)


class CourseViewSet(ListedViewSet):
    """The catalogue of courses."""

    listing = course_list
    serializer_class = CourseSerializer

    def answer(self, status_code: int = status.HTTP_200_OK) -> Response:
        """The course as it is now."""
        return Response(self.get_serializer(self.get_object()).data, status=status_code)

    @extend_schema(request=NewCourse, responses={201: CourseSerializer})
    def create(self, request: Request) -> Response:
        """Add a course to the catalogue."""
        sent = NewCourse(data=request.data)
        sent.is_valid(raise_exception=True)
        data = catalogue.CourseInput(**sent.validated_data)
        self.kwargs["pk"] = str(catalogue.add_course(data, actor=self.person).pk)
        return self.answer(status.HTTP_201_CREATED)

    change = verb_route("change", _changed, ChangedCourse, explain="Change a course of the catalogue.")


class SessionSerializer(serializers.ModelSerializer[Session]):
    """When and where; who sits there is told with the seats that the caller may know of."""

    course = NamedSerializer(read_only=True)
    place = NamedSerializer(read_only=True, allow_null=True)
    trainer = NamedSerializer(read_only=True, allow_null=True)
    left = serializers.IntegerField(read_only=True)

    class Meta:
        model = Session
        fields = (
            "id",
            "version",
            "course",
            "starts_at",
            "ends_at",
            "place",
            "room",
            "trainer",
            "language",
            "note",
            "seats",
            "taken",
            "waiting",
            "left",
            "state",
            "state_reason",
        )


class SessionFields(serializers.Serializer[Any]):
    """When, where, by whom, for how many."""

    starts_at = MomentField()
    ends_at = MomentField()
    seats = serializers.IntegerField(min_value=1, max_value=1000)
    place = RowField(queryset=Place.objects.filter(is_archived=False), required=False, allow_null=True)
    room = serializers.CharField(max_length=160, required=False, allow_blank=True)
    trainer = RowField(queryset=Person.objects.posted(), required=False, allow_null=True)
    language = serializers.CharField(max_length=40, required=False, allow_blank=True)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class NewSession(SessionFields):
    """A session of a course that an office of the caller's gives."""

    course = RowField(queryset=Course.objects.offered().select_related("office"))


class ChangedSession(VerbSerializer, SessionFields):
    """As the session is to be, whole."""


class Nominated(VerbSerializer):
    """Who is to go."""

    person = RowField(queryset=Person.objects.posted())


class MarkFields(serializers.Serializer[Any]):
    """One person of the session: by the number of their seat."""

    enrolment = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    attended = serializers.BooleanField()
    result = serializers.ChoiceField(choices=Result.choices, required=False, allow_blank=True)
    score = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)


class Marked(VerbSerializer):
    """Who came, and how it went; at most 500 at once."""

    marks = serializers.ListField(child=MarkFields(), max_length=500)


def _change(session: Session, *, actor: Person, version: int, **data: Any) -> Session:
    return services.change_session(session, services.SessionInput(**data), actor=actor, version=version)


def _ask(session: Session, *, actor: Person, version: int) -> Enrolment:
    return seats.ask_for_seat(session, actor=actor)


def _nominate(session: Session, *, actor: Person, version: int, person: Person) -> Enrolment:
    return seats.nominate(session, person, actor=actor)


def _mark(session: Session, *, actor: Person, version: int, marks: list[dict[str, Any]]) -> Session:
    said = [services.Mark(**mark) for mark in marks]
    return services.mark_results(session, said, actor=actor, version=version)


class SessionViewSet(ListedViewSet):
    """Sessions of courses: planned, asked for, marked, closed."""

    listing = session_list
    serializer_class = SessionSerializer
    joins = ("course__office",)

    def answer(self, status_code: int = status.HTTP_200_OK) -> Response:
        """The session as it is now."""
        return Response(self.get_serializer(self.get_object()).data, status=status_code)

    @extend_schema(request=NewSession, responses={201: SessionSerializer})
    def create(self, request: Request) -> Response:
        """Plan a session."""
        sent = NewSession(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        course = data.pop("course")
        made = services.plan_session(course, services.SessionInput(**data), actor=self.person)
        self.kwargs["pk"] = str(made.pk)
        return self.answer(status.HTTP_201_CREATED)

    change = verb_route(
        "change", _change, ChangedSession, explain="Change when, where, by whom, for how many."
    )
    cancel = verb_route("cancel", services.cancel_session, ReasonSerializer)
    ask = verb_route("ask", _ask, explain="Ask for a seat for oneself; the office answers.")
    nominate = verb_route("nominate", _nominate, Nominated, explain="Enter somebody.")
    marks = verb_route("marks", _mark, Marked, explain="Say who came and how it went; all or nothing.")
    close = verb_route("close", services.close_results)
