"""The comparison of courses of action as one form: criteria, courses, and a score for each pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from operations.services.courses import MOST_COURSES, MOST_CRITERIA
from operations.services.plan_inputs import ComparisonInput, CourseInput, CriterionInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError

SCORES = [("", "–"), *((score, str(score)) for score in range(1, 6))]


class CriterionForm(forms.Form):
    row_label = _("Criterion")

    key = forms.CharField(widget=forms.HiddenInput(), max_length=36, required=False)
    name = forms.CharField(label=_("Criterion"), max_length=120, required=False)
    weight = forms.TypedChoiceField(
        label=_("Weight"), choices=[(n, str(n)) for n in range(1, 11)], coerce=int, initial=1
    )


class CourseForm(forms.Form):
    row_label = _("Course")

    key = forms.CharField(widget=forms.HiddenInput(), max_length=36, required=False)
    name = forms.CharField(label=_("Course of action"), max_length=120, required=False)
    description = forms.CharField(
        label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ChooseForm(forms.Form):
    """Why this course and not another."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


_Criteria = formset_factory(
    CriterionForm,
    extra=2,
    can_delete=True,
    max_num=MOST_CRITERIA,
    validate_max=True,
    absolute_max=MOST_CRITERIA + 2,
)
_Courses = formset_factory(
    CourseForm,
    extra=2,
    can_delete=True,
    max_num=MOST_COURSES,
    validate_max=True,
    absolute_max=MOST_COURSES + 2,
)


class ScoreForm(forms.Form):
    """One field for each pair of what stands: `<course>_<criterion>`, by their keys."""

    def __init__(
        self,
        data: Any,
        *,
        courses: Sequence[Any],
        criteria: Sequence[Any],
        scores: dict[str, int],
    ) -> None:
        super().__init__(data, prefix="score")
        for course in courses:
            for criterion in criteria:
                name = pair(course.key, criterion.key)
                self.fields[name] = forms.TypedChoiceField(
                    label=f"{course.name}: {criterion.name}",
                    choices=SCORES,
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=scores.get(name),
                    widget=forms.Select(attrs={"aria-label": f"{course.name}: {criterion.name}"}),
                )


def pair(course: Any, criterion: Any) -> str:
    return f"{course}_{criterion}"


class ComparisonForms:
    """`criteria`, `courses` and `scores`, bound to `data` or filled from what stands (a `Comparison`)."""

    def __init__(self, comparison: Any, data: Any = None) -> None:
        self.standing = [line.course for line in comparison.courses]
        self.standing_criteria = list(comparison.criteria)
        scores = {
            pair(line.course.key, criterion.key): score
            for line in comparison.courses
            for criterion, score in zip(comparison.criteria, line.scores, strict=True)
            if score is not None
        }
        self.criteria: BaseFormSet[Any] = _Criteria(
            data,
            # What is sent stands for itself: a row that equals what stands must not count as empty.
            initial=None
            if data
            else [{"key": str(c.key), "name": c.name, "weight": c.weight} for c in comparison.criteria],
            prefix="criteria",
        )
        self.courses: BaseFormSet[Any] = _Courses(
            data,
            initial=None
            if data
            else [{"key": str(c.key), "name": c.name, "description": c.description} for c in self.standing],
            prefix="courses",
        )
        self.scores = ScoreForm(data, courses=self.standing, criteria=self.standing_criteria, scores=scores)

    @property
    def formsets(self) -> list[BaseFormSet[Any]]:
        return [self.criteria, self.courses]

    @property
    def table(self) -> list[tuple[Any, list[Any]]]:
        """Each standing course with its fields, in the order of the criteria."""
        return [
            (course, [self.scores[pair(course.key, criterion.key)] for criterion in self.standing_criteria])
            for course in self.standing
        ]

    @property
    def by_criterion(self) -> list[tuple[Any, list[Any]]]:
        """The same, a line for each criterion: there are more of these than of courses."""
        return [
            (one, [self.scores[pair(course.key, one.key)] for course in self.standing])
            for one in self.standing_criteria
        ]

    def is_valid(self) -> bool:
        return all([self.criteria.is_valid(), self.courses.is_valid(), self.scores.is_valid()])

    def _filled(self, formset: BaseFormSet[Any]) -> list[Any]:
        return [
            form
            for form in formset.forms
            if (data := getattr(form, "cleaned_data", None))
            and not data.get("DELETE")
            and (data.get("name") or data.get("key") or data.get("description"))
        ]

    def input(self) -> ComparisonInput:
        """What was entered, for the services. Call after `is_valid()`."""
        courses = [form.cleaned_data for form in self._filled(self.courses)]
        criteria = [form.cleaned_data for form in self._filled(self.criteria)]
        given = self.scores.cleaned_data
        return ComparisonInput(
            courses=tuple(CourseInput(row["name"], row["description"], row["key"]) for row in courses),
            criteria=tuple(CriterionInput(row["name"], row["weight"], row["key"]) for row in criteria),
            scores={
                (place, other): score
                for place, course in enumerate(courses)
                for other, criterion in enumerate(criteria)
                if (score := given.get(pair(course["key"], criterion["key"]))) is not None
            },
        )

    def show(self, error: InvalidError) -> None:
        """Put the problems that a service found beside their rows."""
        for name, messages in error.fields.items():
            group, _dot, rest = name.partition(".")
            forms_of = self._filled(self.courses if group == "courses" else self.criteria)
            number, _dot, field = rest.partition(".")
            form = forms_of[int(number)] if number else (forms_of or [self.scores])[0]
            for message in messages:
                form.add_error(field if field in form.fields else None, message)
