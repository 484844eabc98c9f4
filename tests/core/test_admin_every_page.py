"""Every page of the admin: it opens, it keeps the strict policy, and it is closed to the others."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cimic_portal.core.models import ApiToken, Delegation, OutboxEntry, OutboxState, Person, Proposal
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.proposals import propose_clearance
from cimic_portal.core.services.tokens import create_token
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.records import OneRow
from operations.models import MandateTask, Procedure
from tests.factories.cast import Cast, make_cast
from tests.factories.core import AreaFactory, DocumentFactory, PersonFactory, PlaceFactory, ahead
from tests.factories.liaison import ContactFactory, EngagementFactory, TaskingFactory
from tests.factories.operations import OperationFactory
from tests.factories.operations_assets import AssetFactory
from tests.factories.operations_qip import QipCriterionFactory, QipFactory, make_committee
from tests.factories.training import CaseStudyFactory, LessonFactory, LessonThemeFactory
from tests.factories.training_course import CourseFactory, TrainingRecordFactory
from tests.factories.training_exercise import ExerciseFactory
from tests.factories.training_guidance import GuidanceFactory, GuidanceKindFactory
from tests.factories.training_module import ModuleDraftFactory, ModuleFactory
from tests.factories.training_readiness import RequirementFactory
from training.models import TrainingRules

pytestmark = pytest.mark.django_db

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>\s*\S|\sstyle=|\son[a-z]+=\"|javascript:", re.I
)
PAGES = ["changelist", "add", "change", "history"]


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    AreaFactory()
    PlaceFactory()
    QipCriterionFactory()
    LessonThemeFactory()
    GuidanceKindFactory()
    CaseStudyFactory()
    RequirementFactory()
    ModuleFactory()
    CourseFactory()
    TrainingRules.objects.get_or_create(id=1)
    make_committee(made)
    MandateTask.objects.create(code="T", text="Protect")
    Procedure.objects.create(name="Search of a vehicle")
    for record in (
        DocumentFactory,
        EngagementFactory,
        ContactFactory,
        TaskingFactory,
        OperationFactory,
        QipFactory,
        AssetFactory,
        ExerciseFactory,
        LessonFactory,
        ModuleDraftFactory,
        GuidanceFactory,
        TrainingRecordFactory,
    ):
        record(owner_office=made.hq, author=made.auditor)
    create_token(actor=made.auditor, name="laptop", expires_at=ahead(days=1))
    newcomer = PersonFactory(clearance=Classification.UNCLASSIFIED)
    propose_clearance(newcomer, Classification.CONFIDENTIAL, actor=made.auditor, reason="Staff officer")
    with transaction.atomic():
        entry = enqueue("test", {"id": 1})
    OutboxEntry.objects.filter(pk=entry.pk).update(state=OutboxState.DEAD, last_error="smtplib.SMTPException")
    return made


@pytest.fixture
def administrator(client: Client, cast: Cast) -> Client:
    client.force_login(cast.auditor)
    return client


def address_of(model: Any, page: str, reader: Person) -> str | None:
    names = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    try:
        if page in {"changelist", "add"}:
            return reverse(names)
        if getattr(model, "sharing", "") == "shared":
            row = model.objects.visible_to(reader).first()
            return reverse(names, args=[row.reference]) if row else None
        row = admin.site._registry[model].get_queryset(type("R", (), {"user": reader})()).first()
        return reverse(names, args=[row.pk]) if row else None
    except NoReverseMatch:
        return None


def assert_strict(page: str) -> None:
    found = INLINE.search(page)
    assert found is None, page[max(0, found.start() - 80) : found.end() + 80]


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_pages_open_and_hold_nothing_inline(administrator: Client, cast: Cast, model: Any) -> None:
    opened = []
    for page in PAGES:
        address = address_of(model, page, cast.auditor)
        if address is None:
            continue
        # The list of rules that stand once leads to the rules.
        answer = administrator.get(address, follow=issubclass(model, OneRow))
        # What may not be added, and the history of shared records, is not there.
        assert answer.status_code in {200, 403, 404}, (address, answer.status_code)
        if answer.status_code == 200:
            opened.append(page)
            assert_strict(answer.content.decode())
    assert {"changelist", "change"} <= set(opened)


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_pages_that_are_shut(administrator: Client, cast: Cast, model: Any) -> None:
    """Nothing is deleted here; what the portal makes by itself is looked at only."""
    deleted = address_of(model, "delete", cast.auditor)
    assert administrator.get(deleted).status_code == 403
    assert administrator.post(deleted, {"post": "yes"}).status_code == 403
    shared = getattr(model, "sharing", "") == "shared"
    if shared:
        assert administrator.get(address_of(model, "history", cast.auditor)).status_code == 404
    if shared or model in {ApiToken, Delegation, OutboxEntry, Proposal}:
        added = address_of(model, "add", cast.auditor)
        assert administrator.get(added).status_code == 403
        assert administrator.post(added, {}).status_code == 403


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_short_addresses_lead_to_the_row(administrator: Client, cast: Cast, model: Any) -> None:
    whole = address_of(model, "change", cast.auditor)
    assert whole is not None
    assert administrator.get(whole.removesuffix("change/"))["Location"] == whole


def test_an_app_tells_its_own_and_a_missing_slash_is_added(administrator: Client) -> None:
    page = administrator.get("/admin/liaison/").content.decode()
    assert "/admin/liaison/engagement/" in page
    assert "/admin/core/person/add/" not in page
    assert administrator.get("/admin/core/person")["Location"] == "/admin/core/person/"
    assert administrator.get("/admin/nothing").status_code == 404


def test_words_of_the_scripts_are_there(administrator: Client) -> None:
    answer = administrator.get("/admin/jsi18n/")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "gettext" in answer.content.decode()


def test_index_tells_what_is_managed_and_no_actions_of_the_past(administrator: Client) -> None:
    page = administrator.get("/admin/").content.decode()
    assert "Recent actions" not in page
    assert "Dead letters" in page or "Outbox entries" in page
    assert_strict(page)


def test_raw_permissions_and_tables_of_libraries_are_not_there() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert {name.split(".")[0] for name in names} <= {"core", "operations", "liaison", "training"}
    assert not names & {
        "auth.Permission",
        "auth.Group",
        "core.ReadEntry",
        "core.Notification",
        "core.Membership",
    }


def test_others_are_refused(client: Client, cast: Cast) -> None:
    for person in (cast.owner, cast.partner):
        client.force_login(person)
        for address in ("/admin/", "/admin/core/person/", "/admin/core/document/", "/admin/login/"):
            answer = client.get(address, follow=True)
            assert answer.status_code == 403, address


def test_a_link_to_any_object_by_its_number_is_not_there(administrator: Client) -> None:
    assert administrator.get("/admin/r/1/1/").status_code == 404


def test_doors_of_django_lead_to_the_portals(administrator: Client) -> None:
    assert administrator.get("/admin/password_change/")["Location"] == "/password/"
    assert administrator.post("/admin/logout/")["Location"] == "/sign-out/"
