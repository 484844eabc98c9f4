"""Forms of modules: what a draft says of itself, its pages, its questions, its package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from training.models import Course, ModuleKind, ModuleLanguage, Page, Question
from training.services.module_content import LONGEST_TEXT, MOST_ANSWERS
from training.services.module_draft import ModuleInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person
    from training.models import ModuleDraft

FIELDS = ("title", "summary", "language", "minutes", "kind", "pass_mark", "attempts_allowed", "course")


class ModuleForm(forms.Form):
    """What a module says of itself."""

    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())
    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("In short"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What one can do afterwards, in two sentences."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=ModuleLanguage.choices)
    minutes = forms.IntegerField(label=_("Minutes needed"), min_value=1, max_value=600)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=ModuleKind.choices,
        help_text=_("Lessons and quiz are written here. A SCORM 1.2 package is uploaded as a ZIP file."),
    )
    pass_mark = forms.IntegerField(label=_("Pass mark, per cent"), min_value=1, max_value=100)
    attempts_allowed = forms.IntegerField(
        label=_("Attempts allowed"),
        min_value=1,
        max_value=50,
        required=False,
        help_text=_("Empty: as many as one needs."),
    )
    course = forms.ModelChoiceField(
        label=_("Qualifies for"),
        queryset=Course.objects.none(),
        required=False,
        empty_label=_("No course"),
        help_text=_("Whoever passes is qualified for it. Only courses that your offices give."),
    )

    def __init__(self, *args: Any, person: Person, draft: ModuleDraft | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Course.objects.filter(is_archived=False, office__in=person.access.offices)
        if draft is not None:
            del self.fields["office"]
            if draft.course_id is not None:
                own = own | Course.objects.filter(pk=draft.course_id)
            self.initial = {name: getattr(draft, name) for name in FIELDS}
        else:
            self.initial = {
                "minutes": 20,
                "pass_mark": 80,
                "language": "en",
                "kind": "lessons",
            }
            self._offer_offices(person)
        self.fields["course"].queryset = own  # type: ignore[attr-defined]

    def _offer_offices(self, person: Person) -> None:
        self.fields["office"].queryset = Office.objects.filter(pk__in=person.access.offices)  # type: ignore[attr-defined]
        if len(person.access.offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", next(iter(person.access.offices)))

    def input(self) -> ModuleInput:
        return ModuleInput(**{name: self.cleaned_data[name] for name in FIELDS})


def _picture_help() -> str:
    words = _now("PNG, JPEG or WebP, at most %(most)s kB: it travels over a satellite link.")
    return words % {"most": settings.MODULE_PICTURE_MAX_BYTES // 1000}


class PageForm(forms.Form):
    """One page of a module."""

    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "data-rich": ""}),
        help_text=_("A line with [picture] says where the picture stands; without it, it stands at the end."),
    )
    picture = forms.FileField(label=_("Picture"), required=False, help_text=lazy(_picture_help, str)())
    alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=300,
        required=False,
        help_text=_("For whoever cannot see it, or has pictures switched off."),
    )
    without_picture = forms.BooleanField(label=_("Take the picture away"), required=False)

    def __init__(self, *args: Any, page: Page | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if page is not None:
            alt = page.picture.alt if page.picture else ""
            self.initial = {"title": page.title, "text": page.text, "alt": alt}
        if page is None or page.picture is None:
            del self.fields["without_picture"]


class QuestionForm(forms.Form):
    """One question, up to six answers, and why."""

    text = forms.CharField(label=_("Question"), max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
    explanation = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown once the answers are handed in."),
    )

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if question is not None:
            self.initial = {"text": question.text, "explanation": question.explanation}
        for number in range(MOST_ANSWERS):
            known = question is not None and number < len(question.answers)
            self.fields[f"answer_{number + 1}"] = forms.CharField(
                label=_now("Answer %(number)s") % {"number": number + 1},
                max_length=300,
                required=number < 2,  # noqa: PLR2004 - between one answer there is no choice
                initial=question.answers[number] if question is not None and known else "",
            )
            self.fields[f"right_{number + 1}"] = forms.BooleanField(
                label=_now("Answer %(number)s is right") % {"number": number + 1},
                required=False,
                initial=question is not None and number in question.right,
            )

    def question(self) -> Question:
        """What was typed; answers that were left empty are left out."""
        answers: list[str] = []
        right: list[int] = []
        for number in range(1, MOST_ANSWERS + 1):
            answer = self.cleaned_data[f"answer_{number}"].strip()
            if not answer:
                continue
            if self.cleaned_data[f"right_{number}"]:
                right.append(len(answers))
            answers.append(answer)
        text, why = self.cleaned_data["text"].strip(), self.cleaned_data["explanation"].strip()
        return Question(text, tuple(answers), tuple(right), why)

    def show(self, error: InvalidError) -> None:
        """What is right is ticked in several fields: what is said of it stands at the first."""
        for field, found in error.fields.items():
            name = "right_1" if field == "right" else field
            for message in found:
                self.add_error(name if name in self.fields else None, message)

    @property
    def answers(self) -> list[tuple[Any, Any]]:
        numbers = range(1, MOST_ANSWERS + 1)
        return [(self[f"answer_{number}"], self[f"right_{number}"]) for number in numbers]


def _package_help() -> str:
    words = _now("A ZIP file of SCORM 1.2, at most %(most)s MB. It is checked before anything of it is kept.")
    return words % {"most": settings.SCORM_MAX_BYTES // 2**20}


class PackageForm(forms.Form):
    """A SCORM package."""

    file = forms.FileField(label=_("SCORM package"), help_text=lazy(_package_help, str)())
