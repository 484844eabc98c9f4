"""What the settings take from the environment, and from files that it names."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cimic_portal.settings.parts.environment import Environment, with_password


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setattr(Environment, "ENVIRON", type(Environment.ENVIRON)({}))
    return Environment()


def test_a_file_wins_and_its_last_line_break_is_left_away(env: Environment, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(" a b\n")
    env.ENVIRON.update({"TOKEN": "other", "TOKEN_FILE": str(tmp_path / "token")})
    assert env.str("TOKEN", default="") == " a b"
    assert "TOKEN" in env.ENVIRON


def test_an_empty_name_of_a_file_is_none(env: Environment) -> None:
    env.ENVIRON["TOKEN_FILE"] = ""
    assert env.str("TOKEN", default="none") == "none"
    assert "TOKEN" not in env.ENVIRON


def test_a_missing_file_is_told_in_words(env: Environment, tmp_path: Path) -> None:
    env.ENVIRON["TOKEN_FILE"] = str(tmp_path / "missing")
    with pytest.raises(ImproperlyConfigured, match="TOKEN_FILE names a file that cannot be read"):
        env.str("TOKEN")


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("redis://valkey:6379/0", "redis://:p%2F%40%3A@valkey:6379/0"),
        ("redis://user@valkey:6379/0", "redis://user:p%2F%40%3A@valkey:6379/0"),
        ("redis://user:old@valkey", "redis://user:p%2F%40%3A@valkey"),
        ("unix:///run/valkey.sock?db=1", "unix://:p%2F%40%3A@/run/valkey.sock?db=1"),
    ],
)
def test_a_password_is_put_into_an_address(address: str, whole: str) -> None:
    assert with_password(address, "p/@:") == whole
    assert with_password(address, "") == address
