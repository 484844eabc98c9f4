"""What is asked of whom: entered, changed, archived, brought back; and what one operation asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from tests.factories.core import OfficeFactory, PositionFactory
from tests.factories.operations import OperationTypeFactory, ParticipationFactory
from tests.factories.training_course import CourseFactory
from tests.factories.training_readiness import (
    OperationRequirementFactory,
    RequirementFactory,
)
from tests.operations.steps import WHY
from tests.operations.test_policies import operation_in
from tests.support.pages import body, signed_in, words
from training.models import OperationRequirement, Requirement, TrainingRules
from training.policies import requirement as policies
from training.services import requirement as services
from training.services.requirement import RequirementInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(cast: Any) -> Any:
    """Of the training centre."""
    TrainingRules.objects.update_or_create(pk=1, defaults={"centre": cast.police})
    return cast.other_component


class TestPolicies:
    def test_the_centre_and_administrators_keep_them(self, cast: Any, keeper: Any) -> None:
        allowed = {name for name, person in cast.everyone().items() if policies.can_keep_requirements(person)}
        assert allowed == {"other_component", "delegate", "group_member", "auditor"}

    @pytest.mark.parametrize(
        ("policy", "archived", "reason"),
        [
            (policies.can_edit, True, "archived"),
            (policies.can_archive, True, "archived already"),
            (policies.can_restore, False, "in force"),
        ],
    )
    def test_by_its_state(self, keeper: Any, policy: Any, archived: bool, reason: str) -> None:
        refused = policy(keeper, RequirementFactory(is_archived=archived))
        assert not refused
        assert reason in refused.reason
        assert policy(keeper, RequirementFactory(is_archived=not archived))

    @pytest.mark.parametrize(
        ("state", "who"),
        [
            ("draft", {"owner", "colleague", "head", "delegate"}),
            (
                "staffing",
                {"owner", "colleague", "head", "delegate", "other_component", "group_member"},
            ),
            ("approved", set()),
            ("active", set()),
            ("closed", set()),
        ],
    )
    def test_what_an_operation_asks_is_set_by_who_leads_it_while_planned(
        self, cast: Any, state: str, who: set[str]
    ) -> None:
        operation = operation_in(cast, state)
        allowed = {
            name for name, person in cast.everyone().items() if policies.can_require(person, operation)
        }
        assert allowed == who


class TestVerbs:
    def test_entered_changed_archived_and_brought_back(self, cast: Any, keeper: Any) -> None:
        course = CourseFactory()
        row = services.add_requirement(RequirementInput(course, "everybody"), actor=keeper)
        row = services.change_requirement(
            row,
            RequirementInput(course, "office", office=cast.sector, component=2, days=5),
            actor=keeper,
            version=1,
        )
        # What does not belong to an office is left out.
        assert (row.office, row.component, row.days, row.version) == (cast.sector, None, 5, 2)
        row = services.archive_requirement(row, actor=keeper, version=2)
        assert not Requirement.objects.standing().exists()
        row = services.restore_requirement(row, actor=keeper, version=3)
        assert Requirement.objects.standing().get() == row

    def test_others_are_refused(self, cast: Any, keeper: Any) -> None:
        data = RequirementInput(CourseFactory(), "everybody")
        with pytest.raises(RefusedError, match="training centre"):
            services.add_requirement(data, actor=cast.head_above)

    def test_the_version_that_was_shown_counts(self, keeper: Any) -> None:
        row = RequirementFactory()
        services.archive_requirement(row, actor=keeper, version=1)
        with pytest.raises(StaleError):
            services.restore_requirement(row, actor=keeper, version=1)

    @pytest.mark.parametrize(
        ("given", "fields"),
        [
            ({"days": -1}, {"days"}),
            ({"days": 731}, {"days"}),
            ({"whom": "office"}, {"office"}),
            ({"whom": "position"}, {"position"}),
            ({"whom": "component"}, {"component"}),
            ({"whom": "operation_type"}, {"kind"}),
            ({"whom": "nobody", "days": 9999, "counted_from": "x"}, {"whom", "days", "counted_from"}),
        ],
    )
    def test_everything_that_is_wrong_is_told_at_once(
        self, keeper: Any, given: dict[str, Any], fields: set[str]
    ) -> None:
        data = RequirementInput(CourseFactory(), **{"whom": "everybody"} | given)
        with pytest.raises(InvalidError) as refused:
            services.add_requirement(data, actor=keeper)
        assert set(refused.value.fields) == fields

    def test_the_same_course_of_the_same_target_is_asked_once(self, cast: Any, keeper: Any) -> None:
        row = RequirementFactory(whom="office", office=cast.sector)
        again = RequirementInput(row.course, "office", office=cast.sector, days=3)
        with pytest.raises(InvalidError) as refused:
            services.add_requirement(again, actor=keeper)
        assert set(refused.value.fields) == {"course"}
        other = services.add_requirement(
            RequirementInput(row.course, "office", office=cast.team), actor=keeper
        )
        with pytest.raises(InvalidError):
            services.change_requirement(other, again, actor=keeper, version=1)
        services.archive_requirement(row, actor=keeper, version=1)
        services.add_requirement(again, actor=keeper)
        with pytest.raises(InvalidError):
            services.restore_requirement(row, actor=keeper, version=2)

    def test_the_database_holds_both_as_well(self, cast: Any) -> None:
        row = RequirementFactory()
        for wrong in ({"course": row.course}, {"whom": "office"}, {"office": cast.team}, {"days": 731}):
            with pytest.raises(IntegrityError), transaction.atomic():
                RequirementFactory(**wrong)

    def test_archived_targets_are_refused(self, cast: Any, keeper: Any) -> None:
        closed = OfficeFactory(organisation=cast.mission, closed_on="2026-01-01", successor=cast.team)
        data = RequirementInput(CourseFactory(is_archived=True), "office", office=closed)
        with pytest.raises(InvalidError) as refused:
            services.add_requirement(data, actor=keeper)
        assert set(refused.value.fields) == {"course", "office"}
        data = RequirementInput(CourseFactory(), "position", position=PositionFactory(is_archived=True))
        with pytest.raises(InvalidError) as refused:
            services.add_requirement(data, actor=keeper)
        assert set(refused.value.fields) == {"position"}


class TestOfAnOperation:
    def test_asked_of_all_or_of_one_and_no_more(self, cast: Any) -> None:
        operation = operation_in(cast, "draft")
        part = operation.participations.unscoped(WHY).get(office=cast.police)
        course, given = CourseFactory(), {"actor": cast.owner, "version": operation.version}
        one = services.require_for_operation(operation, course, participation=part, **given)
        every = services.require_for_operation(operation, CourseFactory(), **given)
        with pytest.raises(InvalidError):
            services.require_for_operation(operation, course, participation=part, **given)
        with pytest.raises(InvalidError, match="all participants"):
            services.require_for_operation(operation, every.course, participation=part, **given)
        services.drop_for_operation(one, **given)
        assert OperationRequirement.objects.visible_to(cast.owner).get() == every

    def test_a_participant_of_another_operation_is_refused(self, cast: Any) -> None:
        operation = operation_in(cast, "draft")
        part = ParticipationFactory(office=cast.police)
        with pytest.raises(InvalidError) as refused:
            services.require_for_operation(
                operation,
                CourseFactory(),
                actor=cast.owner,
                version=operation.version,
                participation=part,
            )
        assert set(refused.value.fields) == {"participation"}

    def test_not_after_approval_nor_on_an_older_version(self, cast: Any) -> None:
        operation = operation_in(cast, "active")
        with pytest.raises(RefusedError, match="approved"):
            services.require_for_operation(
                operation, CourseFactory(), actor=cast.owner, version=operation.version
            )
        draft = operation_in(cast, "draft")
        with pytest.raises(StaleError):
            services.require_for_operation(
                draft, CourseFactory(), actor=cast.owner, version=draft.version + 1
            )

    def test_it_is_read_with_the_operation(self, cast: Any) -> None:
        asked = OperationRequirementFactory(operation=operation_in(cast, "draft"))
        rows = OperationRequirement.objects
        assert rows.visible_to(cast.owner).get() == asked
        assert not rows.visible_to(cast.outsider).exists()
        assert rows.unscoped(WHY).get() == asked


class TestPages:
    def form(self, course: Any, **more: Any) -> dict[str, Any]:
        given = {
            "course": course.pk,
            "whom": "everybody",
            "days": "30",
            "counted_from": "arrival",
            "always": "on",
        }
        return given | more

    def test_entered_changed_and_archived_on_pages(self, cast: Any, keeper: Any) -> None:
        client, course = signed_in(keeper), CourseFactory()
        assert client.get(reverse("requirement_add")).status_code == 200
        answer = client.post(reverse("requirement_add"), self.form(course), follow=True)
        assert "Requirement entered" in words(body(answer))
        row = Requirement.objects.get()
        edit = reverse("requirement_edit", args=[row.pk])
        assert client.get(edit).status_code == 200
        target = {"whom": "office", "office": cast.sector.pk, "office_text": "Sector North", "version": 1}
        answer = client.post(edit, self.form(course, **target), follow=True)
        assert "An office with all below it: Sector North" in words(body(answer))
        step = reverse("requirement_step", args=[row.pk, "archive"])
        assert client.get(step).status_code == 200
        answer = client.post(step, {"version": 2}, follow=True)
        assert "Requirement archived" in words(body(answer))
        assert (
            client.post(reverse("requirement_step", args=[row.pk, "restore"]), {"version": 3}).status_code
            == 302
        )
        assert client.get(reverse("requirement_step", args=[row.pk, "burn"])).status_code == 404
        assert client.post(step, {"version": 1}).status_code == 409

    def test_what_is_wrong_stands_at_the_field_and_nothing_is_lost(self, keeper: Any) -> None:
        data = self.form(
            CourseFactory(), whom="position", days="9000", note="Order 12", position_text="Nobody"
        )
        answer = signed_in(keeper).post(reverse("requirement_add"), data)
        assert answer.status_code == 422
        assert "Order 12" in body(answer)
        assert "Nobody" in body(answer)

    def test_everybody_reads_and_others_do_not_change(self, cast: Any, keeper: Any) -> None:
        row = RequirementFactory(whom="operation_type", kind=OperationTypeFactory(name="Escort"))
        client = signed_in(cast.partner)
        assert "Escort" in words(body(client.get(reverse("requirements"))))
        shown = client.get(row.get_absolute_url())
        assert "before the operation begins" in words(body(shown))
        assert reverse("requirement_edit", args=[row.pk]) not in body(shown)
        for address in (
            reverse("requirement_add"),
            reverse("requirement_edit", args=[row.pk]),
            reverse("requirement_step", args=[row.pk, "archive"]),
        ):
            assert client.get(address).status_code == 403
            assert client.post(address, self.form(row.course)).status_code == 403


class TestApi:
    def test_entered_changed_and_archived(self, cast: Any, keeper: Any) -> None:
        client, course = signed_in(keeper), CourseFactory()
        sent = {"course": course.pk, "whom": "component", "component": 2, "days": 10}
        made = client.post("/api/v1/requirements/", sent, "application/json")
        assert made.status_code == 201, made.content
        address = f"/api/v1/requirements/{made.json()['id']}/"
        changed = client.post(f"{address}change/", sent | {"days": 20, "version": 1}, "application/json")
        assert changed.json()["days"] == 20
        assert client.post(f"{address}archive/", {"version": 2}, "application/json").json()["is_archived"]
        assert client.post(f"{address}restore/", {"version": 3}, "application/json").status_code == 200
        again = client.post("/api/v1/requirements/", sent, "application/json")
        assert again.status_code == 422
        assert client.post(f"{address}archive/", {"version": 1}, "application/json").status_code == 409
        refused = signed_in(cast.owner).post("/api/v1/requirements/", sent, "application/json")
        assert refused.status_code == 403
