"""What an opened package reports of itself: checked, kept, and judged when it is done.

It comes from the person's own browser. It is checked for form, not for truth: a score of a package is
as trustworthy as the browser that it ran in, and the pages say so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.services.verbs import verb
from training.services.module_learning import close_attempt, locked_attempt

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import ModuleAttempt

# How far each status has come; none goes back to one that is lower.
RANKS = {"not attempted": 0, "browsed": 1, "incomplete": 1, "failed": 2, "completed": 3, "passed": 4}
ENDED = ("failed", "completed", "passed")
_LENGTHS = {"location": 255, "suspend_data": 4096, "comments": 4096}
_EXITS = ("", "time-out", "suspend", "logout")
_TIME = re.compile(r"(\d{2,4}):([0-5]\d):([0-5]\d)(\.\d{1,2})?\Z")
_LONGEST_LISTS, _LARGEST_LISTS = 250, 48_000


def save_report(attempt: ModuleAttempt, told: Mapping[str, Any], *, actor: Person) -> ModuleAttempt:
    """Keep what a part of the package reports: `item`, `cmi` and whether it has `finished`.

    Passed stays passed. When every part has ended, the attempt is closed with its score.
    Raises RefusedError where the attempt is closed, InvalidError for what the standard does not know.
    """
    with verb("module.report", actor=actor):
        current = locked_attempt(attempt, actor)
        package = current.edition.package
        item = (
            next((one for one in package.items if one["id"] == told.get("item")), None) if package else None
        )
        if package is None or item is None:
            raise InvalidError({"item": [_("The package has no such part.")]})
        cmi = _checked(told.get("cmi"))
        kept: dict[str, Any] = current.cmi.get(item["id"], {})
        finished = told.get("finished") is True
        if finished:
            cmi["status"] = _by_mastery(cmi, item)
            cmi["seconds"] = kept.get("seconds", 0) + cmi["session"]
        else:
            cmi["seconds"] = kept.get("seconds", 0)
        cmi["status"] = _further(kept.get("status", "not attempted"), cmi["status"])
        if cmi["score"] is None or kept.get("status") == "passed":
            cmi["score"] = kept.get("score")
        current.cmi = {**current.cmi, item["id"]: cmi}
        current.save()
        if finished:
            _close_when_ended(current)
        return current


def end_package(attempt: ModuleAttempt, *, actor: Person) -> ModuleAttempt:
    """End the attempt with what the package has reported so far; parts not ended count as failed."""
    with verb("module.end", actor=actor):
        current = locked_attempt(attempt, actor)
        _judge(current)
        return current


def _close_when_ended(attempt: ModuleAttempt) -> None:
    assert attempt.edition.package is not None  # Its part has just reported.
    states = [attempt.cmi.get(one["id"], {}).get("status") for one in attempt.edition.package.items]
    if all(state in ENDED for state in states):
        _judge(attempt)


def _judge(attempt: ModuleAttempt) -> None:
    """All parts completed or passed; and where they gave scores, their mean reaches the pass mark."""
    items = attempt.edition.package.items if attempt.edition.package else []
    parts = [attempt.cmi.get(one["id"], {}) for one in items]
    scores = [part["score"] for part in parts if part.get("score") is not None]
    score = int(sum(scores) / len(scores)) if scores else None
    done = bool(parts) and all(part.get("status") in ("completed", "passed") for part in parts)
    close_attempt(attempt, score=score, passed=done and (score is None or score >= attempt.pass_mark))


def _by_mastery(cmi: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    """Where the manifest gives a pass mark and the part a score, the score decides, as the standard says."""
    status = str(cmi["status"])
    if item.get("mastery") is None or cmi["score"] is None:
        # What ends without a word is incomplete; the standard calls it completed when it never says more.
        return "completed" if status == "not attempted" else status
    return "passed" if cmi["score"] >= item["mastery"] else "failed"


def _further(before: str, after: str) -> str:
    return after if RANKS[after] >= RANKS.get(before, 0) else before


def _checked(told: Any) -> dict[str, Any]:
    """What was reported, in the form in which it is kept. Raises InvalidError, all at once."""
    if not isinstance(told, Mapping):
        raise InvalidError({"cmi": [_("This is no report of a package.")]})
    problems: dict[str, list[str]] = {}
    cmi: dict[str, Any] = {}
    for name, most in _LENGTHS.items():
        value = told.get(name, "")
        if not isinstance(value, str) or len(value) > most or not _can_be_kept(value):
            problems[name] = [_("At most %(most)s characters.") % {"most": most}]
        cmi[name] = value
    cmi["status"] = told.get("status", "not attempted")
    if not isinstance(cmi["status"], str) or cmi["status"] not in RANKS:
        problems["status"] = [_("The standard knows no such status.")]
    cmi["exit"] = told.get("exit", "")
    if cmi["exit"] not in _EXITS:
        problems["exit"] = [_("The standard knows no such way out.")]
    cmi["score"] = _score(told.get("score"), problems)
    cmi["session"] = _seconds(told.get("session", ""), problems)
    for name in ("objectives", "interactions"):
        cmi[name] = _rows(name, told.get(name, []), problems)
    if problems:
        raise InvalidError(problems)
    return cmi


def _can_be_kept(told: Any) -> bool:
    """No NUL, no half of a character (where a text was cut), no number that is none; and not too long."""
    try:
        written = json.dumps(told, ensure_ascii=False, allow_nan=False)
        return len(written.encode()) <= _LARGEST_LISTS and "\\u0000" not in written
    except (UnicodeEncodeError, ValueError):
        return False


def _score(told: Any, problems: dict[str, list[str]]) -> float | None:
    if told in (None, ""):
        return None
    try:
        value = float(told)
    except (TypeError, ValueError, OverflowError):
        value = -1.0
    if isinstance(told, bool) or not 0 <= value <= 100:  # noqa: PLR2004 - per cent
        problems["score"] = [_("A score lies between 0 and 100.")]
        return None
    return value


def _seconds(told: Any, problems: dict[str, list[str]]) -> int:
    if told == "":
        return 0
    found = _TIME.match(told) if isinstance(told, str) else None
    if found is None:
        problems["session"] = [_("A time is written as HHHH:MM:SS.SS.")]
        return 0
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])


def _rows(name: str, told: Any, problems: dict[str, list[str]]) -> list[Any]:
    """Objectives and interactions: kept as they were told, as far as they are rows of short texts."""
    rows = told if isinstance(told, list) else None
    if rows is None or len(rows) > _LONGEST_LISTS or not all(isinstance(row, Mapping) for row in rows):
        problems[name] = [_("At most %(most)s rows.") % {"most": _LONGEST_LISTS}]
        return []
    if not _can_be_kept(rows):
        problems[name] = [_("This is more than is kept of one part.")]
        return []
    return rows
