"""The production form holds together: no container engine is needed to see that."""

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.run import STREAM_OPTIONS
from cimic_portal.settings.parts.stream import STREAM_URL

TEXT = (CHECKOUT / "docker-compose.yml").read_text()
CONFIGURE = (CHECKOUT / "docs" / "howto" / "configure.md").read_text()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(TEXT)


def test_what_services_name_exists(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert {"image"} <= service.keys(), name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"]
        for config in service.get("configs", []):
            assert config["source"] in compose["configs"]
        needed = service.get("depends_on", [])
        assert set(needed) <= compose["services"].keys()
        if isinstance(needed, dict):
            healthy = {other for other, how in needed.items() if how["condition"] == "service_healthy"}
            assert all("healthcheck" in compose["services"][other] for other in healthy)


def test_only_the_proxy_is_open_to_the_network(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_only_migrate_knows_the_owner(compose: dict[str, Any]) -> None:
    knowing = {
        name
        for name, service in compose["services"].items()
        if any("OWNER_PASSWORD" in str(value) for value in service.get("environment", {}).values())
    }
    assert knowing == {"migrate", "postgres"}


def test_stream_is_one_process_behind_the_proxy(compose: dict[str, Any]) -> None:
    """With the options of `make run`, and reached by the path that pages are told."""
    command = compose["services"]["stream"]["command"].split()
    assert set(STREAM_OPTIONS) <= set(command)
    assert not any(option.startswith("--workers") for option in command)
    assert "deploy" not in compose["services"]["stream"]
    routes = compose["configs"]["proxy"]["content"]
    assert re.search(rf"handle {STREAM_URL} \{{[^}}]*reverse_proxy stream:8001 ", routes)
    assert "--port=8001" in command
    assert {"web", "stream"} <= set(compose["services"]["proxy"]["depends_on"])


def test_every_queue_has_a_worker(compose: dict[str, Any]) -> None:
    commands = " ".join(str(service.get("command", "")) for service in compose["services"].values())
    served = {queue for found in re.findall(r"--queues=(\S+)", commands) for queue in found.split(",")}
    assert set(settings.OUTBOX_QUEUES) <= served


def test_every_variable_is_documented() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT))
    for path in (CHECKOUT / "cimic_portal" / "settings").rglob("*.py"):
        asked |= set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", path.read_text()))
    assert len(asked) > 15
    assert {name for name in asked if f"`{name}`" not in CONFIGURE} == set()
