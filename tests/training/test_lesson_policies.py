"""Who may do what with a lesson, as one table: verb, state, and who is allowed. Everyone else is refused."""

import pytest

from tests.factories.training import LessonFactory
from tests.operations.steps import post_of
from training.models import LessonState as S
from training.policies import lesson as policies

TEAM = {"owner", "colleague", "head", "delegate"}
# The author is `owner`; the head judges; the police post of `other_component` follows it up; the change
# was reported by `colleague`.
TABLE = [
    ("can_edit", S.OBSERVED, {"owner"}),
    ("can_edit", S.SUBMITTED, set()),
    ("can_edit", S.IDENTIFIED, set()),
    ("can_submit", S.OBSERVED, {"owner"}),
    ("can_submit", S.SUBMITTED, set()),
    ("can_identify", S.OBSERVED, set()),
    ("can_identify", S.SUBMITTED, {"head"}),
    ("can_identify", S.IDENTIFIED, set()),
    ("can_plan_action", S.SUBMITTED, set()),
    ("can_plan_action", S.IDENTIFIED, TEAM),
    ("can_plan_action", S.ACTION, TEAM),
    ("can_plan_action", S.CHANGED, set()),
    ("can_report_change", S.IDENTIFIED, set()),
    ("can_report_change", S.ACTION, {"other_component"}),
    ("can_report_change", S.CHANGED, set()),
    ("can_validate", S.ACTION, set()),
    ("can_validate", S.CHANGED, {"head"}),
    ("can_validate", S.LEARNED, set()),
    ("can_drop", S.OBSERVED, TEAM),
    ("can_drop", S.ACTION, TEAM),
    ("can_drop", S.LEARNED, set()),
    ("can_drop", S.DROPPED, set()),
]


@pytest.mark.parametrize(("verb", "state", "allowed"), TABLE)
def test_verb_is_allowed_to(cast, verb, state, allowed):
    lesson = LessonFactory(
        owner_office=cast.team,
        author=cast.owner,
        state=state,
        approver=post_of(cast.head),
        owner=post_of(cast.other_component),
        **({"changed_by": cast.colleague} if state in (S.CHANGED, S.LEARNED) else {}),
        **({"due_on": "2027-01-01"} if state in (S.ACTION, S.CHANGED, S.LEARNED) else {}),
    )
    policy = getattr(policies, verb)
    decisions = {name: policy(person, lesson) for name, person in cast.everyone().items()}
    assert {name for name, decision in decisions.items() if decision} == allowed
    assert all(decision.reason for decision in decisions.values() if not decision)


def test_whoever_holds_a_post_writes_one(cast):
    allowed = {name for name, person in cast.everyone().items() if policies.can_record(person)}
    assert allowed == set(cast.everyone()) - {"postless", "inactive"}


def test_the_office_goes_on_with_what_somebody_wrote_who_has_left(cast):
    lesson = LessonFactory(owner_office=cast.team, author=cast.postless)
    allowed = {name for name, person in cast.everyone().items() if policies.can_submit(person, lesson)}
    # Whoever has no post sees it no more, which is asked before.
    assert allowed == TEAM | {"postless"}
