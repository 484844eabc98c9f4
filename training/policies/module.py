"""Who may do what with modules and their drafts. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from cimic_portal.core.sharing.levels import Component
from training.models import ModuleAttempt, ModuleDraftState, ModuleKind

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Module, ModuleDraft


def can_write(person: Person) -> Decision:
    """Begin a module: whoever holds a post of the mission, for their own office; another publishes it."""
    if not (decision := can_act(person)):
        return decision
    if Component(person.component).of_mission:
        return Allowed()
    return Refused(_("Modules are written by the mission."))


def can_begin_edition(person: Person, module: Module) -> Decision:
    """Write the next edition: the office that keeps the module."""
    if not (decision := can_write(person)):
        return decision
    if module.office_id is None:
        return Refused(_("No office keeps this module yet. An administrator names one."))
    if module.office_id in person.access.offices:
        return Allowed()
    return Refused(_("This module is kept by %(office)s.") % {"office": module.office})


def can_edit(person: Person, draft: ModuleDraft) -> Decision:
    """Its author writes until it is submitted; when the author has left the organisation, the office does."""
    if draft.state != ModuleDraftState.DRAFT:
        return Refused(_("Only a draft can be changed."))
    if draft.author_id == person.pk:
        return Allowed()
    if draft.owner_office.organisation_id in draft.author.access.organisations:
        return Refused(_("%(author)s is writing this module.") % {"author": draft.author})
    return _keeps(person, draft)


def _keeps(person: Person, draft: ModuleDraft) -> Decision:
    if draft.owner_office_id in person.access.offices:
        return Allowed()
    return Refused(_("This module is kept by %(office)s.") % {"office": draft.owner_office})


def can_submit(person: Person, draft: ModuleDraft) -> Decision:
    """Hand it to the releasing position: whoever writes it."""
    if draft.state != ModuleDraftState.DRAFT:
        return Refused(_("This draft was submitted already."))
    return can_edit(person, draft)


def can_publish(person: Person, draft: ModuleDraft) -> Decision:
    """Publish or return it: the releasing position, never its author."""
    if draft.state != ModuleDraftState.SUBMITTED or draft.approver is None:
        return Refused(_("Only a submitted draft is published or returned."))
    if draft.author_id == person.pk:
        return Refused(_("Nobody releases their own work. %(position)s does.") % {"position": draft.approver})
    if decides_for(person, draft.approver, authors={draft.author_id}):
        return Allowed()
    return Refused(_("%(position)s publishes it.") % {"position": draft.approver})


def can_drop(person: Person, draft: ModuleDraft) -> Decision:
    """Give it up: the office that keeps it."""
    if not draft.is_open:
        return Refused(_("This draft is closed already."))
    return _keeps(person, draft)


def can_archive(person: Person, module: Module) -> Decision:
    """Take it out of the catalogue, or back into it: the office that keeps it."""
    return can_begin_edition(person, module)


def can_learn(person: Person, module: Module) -> Decision:
    """Everybody with a post learns what is in the catalogue."""
    if module.is_archived:
        return Refused(_("This module is archived. It can be read, and is not passed any more."))
    return can_act(person)


def can_try(person: Person, module: Module) -> Decision:
    """Begin an attempt: as often as the module allows, and again without a limit once it was passed.

    The limit counts the failed ones since the last time it was passed, of every edition.
    """
    if not (decision := can_learn(person, module)):
        return decision
    if module.attempts_allowed is None or attempts_left(person, module) > 0:
        return Allowed()
    return Refused(
        ngettext(
            "%(count)s attempt is allowed, and it is used up. Ask %(office)s.",
            "%(count)s attempts are allowed, and they are used up. Ask %(office)s.",
            module.attempts_allowed,
        )
        % {"count": module.attempts_allowed, "office": module.office or _("your administrator")}
    )


def attempts_left(person: Person, module: Module) -> int:
    """How many attempts are left where they are counted."""
    made = ModuleAttempt.objects.filter(person=person, module=module, handed_in_at__isnull=False)
    passed = made.filter(passed=True).order_by("-number").values_list("number", flat=True).first() or 0
    return (module.attempts_allowed or 0) - made.filter(number__gt=passed).count()


def can_play(person: Person, module: Module) -> Decision:
    """Open the package of a module."""
    if module.kind != ModuleKind.SCORM:
        return Refused(_("This module is no package."))
    return can_learn(person, module)
