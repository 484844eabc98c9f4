"""The demo mission's modules: who keeps them, who learned them, and how far."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from cimic_portal.core.models import Office, Person
from cimic_portal.overview.demo import module_words as words
from cimic_portal.overview.demo.cast import cast_of
from cimic_portal.overview.demo.module_package import build
from cimic_portal.overview.demo.records import reference
from training.models import (
    Content,
    Course,
    Module,
    ModuleAttempt,
    ModuleDraft,
    ModuleEdition,
    ModulePackage,
    ModuleProgress,
    ModuleResult,
    Qualification,
    Way,
)
from training.models.qualification import CODE_LENGTH
from training.services.record import open_to, record_of
from training.services.scorm_package import take_in

TRAINERS = "Integrated Training"
LEARNERS = 70
# The shipped modules, and the course of the catalogue for which passing one qualifies.
QUALIFIES = {
    "How this portal shares information": "IND-04",
    "Requesting military assistance: last resort": "CMC-03",
}


def make_modules(rng: random.Random, offices: Mapping[str, Office]) -> list[Module]:
    """Two shipped modules, one of the mission's own with figures, one package; drafts; seventy learners."""
    cast = cast_of(offices)
    office = offices[TRAINERS]
    head = office.positions.get(is_head=True)
    author = cast.person(office.positions.filter(is_head=False).order_by("pk")[0])
    Module.objects.filter(office=None).update(office=office)
    own, _draft = _published(rng, author, head.pk, words.FIGURES_TITLE, words.FIGURES_SUMMARY, words.FIGURES)
    for title, code in QUALIFIES.items():
        Module.objects.filter(title=title).update(course=Course.objects.get(code=code))
    package = _packaged(rng, author, head.pk)
    ModuleDraft.objects.create(
        reference=reference(rng),
        owner_office=office,
        author=author,
        title=words.DRAFT_TITLE,
        summary=words.DRAFT_SUMMARY,
        content=words.DRAFT,
        minutes=10,
        state="submitted",
        approver=head,
    )
    modules = [*Module.objects.exclude(pk__in=[own.pk, package.pk]).order_by("pk"), own]
    editions = {one.module_id: one for one in ModuleEdition.objects.filter(module__in=modules)}
    people = sorted({person.pk: person for person in cast.holders.values()}.values(), key=lambda one: one.pk)
    for person in rng.sample(people, min(LEARNERS, len(people))):
        for module in rng.sample(modules, rng.randint(1, len(modules))):
            _learned(rng, person, module, editions[module.pk])
    return [*modules, package]


def _published(
    rng: random.Random, author: Person, approver: int, title: str, summary: str, content: Content, **more: str
) -> tuple[Module, ModuleDraft]:
    """A module of the catalogue, and the draft of which it was made."""
    office = author.holdings.order_by("pk")[0].position.office
    facts = {"title": title, "summary": summary, "minutes": 10, **more}
    published = timezone.now() - timedelta(days=60)
    module = Module.objects.create(office=office, published_on=timezone.localdate(published), **facts)
    draft = ModuleDraft.objects.create(
        reference=reference(rng),
        owner_office=office,
        author=author,
        content=content,
        module=module,
        state="published",
        approver_id=approver,
        published_at=published,
        **facts,
    )
    ModuleEdition.objects.create(module=module, number=1, content=content)
    return module, draft


def _packaged(rng: random.Random, author: Person, approver: int) -> Module:
    """A SCORM package, taken in as an upload is."""
    title, summary = (
        "Convoy markings: a short check",
        "What a marked vehicle must show, and what it must not.",
    )
    module, draft = _published(rng, author, approver, title, summary, Content(), kind="scorm")
    package = ModulePackage.objects.create(draft=draft, added_by=author, **take_in(build()))
    ModuleEdition.objects.filter(module=module).update(package=package)
    return module


def _learned(rng: random.Random, person: Person, module: Module, edition: ModuleEdition) -> None:
    """As far as this person came: read some pages, failed, or passed."""
    pages, questions = len(edition.content.pages), edition.content.questions
    when = timezone.now() - timedelta(days=rng.randint(1, 55), minutes=rng.randint(0, 1400))
    whole = rng.random() < 0.7
    read = pages if whole else rng.randint(1, pages)
    progress = ModuleProgress.objects.create(
        person=person, module=module, edition=1, pages_read=list(range(1, read + 1)), page=read
    )
    ModuleProgress.objects.filter(pk=progress.pk).update(begun_at=when, updated_at=when)
    if not whole:
        return
    tries = 2 if rng.random() < 0.25 else 1
    passes = rng.random() < 0.85
    for number in range(1, tries + 1):
        passed = passes and number == tries
        wrong = 0 if passed and rng.random() < 0.5 else 1 if passed else max(1, len(questions) // 3)
        score = 100 * (len(questions) - wrong) // len(questions)
        passed = passed and score >= module.pass_mark
        day = timezone.now() - timedelta(days=rng.randint(1, 25) + 25 * (tries - number))
        _attempted(rng, person, module, edition, number, wrong, score, passed=passed, handed_in=day)


def _attempted(
    rng: random.Random,
    person: Person,
    module: Module,
    edition: ModuleEdition,
    number: int,
    wrong: int,
    score: int,
    *,
    passed: bool,
    handed_in: datetime,
) -> None:
    questions = edition.content.questions
    answers = {}
    for place, question in enumerate(questions):
        other = next(one for one in range(len(question.answers)) if one not in question.right)
        answers[str(place)] = [other] if place < wrong else list(question.right)
    ModuleAttempt.objects.create(
        person=person,
        module=module,
        edition=edition,
        number=number,
        pass_mark=module.pass_mark,
        order=[[place, list(range(len(one.answers)))] for place, one in enumerate(questions)],
        answers=answers,
        handed_in_at=handed_in,
        score=score,
        passed=passed,
    )
    if passed:
        ModuleResult.objects.create(
            record=record_of(person),
            module=module,
            edition=edition.number,
            attempt=number,
            score=score,
            passed_on=timezone.localdate(handed_in),
        )
        ModuleProgress.objects.filter(person=person, module=module).update(passed_at=handed_in)
        if module.course is not None:
            _qualified(rng, person, module.course, handed_in)


def _qualified(rng: random.Random, person: Person, course: Course, passed_at: datetime) -> None:
    """As `award` does, but nobody is told of it months later."""
    record = record_of(person)
    open_to(record, course.office)
    on = timezone.localdate(passed_at)
    Qualification.objects.create(
        record=record,
        course=course,
        code="".join(reference(rng) for _ in range(2))[:CODE_LENGTH],
        issued_on=on,
        expires_on=course.expiry(on),
        way=Way.MODULE,
        authority=course.authority,
        entered_by=person,
        confirmed_at=passed_at,
        confirmed_by=person,
    )
