"""How far a task is, as whoever does it reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.audit.history import part_changes_since
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import verb
from operations.models import OperationTask, TaskProgress, TaskState
from operations.policies.schedule import can_report_progress
from operations.services.plan import lock_beside, lock_revision

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHOLE = 100


@dataclass(frozen=True)
class ProgressInput:
    """`state`: a TaskState; `percent`: 0 to 100."""

    state: str
    percent: int
    note: str = ""


def report_progress(task: OperationTask, data: ProgressInput, *, actor: Person, version: int) -> TaskProgress:
    """Say how far a task of the order in force is; `version`: of the last report shown, 0 for the first.

    Raises RefusedError, StaleError, InvalidError.
    """
    _check(data)
    with verb("task.progress", actor=actor):
        # The operation first, as whoever amends the order does; then the revision, so that two first
        # reports at once come one after the other.
        lock_beside(task.revision.operation_id, actor=actor)
        revision = lock_revision(task.revision, actor=actor)
        current = (
            OperationTask.objects.visible_to(actor).select_related("office", "organisation").get(pk=task.pk)
        )
        current.revision = revision
        require(can_report_progress(actor, current))
        rows = TaskProgress.objects.visible_to(actor).filter(
            operation=revision.operation_id, task_key=current.key
        )
        progress = rows.select_for_update(of=("self",)).first()
        if version != (progress.version if progress else 0):
            raise StaleError(part_changes_since(progress, version, actor) if progress else [])
        if progress is None:
            progress = TaskProgress(operation=revision.operation, task_key=current.key, version=0)
        progress.state, progress.percent, progress.note = data.state, reckoned(data), data.note.strip()
        progress.reported_by = actor
        progress.version += 1
        progress.save()
        announce(revision.operation, topic_of(revision.operation), "task.progress", progress.pk)
        return progress


def progress_problems(state: str, percent: int) -> dict[str, list[str]]:
    """What is no progress, by field."""
    problems = {}
    if state not in TaskState.values:
        problems["state"] = [_("Choose a state.")]
    if not 0 <= percent <= WHOLE:
        problems["percent"] = [_("Give 0 to 100 per cent.")]
    return problems


def _check(data: ProgressInput) -> None:
    problems = progress_problems(data.state, data.percent)
    if data.state in (TaskState.HELD_UP, TaskState.DROPPED) and not data.note.strip():
        problems["note"] = [_("Say why.")]
    if problems:
        raise InvalidError(problems)


def reckoned(data: ProgressInput) -> int:
    """What is done is done whole, and what has not begun is at nothing."""
    return {TaskState.DONE.value: WHOLE, TaskState.NOT_STARTED.value: 0}.get(data.state, data.percent)
