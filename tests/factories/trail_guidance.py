"""A row of every tracked model of guidance, and a column to change: for the tests of the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from tests.factories import core
from tests.factories import training_guidance as made
from training.models import (
    Guidance,
    GuidanceAcknowledgement,
    GuidanceComment,
    GuidanceConcern,
    GuidanceGroupGrant,
    GuidanceKind,
    GuidancePersonGrant,
    GuidanceReviewer,
    GuidanceVersion,
)

Row = tuple[Callable[[], models.Model], tuple[str, Any] | None]


def _grant(to: Any) -> Callable[[], models.Model]:
    return lambda: core.give(made.GuidanceFactory(), to(), by=core.PersonFactory())


ROWS: dict[type[models.Model], Row] = {
    Guidance: (made.GuidanceFactory, ("title", "Changed")),
    GuidanceKind: (lambda: GuidanceKind.objects.create(name="Made for the trail"), ("name", "Changed")),
    GuidanceGroupGrant: (_grant(core.SharingGroupFactory), None),
    GuidancePersonGrant: (_grant(core.PersonFactory), None),
    GuidanceConcern: (lambda: made.GuidanceConcernFactory(component=2), ("component", 3)),
    GuidanceVersion: (made.GuidanceVersionFactory, ("text", "Changed")),
    GuidanceReviewer: (made.GuidanceReviewerFactory, ("reason", "Changed")),
    GuidanceComment: (made.GuidanceCommentFactory, ("text", "Changed")),
    GuidanceAcknowledgement: (made.GuidanceAcknowledgementFactory, ("due_on", "2090-01-01")),
}
