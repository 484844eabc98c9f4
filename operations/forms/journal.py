"""Forms of the journal: the quick entry, and what is decided."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.forms.position import PositionField
from cimic_portal.core.models import Place
from operations.models import EntryKind, TaskState
from operations.reports.execution import Execution
from operations.services.journal import AHEAD
from operations.services.journal_inputs import EntryInput, ReportedProgress

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError

_DIGITS = 9
# Problems of a service, at the field of this form that they are about.
_FIELD_OF = {"happened_at": "at_time", "percent": "percent", "state": "state"}


# Of a plan with more tasks those near in time are offered, from so long before until so long after.
MOST_OFFERED, _NEAR = 60, timedelta(days=2)


def _is_near(task: Any) -> bool:
    now = timezone.now()
    return bool(task.starts_at - _NEAR <= now <= task.ends_at + _NEAR)


class TaskField(forms.ChoiceField):
    """A task of the order in force as `KEY:VERSION` of its last report; cleans to (key, version) or None.

    An older version is taken as it is: whoever saves finds that somebody reported meanwhile.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Select(attrs={"data-pick": ""}), **kwargs)

    def take(self, execution: Execution, chosen: str) -> None:
        """Offer what is near in time, so that a large plan stays light; any task of the order is taken."""
        self.known = {str(task.key) for task in execution.tasks}
        all_of_them = len(execution.tasks) <= MOST_OFFERED
        near = [task for task in execution.tasks if all_of_them or _is_near(task) or str(task.key) == chosen]
        self.choices = [("", _g("No task")), *(self._offer(execution, task) for task in near)]

    def _offer(self, execution: Execution, task: Any) -> tuple[str, str]:
        reported = execution.progress.get(task.key)
        told = f" ({reported.get_state_display()}, {reported.percent} %)" if reported else ""
        return f"{task.key}:{reported.version if reported else 0}", f"{task.title}{told}"

    def valid_value(self, value: Any) -> bool:
        return str(value).partition(":")[0] in self.known

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        if not chosen:
            return None
        key, _colon, version = chosen.partition(":")
        fits = version.isdecimal() and len(version) <= _DIGITS
        return UUID(key), int(version) if fits else -1


class EntryForm(forms.Form):
    """One entry; all but the words may stay empty. An empty time is now."""

    text = forms.CharField(
        label=_("What happened"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "data-quick": "", "aria-keyshortcuts": "Control+Enter"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=EntryKind.choices, initial=EntryKind.REPORT)
    at_time = forms.TimeField(
        label=_("When, if not now"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    on_day = forms.DateField(
        label=_("Day, if not the last 24 hours"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_urgent = forms.BooleanField(label=_("Urgent: tell all who take part at once"), required=False)
    task = TaskField(label=_("Task"))
    state = forms.ChoiceField(
        label=_("The task is"), required=False, choices=[("", _("Nothing new")), *TaskState.choices]
    )
    percent = forms.IntegerField(label=_("Per cent"), required=False, min_value=0, max_value=100)
    place = PickField(reverse_lazy("place_pick"), label=_("Place"), required=False)
    location = forms.CharField(label=_("Where exactly"), max_length=160, required=False)
    position = PositionField(label=_("Grid or coordinates"), required=False)
    decision = forms.ChoiceField(label=_("Decision point that is reached"), required=False)
    corrects = forms.IntegerField(
        label=_("Corrects entry number"), required=False, min_value=1, max_value=10**_DIGITS
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    MORE = ("state", "percent", "on_day", "place", "location", "position", "decision", "corrects")

    def __init__(self, data: Any = None, *, execution: Execution, initial: Any = None) -> None:
        super().__init__(data, initial={"client_id": uuid4(), **(initial or {})})
        task: Any = self.fields["task"]
        task.take(execution, str(self.data.get("task", "")).partition(":")[0])
        points: Any = self.fields["decision"]
        points.choices = [("", _g("None")), *((str(row.key), row.title) for row in execution.open_points)]
        places: Any = self.fields["place"]
        places.queryset = Place.objects.filter(is_archived=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("state") and data.get("percent") is None:
            data["percent"] = {"done": 100}.get(data["state"], 0)
            if data["state"] == TaskState.IN_PROGRESS:
                self.add_error("percent", _g("Say how far the task is."))
        if data.get("percent") is not None and not data.get("state"):
            self.add_error("state", _g("Say how the task stands."))
        if data.get("on_day") and not data.get("at_time") and data["on_day"] != timezone.localdate():
            self.add_error("at_time", _g("Give the time, too."))
        return data

    @property
    def more_is_open(self) -> bool:
        """Whether the fields that are rarely needed have to be seen."""
        return any(self[name].errors or (self.is_bound and self[name].value()) for name in self.MORE)

    def input(self) -> EntryInput:
        """What was entered, for the services. Call after `is_valid()`."""
        data = self.cleaned_data
        task, spot = data["task"], data["position"]
        progress = None
        if data["state"]:
            version = task[1] if task else 0
            progress = ReportedProgress(data["state"], data["percent"], version)
        return EntryInput(
            text=data["text"],
            kind=self._kind(),
            happened_at=_moment(data["on_day"], data["at_time"]),
            place=data["place"].chosen,
            location=data["location"],
            latitude=spot.lat if spot else None,
            longitude=spot.lon if spot else None,
            task=task[0] if task else None,
            progress=progress,
            decision=UUID(data["decision"]) if data["decision"] else None,
            is_urgent=data["is_urgent"],
            corrects=data["corrects"],
            client_id=data["client_id"],
        )

    def _kind(self) -> str:
        """Whoever did not choose a kind has said it by what they filled in."""
        data = self.cleaned_data
        if data["kind"] != EntryKind.REPORT:
            return str(data["kind"])
        if data["decision"] or data["is_urgent"]:
            return EntryKind.SITUATION.value
        return EntryKind.PROGRESS.value if data["state"] else EntryKind.REPORT.value

    def show(self, error: InvalidError) -> None:
        """Put what a service found beside the fields."""
        for name, messages in error.fields.items():
            field = _FIELD_OF.get(name, name)
            for message in messages:
                self.add_error(field if field in self.fields else None, message)

    def as_a_new_one(self) -> None:
        """What was typed stays, under an id of its own."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["client_id"] = str(uuid4())  # type: ignore[index]


def _moment(day: date | None, clock: time | None) -> datetime | None:
    """The moment on the mission's clock; without a day the last time that the clock showed this."""
    if clock is None:
        return None
    zone, now = timezone.get_default_timezone(), timezone.localtime()
    moment = datetime.combine(day or now.date(), clock, tzinfo=zone)
    if day is None and moment > now + AHEAD:
        moment = datetime.combine(now.date() - timedelta(days=1), clock, tzinfo=zone)
    return moment


class DecideForm(forms.Form):
    """What follows, and why."""

    decision = forms.CharField(
        label=_("What follows"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
