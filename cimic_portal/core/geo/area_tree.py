"""The tree that a file and the portal's own areas make together, checked before anything is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from .area_row import DEEPEST, AreaRow
from .countries import country_of
from .errors import BadRow


@dataclass(frozen=True)
class Facts:
    """What the portal holds of one area. `parent` is a P-code; `country` an ISO code of three letters."""

    pcode: str
    name: str
    level: int
    parent: str | None
    country: str
    valid_from: date | None = None


class _Misfit(ValueError):
    """Why a row has no place in the tree."""


def merge(
    rows: Iterable[AreaRow], known: Mapping[str, Facts], unread: Iterable[str] = ()
) -> tuple[dict[str, Facts], list[BadRow]]:
    """What each area of the file becomes, by P-code, and the rows that have no place in the tree.

    `known` are the areas of the portal; a value that the file does not state stays as it is.
    Countries that the file only mentions come along as areas of level 0. `unread` are P-codes of
    rows that are refused already: their children are not reported for that again.
    """
    return _Merge(known, set(unread)).run([_with_country_code(row) for row in rows])


def fuller_name(one: str, other: str) -> str:
    """Of two spellings of one name that with its accents; of two names the second."""
    if _folded(one) != _folded(other):
        return other
    return max(
        one, other, key=lambda name: (sum(map(_is_accent, _decomposed(name))), not name.isupper(), name)
    )


def _decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) != 0


def _folded(name: str) -> str:
    return "".join(c for c in _decomposed(name.casefold()) if c.isalnum())


def _with_country_code(row: AreaRow) -> AreaRow:
    """A country goes by its two letters, whichever code the file has for it."""
    if row.level == 0 and (country := country_of(row.pcode)):
        return replace(row, pcode=country.pcode, country=country.code)
    return row


class _Merge:
    """One file against the areas that are there."""

    def __init__(self, known: Mapping[str, Facts], unread: set[str]) -> None:
        self.known = known
        # P-codes that have no place: what lies below them is not reported for that again.
        self.refused = unread
        self.rows: dict[str, AreaRow] = {}
        self.facts: dict[str, Facts] = {}
        self.bad: list[BadRow] = []

    def run(self, rows: list[AreaRow]) -> tuple[dict[str, Facts], list[BadRow]]:
        for row in rows:
            if row.pcode in self.rows:
                first = self.rows[row.pcode].where
                reason = _("The P-code stands in the file already, at %(where)s.") % {"where": first}
                self.bad.append(BadRow(row.where, row.pcode, reason))
            else:
                self.rows[row.pcode] = row
        for row in self.rows.values():
            self._settle(row)
        self._name_countries()
        self._check_children_left_behind()
        return self.facts, self.bad

    def _refuse(self, row: AreaRow, reason: str) -> None:
        self.refused.add(row.pcode)
        self.bad.append(BadRow(row.where, row.pcode, reason))

    def _settle(self, row: AreaRow) -> None:
        """Find places for the row and what it lies in, from the top down, as far as that goes."""
        step = row
        try:
            for step in reversed(self._branch(row)):
                if step.pcode in self.refused or self._parent_code(step) in self.refused:
                    self.refused.add(step.pcode)
                elif step.pcode not in self.facts:
                    self.facts[step.pcode] = self._placed(step)
        except _Misfit as misfit:
            self._refuse(step, str(misfit))

    def _branch(self, row: AreaRow) -> list[AreaRow]:
        """The row and what it lies in as far as the file goes, from below."""
        branch, codes = [row], [row.pcode]
        while (above := self.rows.get(self._parent_code(branch[-1]) or "")) is not None:
            codes.append(above.pcode)
            if above.pcode in codes[1:-1]:
                # It hangs below a loop; the rows of the loop are the ones to report.
                self.refused.add(row.pcode)
                return []
            if above is row:
                raise _Misfit(_("The area lies in itself: %(loop)s.") % {"loop": " → ".join(codes)})
            if len(codes) > DEEPEST + 1:
                raise _Misfit(_("The area lies deeper than level %(deepest)d.") % {"deepest": DEEPEST})
            branch.append(above)
        return branch

    def _parent_code(self, row: AreaRow) -> str | None:
        """The P-code of the parent: as stated, else as it is now, else the country's."""
        if row.level == 0:
            return None
        old = self.known.get(row.pcode)
        if row.parent is None and old is not None and row.level in {None, old.level}:
            return old.parent
        if row.level not in {None, 1}:
            return row.parent
        code = row.parent or row.country
        if code is None or code in self.rows or code in self.known:
            return code
        country = country_of(code)
        return country.pcode if country else code

    def _placed(self, row: AreaRow) -> Facts:
        if row.level == 0:
            return self._country(row)
        code = self._parent_code(row)
        if code is None:
            raise _Misfit(_("The area names neither its parent nor its country."))
        parent = self.facts.get(code) or self.known.get(code) or self._mentioned_country(code, row)
        level = parent.level + 1 if row.level is None else row.level
        self._check_level(row, level, parent)
        self._check_country(row, parent)
        return self._kept(Facts(row.pcode, row.name, level, parent.pcode, parent.country, row.valid_from))

    def _check_level(self, row: AreaRow, level: int, parent: Facts) -> None:
        if parent.level != level - 1:
            raise _Misfit(
                _("Level %(level)d does not follow level %(above)d of its parent %(parent)s.")
                % {"level": level, "above": parent.level, "parent": parent.pcode}
            )
        if row.level is not None or row.parent is not None or row.pcode in self.known:
            return
        # Without level and parent a row is taken for level 1, unless its code speaks against it.
        for end in range(len(parent.pcode) + 1, len(row.pcode)):
            above = self.known.get(row.pcode[:end])
            if above and above.level == 1:
                raise _Misfit(
                    _("The code looks like a part of %(above)s, but neither level nor parent is given.")
                    % {"above": above.pcode}
                )

    def _check_country(self, row: AreaRow, parent: Facts) -> None:
        if row.country is None:
            return
        country = country_of(row.country)
        if country is None:
            raise _Misfit(_("ISO 3166 knows no country %(code)s.") % {"code": row.country})
        if country.code != parent.country:
            raise _Misfit(
                _("The area is in %(country)s, its parent %(parent)s in %(other)s.")
                % {"country": country.code, "parent": parent.pcode, "other": parent.country}
            )

    def _country(self, row: AreaRow) -> Facts:
        country = country_of(row.pcode)
        if country is None:
            raise _Misfit(_("ISO 3166 knows no country %(code)s.") % {"code": row.pcode})
        if row.parent not in {None, row.pcode, country.code}:
            raise _Misfit(_("A country lies in no other area."))
        return self._kept(Facts(country.pcode, row.name, 0, None, country.code, row.valid_from))

    def _mentioned_country(self, code: str, row: AreaRow) -> Facts:
        """A country without a row of its own, under the name that ISO has for it."""
        country = country_of(code) if row.level in {None, 1} else None
        if country is None:
            raise _Misfit(
                _("The parent %(parent)s is neither in the file nor in the portal.") % {"parent": code}
            )
        name = country.name or row.country_name or country.pcode
        self.facts[country.pcode] = Facts(country.pcode, name, 0, None, country.code)
        return self.facts[country.pcode]

    def _name_countries(self) -> None:
        """A published name of a country stands before the one that ISO has for it."""
        for row in self.rows.values():
            country = country_of(row.country) if row.country and row.country_name else None
            if country is None or country.pcode in self.rows:
                continue
            facts = self.facts.get(country.pcode) or self.known.get(country.pcode)
            derived = facts is not None and facts.name in {country.name, country.pcode}
            if facts and derived and row.country_name and row.country_name != facts.name:
                self.facts[country.pcode] = replace(facts, name=row.country_name)

    def _kept(self, facts: Facts) -> Facts:
        """With what the portal knows and the file does not say."""
        old = self.known.get(facts.pcode)
        if old is None:
            return facts
        return replace(
            facts, name=fuller_name(old.name, facts.name), valid_from=facts.valid_from or old.valid_from
        )

    def _check_children_left_behind(self) -> None:
        """An area that moves takes its parts along, or stays."""
        for child in self.known.values():
            moved = self.facts.get(child.parent or "")
            if moved is None or child.pcode in self.rows:
                continue
            if (child.level, child.country) != (moved.level + 1, moved.country):
                self._refuse(
                    self.rows[moved.pcode],
                    _("Its part %(child)s stays at level %(level)d in %(country)s: give it in the same file.")
                    % {"child": child.pcode, "level": child.level, "country": child.country},
                )
