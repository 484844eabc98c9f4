"""A list of 50 in the API, beside the same serializer and paging without rule and audit.

Run as `python benchmarks/api_list.py`. Both answer the same client with the same token through the same
middleware; each line is the time of one request. Target: 0.7 of the rival's rate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.harness import duel, grown_mission, line, on_the_clock, queries

OURS = "/api/v1/engagements/"


def client_of(person: Any) -> Any:
    from django.test import Client
    from django.utils import timezone

    from cimic_portal.core.models import Scope
    from cimic_portal.core.services.tokens import create_token

    end = timezone.now() + timezone.timedelta(hours=1)
    _token, text = create_token(actor=person, name="benchmark", scope=Scope.WRITE, expires_at=end)
    return Client(headers={"host": "localhost", "authorization": f"Bearer {text}"})


def getting(client: Any, address: str) -> Callable[[], object]:
    def run() -> object:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content[:300]
        return answer

    return run


def compare(name: str, person: Any) -> None:
    from benchmarks.bare import LIST

    client = client_of(person)
    ours, beside = getting(client, OURS), getting(client, LIST)
    assert len(ours().json()["results"]) == len(beside().json()["results"]) == 50  # type: ignore[attr-defined]
    asked = queries(ours, plans=f"api-{name.replace(' ', '-')}")
    duel(f"{name}, {asked} queries", ours, beside, "≤ 1.43× (0.7 of the rate)", clock=on_the_clock)


def main() -> None:
    with grown_mission() as readers:
        from django.test.utils import override_settings

        line("API list of 50 engagements", "ours", "bare", "ratio", "target")
        with override_settings(ROOT_URLCONF="benchmarks.bare"):
            for name in ("liaison officer", "commander"):
                compare(name, readers[name])


if __name__ == "__main__":
    main()
