"""Nobody takes an exercise for the mission: its mark stands on each page, list, line, mail and paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from cimic_portal.core.models import Notification
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.sharing.levels import Classification
from tests.factories.core import DocumentFactory
from tests.operations.steps import WHY
from tests.support.outbox import deliver_waiting
from tests.support.pages import body, signed_in, words
from tests.support.papers import pages_of
from tests.training.exercise_steps import drill_of, fresh
from training.models import MARK, Exercise, ExerciseRun
from training.reports.exercise_aar import make_exercise_aar
from training.services import exercise as verbs
from training.services import exercise_run as running

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(cast: Any) -> dict[str, Any]:
    """Its clock runs, and the alarm has come."""
    drill = drill_of(cast)
    run = running.start_run(fresh(drill["run"]), actor=cast.owner, version=1)
    drill["message"] = running.deliver_inject(run, fresh(drill["alarm"]), actor=cast.owner, version=2)
    return drill


def assert_banded(person: Any, addresses: list[str]) -> None:
    client = signed_in(person)
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<p class="exercise-band">{MARK}</p>' in body(answer), address


def test_every_page_and_the_list_stand_under_the_band(cast: Any, drill: dict[str, Any]) -> None:
    base = drill["exercise"].get_absolute_url()
    pages = ["", "edit/", "plan/", "seats/", "runs/1/", "runs/1/seats/", "runs/1/pause/", "runs/1/inbox/"]
    pages += [f"plan/{part}/new/" for part in ("objectives", "roles", "runs", "injects")]
    pages += [f"plan/injects/{drill['choice'].pk}/", f"runs/1/injects/{drill['choice'].pk}/skip/"]
    pages += [f"runs/1/inbox/{drill['message'].pk}/", "end/", "cancel/", "grant/"]
    lists = [reverse("exercises"), reverse("exercise_new")]
    assert_banded(cast.owner, [*(f"{base}{page}" for page in pages), *lists])
    assert_banded(cast.other_component, [f"{base}runs/1/inbox/", reverse("exercises")])
    verbs.end_exercise(drill["exercise"], actor=cast.owner, version=fresh(drill["exercise"]).version)
    told = ["evaluation/", "comparison/", "aar/", "evaluation/text/", "evaluation/findings/new/", "finish/"]
    told.append(f"evaluation/objectives/{drill['objective'].pk}/")
    assert_banded(cast.owner, [f"{base}{page}" for page in told])
    assert "exercise-band" not in body(signed_in(cast.owner).get(reverse("lessons")))


@pytest.mark.parametrize("level", Classification.values)
def test_mail_begins_and_ends_with_it_at_every_level(cast: Any, drill: dict[str, Any], level: int) -> None:
    Exercise.objects.unscoped(WHY).update(classification=level)
    Notification.objects.all().delete()
    notify(fresh(drill["exercise"]), "record.shared", people=[cast.head], actor=cast.owner)
    deliver_waiting()
    assert mail.outbox
    for message in mail.outbox:
        assert "EXERCISE: " in message.subject
        assert message.body.startswith(MARK)
        assert message.body.count(MARK) == message.alternatives[0][0].count(MARK) == 2


def test_each_line_of_news_begins_with_it(cast: Any, drill: dict[str, Any]) -> None:
    deliver_waiting("core.tell")
    told = words(body(signed_in(cast.other_component).get(reverse("notifications"))))
    assert f"EXERCISE: STARTEX of “{drill['exercise']}”" in told
    assert "EXERCISE: a message for" in told


def test_it_stands_on_every_sheet_of_the_review(cast: Any, drill: dict[str, Any]) -> None:
    run = ExerciseRun.objects.unscoped(WHY).get()
    verbs.end_exercise(drill["exercise"], actor=cast.owner, version=fresh(run.exercise).version)
    paper = DocumentFactory(
        kind="exercise_aar",
        parameters={"exercise": drill["exercise"].reference},
        author=cast.owner,
        owner_office=cast.team,
    )
    made = make_exercise_aar(paper, cast.owner, lambda done, total: None)
    assert all(MARK in sheet for sheet in pages_of(made.content))
