"""Valkey gone: sign-in goes on, and is still limited."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as live
from django.core.cache import cache
from django.test import Client

from cimic_portal.core.cache import PatientCache
from tests.support import staff

CACHE = "cimic_portal.core.cache.PatientCache"


@pytest.fixture
def socket(tmp_path: Path, settings: object) -> Path:
    """Where the cache looks for Valkey; nothing is there."""
    path = tmp_path / "valkey.sock"
    address = urlsplit(live.REDIS_URL)
    location = address._replace(path=str(path)).geturl()
    settings.CACHES = {"default": {"BACKEND": CACHE, "LOCATION": location, "KEY_PREFIX": "down"}}
    PatientCache.rest_until = 0.0
    yield path
    cache.clear()
    PatientCache.rest_until = 0.0


@pytest.mark.django_db
def test_sign_in_goes_on_and_is_limited(client: Client, socket: Path) -> None:
    officer = staff.person()
    form = {"login": officer.email, "password": staff.PASSWORD, "next": "/me/"}
    wrong = form | {"password": "wrong wrong wrong"}
    for _ in range(4):
        assert "do not belong together" in client.post("/sign-in/", wrong).content.decode()
    assert client.post("/sign-in/", form)["Location"] == "/me/"
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(5):
        guesser.post("/sign-in/", wrong)
    assert "Too many failed attempts" in guesser.post("/sign-in/", form).content.decode()


def test_valkey_is_left_alone_for_a_while_and_used_again_when_it_is_back(socket: Path) -> None:
    cache.set("word", "kept here", 60)
    assert cache.get("word") == "kept here"
    assert PatientCache.rest_until > 0

    socket.symlink_to(urlsplit(live.REDIS_URL).path)
    assert cache.get("word") == "kept here", "asked again too early"
    PatientCache.rest_until = 0.0
    assert cache.get("word") is None
    cache.set("word", "kept there", 60)
    assert PatientCache(live.REDIS_URL, {"KEY_PREFIX": "down"}).get("word") == "kept there"


@pytest.mark.parametrize("value", [1, "text", [1.5, 2.5]])
def test_every_operation_works_without_valkey(socket: Path, value: object) -> None:
    assert cache.add("a", value, 60) is True
    assert cache.add("a", value, 60) is False
    assert cache.get_many(["a", "b"]) == {"a": value}
    cache.set_many({"b": 1}, 60)
    assert cache.incr("b") == 2
    assert cache.touch("b", 60) is True
    assert "b" in cache
    cache.delete_many(["b"])
    assert cache.delete("a") is True
    assert cache.get("a") is None
