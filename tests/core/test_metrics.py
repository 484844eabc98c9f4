"""What Prometheus reads at /metrics."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from cimic_portal.core import health
from cimic_portal.core.models import OutboxEntry, OutboxState

TOKEN = {"Authorization": "Bearer of-the-test"}


@pytest.fixture
def token(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.METRICS_TOKEN = "of-the-test"
    monkeypatch.setattr(health._health, "_asked", 0.0)


def numbers(client: Client) -> dict[tuple[str, ...], float]:
    """Each number under its name and the values of its labels."""
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (one.name, *one.labels.values()): one.value
        for family in families
        for one in family.samples
        if not one.name.endswith("_created")
    }


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": "of-the-test"}])
@pytest.mark.django_db
def test_without_its_token_there_is_no_page(client: Client, token: None, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.django_db
def test_without_a_token_in_the_settings_neither(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_it_tells_how_the_portal_is(client: Client, token: None) -> None:
    OutboxEntry.objects.create(kind="test", state=OutboxState.DEAD)
    told = numbers(client)
    assert told["portal_up", "database"] == 1
    assert told["portal_up", "worker"] == 0
    assert told["portal_queue_up", "mail"] == 0
    assert told["portal_outbox_dead",] == 1
    assert told["portal_outbox_waiting",] == 0


@pytest.mark.django_db
def test_requests_are_counted_by_their_pattern(client: Client, token: None) -> None:
    name = ("portal_request_seconds_count", "GET", "training/verify/<slug:code>/", "404")
    before = numbers(client).get(name, 0)
    client.get("/training/verify/SECRET9/")
    after = numbers(client)
    assert after[name] == before + 1
    assert not any("SECRET9" in part for key in after for part in key)


@pytest.mark.django_db
def test_an_invented_method_is_no_name_of_its_own(client: Client, token: None) -> None:
    client.generic("INVENTED", "/healthz")
    told = numbers(client)
    assert told["portal_request_seconds_count", "other", "healthz", "405"] >= 1
    assert not any("INVENTED" in key for key in told)


@pytest.mark.django_db(transaction=True)
def test_it_tells_how_old_backups_are(client: Client, token: None, settings: Any, tmp_path: Path) -> None:
    assert not any(key[0] == "portal_backup_age_seconds" for key in numbers(client))
    settings.BACKUP_STATE = str(tmp_path / "state.json")
    assert not any(key[0] == "portal_backup_age_seconds" for key in numbers(client))
    moment = timezone.now() - timedelta(hours=1)
    (tmp_path / "state.json").write_text(json.dumps({"changes": moment.isoformat()}))
    assert 3600 <= numbers(client)["portal_backup_age_seconds", "changes"] < 3700


def test_the_processes_of_a_server_add_up(tmp_path: Path) -> None:
    count = (
        "from cimic_portal.core.metrics import count_request;"
        "count_request('GET', 'home', 200, 0.03); count_request('GET', 'home', 200, 0.04)"
    )
    told = "from cimic_portal.core.metrics import exposition; print(exposition().decode())"
    start = "import django; django.setup();"
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "cimic_portal.settings.test",
    }
    for code in (count, count):
        subprocess.run([sys.executable, "-c", start + code], env=environment, check=True)
    answer = subprocess.run(
        [sys.executable, "-c", start + told], env=environment, check=True, capture_output=True, text=True
    )
    line = 'portal_request_seconds_count{method="GET",route="home",status="200"} 4.0'
    assert line in answer.stdout
