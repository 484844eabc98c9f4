"""The seal of the trail: whatever is changed, removed or slipped in afterwards is found."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.utils import ProgrammingError

from cimic_portal.core.audit.seal import faults, seal
from cimic_portal.core.models import Office, ReadEntry, TrailSeal
from tests.factories.core import DocumentFactory, OfficeFactory, PersonFactory
from tests.support.database import owner_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed():
    """An office and a document in the trail, under one seal."""
    office = OfficeFactory(name="Sector North")
    DocumentFactory(owner_office=office, title="Heronshaw")
    assert seal() is not None
    return office


def as_owner(statement, *values):
    with owner_role(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def told():
    return [fault.words for fault in faults()]


def test_seals_follow_one_another_and_hold(sealed):
    first = TrailSeal.objects.get()
    assert seal() is None
    sealed.name = "Sector South"
    sealed.save()
    ReadEntry.objects.create(person=PersonFactory(), surface="page", records=["document:X"])
    second = TrailSeal.objects.get(pk=seal())
    assert second.previous == first.digest
    assert set(second.parts.values_list("table", flat=True)) == {
        "core_officeevent", "core_personevent", "core_readentry",
    }  # fmt: skip
    assert told() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE core_officeevent SET name = 'Sector West' WHERE pgh_obj_id = %s", "was changed"),
        (
            "UPDATE core_officeevent SET pgh_created_at = now() - interval '1 day' WHERE pgh_obj_id = %s",
            "changed",
        ),
        ("DELETE FROM core_officeevent WHERE pgh_obj_id = %s", "are there"),
    ],
)
def test_what_is_done_to_a_row_is_found(sealed, statement, words):
    as_owner(statement, sealed.pk)
    [fault] = told()
    assert fault.startswith("core_officeevent: ")
    assert words in fault


def test_what_is_done_to_a_seal_is_found(sealed):
    OfficeFactory()
    seal()
    newest = TrailSeal.objects.first()
    as_owner("UPDATE core_trailsealpart SET rows = rows + 1 WHERE seal_id = %s", newest.pk)
    assert "its own lines were changed" in told()


def test_a_seal_that_is_gone_is_missed(sealed):
    first = TrailSeal.objects.get()
    OfficeFactory()
    seal()
    as_owner("DELETE FROM core_trailsealpart WHERE seal_id = %s", first.pk)
    as_owner("DELETE FROM core_trailseal WHERE id = %s", first.pk)
    assert any("does not follow" in words for words in told())


# A row with a number that its transaction drew before the seal and committed after it.
LATE = """
    INSERT INTO core_officeevent SELECT (e).* FROM (
        SELECT jsonb_populate_record(e, '{"pgh_id": -5}') AS e
        FROM core_officeevent e WHERE pgh_obj_id = %s LIMIT 1
    ) late
"""


def test_a_row_that_was_being_written_comes_under_the_next_seal(sealed):
    as_owner(LATE, sealed.pk)
    assert seal() is not None
    assert told() == []


def test_a_row_slipped_in_much_later_is_found(sealed):
    as_owner("UPDATE core_trailseal SET sealed_at = now() - interval '3 days'")
    as_owner(LATE, sealed.pk)
    assert seal() is None
    assert told() == ["core_officeevent: 1 rows stand among sealed ones and were never sealed"]


def test_a_column_that_came_later_breaks_nothing_and_one_that_went_is_named(sealed):
    as_owner("ALTER TABLE core_officeevent ADD COLUMN colour text DEFAULT 'blue'")
    assert told() == []
    as_owner("ALTER TABLE core_officeevent DROP COLUMN short_name")
    [fault] = told()
    assert fault == "core_officeevent: cannot be checked, its columns short_name are gone"


def forget(office):
    """What the procedure of forgetting does: the digests before and since stand beside the row."""
    digest = "core_trail_digest(to_jsonb(e))"
    with owner_role(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(f"SELECT pgh_id, {digest} FROM core_officeevent e WHERE pgh_obj_id = %s", [office.pk])
        [(number, before)] = cursor.fetchall()
        cursor.execute("UPDATE core_officeevent SET name = '' WHERE pgh_id = %s", [number])
        cursor.execute(
            f'INSERT INTO core_forgottenrow ("table", number, before, since, forgotten_at)'
            f" SELECT 'core_officeevent', pgh_id, %s, {digest}, now()"
            " FROM core_officeevent e WHERE pgh_id = %s",
            [before, number],
        )


def test_what_was_forgotten_leaves_the_seal_whole_and_is_sealed_itself(sealed):
    forget(sealed)
    assert told() == []
    seal()
    assert TrailSeal.objects.first().parts.filter(table="core_forgottenrow").exists()
    as_owner("UPDATE core_officeevent SET name = 'Sector West' WHERE pgh_obj_id = %s", sealed.pk)
    assert "was changed" in told()[0]


def test_nobody_but_the_owner_makes_a_digest_pass(sealed):
    """The run-time role seals by the procedure, and has no other way."""
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE core_trailseal SET digest = 'x'")


def test_command_tells_the_newest_digest_and_ends_with_a_fault(sealed):
    out, err = StringIO(), StringIO()
    call_command("verify_trail", stdout=out, stderr=err)
    assert TrailSeal.objects.get().digest in out.getvalue()
    as_owner("DELETE FROM core_officeevent WHERE pgh_obj_id = %s", sealed.pk)
    with pytest.raises(SystemExit):
        call_command("verify_trail", stdout=out, stderr=err)
    assert "core_officeevent" in err.getvalue()
    assert Office.objects.filter(pk=sealed.pk).exists()
