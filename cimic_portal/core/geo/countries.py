"""Countries by their ISO 3166 codes: some files name one by two letters, some by three."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iso3166 import countries

# Left by ISO 3166 to its users: countries of exercises (and, by the library, Kosovo as XK).
_USER_ASSIGNED = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")


@dataclass(frozen=True)
class Country:
    """`pcode` is the code of two letters, `code` that of three; `name` is the English short name."""

    pcode: str
    code: str
    name: str


def country_of(code: str) -> Country | None:
    """The country of an ISO 3166 code of two or three letters, or None.

    A code that ISO leaves to its users stands for itself, without a name.
    """
    wanted = code.strip().upper()
    if not wanted.isalpha():
        return None
    found = countries.get(wanted, None)
    if found is not None and wanted in {found.alpha2, found.alpha3}:
        return Country(found.alpha2, found.alpha3, _in_order(found.apolitical_name))
    return Country(wanted, wanted, "") if _USER_ASSIGNED.fullmatch(wanted) else None


def _in_order(name: str) -> str:
    """`Congo, Democratic Republic of the` the way it is said: ISO sorts by the first word."""
    head, comma, rest = name.partition(", ")
    return f"{rest} {head}" if comma and rest.endswith((" of", " of the")) else name
