"""A contact logged and submitted through the API, beside bare inserts through the same server.

Run as `python benchmarks/submit.py`. Ours is checked, written under the rule with who was there and what was
promised, and announced; the rival writes the engagement's row alone. The table has a million rows, and the
trail is written for both. Target: 0.4 of the rival's rate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.api_list import client_of
from benchmarks.harness import duel, grown_mission, line, on_the_clock, queries

JSON = "application/json"
ENGAGEMENTS = "/api/v1/engagements/"
# Both sides answer with the reference, as a laptop on a bad line asks for; the whole answer stands beside.
SHORT = "return=minimal"


def report(person: Any) -> dict[str, Any]:
    from django.utils import timezone

    from cimic_portal.core.models import Organisation
    from liaison.models import EngagementKind

    return {
        "office": min(person.access.offices),
        "purpose": "Ford after the flood",
        "kind": EngagementKind.objects.order_by("pk").values_list("pk", flat=True)[0],
        "starts_at": (timezone.now() - timezone.timedelta(hours=2)).isoformat(),
        "location": "Ferry",
        "key_points": "Foot traffic only.",
        "atmosphere": "neutral",
        "audience_components": [1, 3],
        "attendees": [
            {"person": person.pk},
            {"organisation": Organisation.objects.order_by("pk").values_list("pk", flat=True)[0]},
        ],
        "promises": [{"side": "ours", "what": "Send the dates"}],
    }


def posting(client: Any, address: str, sent: dict[str, Any], **headers: str) -> Callable[[], Any]:
    def run() -> Any:
        answer = client.post(address, sent, content_type=JSON, headers=headers)
        assert answer.status_code in (200, 201), answer.content[:500]
        return answer.json()

    return run


def compare(person: Any) -> None:
    from benchmarks.bare import INSERT

    client, sent = client_of(person), report(person)
    whole = posting(client, ENGAGEMENTS, sent)
    log = posting(client, ENGAGEMENTS, sent, prefer=SHORT)
    insert = posting(client, INSERT, sent)

    def log_and_submit() -> None:
        made = log()
        shown = {"version": made["version"]}
        posting(client, f"{ENGAGEMENTS}{made['reference']}/submit/", shown, prefer=SHORT)()

    def insert_twice() -> None:
        insert()
        insert()

    asked = queries(log, plans="contact-logged")
    duel(
        f"contact logged, {asked} queries | its rows inserted",
        log,
        insert,
        "≤ 2.5× (0.4 of the rate)",
        clock=on_the_clock,
    )
    duel("answered with the whole report", whole, insert, "", clock=on_the_clock)
    duel("logged, then submitted | inserted twice", log_and_submit, insert_twice, "", clock=on_the_clock)


def main() -> None:
    with grown_mission() as readers:
        from django.conf import settings
        from django.test.utils import override_settings

        line("Contacts through the API", "ours", "bare", "ratio", "target")
        settings.REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []
        with override_settings(ROOT_URLCONF="benchmarks.bare"):
            compare(readers["liaison officer"])


if __name__ == "__main__":
    main()
