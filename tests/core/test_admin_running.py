"""How the portal runs, on one page: what was given up, what waits, health, backups, storage, people."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cimic_portal.core import running
from cimic_portal.core.models import OutboxEntry, OutboxState, Person
from cimic_portal.core.services.proposals import propose_clearance
from tests.factories.cast import Cast, make_cast
from tests.factories.core import PersonFactory
from tests.support.pages import signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/admin/running/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def pages(cast: Cast) -> Client:
    return signed_in(cast.auditor)


def said(pages: Client) -> str:
    answer = pages.get(PAGE)
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_dead_letters_are_counted_by_kind_and_lead_to_where_they_are_tried_again(pages: Client) -> None:
    assert "Nothing was given up" in said(pages)
    for _number in range(3):
        OutboxEntry.objects.create(kind="core.mail", queue="mail", state=OutboxState.DEAD)
    OutboxEntry.objects.create(kind="core.tell", payload={"id": 987654})
    OutboxEntry.objects.filter(kind="core.mail").update(created_at=timezone.now() - timedelta(hours=5))
    page = pages.get(PAGE).content.decode()
    assert "core.mail" in page
    assert "3, the oldest from 5\xa0hours ago" in page
    assert "core.tell in “notify”" in page
    assert "987654" not in page
    link = "/admin/core/outboxentry/?kind__exact=core.mail&amp;queue__exact=mail"
    assert link in page
    assert "3 outbox entries" in words(pages.get(link.replace("&amp;", "&")).content.decode())


def test_health_is_told_part_by_part(pages: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(pages)
    for part in ("Database", "Outbox", "Broker", "Workers", "Queue “reports”"):
        assert part in told
    # No worker runs here.
    assert "Queue “reports” down" in told


def test_backups_are_fresh_late_or_none(pages: Client, settings: Any, tmp_path: Path) -> None:
    assert "No backup has said how it is" in said(pages)
    state = tmp_path / "state.json"
    settings.BACKUP_STATE = str(state)
    for broken in ("", "[]", '{"base": 1}', '{"base": "soon"}'):
        state.write_text(broken)
        assert "No backup has said how it is" in said(pages)
    now = timezone.now()
    ages = {"changes": timedelta(hours=1), "base": timedelta(hours=1)}
    state.write_text(json.dumps({part: (now - age).isoformat() for part, age in ages.items()}))
    told = said(pages)
    assert "Changes of the database late kept until 1 hour ago" in told.replace("\xa0", " ")
    assert "Whole database fresh" in told


def test_storage_tells_sizes_and_when_space_is_short(
    pages: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "none yet"
    assert running.storage().files == 0
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"x" * 3000)
    found = running.storage()
    assert (found.files, found.all_counted) == (3000, True)
    assert 0 < found.free <= found.disk
    assert found.database > max(size for _name, size in found.tables) > 0
    assert len(found.tables) == 8
    assert "2.9 KB" in said(pages).replace("\xa0", " ")
    monkeypatch.setattr(running, "_PATIENCE_SECONDS", -1.0)
    assert "more than 0 bytes" in said(pages).replace("\xa0", " ")


def test_people_and_what_waits_for_administrators(pages: Client, cast: Cast) -> None:
    told = said(pages)
    assert "Administrators 1 two are needed" in told or "Administrators two are needed 1" in told
    PersonFactory(is_staff=True)
    propose_clearance(PersonFactory(clearance=1), 2, actor=cast.auditor, reason="Staff officer")
    page = pages.get(PAGE).content.decode()
    assert "Two are needed" not in page
    assert "two are needed" not in page
    assert "/admin/core/proposal/?state__exact=waiting" in page


def test_others_are_refused(cast: Cast) -> None:
    assert signed_in(cast.owner).get(PAGE, follow=True).status_code == 403
    assert Person.objects.filter(is_staff=True).count() == 1
