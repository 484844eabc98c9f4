"""Learning a module: pages opened, attempts begun, answers kept and handed in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from training.models import Module, ModuleAttempt, ModuleEdition, ModuleProgress, ModuleResult, Question, Way
from training.policies import module as policies
from training.services.qualification import award
from training.services.record import record_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

_random = secrets.SystemRandom()
# Place of a question in the edition → places of the answers that were ticked.
Ticked = Mapping[int, Sequence[int]]


def edition_of(module: Module) -> ModuleEdition:
    """The edition that is learned now."""
    return module.editions.select_related("package").get(number=module.edition)


def open_page(module: Module, number: int, *, actor: Person) -> ModuleProgress:
    """The person has opened a page (from 1): kept, so that they go on there. A new edition begins anew."""
    with verb("module.read", actor=actor):
        progress = _progress(module, actor)
        if progress.edition != module.edition:
            progress.edition, progress.pages_read, progress.page = module.edition, [], 1
        if number not in progress.pages_read or progress.page != number:
            progress.pages_read = sorted({*progress.pages_read, number})
            progress.page = number
            progress.save()
        return progress


def _progress(module: Module, person: Person) -> ModuleProgress:
    rows = ModuleProgress.objects.select_for_update()
    found, _new = rows.get_or_create(person=person, module=module, defaults={"edition": module.edition})
    return found


def begin_attempt(module: Module, *, actor: Person) -> ModuleAttempt:
    """Begin an attempt on the edition of now; the open one where there is one. Raises RefusedError."""
    with verb("module.try", actor=actor):
        # The row of progress is the lock: two clicks begin one attempt.
        _progress(module, actor)
        open_one = ModuleAttempt.objects.filter(
            person=actor, module=module, handed_in_at__isnull=True
        ).first()
        if open_one is not None:
            return open_one
        require(policies.can_try(actor, module))
        edition = edition_of(module)
        made = ModuleAttempt.objects.filter(person=actor, module=module).aggregate(last=Max("number"))
        return ModuleAttempt.objects.create(
            person=actor,
            module=module,
            edition=edition,
            number=(made["last"] or 0) + 1,
            pass_mark=module.pass_mark,
            order=_order(edition.content.questions),
        )


def _order(questions: Sequence[Question]) -> list[list[object]]:
    """An order of this attempt's own, of the questions and of the answers of each."""
    places = list(range(len(questions)))
    _random.shuffle(places)
    order: list[list[object]] = []
    for place in places:
        answers = list(range(len(questions[place].answers)))
        _random.shuffle(answers)
        order.append([place, answers])
    return order


@dataclass(frozen=True)
class Asked:
    """A question as this attempt asks it: `place` in the edition, answers as (place, text, ticked)."""

    place: int
    question: Question
    answers: list[tuple[int, str, bool]]

    @property
    def is_right(self) -> bool:
        return {place for place, _text, ticked in self.answers if ticked} == set(self.question.right)


def asked(attempt: ModuleAttempt) -> list[Asked]:
    """The questions in the order of the attempt, with what was ticked."""
    questions = attempt.edition.content.questions
    found = []
    for place, answers in attempt.order:
        question, ticked = questions[place], attempt.answers.get(str(place), [])
        found.append(Asked(place, question, [(one, question.answers[one], one in ticked) for one in answers]))
    return found


def keep_answers(attempt: ModuleAttempt, ticked: Ticked, *, actor: Person) -> ModuleAttempt:
    """Keep what was ticked so far. Raises RefusedError, InvalidError."""
    with verb("module.answer", actor=actor):
        current = _locked_quiz(attempt, actor)
        current.answers = _readable(current, ticked)
        current.save()
        return current


def hand_in(attempt: ModuleAttempt, ticked: Ticked, *, actor: Person) -> ModuleAttempt:
    """Hand the answers in: the score is final, and what is right is shown. Raises as `keep_answers`."""
    with verb("module.hand_in", actor=actor):
        current = _locked_quiz(attempt, actor)
        current.answers = _readable(current, ticked)
        rows = asked(current)
        if open_ones := [row for row in rows if not any(ticked for _p, _t, ticked in row.answers)]:
            raise InvalidError({f"question_{row.place}": [_("Choose an answer.")] for row in open_ones})
        score = 100 * sum(row.is_right for row in rows) // len(rows)
        close_attempt(current, score=score, passed=score >= current.pass_mark)
        return current


def locked_attempt(attempt: ModuleAttempt, actor: Person) -> ModuleAttempt:
    """The attempt as it stands, locked; the person's own and still open. Raises RefusedError."""
    rows = ModuleAttempt.objects.select_for_update(of=("self",)).select_related("edition", "module")
    current: ModuleAttempt = rows.get(pk=attempt.pk, person=actor)
    if not current.is_open:
        raise RefusedError(_("This attempt was handed in already. Its answers are not changed any more."))
    return current


def _locked_quiz(attempt: ModuleAttempt, actor: Person) -> ModuleAttempt:
    """As `locked_attempt`, of a quiz: a package asks for itself, and ends in ways of its own."""
    current = locked_attempt(attempt, actor)
    if current.edition.package_id is not None:
        raise RefusedError(_("This module is a package: it has no quiz to hand in."))
    return current


def _readable(attempt: ModuleAttempt, ticked: Ticked) -> dict[str, list[int]]:
    """What was ticked, as far as it was asked. Raises InvalidError for what was never offered."""
    questions = attempt.edition.content.questions
    kept: dict[str, list[int]] = {}
    for place, answers in ticked.items():
        if not 0 <= place < len(questions):
            raise InvalidError({"answers": [_("There is no such question.")]})
        question = questions[place]
        wrong = any(not 0 <= one < len(question.answers) for one in answers)
        if wrong or (len(answers) > 1 and not question.several):
            raise InvalidError({f"question_{place}": [_("Choose one of the answers offered here.")]})
        if answers:
            kept[str(place)] = sorted(set(answers))
    return kept


def close_attempt(attempt: ModuleAttempt, *, score: int | None, passed: bool) -> None:
    """Write the result down; who passes has it in the training record. Part of the running verb."""
    attempt.handed_in_at, attempt.score, attempt.passed = timezone.now(), score, passed
    attempt.save()
    if passed:
        _record(attempt)


def _record(attempt: ModuleAttempt) -> None:
    person, module = attempt.person, attempt.module
    record = record_of(person)
    today = timezone.localdate()
    made = ModuleResult.objects.create(
        record=record,
        module=module,
        edition=attempt.edition.number,
        attempt=attempt.number,
        score=attempt.score,
        passed_on=today,
    )
    progress = _progress(module, person)
    progress.passed_at = attempt.handed_in_at
    progress.save()
    if module.course is not None:
        award(person, module.course, on=today, actor=person, how=Way.MODULE)
    else:
        notify(record, "module.passed", people=[person], actor=None, about=[made])


def own_attempts(module: Module, person: Person) -> list[ModuleAttempt]:
    """The person's attempts, the last on top."""
    return list(ModuleAttempt.objects.filter(person=person, module=module).order_by("-number"))
