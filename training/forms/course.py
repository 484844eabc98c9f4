"""Forms of sessions, seats, results and qualifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Person, Place
from training.models import Course, Result
from training.services.attendance import MOST_ATTENDING
from training.services.qualification import EarlierInput, has_proof
from training.services.session import Mark, SessionInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cimic_portal.core.errors import InvalidError
    from training.models import Enrolment

_DAY = {"type": "date"}


class SessionForm(forms.Form):
    """When, where, by whom, for how many."""

    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=1000, initial=20)
    place = PickField(
        reverse_lazy("place_pick"),
        label=_("Place"),
        required=False,
        help_text=_("One that the portal knows."),
    )
    room = forms.CharField(label=_("Room, address or link"), max_length=160, required=False)
    trainer = PickField(reverse_lazy("everyone_pick"), text="family_name", label=_("Trainer"), required=False)
    language = forms.CharField(label=_("Language"), max_length=40, required=False)
    note = forms.CharField(
        label=_("What to bring and to know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {"place": Place.objects.filter(is_archived=False), "trainer": Person.objects.posted()}
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def input(self) -> SessionInput:
        data = self.cleaned_data
        picked = {name: data[name].chosen for name in ("place", "trainer")}
        plain = {name: data[name] for name in ("starts_at", "ends_at", "seats", "room", "language", "note")}
        return SessionInput(**plain, **picked)


class NominateForm(forms.Form):
    """Who is to go."""

    person = PickField(
        reverse_lazy("everyone_pick"),
        text="family_name",
        label=_("Who"),
    )

    def __init__(self, *args: Any, person: Person, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = Person.objects.posted()
        field.help_text = _("Of your office, or of those below it that you lead.")
        if record.course.office_id in person.access.offices:
            field.help_text = _("Anybody with a post, for your office gives the course; not yourself.")

    def clean_person(self) -> Person | None:
        chosen: Person | None = self.cleaned_data["person"].chosen
        return chosen


CAME = [("", "–"), ("yes", _("Came")), ("no", _("Absent"))]


class MarkForm(forms.Form):
    """One line of the list: whether they came, the result, the score."""

    came = forms.ChoiceField(label=_("Attendance"), choices=CAME, required=False)
    result = forms.ChoiceField(label=_("Result"), choices=[("", "–"), *Result.choices], required=False)
    score = forms.IntegerField(label=_("Per cent"), min_value=0, max_value=100, required=False)


class MarksForm:
    """The list of a session, a form for each seat; answers as one form does."""

    def __init__(self, data: Any, rows: Sequence[Enrolment]) -> None:
        self.rows = list(rows)
        self.problems: list[str] = []
        self.forms = [
            MarkForm(data, prefix=str(row.pk), initial=_marked(row), use_required_attribute=False)
            for row in self.rows
        ]
        for row, form in zip(self.rows, self.forms, strict=True):
            form.row = row  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        # Each is asked, so that each shows what is wrong in it.
        return not [form for form in self.forms if not form.is_valid()]

    def marks(self) -> list[Mark]:
        """What was said; a line without attendance and result says nothing."""
        found = []
        for row, form in zip(self.rows, self.forms, strict=True):
            data = form.cleaned_data
            if any(value not in ("", None) for value in data.values()):
                # A result alone says that they came; the service refuses it of who was absent.
                found.append(Mark(row.pk, data["came"] != "no", data["result"], data["score"]))
        return found

    def show(self, error: InvalidError) -> None:
        by_row = {str(row.pk): form for row, form in zip(self.rows, self.forms, strict=True)}
        for field, lines in error.fields.items():
            for line in lines:
                if field in by_row:
                    by_row[field].add_error(None, line)
                else:
                    self.problems.append(line)


def _marked(row: Enrolment) -> dict[str, Any]:
    came = {"attended": "yes", "absent": "no"}.get(row.state, "")
    return {"came": came, "result": row.result, "score": row.score}


class AttendanceFileForm(forms.Form):
    """A list of who came, as a file."""

    file = forms.FileField(
        label=_("List of who came"),
        help_text=format_lazy(
            _("CSV in UTF-8 or XLSX, at most 2 MB and {most} rows. Its first line names the columns."),
            most=MOST_ATTENDING,
        ),
    )


class CourseField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A course, with how long it holds good."""

    def label_from_instance(self, obj: Course) -> str:
        if obj.validity_months is None:
            return _("%(course)s (does not expire)") % {"course": obj}
        words = ngettext(
            "%(course)s (valid for %(count)d month)",
            "%(course)s (valid for %(count)d months)",
            obj.validity_months,
        )
        return words % {"course": obj, "count": obj.validity_months}


class EarlierForm(forms.Form):
    """A qualification from before the mission, with its proof."""

    course = CourseField(label=_("Course"), queryset=Course.objects.none())
    authority = forms.CharField(
        label=_("Issued by"), max_length=120, help_text=_("The school or authority that stands on the paper.")
    )
    issued_on = forms.DateField(label=_("Issued on"), widget=forms.DateInput(_DAY, "%Y-%m-%d"))
    expires_on = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(_DAY, "%Y-%m-%d"),
        help_text=_(
            "As the paper says, and no longer than the months beside the course. Left empty, it does not "
            "expire, which holds only for a course that does not."
        ),
    )
    proof = forms.FileField(
        label=_("Picture of the certificate"),
        help_text=_("JPEG, PNG or WebP. A photo that can be read is enough."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.offered()  # type: ignore[attr-defined]

    def input(self) -> EarlierInput:
        return EarlierInput(**self.cleaned_data)


class ConfirmForm(forms.Form):
    """What was looked at, where no proof is attached."""

    seen = forms.CharField(
        label=_("What you have seen instead"),
        max_length=2000,
        help_text=_("The paper itself, or who answered at the school, and when."),
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )

    def __init__(self, *args: Any, person: Person, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_proof(record):
            del self.fields["seen"]


class CodeForm(forms.Form):
    """The code of a certificate, as somebody outside types it."""

    code = forms.CharField(
        label=_("Code on the certificate"),
        max_length=40,
        help_text=_("16 letters and digits; spaces and hyphens do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
