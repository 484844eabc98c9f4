"""Somebody who opens a surface, and what is wrong with what they are told there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Any, TypeVar
from zlib import crc32

from django.test import Client

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.records import SharedRecord
from tests.leak.world import LeakWorld, found_in, mark, references_in
from tests.support.pages import signed_in
from tests.support.papers import pages_of

Visit = TypeVar("Visit")
# Of the visits that a surface names, one in so many is made by each person in the short test: of
# many a smaller part than of few, so that no surface falls silent.
ONE_IN_MANY, ONE_IN_FEW = 9, 3
MANY = 16


class FaultFoundError(Exception):
    """Somebody came upon a leak or a wrong refusal."""


@dataclass
class Visitor:
    """One person at one surface. `thorough`: makes every visit, not some of them; `stops`: at the first
    fault, by raising FaultFoundError.

    `faults`: what leaked, what was refused though it may be seen, what broke. `told`: every item
    that the surface told, so that an empty page cannot pass for a safe one.
    """

    world: LeakWorld
    name: str
    surface: str = ""
    thorough: bool = False
    stops: bool = False
    faults: list[str] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.person: Person = getattr(self.world.cast, self.name)
        self.client: Client = signed_in(self.person)
        self.client.raise_request_exception = False
        self.enters = self.person.is_active and bool(self.person.access.held)

    def some(self, visits: Iterable[Visit]) -> Iterator[Visit]:
        """Those that this person makes: all, or some, of which each person and surface has others."""
        every = list(visits)
        few = ONE_IN_FEW if len(every) < MANY else ONE_IN_MANY
        step = 1 if self.thorough else few
        turn = list(self.world.cast.everyone()).index(self.name) + crc32(self.surface.encode())
        return islice(every, turn % step, None, step)

    def sees(self, record: SharedRecord) -> bool:
        return self.world.sees(self.person, record)

    def visible(self, model: type[SharedRecord]) -> set[int]:
        return self.world.visible(self.person, model)

    def hidden(self, model: type[SharedRecord]) -> list[Any]:
        return [record for record in self.world.records[model] if not self.sees(record)]

    def get(self, address: str, *echo: str, **headers: str) -> Any:
        """Open an address. `echo`: what was asked for, which the page may repeat."""
        return self._take(address, self.client.get(address, headers=headers), *echo)

    def post(self, address: str, data: Any = None, *echo: str, **options: Any) -> Any:
        return self._take(address, self.client.post(address, data or {}, **options), *echo)

    def post_json(self, address: str, data: dict[str, Any]) -> Any:
        return self.post(address, data, content_type="application/json")

    def put_json(self, address: str, data: dict[str, Any]) -> Any:
        return self._take(address, self.client.put(address, data, content_type="application/json"))

    def _take(self, address: str, answer: Any, *echo: str) -> Any:
        answer.said = text_of(answer)
        # 503 is an answer: the health page says so while no worker runs.
        if answer.status_code >= 500 and answer.status_code != 503:
            self.fault(f"{address}: {answer.status_code}")
        self.hear(address, answer.said, *echo)
        return answer

    def hear(self, where: str, text: str, *echo: str) -> set[int]:
        """Judge a text that this person is told; the numbers in it."""
        for typed in echo:
            text = re.sub(re.escape(typed), "", text, flags=re.IGNORECASE)
        numbers = found_in(text)
        self.told |= numbers
        for number in sorted(numbers - self.world.may_be_told(self.person)):
            word = next(iter(re.findall(mark(number) + "[a-z_]+", text.lower())))
            self.fault(f"{where}: told of {word}")
        for record in references_in(text, self.world.number_of):
            # An address that was asked for may be repeated.
            if not self.sees(record) and record.reference not in where:
                self.fault(f"{where}: told the reference of {record}")
        return numbers

    def must_open(self, address: str, record: SharedRecord, *, answer: Any = None) -> Any:
        """Open the page of a record: it exists exactly for those who may see it."""
        answer = answer or self.get(address)
        if self.sees(record):
            if answer.status_code == 404:
                self.fault(f"{address}: not there, though the record may be seen")
        elif self.enters and answer.status_code != 404:
            self.fault(f"{address}: {answer.status_code} for a record that does not exist for them")
        return answer

    def must_tell(self, where: str, text: str, expected: set[int], among: set[int]) -> None:
        """A list tells of exactly what may be seen."""
        if not self.enters:
            expected = set()
        shown = found_in(text) & among
        for number in sorted(expected - shown):
            self.fault(f"{where}: {self.world.items[number].needs[0]} is missing")
        for number in sorted(shown - expected):
            self.fault(f"{where}: {self.world.items[number].needs[0]} should not be here")

    def fault(self, words: str) -> None:
        self.faults.append(f"{self.name} at {self.surface}: {words}")
        if self.stops and not words.endswith(": 500"):
            raise FaultFoundError(words)


def text_of(answer: Any) -> str:
    """What an answer says, whatever its form; headers too, for names of files and addresses."""
    content = answer.getvalue() if answer.streaming else answer.content
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    if content.startswith(b"%PDF"):
        return heads + "\n".join(pages_of(content))
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            return heads + "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return heads + content.decode(errors="replace")
