"""The production form holds together: no container engine is needed to see that."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from django.conf import settings

from cimic_portal.embedded.layout import CHECKOUT
from cimic_portal.embedded.run import STREAM_OPTIONS
from cimic_portal.settings.parts.stream import STREAM_URL

COMPOSE = CHECKOUT / "docker-compose.yml"
TEXT = COMPOSE.read_text()
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


def test_it_is_valid_by_the_published_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, COMPOSE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_migrate_knows_the_owner(compose: dict[str, Any]) -> None:
    knowing = {
        name
        for name, service in compose["services"].items()
        if "owner_password" in service.get("secrets", [])
    }
    assert knowing == {"migrate", "postgres"}


def test_secrets_come_in_files_alone(compose: dict[str, Any]) -> None:
    """Each is a file outside the repository, handed to whoever names it, and in nobody's environment."""
    used: set[str] = set()
    for name, service in compose["services"].items():
        given = set(service.get("secrets", []))
        used |= given
        for variable, value in service.get("environment", {}).items():
            if variable.endswith("_FILE") and value:
                assert value.startswith("/run/secrets/"), variable
                assert value.removeprefix("/run/secrets/") in given, (name, variable)
            assert not re.search(r"://[^/]*:[^/]*@", value), variable
        assert not any(re.search("PASSWORD|SECRET|TOKEN", word) for word in asked_of(str(service))), name
    assert used == compose["secrets"].keys()
    assert all(one["file"] == f"./secrets/{name}" for name, one in compose["secrets"].items())
    assert "/secrets/" in (CHECKOUT / ".gitignore").read_text().split()
    assert "secrets" in (CHECKOUT / ".dockerignore").read_text().split()


def test_every_container_is_held_in_limits(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"cpus", "mem_limit", "pids_limit"} <= service.keys(), name
        assert "healthcheck" in service or service["restart"] == "no", name


def test_what_the_portal_is_told_is_read_by_it(compose: dict[str, Any]) -> None:
    """A variable that nobody reads is a misspelt one."""
    read = read_by_the_portal()
    told = {
        variable.removesuffix("_FILE")
        for service in compose["services"].values()
        if service["image"].startswith("cimic-portal:")
        for variable in service.get("environment", {})
    }
    assert len(told) > 15
    assert told <= read


def test_proxy_holds_browsers_to_https_and_bodies_to_a_size(compose: dict[str, Any]) -> None:
    routes = compose["configs"]["proxy"]["content"]
    assert 'header ?Strict-Transport-Security "max-age=31536000;' in routes
    for site in ("PORTAL_HOST", "CONTENT_HOST"):
        assert re.search(
            rf"\{{\$+{site}\}} \{{\s+import strict\s[^{{}}]*request_body \{{\s+max_size \S+", routes
        )


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


def test_every_queue_has_a_worker_of_its_own(compose: dict[str, Any]) -> None:
    commands = [str(service.get("command", "")) for service in compose["services"].values()]
    served = [found[1] for command in commands if (found := re.search(r"--queues=(\S+)", command))]
    assert sorted(served) == sorted(settings.OUTBOX_QUEUES)


def test_every_variable_is_documented() -> None:
    asked = asked_of(TEXT) | read_by_the_portal()
    assert len(asked) > 15
    assert {name for name in asked if f"`{name}`" not in CONFIGURE} == set()


def test_every_secret_is_documented(compose: dict[str, Any]) -> None:
    assert {name for name in compose["secrets"] if f"`{name}`" not in CONFIGURE} == set()


def asked_of(text: str) -> set[str]:
    """Variables that a compose file takes from `.env`."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def read_by_the_portal() -> set[str]:
    found: set[str] = set()
    for folder in ("settings", "keeping"):
        for path in (CHECKOUT / "cimic_portal" / folder).rglob("*.py"):
            found |= set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", path.read_text()))
            found |= set(re.findall(r'"(DATABASE_(?:OWNER_)?(?:URL|PASSWORD))"', path.read_text()))
    return found
