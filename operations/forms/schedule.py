"""Forms of phases, tasks, their moves and their progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Office, Place
from operations.models import Objective, OperationTask, Phase, TaskProgress, TaskState
from operations.models.participation import TakingPart
from operations.schedule.reading import ReadPlan, who_of
from operations.services.schedule_checks import PhaseInput, TaskInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError

ORDER_HELP = _("Among those that begin at the same time, the lower number stands first.")


class WhoField(forms.ChoiceField):
    """One of those who take part, as `office-3` or `organisation-5`; cleans to the participation or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.parts: dict[str, TakingPart] = {}

    def take(self, plan: ReadPlan) -> None:
        self.parts = {key_of(part): part for part in plan.participations}
        self.choices = [("", _g("Nobody yet")), *((key, str(part)) for key, part in self.parts.items())]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return self.parts.get(chosen) if chosen else None


def key_of(row: TakingPart | OperationTask) -> str:
    who = who_of(row)
    return f"{who[0]}-{who[1]}" if who else ""


class PhaseForm(forms.Form):
    """One phase."""

    name = forms.CharField(label=_("Phase"), max_length=120)
    starts_at = MomentField(label=_("Start"))
    ends_at = MomentField(label=_("End"))
    intent = forms.CharField(
        label=_("Intent"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=100_000, help_text=ORDER_HELP)

    def input(self) -> PhaseInput:
        """What was entered, for the services. Call after `is_valid()`."""
        return PhaseInput(**self.cleaned_data)


class TaskForm(forms.Form):
    """One task, with what it needs; offers what stands in the plan."""

    title = forms.CharField(label=_("Task"), max_length=200)
    who = WhoField(label=_("Done by"))
    starts_at = MomentField(label=_("Start"))
    ends_at = MomentField(label=_("End"))
    phase = forms.ModelChoiceField(label=_("Phase"), queryset=Phase.objects.none(), required=False)
    needs = forms.ModelMultipleChoiceField(
        label=_("Needs"),
        queryset=OperationTask.objects.none(),
        required=False,
        help_text=_("What must have ended before this task begins. Hold Ctrl to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    place = PickField(reverse_lazy("place_pick"), label=_("Place"), required=False)
    objective = forms.ModelChoiceField(
        label=_("Serves the objective"), queryset=Objective.objects.none(), required=False
    )
    details = forms.CharField(
        label=_("Details"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=100_000, help_text=ORDER_HELP)

    def __init__(
        self, data: Any = None, *, plan: ReadPlan, person: Any, task: OperationTask | None = None
    ) -> None:
        super().__init__(data, initial=_task_initial(plan, task))
        who: Any = self.fields["who"]
        who.take(plan)
        of_plan = {"revision": plan.revision}
        others = OperationTask.objects.visible_to(person).filter(**of_plan)
        rows = {
            "phase": Phase.objects.visible_to(person).filter(**of_plan),
            "objective": Objective.objects.visible_to(person).filter(**of_plan),
            "needs": others.exclude(pk=task.pk) if task else others,
            "place": Place.objects.filter(is_archived=False),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def input(self) -> TaskInput:
        """What was entered, for the services. Call after `is_valid()`."""
        data = dict(self.cleaned_data)
        part = data.pop("who")
        return TaskInput(
            **{
                **data,
                "place": data["place"].chosen,
                "needs": tuple(data["needs"]),
                "office": part.office if part else None,
                "organisation": part.organisation if part else None,
            }
        )

    def show(self, error: InvalidError) -> None:
        """Put what a service found beside the fields."""
        show_at(self, error)


def show_at(form: forms.Form, error: InvalidError) -> None:
    """Problems of whoever does it stand at the one field that names them; what has no field on top."""
    for name, messages in error.fields.items():
        field = "who" if name in ("office", "organisation") else name
        for message in messages:
            form.add_error(field if field in form.fields else None, message)


def _task_initial(plan: ReadPlan, task: OperationTask | None) -> dict[str, Any]:
    if task is None:
        start = timezone.localtime(plan.revision.operation.starts_at).replace(second=0, microsecond=0)
        return {"order": 100, "starts_at": start}
    names = ("title", "details", "starts_at", "ends_at", "place", "order")
    return {
        **{name: getattr(task, name) for name in names},
        "phase": task.phase_id,
        "objective": task.objective_id,
        "who": key_of(task),
        "needs": sorted(plan.needs.get(task.pk, ())),
    }


class MoveForm(forms.Form):
    """Other times for a task, and another who does it."""

    starts_at = MomentField(label=_("Start"))
    ends_at = MomentField(label=_("End"))
    who = WhoField(label=_("Done by"))

    def __init__(self, data: Any = None, *, plan: ReadPlan, task: OperationTask) -> None:
        initial = {"starts_at": task.starts_at, "ends_at": task.ends_at, "who": key_of(task)}
        super().__init__(data, initial=initial)
        who: Any = self.fields["who"]
        who.take(plan)


class DragForm(forms.Form):
    """The same as a script sends it: moments in ISO 8601 with their offset."""

    starts_at = forms.DateTimeField()
    ends_at = forms.DateTimeField()
    version = forms.IntegerField(min_value=1)
    who = WhoField()

    def __init__(self, *args: Any, plan: ReadPlan) -> None:
        super().__init__(*args)
        who: Any = self.fields["who"]
        who.take(plan)


class DaysForm(forms.Form):
    """By how many days."""

    days = forms.IntegerField(
        label=_("Days"), help_text=_("With a minus to move it earlier. The time of day stays.")
    )


class ProgressForm(forms.Form):
    """How far a task is."""

    state = forms.ChoiceField(label=_("State"), choices=TaskState.choices, widget=forms.RadioSelect)
    percent = forms.IntegerField(label=_("Per cent"), min_value=0, max_value=100)
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Needed where it is held up or dropped."),
    )

    def __init__(self, data: Any = None, *, progress: TaskProgress | None = None) -> None:
        names = ("state", "percent", "note")
        initial = {name: getattr(progress, name) for name in names} if progress else {"percent": 0}
        super().__init__(data, initial=initial)


class TaskFilterForm(forms.Form):
    """Which tasks of the plan the list shows."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80)
    who = forms.ChoiceField(label=_("Done by"), required=False)
    phase = forms.ChoiceField(label=_("Phase"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), ("none", _("Not reported")), *TaskState.choices],
    )
    flag = forms.ChoiceField(
        label=_("Marked"),
        required=False,
        choices=[
            ("", _("All tasks")),
            ("conflict", _("With a conflict")),
            ("critical", _("On the critical path")),
            ("mine", _("Of my offices")),
        ],
    )

    def __init__(self, *args: Any, plan: ReadPlan) -> None:
        super().__init__(*args)
        parts = [(key_of(part), str(part)) for part in plan.participations]
        self._offer("who", [("", _g("Everybody")), ("nobody", _g("Nobody yet")), *parts])
        phases = [(str(phase.key), phase.name) for phase in plan.phases]
        self._offer("phase", [("", _g("Every phase")), ("none", _g("Without phase")), *phases])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


class SchedulePaperForm(forms.Form):
    """In which form the schedule is made as a document."""

    office = forms.ModelChoiceField(label=_("For the office"), queryset=Office.objects.none())
    form = forms.ChoiceField(
        label=_("As"),
        choices=[("pdf", _("PDF, to read and hang up")), ("xlsx", _("Spreadsheet (XLSX), to work with"))],
        widget=forms.RadioSelect,
        initial="pdf",
    )

    def __init__(self, *args: Any, person: Any) -> None:
        super().__init__(*args)
        offices = Office.objects.filter(pk__in=person.access.offices).select_related("organisation")
        field: Any = self.fields["office"]
        field.queryset = offices
        self.initial.setdefault("office", next(iter(sorted(person.access.offices)), None))


class TaskImportForm(forms.Form):
    """A table of tasks as a file."""

    file = forms.FileField(
        label=_("Table of tasks"),
        help_text=_("CSV in UTF-8 or XLSX, at most 2 MB and 500 rows. Its first line names the columns."),
    )
