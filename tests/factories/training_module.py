"""Makers of modules, drafts, attempts and results."""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cimic_portal.core.sharing.records import SharedRecord
from tests.factories.core import PersonFactory, PositionFactory, SharedRecordFactory
from training import models

CONTENT = models.Content(
    pages=(
        models.Page("First page", "Some **bold** words\n\n| A | B |\n|---|---|\n| one | two |"),
        models.Page(
            "Second page",
            "Above\n\n[picture]\n\nBelow",
            models.PagePicture("A stair of five steps", file="last-resort.svg", width=480, height=470),
        ),
    ),
    questions=(
        models.Question("Who endorses?", ("The force", "CMCoord"), (1,), "Because the roles differ"),
        models.Question("Which two?", ("Need", "Good will", "Access"), (0, 2), "Good will is none of them"),
    ),
)


class ModuleFactory(DjangoModelFactory):
    """With its first edition, of `content`."""

    class Meta:
        model = models.Module
        skip_postgeneration_save = True

    title = factory.Sequence("Module {}".format)
    summary = "What one can do afterwards"
    published_on = factory.LazyFunction(timezone.localdate)

    @factory.post_generation
    def content(module: Any, create: bool, given: Any, **_more: Any) -> None:
        models.ModuleEdition.objects.create(module=module, number=module.edition, content=given or CONTENT)


class ModuleDraftFactory(SharedRecordFactory):
    class Meta:
        model = models.ModuleDraft

    title = factory.Sequence("Draft {}".format)
    summary = "What one can do afterwards"
    content = CONTENT

    @classmethod
    def _create(cls, model_class: type[SharedRecord], *args: Any, **fields: Any) -> SharedRecord:
        if fields.get("published") or fields.get("published_at"):
            fields.setdefault("state", "published")
        state = fields.get("state", "draft")
        if state == "published":
            fields.setdefault("module", ModuleFactory())
            fields.setdefault("published_at", timezone.now())
        if state == "submitted":
            fields.setdefault("approver", PositionFactory())
        return super()._create(model_class, *args, **fields)


class ModulePackageFactory(DjangoModelFactory):
    class Meta:
        model = models.ModulePackage

    draft = factory.SubFactory(ModuleDraftFactory, kind="scorm")
    added_by = factory.SubFactory(PersonFactory)
    title = "A package"
    sha256 = "0" * 64
    packed = 10
    unpacked = 20
    items = factory.LazyFunction(
        lambda: [{"id": "i1", "title": "Part", "href": "a.html", "launch_data": "", "mastery": None}]
    )


class ModulePictureFactory(DjangoModelFactory):
    class Meta:
        model = models.ModulePicture

    draft = factory.SubFactory(ModuleDraftFactory)
    added_by = factory.SubFactory(PersonFactory)
    caption = "A road"
    sha256 = preview_sha256 = "1" * 64
    content_type = "image/png"
    size = width = height = 10


class ModuleProgressFactory(DjangoModelFactory):
    class Meta:
        model = models.ModuleProgress

    person = factory.SubFactory(PersonFactory)
    module = factory.SubFactory(ModuleFactory)
    edition = 1


class ModuleAttemptFactory(DjangoModelFactory):
    """Open, in the order of the edition."""

    class Meta:
        model = models.ModuleAttempt

    person = factory.SubFactory(PersonFactory)
    module = factory.SubFactory(ModuleFactory)
    edition = factory.LazyAttribute(lambda row: row.module.editions.get(number=row.module.edition))
    number = 1
    pass_mark = 80
    order = factory.LazyAttribute(
        lambda row: [
            [place, list(range(len(one.answers)))] for place, one in enumerate(row.edition.content.questions)
        ]
    )


class ModuleResultFactory(DjangoModelFactory):
    class Meta:
        model = models.ModuleResult

    module = factory.SubFactory(ModuleFactory)
    edition = 1
    attempt = 1
    score = 90
    passed_on = factory.LazyFunction(timezone.localdate)
