"""Writing modules: who may, what it needs, and how a draft becomes an edition."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from tests.factories.training_course import CourseFactory
from tests.factories.training_module import CONTENT, ModuleDraftFactory, ModuleFactory, ModulePackageFactory
from tests.operations.steps import post_of
from tests.support.outbox import told
from tests.support.pages import signed_in
from training.models import (
    Content,
    Module,
    ModuleDraft,
    ModuleEdition,
    ModulePackage,
    ModulePicture,
    Question,
)
from training.models import ModuleDraftState as S
from training.policies import module as policies
from training.services import module_content as contents
from training.services import module_draft as services

WHY = "tests look at everything"
INPUT = services.ModuleInput("Markings", "What a vehicle shows", pass_mark=70)
QUESTION = Question("Which?", ("This", "That"), (0,), "It is this")
TEAM = {"owner", "colleague", "head", "delegate"}
TABLE = [
    ("can_edit", S.DRAFT, {"owner"}),
    ("can_edit", S.SUBMITTED, set()),
    ("can_edit", S.PUBLISHED, set()),
    ("can_submit", S.DRAFT, {"owner"}),
    ("can_submit", S.SUBMITTED, set()),
    ("can_publish", S.DRAFT, set()),
    ("can_publish", S.SUBMITTED, {"head"}),
    ("can_publish", S.PUBLISHED, set()),
    ("can_drop", S.DRAFT, TEAM),
    ("can_drop", S.SUBMITTED, TEAM),
    ("can_drop", S.PUBLISHED, set()),
    ("can_drop", S.DROPPED, set()),
]


@pytest.mark.parametrize(("verb", "state", "allowed"), TABLE)
def test_verb_is_allowed_to(cast, verb, state, allowed):
    draft = ModuleDraftFactory(
        owner_office=cast.team, author=cast.owner, state=state, approver=post_of(cast.head)
    )
    decisions = {name: getattr(policies, verb)(person, draft) for name, person in cast.everyone().items()}
    assert {name for name, decision in decisions.items() if decision} == allowed
    assert all(decision.reason for decision in decisions.values() if not decision)


def test_the_mission_writes_and_everybody_with_a_post_learns(cast):
    everyone = cast.everyone()
    writers = {name for name, person in everyone.items() if policies.can_write(person)}
    assert writers == set(everyone) - {"postless", "inactive", "partner"}
    module = ModuleFactory(office=cast.police)
    assert {name for name, person in everyone.items() if policies.can_learn(person, module)} == writers | {
        "partner"
    }
    keepers = {name for name, person in everyone.items() if policies.can_begin_edition(person, module)}
    assert keepers == {"other_component", "delegate", "group_member"}
    nobody = {n for n, person in everyone.items() if policies.can_begin_edition(person, ModuleFactory())}
    assert nobody == set()


def submitted(cast: Any) -> ModuleDraft:
    draft = services.begin_draft(INPUT, actor=cast.owner, office=cast.team)
    draft = contents.write_page(
        draft, actor=cast.owner, version=draft.version, place=None, title="One", text="Words"
    )
    draft = contents.write_question(draft, QUESTION, actor=cast.owner, version=draft.version, place=None)
    return services.submit_draft(draft, actor=cast.owner, version=draft.version)


def test_from_draft_to_catalogue_and_on_to_the_next_edition(cast):
    draft = submitted(cast)
    assert told("moduledraft.submitted")["positions"] == [post_of(cast.head).pk]
    with pytest.raises(RefusedError):
        services.publish_draft(draft, actor=cast.owner, version=draft.version)
    draft = services.publish_draft(draft, actor=cast.head, version=draft.version)
    module = Module.objects.get(title="Markings")
    assert (module.office, module.edition, module.pass_mark) == (cast.team, 1, 70)
    second = services.begin_edition(module, actor=cast.colleague)
    assert second.content == module.editions.get(number=1).content
    with pytest.raises(RefusedError, match="already"):
        services.begin_edition(module, actor=cast.owner)
    second = contents.write_question(second, QUESTION, actor=cast.colleague, version=1, place=0)
    second = services.submit_draft(second, actor=cast.colleague, version=second.version)
    services.publish_draft(second, actor=cast.head, version=second.version)
    module.refresh_from_db()
    assert module.edition == 2
    assert ModuleEdition.objects.filter(module=module).count() == 2


def test_whoever_goes_on_with_the_draft_of_one_who_left_does_not_publish_it(cast):
    def left() -> ModuleDraft:
        made: ModuleDraft = ModuleDraftFactory(owner_office=cast.team, author=cast.postless)
        return made

    given: dict[str, Any] = {"actor": cast.head, "version": 1}
    edited = services.edit_draft(left(), INPUT, **given)
    written = contents.write_question(left(), QUESTION, place=None, **given)
    assert edited.author == written.author == cast.head
    written = services.submit_draft(written, actor=cast.head, version=written.version)
    assert written.approver == post_of(cast.head_above)
    with pytest.raises(RefusedError):
        services.publish_draft(written, actor=cast.head, version=written.version)


def test_the_next_edition_is_of_the_same_kind(cast):
    draft = services.begin_edition(ModuleFactory(office=cast.team), actor=cast.owner)
    data = services.ModuleInput("Markings", "What one can do afterwards", kind="scorm")
    with pytest.raises(InvalidError) as error:
        services.edit_draft(draft, data, actor=cast.owner, version=draft.version)
    assert list(error.value.fields) == ["kind"]


def test_a_returned_one_is_written_on_and_a_dropped_one_is_not(cast):
    draft = submitted(cast)
    draft = services.return_draft(draft, actor=cast.head, version=draft.version, reason="Too long")
    assert (draft.state, draft.state_reason) == (S.DRAFT, "Too long")
    draft = services.drop_draft(draft, actor=cast.colleague, version=draft.version, reason="Not needed")
    with pytest.raises(RefusedError):
        services.submit_draft(draft, actor=cast.owner, version=draft.version)


def test_drafts_are_read_by_their_office_alone(cast):
    draft = services.begin_draft(INPUT, actor=cast.owner, office=cast.team)

    def sees(person: Any) -> bool:
        return ModuleDraft.objects.visible_to(person).filter(pk=draft.pk).exists()

    assert sees(cast.colleague)
    assert not sees(cast.other_component)
    assert not sees(cast.partner)


def test_what_is_not_whole_is_not_submitted(cast):
    draft = services.begin_draft(INPUT, actor=cast.owner, office=cast.team)
    with pytest.raises(InvalidError) as error:
        services.submit_draft(draft, actor=cast.owner, version=draft.version)
    assert len(error.value.fields["content"]) == 2


def test_a_title_stands_once_and_a_course_is_ones_own(cast):
    ModuleFactory(title="Markings")
    foreign = services.ModuleInput("markings", "", course=CourseFactory(office=cast.police))
    with pytest.raises(InvalidError) as error:
        services.begin_draft(foreign, actor=cast.owner, office=cast.police)
    assert set(error.value.fields) == {"title", "summary", "course", "office"}
    own = services.ModuleInput("Own", "Summary", course=CourseFactory(office=cast.team))
    assert services.begin_draft(own, actor=cast.owner, office=cast.team).course is not None


def test_pages_and_questions_are_changed_moved_and_taken_away(cast):
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner)

    def arranged(what: str, place: int, step: int) -> ModuleDraft:
        return contents.arrange(
            draft, actor=cast.owner, version=draft.version, what=what, place=place, step=step
        )

    draft = arranged("pages", 0, 1)
    assert [page.title for page in draft.content.pages] == ["Second page", "First page"]
    draft = arranged("questions", 1, 0)
    assert [one.text for one in draft.content.questions] == ["Who endorses?"]
    with pytest.raises(InvalidError):
        arranged("pages", 9, 1)
    with pytest.raises(StaleError):
        contents.write_question(draft, QUESTION, actor=cast.owner, version=1, place=None)


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (Question("", (), (), ""), {"text", "answer_1", "right", "explanation"}),
        (Question("Q", ("a", "a"), (0,), "why"), {"answer_1"}),
        (Question("Q", ("a", "b"), (), "why"), {"right"}),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(cast, question, fields):
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner)
    with pytest.raises(InvalidError) as error:
        contents.write_question(draft, question, actor=cast.owner, version=1, place=None)
    assert set(error.value.fields) == fields


def png(size: int) -> io.BytesIO:
    target = io.BytesIO()
    Image.effect_noise((size, size), 90).convert("RGB").save(target, "PNG")
    target.seek(0)
    return target


def test_a_picture_is_small_and_says_what_it_shows(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, content=Content())
    page = {"actor": cast.owner, "version": 1, "place": None, "title": "Road", "text": "A road"}
    for given, field in (
        ({"picture": png(40)}, "alt"),
        ({"picture": png(400), "alt": "A road"}, "picture"),
        ({"picture": io.BytesIO(b"<svg onload='x'/>"), "alt": "A road"}, "picture"),
    ):
        with pytest.raises(InvalidError) as error:
            contents.write_page(draft, **page, **given)
        assert set(error.value.fields) == {field}
    draft = contents.write_page(draft, **page, picture=png(40), alt="A road")
    picture = draft.content.pages[0].picture
    assert (picture.alt, picture.width) == ("A road", 40)
    assert ModulePicture.objects.visible_to(cast.colleague).get().sha256 == picture.sha256
    again = page | {"version": 2, "place": 0}
    assert contents.write_page(draft, **again).content.pages[0].picture == picture
    again["version"] = 3
    assert contents.write_page(draft, **again, without_picture=True).content.pages[0].picture is None


def test_the_next_edition_takes_the_package_along(cast):
    package = ModulePackageFactory(draft__owner_office=cast.team)
    module = ModuleFactory(kind="scorm", office=cast.team, content=Content())
    module.editions.update(package=package)
    draft = services.begin_edition(module, actor=cast.owner)
    assert ModulePackage.objects.unscoped(WHY).get(draft=draft).items == package.items
    assert services.submit_draft(draft, actor=cast.owner, version=draft.version).state == S.SUBMITTED


def test_the_office_archives_and_puts_back(cast):
    module = ModuleFactory(office=cast.team)
    assert services.archive_module(module, actor=cast.owner).is_archived
    assert not services.archive_module(module, actor=cast.owner).is_archived
    with pytest.raises(RefusedError):
        services.archive_module(module, actor=cast.outsider)


def test_content_says_its_size_and_is_read_back_as_it_was(cast):
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner)
    draft.refresh_from_db()
    assert draft.content == CONTENT
    assert str(draft.content) == "2 pages, 2 questions"


def test_a_picture_of_a_published_page_is_shown_to_whoever_learns(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, content=Content())
    page = {"actor": cast.owner, "version": 1, "place": None, "title": "Road", "text": "A road"}
    draft = contents.write_page(draft, **page, picture=png(40), alt="A road")
    module = ModuleFactory()
    edition = module.editions.get()
    edition.content = draft.content
    edition.save()
    client = signed_in(cast.partner)
    answer = client.get(reverse("module_picture", args=[module.pk, edition.number, 1]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == draft.content.pages[0].picture.content_type
    assert client.get(reverse("module_picture", args=[module.pk, edition.number, 2])).status_code == 404


def test_a_draft_is_dropped_through_the_api(cast):
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner)
    address = reverse("api:moduledraft-drop", args=[draft.reference])
    sent = {"version": draft.version, "reason": "Another module tells it"}
    answer = signed_in(cast.owner).post(address, sent, content_type="application/json")
    assert answer.status_code == 200, answer.content
    draft.refresh_from_db()
    assert draft.state == S.DROPPED
