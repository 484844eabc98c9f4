"""Verbs on drafts of modules: begin, describe, submit, return, publish, drop; and archive a module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Person, Position
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from training.models import (
    Module,
    ModuleDraft,
    ModuleDraftState,
    ModuleEdition,
    ModuleKind,
    ModuleLanguage,
    ModulePackage,
)
from training.policies import module as policies
from training.services.module_content import content_problems

if TYPE_CHECKING:
    from cimic_portal.core.models import Office
    from training.models import Course

FACTS = ("summary", "language", "minutes", "kind", "pass_mark", "attempts_allowed", "course")
_PACKAGES = "packages of a draft that the actor sees"


@dataclass(frozen=True)
class ModuleInput:
    """What one form says about a module."""

    title: str
    summary: str
    language: str = ModuleLanguage.ENGLISH
    minutes: int = 20
    kind: str = ModuleKind.LESSONS
    pass_mark: int = 80
    attempts_allowed: int | None = None
    course: Course | None = None

    def write(self, draft: ModuleDraft) -> None:
        draft.title = self.title.strip()
        for name in FACTS:
            setattr(draft, name, getattr(self, name))
        draft.summary = draft.summary.strip()


def _problems(data: ModuleInput, actor: Person, module: Module | None) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not data.title.strip():
        problems["title"] = [_("Give the module a title.")]
    if not data.summary.strip():
        problems["summary"] = [_("Say in two sentences what one can do afterwards.")]
    if module is not None and module.kind != data.kind:
        # Attempts under way go on with their edition, on the pages of the module's kind.
        problems["kind"] = [_("The module in the catalogue is of another kind. Begin a module of its own.")]
    others = Module.objects.filter(title__iexact=data.title.strip())
    if (others.exclude(pk=module.pk) if module else others).exists():
        problems["title"] = [_("A module of this title is in the catalogue already.")]
    unchanged = module is not None and data.course is not None and module.course_id == data.course.pk
    if data.course is not None and not unchanged and data.course.office_id not in actor.access.offices:
        problems["course"] = [_("Only the office that gives a course lets a module qualify for it.")]
    return problems


def begin_draft(data: ModuleInput, *, actor: Person, office: Office) -> ModuleDraft:
    """Begin a module; the office reads it until it is published. Raises RefusedError, InvalidError."""
    require(policies.can_write(actor))
    problems = _problems(data, actor, None)
    if office.pk not in actor.access.offices:
        problems["office"] = [_("Choose one of your own offices.")]
    if problems:
        raise InvalidError(problems)
    with verb("moduledraft.begin", actor=actor):
        draft = ModuleDraft(owner_office=office, author=actor)
        data.write(draft)
        draft.save()
        return draft


def begin_edition(module: Module, *, actor: Person) -> ModuleDraft:
    """Begin the next edition, from what stands now. Raises RefusedError."""
    require(policies.can_begin_edition(actor, module))
    with verb("moduledraft.begin", actor=actor):
        Module.objects.select_for_update().get(pk=module.pk)
        written = ModuleDraft.objects.unscoped("drafts of the office that keeps the module").open()
        if written.filter(module=module).exists():
            raise RefusedError(_("The next edition is being written already. It stands among the drafts."))
        assert module.office is not None  # The policy asks for it.
        edition = module.editions.get(number=module.edition)
        draft = ModuleDraft(owner_office=module.office, author=actor, module=module, content=edition.content)
        draft.title = module.title
        for name in FACTS:
            setattr(draft, name, getattr(module, name))
        draft.save()
        if edition.package_id is not None:
            _copy_package(edition.package_id, draft, actor)
        return draft


def _copy_package(pk: int, draft: ModuleDraft, actor: Person) -> None:
    """The package of the edition before; its files are kept once, by their digests."""
    package = ModulePackage.objects.unscoped(_PACKAGES).get(pk=pk)
    package.pk, package.draft, package.added_by = None, draft, actor
    package._state.adding = True
    package.save()


def edit_draft(draft: ModuleDraft, data: ModuleInput, *, actor: Person, version: int) -> ModuleDraft:
    """Change what a draft says of itself. Raises RefusedError, InvalidError, StaleError.

    Whoever goes on with the draft of someone who left becomes its author, and so does not publish it.
    """
    with verb("moduledraft.edit", actor=actor):
        current = lock(draft, actor=actor, version=version)
        require(policies.can_edit(actor, current))
        if problems := _problems(data, actor, current.module):
            raise InvalidError(problems)
        current.author = actor
        data.write(current)
        save_changed(current)
        return current


def _step(
    draft: ModuleDraft,
    name: str,
    policy: Callable[[Person, ModuleDraft], Decision],
    *,
    actor: Person,
    version: int,
    change: Callable[[ModuleDraft], None],
    reason: str = "",
) -> ModuleDraft:
    with verb(f"moduledraft.{name}", actor=actor, reason=reason):
        current = lock(draft, actor=actor, version=version)
        require(policy(actor, current))
        change(current)
        save_changed(current)
        return current


def submit_draft(draft: ModuleDraft, *, actor: Person, version: int) -> ModuleDraft:
    """Hand it to the releasing position. Raises RefusedError, InvalidError, StaleError."""

    def change(current: ModuleDraft) -> None:
        if missing := content_problems(current, has_package=package_of(current) is not None):
            raise InvalidError({"content": missing})
        current.approver = _judge(current)
        current.state, current.state_reason = ModuleDraftState.SUBMITTED, ""
        notify(current, "moduledraft.submitted", positions=[current.approver], actor=actor)

    return _step(draft, "submit", policies.can_submit, actor=actor, version=version, change=change)


def _judge(draft: ModuleDraft) -> Position:
    found = draft.owner_office.releasing_position(
        author_id=draft.author_id, classification=draft.classification
    )
    if found is None:
        raise RefusedError(_("Nobody can decide on it now: the posts above are vacant or not cleared."))
    return found


def return_draft(draft: ModuleDraft, *, actor: Person, version: int, reason: str) -> ModuleDraft:
    """Give it back to its author, with the reason."""
    need_reason(reason, _("Say what is missing."))

    def change(current: ModuleDraft) -> None:
        current.state, current.state_reason, current.approver = ModuleDraftState.DRAFT, reason, None
        notify(current, "moduledraft.returned", people=[current.author], actor=actor)

    return _step(
        draft, "return", policies.can_publish, actor=actor, version=version, change=change, reason=reason
    )


def publish_draft(draft: ModuleDraft, *, actor: Person, version: int) -> ModuleDraft:
    """Put it into the catalogue, as a module or as the next edition of one. Raises InvalidError too."""

    def change(current: ModuleDraft) -> None:
        current.module = _published(current)
        current.state, current.published_at = ModuleDraftState.PUBLISHED, timezone.now()
        notify(current, "moduledraft.published", people=[current.author], actor=actor)

    return _step(draft, "publish", policies.can_publish, actor=actor, version=version, change=change)


def _published(draft: ModuleDraft) -> Module:
    module = draft.module
    others = Module.objects.filter(title__iexact=draft.title)
    if (others.exclude(pk=module.pk) if module else others).exists():
        raise InvalidError({"title": [_("A module of this title is in the catalogue already.")]})
    module = Module.objects.select_for_update().get(pk=module.pk) if module else Module(edition=0)
    for name in ("title", *FACTS):
        setattr(module, name, getattr(draft, name))
    module.office = draft.owner_office
    module.edition += 1
    module.published_on, module.is_archived = timezone.localdate(), False
    module.save()
    ModuleEdition.objects.create(
        module=module, number=module.edition, content=draft.content, package=package_of(draft)
    )
    return module


def drop_draft(draft: ModuleDraft, *, actor: Person, version: int, reason: str) -> ModuleDraft:
    """Give it up, with the reason; the office still reads it."""
    need_reason(reason, _("Say why it is dropped."))

    def change(current: ModuleDraft) -> None:
        current.state, current.state_reason = ModuleDraftState.DROPPED, reason

    return _step(draft, "drop", policies.can_drop, actor=actor, version=version, change=change, reason=reason)


def package_of(draft: ModuleDraft) -> ModulePackage | None:
    """The package that was uploaded last; none where the draft is written in the portal."""
    if draft.kind != ModuleKind.SCORM:
        return None
    return ModulePackage.objects.unscoped(_PACKAGES).filter(draft=draft).order_by("-pk").first()


def archive_module(module: Module, *, actor: Person) -> Module:
    """Take it out of the catalogue, or put it back. Raises RefusedError."""
    with verb("module.archive", actor=actor):
        current = Module.objects.select_for_update().get(pk=module.pk)
        require(policies.can_archive(actor, current))
        current.is_archived = not current.is_archived
        current.save()
        return current
