"""What the pages of tasks and time begin with: the operation, the revision shown, its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from operations.models import Operation, OperationTask, Phase, PlanRevision
from operations.policies.schedule import can_plan_time
from operations.schedule.reading import ReadPlan, read_plan
from operations.views.frame import fetch, newer_draft, page_of, shown_revision


@dataclass
class Shown:
    """The operation and the revision that a page shows, as this person reads them; else it is a 404."""

    person: Any
    operation: Operation
    revision: PlanRevision
    asked: str

    @cached_property
    def plan(self) -> ReadPlan:
        return read_plan(self.revision, self.person)

    @cached_property
    def may_plan(self) -> bool:
        return bool(can_plan_time(self.person, self.revision))

    @property
    def query(self) -> str:
        """Keeps the pages at the revision that was asked for."""
        return f"?revision={self.asked}" if self.asked else ""

    def url(self, route: str, *args: Any) -> str:
        return f"{reverse(route, args=[self.operation.reference, *args])}{self.query}"

    def task(self, key: UUID) -> OperationTask:
        """The task of that key in this revision, or 404."""
        found = next((task for task in self.plan.tasks if task.key == key), None)
        if found is None:
            raise Http404
        found.revision = self.revision
        return found

    def phase(self, key: UUID) -> Phase:
        found = next((phase for phase in self.plan.phases if phase.key == key), None)
        if found is None:
            raise Http404
        found.revision = self.revision
        return found

    def context(self, route: str) -> dict[str, Any]:
        """What every page of tasks and time shows; the read is logged."""
        page = page_of(self.person, self.operation, route)
        for tab in page["tabs"]:
            tab["url"] += self.query
        return {
            **page,
            "plan": self.plan,
            "revision": self.revision,
            "may_plan": self.may_plan,
            "query": self.query,
            "revision_words": self._words(),
            "draft": newer_draft(self.person, self.revision),
        }

    def _words(self) -> str:
        """Which revision is shown, where that is not plainly the one that counts."""
        if not self.asked and self.revision.is_writable:
            return ""
        if self.revision.is_frago and self.revision.is_writable:
            # It says itself that it is being written.
            return str(self.revision)
        words = _("%(revision)s, %(state)s")
        state = str(self.revision.get_state_display()).lower()
        return words % {"revision": self.revision, "state": state}


def show(request: HttpRequest, reference: str) -> Shown:
    """The operation of the address and the revision asked for, or 404."""
    person: Any = request.user
    operation = fetch(request, reference)
    asked = request.GET.get("revision", "")
    revision = shown_revision(operation, person, asked)
    # Fetched with all that policies ask of it.
    revision.operation = operation
    return Shown(person, operation, revision, asked)
