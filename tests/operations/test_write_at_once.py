"""Two people in one section, each with a connection of their own: neither overwrites the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cimic_portal.core.services.merging import MergeNeededError
from operations.models import Operation, PlanSection
from operations.services.plan_text import save_section
from tests.factories.cast import Cast, make_cast
from tests.operations.plan_steps import saved, section, trail_of
from tests.operations.steps import WHY, drafted
from tests.support.threads import AtOnce

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "First\n\nSecond\n\nThird"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def operation(cast: Cast) -> Iterator[Operation]:
    made = drafted(cast)
    saved(made, BASE, cast.head)
    yield made


def write(operation, text, person):
    """As from a page that showed version 2; when told of another text, the proposal is saved."""
    row = section(operation)
    shown, told = 2, []
    for _try in range(3):
        try:
            done = save_section(row.revision, "mission", text, actor=person, version=shown)
        except MergeNeededError as met:
            told.append(met)
            text, shown = met.merged.text, met.row.version
        else:
            return done, told
    raise AssertionError("told again and again")


def test_two_who_save_at_once_are_both_on_record(cast, operation):
    texts = (BASE.replace("First", "First by the owner"), BASE.replace("Third", "Third by the colleague"))
    with AtOnce() as at_once:
        for text, person in zip(texts, (cast.owner, cast.colleague), strict=True):
            at_once.start(lambda text=text, person=person: write(operation, text, person))
        outcomes = at_once.outcomes()
    told = [met for _done, meetings in outcomes for met in meetings]
    trail = trail_of(section(operation))
    assert len(told) == 1
    assert [version for version, _text in trail] == [1, 2, 3, 4]
    # Whoever came first stands alone, whoever came second together with them.
    assert trail[2][1] in texts
    assert trail[3][1] == "First by the owner\n\nSecond\n\nThird by the colleague"


def test_two_who_write_the_same_line_are_asked_to_decide(cast, operation):
    row = section(operation)

    def attempt(text, person):
        return save_section(row.revision, "mission", text, actor=person, version=2)

    texts = [BASE.replace("Second", f"Second by {one}") for one in ("owner", "colleague")]
    with AtOnce() as at_once:
        at_once.start(lambda: attempt(texts[0], cast.owner))
        at_once.start(lambda: attempt(texts[1], cast.colleague))
        outcomes = at_once.outcomes()
    (met,) = [one for one in outcomes if isinstance(one, MergeNeededError)]
    (won,) = [one for one in outcomes if isinstance(one, PlanSection)]
    assert {won.text, met.mine} == set(texts)
    assert (met.base, met.merged.conflicts) == (BASE, 1)
    for text in texts:
        assert text.splitlines()[2] in met.merged.text
    assert trail_of(row)[-1] == (3, won.text)


def test_the_same_text_sent_twice_is_saved_once(cast, operation):
    row = section(operation)

    def again():
        return save_section(row.revision, "mission", "Sent twice", actor=cast.owner, version=2)

    with AtOnce() as at_once:
        at_once.start(again)
        at_once.start(again)
        outcomes = at_once.outcomes()
    assert [one.version for one in outcomes] == [3, 3]
    assert trail_of(row) == [(1, ""), (2, BASE), (3, "Sent twice")]
    assert PlanSection.objects.unscoped(WHY).get(pk=row.pk).text == "Sent twice"
