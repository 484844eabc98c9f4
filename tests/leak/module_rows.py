"""Modules of the leak world: states of drafts, their packages and pictures, and who passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cimic_portal.core import store
from tests.factories.operations_qip import post_of
from tests.factories.training_module import (
    ModuleFactory,
    ModulePackageFactory,
    ModulePictureFactory,
    ModuleResultFactory,
)
from training.models import (
    Content,
    ModuleDraft,
    ModuleDraftState,
    Page,
    PagePicture,
    Question,
    TrainingRecord,
)

if TYPE_CHECKING:
    from tests.leak.world import LeakWorld


def own_module_draft(world: LeakWorld, index: int, published: bool) -> dict[str, Any]:
    """Its pages and questions carry a word too: the number that the record is about to get."""
    from tests.leak.world import mark

    word = mark(len(world.items) + 1)
    drafts = (ModuleDraftState.DRAFT, ModuleDraftState.SUBMITTED, ModuleDraftState.DROPPED)
    kept = store.attachments.keep(f"{word}picture".encode())
    picture = PagePicture(f"{word}alt", sha256=kept.sha256, content_type="image/png", width=9, height=9)
    content = Content(
        (Page(f"{word}page", f"{word}text", picture),),
        (Question(f"{word}question", (f"{word}answer", "no"), (0,), f"{word}why"),),
    )
    return {
        "state": ModuleDraftState.PUBLISHED if published else drafts[index % 3],
        "approver": post_of(world.cast.head_above) if index % 3 == 0 else None,
        "kind": "scorm" if index % 4 == 3 else "lessons",
        "module": ModuleFactory() if published else None,
        "content": content,
    }


def add_modules(world: LeakWorld) -> None:
    """A package or a picture for each draft; each training record says that its person passed a module."""
    from tests.leak.world import mark

    for draft in world.records[ModuleDraft]:
        word = mark(world.number_of[draft])
        if draft.kind == "scorm":
            items = [{"id": "i", "title": f"{word}part", "href": "a", "launch_data": "", "mastery": None}]
            ModulePackageFactory(draft=draft, added_by=draft.author, title=f"{word}package", items=items)
        sha256 = draft.content.pages[0].picture.sha256
        ModulePictureFactory(draft=draft, added_by=draft.author, sha256=sha256, preview_sha256=sha256)
    module = ModuleFactory()
    for record in world.records[TrainingRecord]:
        row = ModuleResultFactory(record=record, module=module)
        world.passed.append((row, world.number_of[record]))
