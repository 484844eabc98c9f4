"""How many queries each page makes: as many with many rows as with few, and no more than agreed.

Every route that answers a GET is measured: pages, lists, files, suggestions, the API, the admin. The
agreed numbers stand in `query_counts.json`; to write them anew after a change that is meant:

    QUERY_COUNTS=write .venv/bin/pytest tests/architecture/test_query_counts.py

and read the difference: a number that rises needs a reason.

`make test` measures with many rows alone, against numbers that were agreed with few: a page that grows
is beyond its number there. `make test-long` measures with few as well, and tells growth by its name.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, reset_queries
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from cimic_portal.core.sharing.records import SharedRecord
from tests.factories.crowd import Crowd
from tests.support.pages import signed_in
from tests.support.seen import EXCUSED, SEEN, routes_of

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("query_counts.json")
FEW, MANY = 2, 12
PARAMETER = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)")
Key = Callable[[Crowd], Any]

_EXERCISE = "training/exercises/<reference:reference>/"

# What a route with one parameter is opened for, by the beginning of the route.
KEYS: dict[str, Key] = {
    "admin/(?P<app_label>": lambda crowd: "core",
    "me/positions/": lambda crowd: crowd.position.pk,
    "me/delegations/": lambda crowd: crowd.reader.delegated.first().pk,
    "me/tokens/": lambda crowd: crowd.token.pk,
    "me/sessions/": lambda crowd: 0,
    # Asks for the password first.
    "me/second-factor/keys/": lambda crowd: 1,
    "lists/filters/": lambda crowd: crowd.saved.pk,
    "lists/": lambda crowd: "documents",
    "organisations/": lambda crowd: crowd.organisation.pk,
    "offices/": lambda crowd: crowd.cast.team.pk,
    "positions/": lambda crowd: crowd.position.pk,
    "retention/": lambda crowd: "contact",
    "people/": lambda crowd: crowd.reader.pk,
    "areas/": lambda crowd: crowd.area.pcode,
    "places/": lambda crowd: crowd.place.pk,
    "documents/": lambda crowd: crowd.document.reference,
    "notifications/": lambda crowd: crowd.notification.pk,
    "engagements/": lambda crowd: crowd.engagement.reference,
    "engagements/<reference:reference>/edit/": lambda crowd: crowd.draft.reference,
    "taskings/": lambda crowd: crowd.tasking.reference,
    "contacts/": lambda crowd: crowd.contact.reference,
    "promises/": lambda crowd: crowd.commitment.pk,
    "operations/": lambda crowd: crowd.operation.reference,
    **dict.fromkeys(
        (
            f"operations/<reference:reference>/{page}/"
            for page in ("edit", "tasks", "tasks/new", "tasks/import", "phases/new", "gantt", "matrix")
        ),
        lambda crowd: crowd.operations.draft.reference,
    ),
    "operations/<reference:reference>/frame/": lambda crowd: crowd.operations.amended.reference,
    "operations/<reference:reference>/papers/": lambda crowd: crowd.operations.active.reference,
    **dict.fromkeys(
        (
            "operations/<reference:reference>/review/",
            "operations/(?P<reference>[0-9A-Z]{10})/review",
        ),
        lambda crowd: crowd.operations.completed.reference,
    ),
    **dict.fromkeys(
        (
            *(
                f"operations/<reference:reference>/{page}/"
                for page in ("journal", "live", "changes", "tasks/live", "who", "sitrep")
            ),
            *(f"operations/(?P<reference>[0-9A-Z]{{10}})/{noun}/$" for noun in ("journal", "reached")),
        ),
        lambda crowd: crowd.operations.active.reference,
    ),
    **dict.fromkeys(("assets/", "operations/assets/"), lambda crowd: crowd.lent.asset.reference),
    **dict.fromkeys(("bookings/", "operations/bookings/"), lambda crowd: crowd.lent.waiting.pk),
    "qips/": lambda crowd: crowd.projects.running.reference,
    "operations/qips/": lambda crowd: crowd.projects.running.reference,
    **dict.fromkeys(("cases/", "training/cases/"), lambda crowd: crowd.case.pk),
    **dict.fromkeys(("lessons/", "training/lessons/"), lambda crowd: crowd.lessons.identified.reference),
    **dict.fromkeys(("modules/", "training/modules/"), lambda crowd: crowd.modules.module.pk),
    "training/modules/<int:pk>/play/": lambda crowd: crowd.modules.package.pk,
    "module-drafts/": lambda crowd: crowd.modules.draft.reference,
    "training/modules/drafts/": lambda crowd: crowd.modules.draft.reference,
    "training/modules/drafts/<reference:reference>/package/": lambda crowd: crowd.modules.packed.reference,
    "module-results/": lambda crowd: crowd.modules.result.pk,
    **dict.fromkeys(("guidance/", "training/guidance/"), lambda crowd: crowd.library.signed.reference),
    "guidance-acknowledgements/": lambda crowd: crowd.library.acknowledgement.pk,
    **dict.fromkeys(
        ("exercises/", "training/exercises/"), lambda crowd: crowd.exercises.running.exercise.reference
    ),
    "exercises/(?P<reference>[0-9A-Z]{10})/messages/": lambda crowd: (
        crowd.exercises.played.exercise.reference
    ),
    **dict.fromkeys(
        (f"{_EXERCISE}{page}/" for page in ("comparison", "aar", "evaluation")),
        lambda crowd: crowd.exercises.ended.exercise.reference,
    ),
    **dict.fromkeys(("requirements/", "training/requirements/"), lambda crowd: crowd.ready.requirement.pk),
    **dict.fromkeys(("readiness/offices/", "training/readiness/offices/"), lambda crowd: crowd.cast.team.pk),
    **dict.fromkeys(
        ("readiness/people/", "training/readiness/people/"), lambda crowd: crowd.ready.record.reference
    ),
    **dict.fromkeys(
        ("readiness/operations/", "training/readiness/operations/"),
        lambda crowd: crowd.ready.operation.reference,
    ),
    "training/lessons/<reference:reference>/edit/": lambda crowd: crowd.lessons.observed.reference,
    **dict.fromkeys(("courses/", "api/v1/courses/"), lambda crowd: crowd.trained.course.pk),
    "training/courses/": lambda crowd: crowd.trained.course.code,
    "figures/": lambda crowd: "readiness",
    **dict.fromkeys(("sessions/", "training/sessions/"), lambda crowd: crowd.trained.session.pk),
    "training/sessions/<int:pk>/marks/": lambda crowd: crowd.trained.over.pk,
    **dict.fromkeys(
        (f"training/sessions/<int:pk>/{page}" for page in ("import/", "attendance.csv", "attendance.xlsx")),
        lambda crowd: crowd.trained.over.pk,
    ),
    **dict.fromkeys(("training-records/", "training/records/"), lambda crowd: crowd.trained.record.reference),
    "seats/": lambda crowd: crowd.trained.asked.pk,
    **dict.fromkeys(("qualifications/", "training/qualifications/"), lambda crowd: crowd.trained.held.pk),
    "training/verify/": lambda crowd: crowd.trained.held.code,
    "operations/qips/<reference:reference>/edit/": lambda crowd: crowd.projects.draft.reference,
}
SHARING: dict[str, Key] = dict.fromkeys(("grant", "revoke", "audience"), lambda crowd: crowd.engagement)
# The verbs of a record, each with one in whose state it is offered.
VERBS: dict[str, dict[str, Key]] = {
    "liaison/engagements/": {
        **SHARING,
        "release": lambda crowd: crowd.submitted,
        "return": lambda crowd: crowd.submitted,
        "submit": lambda crowd: crowd.draft,
        "held": lambda crowd: crowd.planned,
        "not-held": lambda crowd: crowd.planned,
    },
    "liaison/taskings/": dict.fromkeys(
        ("grant", "revoke", "audience", "start", "complete", "decline", "withdraw"),
        lambda crowd: crowd.tasking,
    ),
    "liaison/contacts/": dict.fromkeys(SHARING, lambda crowd: crowd.contact),
    "operations/": {
        **dict.fromkeys(SHARING, lambda crowd: crowd.operation),
        **dict.fromkeys(
            ("answer", "record-answer", "pull-back", "assess"), lambda crowd: crowd.operations.asked
        ),
        **dict.fromkeys(("approve", "return"), lambda crowd: crowd.operations.decided),
        **dict.fromkeys(("staff", "cancel"), lambda crowd: crowd.operations.draft),
        **dict.fromkeys(("suspend", "complete", "monitor"), lambda crowd: crowd.operations.active),
        **dict.fromkeys(
            ("activate", "acknowledge", "record-acknowledgement", "frago"),
            lambda crowd: crowd.operations.in_force,
        ),
        **dict.fromkeys(("submit-frago", "drop-frago"), lambda crowd: crowd.operations.amended),
        **dict.fromkeys(("issue-frago", "return-frago"), lambda crowd: crowd.operations.to_issue),
        "resume": lambda crowd: crowd.operations.suspended,
        "finish-review": lambda crowd: crowd.operations.completed,
        "close": lambda crowd: crowd.operations.reviewed,
    },
    "operations/assets/": {
        **dict.fromkeys(
            ("grant", "revoke", "audience", "block", "repair", "withdraw"), lambda crowd: crowd.lent.asset
        ),
        "return": lambda crowd: crowd.lent.broken,
    },
    "operations/bookings/": {
        **dict.fromkeys(("confirm", "decline"), lambda crowd: crowd.lent.waiting),
        **dict.fromkeys(("move", "release"), lambda crowd: crowd.lent.confirmed),
        "cancel": lambda crowd: crowd.lent.asked,
    },
    "training/lessons/": {
        **dict.fromkeys(
            ("grant", "revoke", "audience", "plan-action"), lambda crowd: crowd.lessons.identified
        ),
        **dict.fromkeys(("identify", "return"), lambda crowd: crowd.lessons.submitted),
        **dict.fromkeys(("validate", "reopen"), lambda crowd: crowd.lessons.changed),
        **dict.fromkeys(("submit", "drop"), lambda crowd: crowd.lessons.observed),
        "report-change": lambda crowd: crowd.lessons.action,
    },
    "training/modules/drafts/": {
        **dict.fromkeys(("publish", "return", "grant", "revoke"), lambda crowd: crowd.modules.submitted),
        **dict.fromkeys(("submit", "drop"), lambda crowd: crowd.modules.draft),
    },
    "training/guidance/": {
        **dict.fromkeys(("grant", "revoke", "audience"), lambda crowd: crowd.library.signed),
        **dict.fromkeys(("acknowledge", "confirm", "begin-version"), lambda crowd: crowd.library.signed),
        "withdraw": lambda crowd: crowd.library.reviewed,
    },
    "training/exercises/": {
        **dict.fromkeys(
            ("grant", "revoke", "audience", "end", "cancel"), lambda crowd: crowd.exercises.running.exercise
        ),
        "schedule": lambda crowd: crowd.exercises.draft,
        "finish": lambda crowd: crowd.exercises.ended.exercise,
        "close": lambda crowd: crowd.exercises.evaluated,
    },
    "training/sessions/": {
        **dict.fromkeys(("ask", "nominate", "cancel"), lambda crowd: crowd.trained.session),
        "close": lambda crowd: crowd.trained.over,
    },
    "training/seats/": {
        **dict.fromkeys(("approve", "decline"), lambda crowd: crowd.trained.asked),
        "withdraw": lambda crowd: crowd.trained.seat,
    },
    "training/qualifications/": {
        "confirm": lambda crowd: crowd.trained.to_confirm,
        "revoke": lambda crowd: crowd.trained.held,
    },
    "operations/qips/": {
        **dict.fromkeys(("grant", "revoke", "audience"), lambda crowd: crowd.projects.running),
        **dict.fromkeys(("vote", "return"), lambda crowd: crowd.projects.reviewed),
        **dict.fromkeys(("close", "reopen"), lambda crowd: crowd.projects.completed),
        **dict.fromkeys(("pay", "complete", "cancel"), lambda crowd: crowd.projects.running),
        "submit": lambda crowd: crowd.projects.draft,
        "take-up": lambda crowd: crowd.projects.submitted,
        "approve": lambda crowd: crowd.projects.voted,
        "refuse": lambda crowd: crowd.projects.voted_down,
        "start": lambda crowd: crowd.projects.approved,
    },
}


def _task(crowd: Crowd) -> tuple[Any, ...]:
    return crowd.operations.draft.reference, crowd.operations.schedule.task.key


def _phase(crowd: Crowd) -> tuple[Any, ...]:
    return crowd.operations.draft.reference, crowd.operations.schedule.phase.key


def _task_number(crowd: Crowd) -> tuple[Any, ...]:
    return crowd.operations.draft.reference, crowd.operations.schedule.task.pk


def _phase_number(crowd: Crowd) -> tuple[Any, ...]:
    return crowd.operations.draft.reference, crowd.operations.schedule.phase.pk


def _entry_number(crowd: Crowd) -> tuple[Any, ...]:
    return crowd.operations.active.reference, crowd.operations.entry.number


def _entry(crowd: Crowd) -> tuple[Any, ...]:
    return crowd.operations.active.reference, crowd.operations.entry.pk


def _reached(crowd: Crowd) -> tuple[Any, ...]:
    return crowd.operations.active.reference, crowd.operations.reached.pk


_VERSION = "training/guidance/<reference:reference>/versions/<int:number>/"
guidance_pages: dict[str, Callable[[Crowd], tuple[Any, ...]]] = {
    **dict.fromkeys(
        (_VERSION, f"{_VERSION}comment/", f"{_VERSION}paper/"),
        lambda crowd: (crowd.library.reviewed.reference, 2),
    ),
    f"{_VERSION}<slug:verb>/": lambda crowd: (crowd.library.reviewed.reference, 2, "approve"),
    **dict.fromkeys(
        (f"{_VERSION}write/", f"{_VERSION}submit/"), lambda crowd: (crowd.library.drafted.reference, 2)
    ),
    f"{_VERSION}comments/<int:pk>/": lambda crowd: (
        crowd.library.reviewed.reference,
        2,
        crowd.library.comment.pk,
    ),
}


def _exercise(name: str, *given: Any, number: bool = False, row: str = "") -> Callable[[Crowd], Any]:
    """An exercise of the crowd, of it the number of its run and the key of a row, and what is given."""

    def key(crowd: Crowd) -> tuple[Any, ...]:
        stage = getattr(crowd.exercises, name)
        run = (stage.run.number,) if number else ()
        return stage.exercise.reference, *run, *given, *((getattr(stage, row).pk,) if row else ())

    return key


_RUN = f"{_EXERCISE}runs/<int:number>/"
_FINDING = f"{_EXERCISE}evaluation/findings/<int:pk>/"
exercise_pages: dict[str, Callable[[Crowd], Any]] = {
    f"{_EXERCISE}plan/msel.<str:form>": _exercise("running", "csv"),
    f"{_EXERCISE}plan/<slug:part>/new/": _exercise("running", "injects"),
    f"{_EXERCISE}plan/<slug:part>/<int:pk>/": _exercise("running", "injects", row="inject"),
    f"{_EXERCISE}plan/<slug:part>/<int:pk>/remove/": _exercise("planned", "injects", row="inject"),
    _RUN: _exercise("running", number=True),
    f"{_RUN}seats/": _exercise("running", number=True),
    f"{_RUN}inbox/": _exercise("played", number=True),
    f"{_RUN}inbox/<int:pk>/": _exercise("played", number=True, row="message"),
    f"{_RUN}injects/<int:pk>/<slug:step>/": lambda crowd: (
        crowd.exercises.running.exercise.reference,
        1,
        crowd.exercises.running.inject.pk,
        "skip",
    ),
    f"{_RUN}<slug:step>/": _exercise("running", "pause", number=True),
    f"{_EXERCISE}observations/<int:pk>/strike/": _exercise("running", row="seen"),
    f"{_EXERCISE}evaluation/objectives/<int:pk>/": _exercise("ended", row="objective"),
    _FINDING: lambda crowd: (crowd.exercises.ended.exercise.reference, crowd.exercises.finding.pk),
    f"{_FINDING}<slug:step>/": lambda crowd: (
        crowd.exercises.ended.exercise.reference,
        crowd.exercises.finding.pk,
        "lesson",
    ),
}
# Routes with two parameters: of a record and of a part of it.
PARTS: dict[str, Callable[[Crowd], tuple[Any, ...]]] = {
    "liaison/engagements/<reference:reference>/promises/<int:pk>/": lambda crowd: (
        crowd.engagement.reference,
        crowd.commitment.pk,
    ),
    **{
        f"training/modules/<int:pk>/{rest}": lambda crowd, more=more: (crowd.modules.module.pk, *more)  # type: ignore[misc]
        for rest, more in (
            ("pages/<int:number>/", (1,)),
            ("pictures/<int:edition>/<int:number>/", (1, 1)),
            ("attempts/<int:number>/", (1,)),
        )
    },
    **dict.fromkeys(
        (
            f"training/modules/drafts/<reference:reference>/{rest}/"
            for rest in ("pages/<int:number>", "pages/<int:number>/picture", "questions/<int:number>")
        ),
        lambda crowd: (crowd.modules.draft.reference, 1),
    ),
    "operations/<reference:reference>/monitoring/<int:pk>/strike/": lambda crowd: (
        crowd.operations.active.reference,
        crowd.operations.note.pk,
    ),
    **dict.fromkeys(
        (
            "operations/<reference:reference>/review/findings/<int:pk>/",
            "operations/<reference:reference>/review/findings/<int:pk>/withdraw/",
            *(
                f"api/v1/operations/(?P<reference>[0-9A-Z]{{10}})/review/findings/(?P<finding>[0-9]{{1,9}})/{verb}$"
                for verb in ("", "withdraw/")
            ),
        ),
        lambda crowd: (crowd.operations.completed.reference, crowd.operations.finding.pk),
    ),
    **guidance_pages,
    **exercise_pages,
    "training/requirements/<int:pk>/<slug:step>/": lambda crowd: (crowd.ready.requirement.pk, "archive"),
    "training/readiness/people/<reference:reference>/away/<int:pk>/": lambda crowd: (
        crowd.ready.record.reference,
        crowd.ready.absence.pk,
    ),
    "training/readiness/operations/<reference:reference>/require/<int:pk>/": lambda crowd: (
        crowd.ready.operation.reference,
        crowd.ready.asked.pk,
    ),
    "operations/assets/<reference:reference>/out/<int:pk>/end/": lambda crowd: (
        crowd.lent.asset.reference,
        crowd.lent.out.pk,
    ),
    **{
        f"operations/qips/<reference:reference>/{part}": lambda crowd, part=name: (  # type: ignore[misc]
            crowd.projects.running.reference,
            getattr(crowd.projects, part).pk,
        )
        for part, name in (
            ("milestones/<int:pk>/", "milestone"),
            ("payments/<int:pk>/strike/", "payment"),
            ("photos/<int:pk>/strike/", "photo"),
        )
    },
    **{
        f"operations/<reference:reference>/{route}": key
        for routes, key in (
            (("tasks/<uuid:key>/", "tasks/<uuid:key>/edit/", "tasks/<uuid:key>/drag/"), _task),
            (("tasks/<uuid:key>/<slug:step>/",), lambda crowd: (*_task(crowd), "move")),
            (("phases/<uuid:key>/",), _phase),
            (("journal/<int:number>/", "journal/<int:number>/strike/"), _entry_number),
            (("reached/<int:pk>/",), _reached),
            (("phases/<uuid:key>/<slug:step>/",), lambda crowd: (*_phase(crowd), "move")),
        )
        for route in routes
    },
    **{
        f"api/v1/operations/(?P<reference>[0-9A-Z]{{10}})/{noun}s/(?P<id>[0-9]{{1,9}})/{verb}$": key
        for noun, key, verbs in (
            ("task", _task_number, ("", "move/", "needs/", "progress/", "remove/")),
            ("phase", _phase_number, ("", "move/", "remove/")),
        )
        for verb in verbs
    },
    **{
        f"api/v1/operations/(?P<reference>[0-9A-Z]{{10}})/{rest}$": key
        for rest, key in (
            ("journal/(?P<id>[0-9]{1,9})/", _entry),
            ("journal/(?P<id>[0-9]{1,9})/strike/", _entry),
            ("reached/(?P<id>[0-9]{1,9})/decide/", _reached),
        )
    },
    **{
        f"api/v1/exercises/(?P<reference>[0-9A-Z]{{10}})/{noun}/(?P<id>[0-9]{{1,9}})/{verb}$": _exercise(
            "running", row=row
        )
        for noun, row in (
            ("objectives", "objective"),
            ("roles", "lead"),
            ("runs", "run"),
            ("injects", "inject"),
        )
        for verb in ("", "remove/")
    },
}
# What is typed into a suggestion, so that it finds every row.
TYPED = {
    "suggest/organisations/": "q=organisation",
    "suggest/places/": "q=place",
    "suggest/areas/": "q=area",
    "suggest/people/": "q=given",
    "suggest/everyone/": "q=given",
    "suggest/positions/": "q=position",
    "suggest/posts/": "q=position",
    "suggest/offices/": "q=office",
    "suggest/position/": "position=4.36, 18.55",
    "liaison/contacts/suggest/": "q=contact",
    "training/readiness/who/": "clearance=1",
    "admin/autocomplete/": "app_label=core&model_name=holding&field_name=person&term=given",
}
LEFT_OUT = {
    r"healthz": "asks the services, reads no rows: test_health",
    r"metrics": "the same as numbers: test_metrics",
    r"demo/mail/<slug:name>/": "reads a file, no rows",
    r"operations/qips/.*/photos/<int:pk>/(small/)?": "one row and a file: test_qip_photo",
    r"api/v1/qips/.*/photos/.*": "one row and a file: test_qip_api",
    r"training/qualifications/.*/proof/.*": "one row and a file: test_course_pages",
    r"(api/v1/)?documents/.*/file/.*": "one row and a file: test_document_pages",
    r"sign-in/provider/.*": "there is no provider here: test_signin_by_provider",
    r"me/second-factor/(app/remove|codes)/": "only who has a factor: test_second_factor",
    r"\^password/link/.*": "a link from a mail: test_signin_password_link",
    r".*operations/.*/plan/.*": "two keys, and rows, saves and revisions: test_plan_queries",
    r"admin/glass/<reference:reference>/": "only behind broken glass: test_break_glass",
    r"admin/.*\(\?P<url>\.\*\)\$": "everything that is not there",
    **EXCUSED,
}


def pages(crowd: Crowd) -> Iterator[tuple[str, str]]:
    """(name, address) of all that can be asked for."""
    for route in routes_of(get_resolver()):
        if any(re.fullmatch(left, route) for left in LEFT_OUT):
            continue
        prefix = route.partition("<")[0]
        if route in PARTS:
            yield route, fill(route, *PARTS[route](crowd))
        elif "<slug:verb>" in route:
            for verb, record in VERBS[prefix].items():
                yield route.replace("<slug:verb>", verb), fill(route, public_key(record(crowd)), verb)
        elif PARAMETER.search(route):
            yield route, fill(route, key_of(route, crowd))
        else:
            yield route, f"{fill(route)}?{TYPED.get(route, '')}"


def public_key(record: Any) -> Any:
    """A shared record is named by its reference, a part by its number."""
    return getattr(record, "reference", record.pk)


def fill(route: str, *values: Any) -> str:
    given = iter(values)
    return "/" + PARAMETER.sub(lambda _parameter: str(next(given)), route).removesuffix("$")


def key_of(route: str, crowd: Crowd) -> Any:
    own = route.removeprefix("api/v1/").removeprefix("liaison/")
    fits = [prefix for prefix in KEYS if own.startswith(prefix)]
    if not fits and route.startswith("admin/"):
        return admin_key(route, crowd)
    assert fits, f"Say in KEYS for which record {route!r} is opened."
    return KEYS[max(fits, key=len)](crowd)


def admin_key(route: str, crowd: Crowd) -> Any:
    model = apps.get_model(*route.split("/")[1:3])
    hub = [value for value in vars(crowd).values() if type(value) is model]
    request = RequestFactory().get("/admin/")
    request.user = crowd.reader
    row = hub[0] if hub else admin.site._registry[model].get_queryset(request).first()
    return row.reference if issubclass(model, SharedRecord) else row.pk


def measure(client: Client, crowd: Crowd, agreed: Mapping[str, int]) -> dict[str, int]:
    """Queries of each page that opens.

    One that is not as agreed is opened once more: some things are kept from the first time on.
    """
    found, shut = {}, []
    for name, address in list(pages(crowd)):
        status, count = asked(client, address)
        if status < 400 and count != agreed.get(name):
            status, count = asked(client, address)
        # What is only written to has no page.
        if status < 400:
            found[name] = count
        elif status != 405:
            shut.append(f"{address}: {status}")
    assert not shut, "\n".join(["These do not open for the reader of the crowd:", *shut])
    return found


def asked(client: Client, address: str) -> tuple[int, int]:
    """Status of the answer, and how many queries it took."""
    # Django remembers so many queries and no more.
    reset_queries()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    return answer.status_code, len(queries)


def faults(few: Mapping[str, int], many: Mapping[str, int], agreed: Mapping[str, int]) -> list[str]:
    """What is wrong with the numbers, a line each."""
    told = []
    for name in sorted({*few, *agreed}):
        if name not in few:
            told.append(f"{name}: agreed, but not measured any more")
        elif many.get(name) != few[name]:
            told.append(f"{name}: {few[name]} queries with {FEW} rows, {many.get(name)} with {MANY}")
        elif name not in agreed:
            told.append(f"{name}: {few[name]} queries, nothing agreed")
        elif few[name] != agreed[name]:
            word = "agreed are only" if few[name] > agreed[name] else "it became better, agreed are still"
            told.append(f"{name}: {few[name]} queries, {word} {agreed[name]}")
    return told


def test_queries_do_not_grow_with_the_rows_nor_beyond_what_is_agreed(thorough: bool) -> None:
    crowd = Crowd()
    client = signed_in(crowd.reader)
    writes = os.environ.get("QUERY_COUNTS") == "write"
    agreed = {} if writes else json.loads(BASELINE.read_text())
    # That a page opens here is no test of what it shows.
    with SEEN.looking_away():
        crowd.grow(FEW)
        few = measure(client, crowd, agreed) if thorough or writes else None
        crowd.grow(MANY)
        many = measure(client, crowd, agreed)
    few = many if few is None else few
    if writes:
        BASELINE.write_text(json.dumps(few, indent=1, sort_keys=True) + "\n")
    wrong = faults(few, many, json.loads(BASELINE.read_text()))
    assert not wrong, "\n".join(["How to write the numbers anew stands above.", *wrong])


def test_each_kind_of_fault_is_told() -> None:
    few = {"same": 3, "grows": 4, "new": 1, "worse": 6, "better": 2}
    agreed = {"same": 3, "grows": 4, "worse": 5, "better": 3, "gone": 1}
    assert faults(few, {**few, "grows": 14}, agreed) == [
        "better: 2 queries, it became better, agreed are still 3",
        "gone: agreed, but not measured any more",
        "grows: 4 queries with 2 rows, 14 with 12",
        "new: 1 queries, nothing agreed",
        "worse: 6 queries, agreed are only 5",
    ]
