"""What the mission sets: each setting says what it affects, how much that is now, and counts at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from cimic_portal.core import marks
from cimic_portal.core.admin.setting import SettingAdmin, setting_admins
from cimic_portal.core.models import ComponentMark, FormOfAddress, RetentionRules
from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import Choice, OneRow
from liaison.models import EngagementKind
from operations.models import AssetRules, QipRules, QipState
from tests.factories.cast import Cast, make_cast
from tests.factories.core import OfficeFactory, PersonFactory, ago, rules_are
from tests.factories.liaison import EngagementFactory
from tests.factories.operations_assets import AssetFactory, BookingFactory
from tests.factories.operations_qip import QipFactory
from tests.support.pages import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def pages(cast: Cast) -> Client:
    return signed_in(cast.auditor)


def said(pages: Client, address: str) -> str:
    answer = pages.get(address)
    assert answer.status_code == 200
    return words(answer.content.decode())


def page_of(row: Any) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def test_every_list_and_all_rules_are_settings() -> None:
    edited = {model for model, page in admin.site._registry.items() if isinstance(page, SettingAdmin)}
    assert {model for model in admin.site._registry if issubclass(model, Choice | OneRow)} <= edited


def test_page_tells_what_each_affects(pages: Client) -> None:
    page = said(pages, "/admin/settings/")
    assert len(setting_admins()) > 12
    for one in setting_admins():
        assert words(str(one.affects)) in page
    assert "SECOND_FACTOR_ABOVE" in page


def test_page_is_for_administrators(cast: Cast) -> None:
    assert signed_in(cast.owner).get("/admin/settings/", follow=True).status_code == 403


def test_value_counts_what_the_administrator_may_read(cast: Cast, pages: Client) -> None:
    kind = EngagementKind.objects.create(name="Market visit")
    EngagementFactory(owner_office=cast.hq, author=cast.auditor, kind=kind)
    EngagementFactory(owner_office=OfficeFactory(), author=PersonFactory(), kind=kind)
    page = said(pages, page_of(kind))
    assert "Offered when a contact is logged" in page
    assert "1 Engagements" in page


def test_value_that_nothing_uses_says_so(pages: Client) -> None:
    assert "Nothing yet." in said(pages, page_of(EngagementKind.objects.create(name="Unused")))


@pytest.mark.parametrize("model", [AssetRules, QipRules, RetentionRules])
def test_rules_stand_once_and_their_list_leads_to_them(pages: Client, model: Any) -> None:
    model.objects.all().delete()
    answer = pages.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
    assert answer.status_code == 302
    assert answer["Location"] == page_of(model.objects.get())
    assert pages.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/").status_code == 403


class TestAssets:
    def test_requests_that_wait_are_counted(self, cast: Cast, pages: Client) -> None:
        given = {"office": cast.hq, "requested_by": cast.auditor}
        for due in (ago(hours=1), None):
            asset = AssetFactory(owner_office=cast.hq, author=cast.auditor)
            BookingFactory(asset=asset, due_at=due, **given)
        page = said(pages, page_of(rules_are(AssetRules)))
        assert "2 Requests that wait for an answer" in page
        assert "1 Of these overdue" in page

    def test_under_is_below_over(self, pages: Client) -> None:
        rules = rules_are(AssetRules)
        sent = {"over_used": 40, "under_used": 60, "answer_hours": 24}
        answer = pages.post(page_of(rules), sent)
        assert "Under-used must be less than over-used." in words(answer.content.decode())
        rules.refresh_from_db()
        assert rules.over_used == 85


def test_ceiling_tells_who_is_above_it(cast: Cast, pages: Client) -> None:
    rules = rules_are(QipRules, ceiling=100)
    for budget in (99, 101):
        QipFactory(owner_office=cast.hq, author=cast.auditor, budget=budget, state=QipState.DRAFT)
    page = said(pages, page_of(rules))
    assert "2 Proposals that are not decided" in page
    assert "1 Of these above the ceiling" in page


class TestAddress:
    def test_offered_in_the_form_until_archived(self, cast: Cast) -> None:
        FormOfAddress.objects.create(name="Sheikh")
        FormOfAddress.objects.create(name="Effendi", is_archived=True)
        page = signed_in(cast.owner).get("/liaison/contacts/new/").content.decode()
        assert '<option value="Sheikh">' in page
        assert "Effendi" not in page

    def test_offered_to_administrators(self, pages: Client) -> None:
        FormOfAddress.objects.create(name="Sheikh")
        assert '<option value="Sheikh">' in pages.get("/admin/core/person/add/").content.decode()


class TestMarks:
    @pytest.fixture(autouse=True)
    def rows(self) -> Iterator[None]:
        for component, drawn in marks.SHIPPED.items():
            ComponentMark.objects.update_or_create(
                component=component,
                defaults={"letter": drawn.letter, "shape": drawn.shape, "tint": drawn.tint},
            )
        yield
        ComponentMark.objects.all().delete()
        marks.look_again()

    def test_is_drawn_as_the_mission_says(self, cast: Cast, pages: Client) -> None:
        police = page_of(ComponentMark.objects.get(component=Component.POLICE))
        assert pages.post(police, {"letter": "U", "shape": "shield", "tint": "slate"}).status_code == 302
        assert marks.mark_of(Component.POLICE) == marks.Mark("U", "shield", "slate")
        page = pages.get("/admin/core/componentmark/").content.decode()
        assert "tint-slate shape-shield" in page
        assert "#shape-diamond" not in page

    @pytest.mark.parametrize(
        ("sent", "told"),
        [
            ({"letter": "M", "shape": "diamond", "tint": "navy"}, "Another component has this letter."),
            ({"letter": "P", "shape": "triangle", "tint": "navy"}, "Another component has this shape."),
            ({"letter": "P", "shape": "diamond", "tint": "olive"}, "Another component has this tint."),
            ({"letter": "<", "shape": "diamond", "tint": "navy"}, "One letter or digit."),
        ],
    )
    def test_two_never_look_alike(self, pages: Client, sent: dict[str, str], told: str) -> None:
        police = page_of(ComponentMark.objects.get(component=Component.POLICE))
        assert told in words(pages.post(police, sent).content.decode())
        assert marks.mark_of(Component.POLICE) == marks.SHIPPED[Component.POLICE]
