"""What the pages of guidance tell of days: who is late, what a number means, which day cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.operations.steps import WHY
from tests.support.pages import body, signed_in, words
from tests.training.guidance_steps import agreed, fresh, in_force, in_review, newest, page, written
from training.models import GuidanceAcknowledgement

pytestmark = pytest.mark.django_db
# The rows of reviewers as a browser sends them when none is named.
NOBODY = {"reviewers-TOTAL_FORMS": 0, "reviewers-INITIAL_FORMS": 0}


def test_whoever_is_late_to_sign_is_told_so_on_top(cast: Any) -> None:
    guidance = in_force(cast)
    assert "Overdue" not in words(body(page(cast.other_component, guidance)))
    yesterday = timezone.localdate() - timedelta(days=1)
    GuidanceAcknowledgement.objects.unscoped(WHY).update(due_on=yesterday)
    assert "Overdue: you were asked to read this" in words(body(page(cast.other_component, guidance)))


def test_a_narrow_list_names_its_numbers(cast: Any) -> None:
    in_force(cast)
    assert '<td class="number" data-name="Version">1</td>' in body(
        signed_in(cast.owner).get(reverse("guidance_register"))
    )


@pytest.mark.parametrize("day", ["2020-01-01", "9999-12-31", "2026-13-45", "soon", ""])
def test_a_day_that_cannot_be_is_told_at_the_field(cast: Any, day: str) -> None:
    version = agreed(cast, in_review(cast))
    answer = page(
        cast.head_above, version, "approve/", version=version.version, effective_on=day, reason="Kept"
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"effective_on"}
    assert "Kept" in body(answer)
    assert fresh(version.guidance).in_force_number is None


def test_an_empty_text_is_not_sent_into_review(cast: Any) -> None:
    version = newest(written(cast))
    page(cast.owner, version, "write/", version=version.version, text="  \r\n ")
    version = newest(version.guidance)
    day = timezone.localdate()
    answer = page(cast.owner, version, "submit/", version=version.version, due_on=day, **NOBODY)
    assert answer.status_code == 422
    assert "Nothing is written yet" in words(body(answer))
    assert newest(version.guidance).state == "draft"
