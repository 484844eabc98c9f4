"""One row of a rotation: who arrives at or leaves which post, read from the texts of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.models import Office, Person, Position
from cimic_portal.core.sharing.levels import Classification, Component
from cimic_portal.core.tablefile import TableShape

if TYPE_CHECKING:
    from django.db.models import IntegerChoices

# The columns of the table that is offered to be filled in, and what they are for. The heads are not
# translated: the import knows these.
COLUMNS = {
    "movement": ("Movement", gettext_lazy("arrives or departs")),
    "email": ("E-mail", gettext_lazy("the address with which the person signs in")),
    "rank": ("Rank", gettext_lazy("or form of address, for new people")),
    "given_name": ("Given name", gettext_lazy("for new people")),
    "family_name": ("Family name", gettext_lazy("for new people")),
    "component": ("Component", gettext_lazy("for new people; empty: that of the office")),
    "clearance": ("Clearance", gettext_lazy("empty: as it stands, or unclassified")),
    "organisation": ("Organisation", gettext_lazy("where offices of two are called alike")),
    "office": ("Office", gettext_lazy("its name or short name")),
    "position": (
        "Position",
        gettext_lazy("the title of the post; empty for whoever departs from all"),
    ),
    "since": ("From", gettext_lazy("the first day in the post, as 2027-03-01")),
    "until": ("Until", gettext_lazy("the last day in the post")),
    "account": ("Account", gettext_lazy("close, or empty: it stays")),
}
ROTATION_TABLE = TableShape(
    heads={
        "movement": "movement",
        "e-mail": "email",
        "email": "email",
        "rank": "rank",
        "form of address": "rank",
        "given name": "given_name",
        "family name": "family_name",
        "component": "component",
        "clearance": "clearance",
        "organisation": "organisation",
        "office": "office",
        "position": "position",
        "from": "since",
        "until": "until",
        "account": "account",
    },
    needed=("movement", "email"),
    sheet="rotation",
    no_head=gettext_lazy("None of the first lines names the columns Movement and E-mail."),
    no_rows=gettext_lazy("The table names nobody."),
)
SHOWN = 60
# A slip of the keyboard in the year should not make somebody serve for a century.
_FARTHEST = timedelta(days=3660)
_FORMS = ("%Y-%m-%d", "%Y-%m-%d 00:00", "%d.%m.%Y", "%d %b %Y", "%d %B %Y")
_MOVEMENTS = {"arrives": False, "arrival": False, "departs": True, "departure": True}
_ACCOUNTS = {"": False, "keep": False, "stays": False, "close": True, "closed": True}


@dataclass
class RotationRow:
    """One row: its texts, what was read from them, what it will do, and why it cannot be entered.

    `effects`: in plain words; `waits`: a part of them needs a second administrator; `stands`: nothing is
    left to do. Until `end`, exclusive, as services in posts are kept.
    """

    line: int
    cells: Mapping[str, str]
    departs: bool = False
    closes: bool = False
    person: Person | None = None
    position: Position | None = None
    since: datetime | None = None
    end: datetime | None = None
    component: int | None = None
    clearance: int | None = None
    effects: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    waits: bool = False
    stands: bool = False

    @property
    def email(self) -> str:
        return self.text("email").lower()

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def refuse(self, words: str) -> None:
        self.problems.append(words)


class Posts:
    """The offices and posts of the portal by what they are called; two queries for all rows."""

    def __init__(self, rows: list[RotationRow]) -> None:
        named = {row.text("office").casefold() for row in rows} - {""}
        self._offices: dict[str, list[Office]] = {}
        for office in Office.objects.select_related("organisation"):
            for name in {office.name.casefold(), office.short_name.casefold()} & named:
                self._offices.setdefault(name, []).append(office)
        wanted = {office.pk for offices in self._offices.values() for office in offices}
        posts = Position.objects.filter(office__in=wanted).select_related("office")
        self._posts = {(post.office_id, post.title.casefold()): post for post in posts}

    def find(self, row: RotationRow) -> Position | None:
        """The post that the row names; a problem of the row where there is none, or more than one office."""
        office = self._office(row)
        if office is None:
            return None
        post = self._posts.get((office.pk, row.text("position").casefold()))
        if post is None:
            words = _("There is no position “%(title)s” in %(office)s.")
            row.refuse(words % {"title": row.text("position")[:SHOWN], "office": office})
        return post

    def _office(self, row: RotationRow) -> Office | None:
        found = self._offices.get(row.text("office").casefold(), [])
        body = row.text("organisation").casefold()
        if body:
            found = [
                one
                for one in found
                if body in (one.organisation.name.casefold(), one.organisation.short_name.casefold())
            ]
        if len(found) == 1:
            return found[0]
        words = (
            _("More than one office is called “%(name)s”: name its organisation, or its full name.")
            if found
            else _("There is no office “%(name)s” of that organisation.")
            if body
            else _("There is no office “%(name)s”.")
        )
        row.refuse(words % {"name": row.text("office")[:SHOWN]})
        return None


def read_row(row: RotationRow, posts: Posts, people: Mapping[str, Person]) -> None:
    """What the texts of the row say, into the row; its problems where they say nothing that is known."""
    if any("\x00" in text for text in row.cells.values()):
        row.refuse(_("A text holds a character that cannot be stored."))
        return
    movement, account = row.text("movement").casefold(), row.text("account").casefold()
    if movement not in _MOVEMENTS:
        row.refuse(_("The movement is “arrives” or “departs”, not “%s”.") % row.text("movement")[:SHOWN])
    if account not in _ACCOUNTS:
        row.refuse(_("The account is “close” or empty, not “%s”.") % row.text("account")[:SHOWN])
    row.departs, row.closes = _MOVEMENTS.get(movement, False), _ACCOUNTS.get(account, False)
    row.since, row.end = _day(row, "since"), _day(row, "until")
    if row.end is not None:
        row.end = _next(row.end)
    row.component = _chosen(row, "component", Component)
    row.clearance = _chosen(row, "clearance", Classification)
    if row.text("office") or row.text("position") or not row.departs:
        row.position = posts.find(row)
    row.person = people.get(row.email)
    (_read_departure if row.departs else _read_arrival)(row)


def _read_departure(row: RotationRow) -> None:
    if row.person is None:
        row.refuse(_("Nobody in the portal has this address."))
    if row.end is None and not row.problems:
        row.refuse(_("Say the last day under Until."))


def _read_arrival(row: RotationRow) -> None:
    if row.closes:
        row.refuse(_("Whoever arrives needs the account: leave Account empty."))
    if row.since is None and not row.text("since"):
        row.refuse(_("Say the first day under From."))
    if row.since is not None and row.end is not None and row.end <= row.since:
        row.refuse(_("The last day must not come before the first."))
    post = row.position
    if post is not None and (post.is_archived or _is_closed(post.office)):
        row.refuse(_("%s is no longer filled: the position is archived, or its office closed.") % post)
    if row.person is None:
        row.person = _newcomer(row)
    else:
        _compare(row, row.person)


def _is_closed(office: Office) -> bool:
    return office.closed_on is not None and office.closed_on <= timezone.localdate()


def _newcomer(row: RotationRow) -> Person:
    """Somebody who is not in the portal yet; not saved."""
    component = row.component or (row.position.component if row.position else None)
    person = Person(
        email=row.email,
        form_of_address=row.text("rank"),
        given_name=row.text("given_name"),
        family_name=row.text("family_name"),
        clearance=Classification.UNCLASSIFIED,
    )
    if component is not None:
        person.component = component
    person.set_unusable_password()
    # Without a post there is no component to take over, and that was told already.
    beside = ["password"] if component else ["password", "component"]
    try:
        person.clean_fields(exclude=beside)
    except ValidationError as error:
        for name, lines in error.message_dict.items():
            label = Person._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            row.problems += [f"{str(label).capitalize()}: {line}" for line in lines]
    return person


def _compare(row: RotationRow, person: Person) -> None:
    """Somebody who is in the portal already: a name or component beside it tells of a slip."""
    if row.text("family_name") and row.text("family_name").casefold() != person.family_name.casefold():
        row.refuse(_("This address is that of %s.") % person)
    if row.component is not None and row.component != person.component:
        words = _("%(person)s is entered as %(component)s; that is changed on the person’s page.")
        row.refuse(words % {"person": person, "component": Component(person.component).label})


def _chosen(row: RotationRow, column: str, choices: type[IntegerChoices]) -> int | None:
    text = row.text(column)
    if not text:
        return None
    known = {str(one.label).casefold(): int(one) for one in choices}
    if text.casefold() not in known:
        offered = ", ".join(str(one.label) for one in choices)
        row.refuse(_("“%(text)s” is none of: %(offered)s.") % {"text": text[:SHOWN], "offered": offered})
    return known.get(text.casefold())


def _day(row: RotationRow, column: str) -> datetime | None:
    """The beginning of that day on the mission's clock."""
    text = row.text(column)
    if not text:
        return None
    for form in _FORMS:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        if abs(found.date() - timezone.localdate()) > _FARTHEST:
            row.refuse(_("%s is more than ten years away.") % text[:SHOWN])
            return None
        return timezone.make_aware(found)
    row.refuse(_("“%s” is no day; write it as 2027-03-01.") % text[:SHOWN])
    return None


def _next(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(_date(day) + timedelta(days=1), datetime.min.time()))


def _date(day: datetime) -> date:
    return timezone.localtime(day).date()
