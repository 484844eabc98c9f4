"""What the API tells of readiness."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from training.models import AbsenceKind
from training.readiness.counts import summed
from training.readiness.reading import Readiness, Row
from training.readiness.reckon import Standing


class CountsShown(serializers.Serializer[Any]):
    """People, each once; the last three by the days within which something expires."""

    people = serializers.IntegerField()
    ready = serializers.IntegerField()
    due = serializers.IntegerField()
    late = serializers.IntegerField()
    expires_30 = serializers.IntegerField()
    expires_60 = serializers.IntegerField()
    expires_90 = serializers.IntegerField()


class CourseShown(serializers.Serializer[Any]):
    """How one course stands for one person. `on`: due by, expires, expired or was due on that day."""

    course = serializers.CharField(help_text="Code of the course.")
    title = serializers.CharField()
    standing = serializers.ChoiceField(choices=Standing.choices)
    on = serializers.DateField(allow_null=True)


class PersonShown(serializers.Serializer[Any]):
    """One person and every course that is asked of them. `record`: reference of the training record."""

    record = serializers.CharField()
    name = serializers.CharField()
    post = serializers.CharField()
    standing = serializers.ChoiceField(choices=Standing.choices)
    courses = CourseShown(many=True)


class ReadinessShown(serializers.Serializer[Any]):
    """The people whose training records the caller may see; `left_out`: how many others serve there."""

    day = serializers.DateField()
    left_out = serializers.IntegerField()
    counts = CountsShown()
    people = PersonShown(many=True)


class CandidateShown(serializers.Serializer[Any]):
    """Somebody who fits. `busy`: why they are not there; `tasks`: what their office has to do then."""

    record = serializers.CharField()
    name = serializers.CharField()
    post = serializers.CharField()
    languages = serializers.CharField()
    free = serializers.BooleanField()
    busy = serializers.ListField(child=serializers.CharField())
    tasks = serializers.ListField(child=serializers.CharField())


class AnswerShown(serializers.Serializer[Any]):
    left_out = serializers.IntegerField()
    people = CandidateShown(many=True)


class NewAbsence(serializers.Serializer[Any]):
    """First and last day."""

    kind = serializers.ChoiceField(choices=AbsenceKind.choices)
    since = serializers.DateField()
    until = serializers.DateField()


class AbsenceShown(NewAbsence):
    id = serializers.IntegerField(source="pk", read_only=True)
    version = serializers.IntegerField(read_only=True)


def shown(readiness: Readiness) -> dict[str, Any]:
    return {
        "day": readiness.day,
        "left_out": readiness.left_out,
        "counts": summed(readiness.rows),
        "people": [_person(row, readiness) for row in readiness.rows],
    }


def _person(row: Row, readiness: Readiness) -> dict[str, Any]:
    return {
        "record": row.who.record.reference,
        "name": row.who.name,
        "post": row.who.post_words,
        "standing": row.standing,
        "courses": [
            {
                "course": course.code,
                "title": course.title,
                "standing": row.cells[course.pk].standing,
                "on": row.cells[course.pk].on,
            }
            for course in readiness.courses
            if course.pk in row.cells
        ],
    }
