"""Two people who write one text of guidance: neither overwrites the other, the later one sees both."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Person
from cimic_portal.core.services.merging import MergeNeededError
from tests.factories.cast import Cast, make_cast
from tests.operations.steps import WHY
from tests.support.pages import body, signed_in, words
from tests.support.threads import AtOnce
from tests.training.guidance_steps import in_force, in_review, newest, next_draft, written
from training.models import Guidance, GuidanceVersion
from training.services import guidance_review as review
from training.services import guidance_text as texts

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "First\n\nSecond\n\nThird"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def draft(cast: Cast) -> GuidanceVersion:
    version = newest(written(cast))
    return save(version, BASE, cast.owner)


def save(version: GuidanceVersion, text: str, person: Any, **more: Any) -> GuidanceVersion:
    """On the version that this row shows."""
    return texts.write_version(version, texts.TextInput(text, **more), actor=person, version=version.version)


def test_two_who_save_at_once_are_both_in_the_text(cast: Cast, draft: GuidanceVersion) -> None:
    def write(text: str, person: Any) -> int:
        shown = draft.version
        for told in range(3):
            try:
                texts.write_version(draft, texts.TextInput(text), actor=person, version=shown)
            except MergeNeededError as met:
                text, shown = met.merged.text, met.row.version
            else:
                return told
        raise AssertionError("told again and again")

    with AtOnce() as at_once:
        at_once.start(lambda: write(BASE.replace("First", "First by the owner"), cast.owner))
        at_once.start(lambda: write(BASE.replace("Third", "Third by the colleague"), cast.colleague))
        outcomes = at_once.outcomes()
    assert sorted(outcomes) == [0, 1]
    now = newest(draft.guidance)
    assert now.text == "First by the owner\n\nSecond\n\nThird by the colleague"
    assert set(now.writers) == {cast.owner.pk, cast.colleague.pk}


def test_the_later_one_is_shown_both_texts_and_merges(cast: Cast, draft: GuidanceVersion) -> None:
    address = reverse("guidance_version_write", args=[draft.guidance.reference, draft.number])
    for person in (cast.owner, cast.colleague):
        assert BASE in body(signed_in(person).get(address))
    first = {"text": BASE.replace("Third", "Third by the colleague"), "version": draft.version}
    assert signed_in(cast.colleague).post(address, first).status_code == 302
    later = {"text": "First by the owner\r\n\r\nSecond\r\n\r\nThird", "version": draft.version}
    met = signed_in(cast.owner).post(address, later)
    assert met.status_code == 409
    assert f"{cast.colleague} saved this text while you wrote." in words(body(met))
    assert "Both changes are brought together" in words(body(met))
    together = "First by the owner\n\nSecond\n\nThird by the colleague"
    assert f"{together}</textarea>" in body(met)
    assert f'name="version" value="{draft.version + 1}"' in body(met)
    merged = {"text": together, "version": draft.version + 1}
    assert signed_in(cast.owner).post(address, merged).status_code == 302
    assert newest(draft.guidance).text == together


def test_where_both_wrote_the_later_one_decides_and_marks_are_not_kept(
    cast: Cast, draft: GuidanceVersion
) -> None:
    address = reverse("guidance_version_write", args=[draft.guidance.reference, draft.number])
    save(draft, BASE.replace("Second", "Second by the colleague"), cast.colleague)
    sent = {"text": BASE.replace("Second", "Second by the owner"), "version": draft.version}
    met = signed_in(cast.owner).post(address, sent)
    assert "In 1 place both of you wrote differently" in words(body(met))
    assert "&lt;&lt;&lt;&lt;&lt;&lt;&lt; your words\nSecond by the owner\n=======" in body(met)
    undecided = {"text": "<<<<<<< your words\nA\n=======\nB\n>>>>>>>", "version": draft.version + 1}
    refused = signed_in(cast.owner).post(address, undecided)
    assert refused.status_code == 422
    assert "Decide at the marked places" in words(body(refused))
    assert "B\n&gt;&gt;&gt;&gt;&gt;&gt;&gt;</textarea>" in body(refused)
    assert newest(draft.guidance).text == BASE.replace("Second", "Second by the colleague")


def test_the_same_text_sent_twice_is_saved_once(cast: Cast, draft: GuidanceVersion) -> None:
    with AtOnce() as at_once:
        for _time in range(2):
            at_once.start(lambda: save(draft, "Sent twice", cast.owner).version)
        outcomes = at_once.outcomes()
    assert outcomes == [draft.version + 1] * 2


def test_what_each_says_of_the_changes_stands_in_the_proposal(cast: Cast) -> None:
    version = next_draft(cast, in_force(cast))
    save(version, version.text, cast.colleague, changes="Nights are left out", is_correction=True)
    with pytest.raises(MergeNeededError) as met:
        save(version, version.text, cast.owner, changes="Answers within a day")
    assert met.value.beside == {"changes": "Nights are left out\nAnswers within a day", "is_correction": True}
    assert (met.value.by, met.value.merged.conflicts) == (cast.colleague, 0)


def test_steps_that_leave_the_text_alone_do_not_get_in_the_way(cast: Cast, draft: GuidanceVersion) -> None:
    sent = in_review(cast, draft.guidance)
    with pytest.raises(RefusedError):
        save(draft, "Later", cast.owner)
    review.take_back(sent, actor=cast.owner, version=sent.version, reason="One more thought")
    assert save(draft, "Later", cast.owner).text == "Later"


def test_marks_are_refused_in_the_api_too(cast: Cast, draft: GuidanceVersion) -> None:
    with pytest.raises(InvalidError) as refused:
        save(draft, "<<<<<<< mine\nA", cast.owner)
    assert set(refused.value.fields) == {"text"}


def test_who_could_not_read_what_was_saved_then_is_told_both_texts_all_the_same(
    cast: Cast, draft: GuidanceVersion
) -> None:
    """Its level was higher when the other one saved it."""
    rows = Guidance.objects.unscoped(WHY).filter(pk=draft.guidance_id)
    rows.update(classification=2)
    save(draft, BASE, cast.owner, changes="Begun anew")
    rows.update(classification=1)
    Person.objects.filter(pk=cast.colleague.pk).update(clearance=1)
    later = Person.objects.get(pk=cast.colleague.pk)
    with pytest.raises(MergeNeededError) as met:
        texts.write_version(draft, texts.TextInput("Mine"), actor=later, version=draft.version)
    assert (met.value.mine, met.value.theirs, met.value.by) == ("Mine", BASE, None)
