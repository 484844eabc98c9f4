"""Forms of a version of guidance: its text, who reviews it, comments and answers, and the decision."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from training.forms.guidance import post_field, text_field
from training.models import ReviewAnswer
from training.services.guidance_review import MOST_REVIEWERS
from training.services.guidance_text import TextInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person, Position
    from training.models import GuidanceVersion

USUAL_REVIEW = timedelta(days=14)


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)


class VersionForm(forms.Form):
    """The text of a draft; of a newer one also what changed."""

    changes = forms.CharField(
        label=_("What changed"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In plain words, for those who know the version in force."),
    )
    is_correction = forms.BooleanField(
        label=_("A small correction: who has acknowledged the version before need not do so again"),
        required=False,
    )
    text = text_field()

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if number == 1:
            del self.fields["changes"], self.fields["is_correction"]

    def input(self) -> TextInput:
        return TextInput(**self.cleaned_data)


class ReviewForm(forms.Form):
    """By when reviewers comment."""

    due_on = _day(_("Comments by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("due_on", timezone.localdate() + USUAL_REVIEW)


class ReviewerForm(forms.Form):
    """One position that is asked."""

    row_label = _("Reviewer")

    position = post_field(_("Position"), required=False)


ReviewerSet = formset_factory(
    ReviewerForm, extra=3, can_delete=True, max_num=MOST_REVIEWERS, validate_max=True
)


class ReviewForms:
    """`main` with the reviewers, as one."""

    def __init__(self, data: Any, positions: Sequence[Position] = ()) -> None:
        self.main = ReviewForm(data)
        first = [{"position": position} for position in positions]
        self.reviewers: BaseFormSet[Any] = ReviewerSet(data, initial=first, prefix="reviewers")

    @property
    def formsets(self) -> list[BaseFormSet[Any]]:
        return [self.reviewers]

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), self.reviewers.is_valid()])

    def input(self) -> dict[str, Any]:
        rows = [
            form.cleaned_data
            for form in self.reviewers.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        chosen = [row["position"].chosen for row in rows if row.get("position")]
        return {"due_on": self.main.cleaned_data["due_on"], "reviewers": chosen}

    def show(self, error: InvalidError) -> None:
        """Put the problems that a service found beside their fields; those of the rest stand on top."""
        for name, messages in error.fields.items():
            for message in messages:
                self.main.add_error(name if name in self.main.fields else None, message)


class CommentForm(forms.Form):
    """What is to be said, and of which place. `places`: headings and paragraphs, in their order."""

    place = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, places: Sequence[Any], at: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        # Each heading with what stands under it; of two places that begin alike the first.
        groups: dict[str, dict[str, str]] = {}
        known: set[str] = set()
        for place in places:
            if place.words not in known:
                known.add(place.words)
                heading = place.words if place.is_heading else place.heading
                told = _now("All under “%(heading)s”") % {"heading": place.words} if place.is_heading else ""
                groups.setdefault(heading, {})[place.words] = told or Truncator(place.words).chars(90)
        whole = [("", _now("the whole text")), *groups.pop("", {}).items()]
        rest = [(Truncator(heading).chars(90), list(group.items())) for heading, group in groups.items()]
        field.choices = [*whole, *rest]
        self.initial["place"] = next((one.words for one in places if str(one.number) == at), "")


class CommentAnswerForm(forms.Form):
    """What became of a comment."""

    taken_up = forms.TypedChoiceField(
        label=_("Is it taken up?"),
        choices=[("yes", _("Taken up")), ("no", _("Not taken up"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where it is not taken up."),
    )


class ReviewAnswerForm(forms.Form):
    """Whether a reviewer agrees."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(value, label) for value, label in ReviewAnswer.choices if value != ReviewAnswer.PENDING],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("In a word"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you do not agree. What is to change in the text is said in comments."),
    )


class ApproveForm(forms.Form):
    """From which day."""

    effective_on = _day(_("In force from"), help_text=_("Today, or a day ahead; never backwards."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where a reviewer does not agree or has not answered."),
    )

    def __init__(self, *args: Any, person: Person, record: GuidanceVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["effective_on"] = timezone.localdate()


class PaperForm(forms.Form):
    """For which office the paper is made."""

    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Office.objects.filter(pk__in=person.access.offices).order_by("pk")
        self.fields["office"].queryset = rows  # type: ignore[attr-defined]
        self.initial["office"] = rows.first()
