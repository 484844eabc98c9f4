"""The rows of a rotation held to who serves in which post, one after the other; nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.models import Holding, OutboxEntry, Person, Position, Proposal, ProposalState
from cimic_portal.core.own import own_change
from cimic_portal.core.services.people import leave_key
from cimic_portal.core.services.rotation_rows import Posts, RotationRow, read_row
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.tablefile import line_of
from cimic_portal.core.templatetags.moments import day_text, last_day

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Trial:
    """The rows held to the services in posts as they would stand with those before them."""

    def __init__(self, rows: Iterable[Mapping[str, str]], actor: Person, *, lock: bool = False) -> None:
        self.actor, self.now = actor, timezone.now()
        self.rows = [RotationRow(line_of(row), row) for row in rows]
        self._gather(lock)
        self.newcomers: dict[str, Person] = {}
        self.invited: dict[str, Person] = {}
        self.changed_people: dict[str, Person] = {}
        self.begun: list[Holding] = []
        self.ended: dict[int, Holding] = {}
        self.closing: dict[str, tuple[Person, datetime]] = {}
        self.heads: list[Holding] = []
        self.clearances: dict[str, tuple[Person, int]] = {}
        # Who says by a row of their own when they leave which post.
        self.told: set[tuple[str, int]] = set()
        for row in sorted(self.rows, key=lambda row: not row.departs):
            if not row.problems:
                (self._depart if row.departs else self._arrive)(row)

    def _gather(self, lock: bool) -> None:
        """Read the rows and what they touch; a constant number of queries."""
        named = {row.email for row in self.rows if "\0" not in row.email}
        rows: QuerySet[Person] = Person.objects.filter(email__in=named)
        people = {one.email: one for one in (rows.select_for_update() if lock else rows)}
        posts = Posts(self.rows)
        for row in self.rows:
            read_row(row, posts, people)
            if row.person is not None and not row.problems:
                people.setdefault(row.email, row.person)
        known = [one.pk for one in people.values() if one.pk]
        held = Q(person__in=known) | Q(position__in={row.position.pk for row in self.rows if row.position})
        services = Holding.objects.filter(held).select_related("person", "position__office")
        self.held = list(services.select_for_update(of=("self",)) if lock else services)
        waits = Proposal.objects.filter(state=ProposalState.WAITING, person__in=known)
        asked = list(waits.values_list("person__email", "clearance", "position", "since"))
        self.asked_clearances = {(email, level) for email, level, _post, _since in asked}
        self.asked_posts = {(email, post, since) for email, _level, post, since in asked}
        keys = {
            leave_key(row.person.pk, row.end) for row in self.rows if row.closes and row.person and row.end
        }
        self.closings = set(OutboxEntry.objects.filter(key__in=keys).values_list("key", flat=True))

    def _depart(self, row: RotationRow) -> None:
        person, end = row.person, row.end
        assert person is not None
        assert end is not None
        if person.pk == self.actor.pk:
            row.refuse(own_change())
            return
        services = [one for one in self.held if one.person.email == row.email]
        own = [one for one in services if row.position is None or one.position_id == row.position.pk]
        ending = [one for one in own if one.since < end and lasts(one, end)]
        after = [one for one in services if one not in ending and lasts(one, end)]
        if row.position is not None and not own:
            row.refuse(_("%(person)s does not hold this position.") % {"person": person})
        if row.closes and after:
            words = _("The account cannot be closed: %(person)s serves as %(post)s after that day.")
            row.refuse(words % {"person": person, "post": after[0].position})
        if row.problems:
            return
        self.told |= {(row.email, one.position_id) for one in own}
        for one in ending:
            self._end(one, end)
            words = _("Serves as %(post)s until %(day)s.")
            row.effects.append(words % {"post": one.position, "day": last_day(end)})
        self._close(row, person, end)
        row.stands = not row.effects

    def _close(self, row: RotationRow, person: Person, end: datetime) -> None:
        if not row.closes or not person.is_active or leave_key(person.pk, end) in self.closings:
            return
        self.closing[row.email] = (person, end)
        words = _("The account is closed after %s, unless a new post begins before.")
        row.effects.append(words % last_day(end) if end > self.now else _("The account is closed."))

    def _arrive(self, row: RotationRow) -> None:
        person, post = row.person, row.position
        assert person is not None
        assert post is not None
        assert row.since is not None
        if person.pk is not None and person.pk == self.actor.pk:
            row.refuse(own_change())
            return
        service = Holding(person=person, position=post, since=row.since, until=row.end)
        own = [one for one in self._of(post) if one.person.email == row.email and _meet(one, service)]
        if own and not _covers(service, own[0]):
            words = _("Holds this position already in a part of this period, from %s.")
            row.refuse(words % _period(own[0]))
            return
        if own:
            row.effects.append(_("Holds this position already, from %s.") % _period(own[0]))
            row.stands = True
        elif not (self._ask_for_head if post.is_head else self._take_over)(row, service):
            return
        if not row.stands:
            self._enter_person(row, person)
        self._clear(row, person)

    def _ask_for_head(self, row: RotationRow, service: Holding) -> bool:
        """Nobody is ended by it: whoever is head stays, until a row of their own ends it."""
        asked = (row.email, service.position_id, service.since)
        if asked in self.asked_posts:
            row.effects.append(_("Waits for a second administrator already."))
            row.stands = True
            return True
        self.heads.append(service)
        self.asked_posts.add(asked)
        words = _("Takes over %(post)s, a head post, from %(period)s: waits for a second administrator.")
        row.effects.append(words % {"post": service.position, "period": _period(service)})
        row.waits = True
        return True

    def _take_over(self, row: RotationRow, service: Holding) -> bool:
        """False, with the problem, where somebody stands in the way."""
        others = [one for one in self._of(service.position) if _meet(one, service)]
        stay = [one for one in others if (one.person.email, one.position_id) in self.told]
        leave = [one for one in others if one not in stay]
        for one in leave:
            if one.since >= service.since:
                words = _("%(person)s takes this position over from %(period)s.")
                row.refuse(words % {"person": one.person, "period": _period(one)})
            elif one.person_id == self.actor.pk:
                row.refuse(_("This would end your own service. Ask another administrator."))
        if row.problems:
            return False
        words = _("Takes over %(post)s from %(period)s.")
        row.effects.append(words % {"post": service.position, "period": _period(service)})
        for one in stay:
            assert one.until is not None
            words = _("%(person)s stays beside until %(day)s, as their own row says.")
            row.effects.append(words % {"person": one.person, "day": last_day(one.until)})
        for one in leave:
            self._end(one, service.since)
            words = _("Replaces %(person)s, who serves until %(day)s.")
            row.effects.append(words % {"person": one.person, "day": last_day(service.since)})
        self.held.append(service)
        self.begun.append(service)
        return True

    def _enter_person(self, row: RotationRow, person: Person) -> None:
        if person.pk is None and row.email not in self.newcomers:
            self.newcomers[row.email] = self.invited[row.email] = person
            words = _("New: %(person)s, %(component)s. A link to choose a password goes out.")
            row.effects.append(words % {"person": person, "component": person.get_component_display()})
        elif person.pk is not None and not person.is_active:
            person.is_active = True
            self.changed_people[row.email] = self.invited[row.email] = person
            row.effects.append(_("The account is opened again. A link to choose a password goes out."))

    def _clear(self, row: RotationRow, person: Person) -> None:
        """A higher clearance waits; a lower one protects, and counts at once, for whoever arrives now."""
        if row.clearance is None or row.clearance == person.clearance:
            return
        level = {"level": Classification(row.clearance).label}
        if row.clearance > person.clearance:
            asked = (row.email, row.clearance) in self.asked_clearances or row.email in self.clearances
            if not asked:
                self.clearances[row.email] = (person, row.clearance)
                row.effects.append(_("Clearance %(level)s waits for a second administrator.") % level)
                row.waits, row.stands = True, False
        elif not row.stands:
            person.clearance = row.clearance
            self.changed_people[row.email] = person
            row.effects.append(_("Clearance is lowered to %(level)s at once.") % level)

    def _of(self, post: Position) -> list[Holding]:
        return [one for one in self.held if one.position_id == post.pk]

    def _end(self, service: Holding, end: datetime) -> None:
        service.until = end
        if service.pk:
            self.ended[service.pk] = service


def lasts(service: Holding, moment: datetime) -> bool:
    return service.until is None or service.until > moment


def _meet(one: Holding, other: Holding) -> bool:
    return lasts(one, other.since) and lasts(other, one.since)


def _covers(asked: Holding, held: Holding) -> bool:
    """Whether what is held is what was asked for, as far as it was not ended sooner since then.

    Of a head post the beginning may be later: it waited to be confirmed.
    """
    begins = held.since == asked.since or (asked.position.is_head and held.since > asked.since)
    return begins and (asked.until is None or (held.until is not None and held.until <= asked.until))


def _period(service: Holding) -> str:
    begin = day_text(service.since)
    if service.until is None:
        return begin
    return _("%(begin)s until %(end)s") % {"begin": begin, "end": last_day(service.until)}
