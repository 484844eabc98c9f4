"""Reader keys stand in the record whatever wrote it, and nothing else can be written there."""

import io

import pytest
from django.db import DataError, IntegrityError, InternalError, connection, transaction

from cimic_portal.core.models import Document, DocumentPersonGrant, Membership, Office, Person, Position
from cimic_portal.core.sharing.levels import MAX_KEYED_ID, Component, KeyKind, key
from liaison.models import Attendance
from tests.factories.cast import make_cast
from tests.factories.core import DocumentFactory, HoldingFactory, PositionFactory, give
from tests.factories.liaison import AttendanceFactory, EngagementFactory

pytestmark = pytest.mark.django_db

WHY = "the test looks at the keys themselves"


def keys_of(document: Document) -> set[int]:
    document.refresh_from_db()
    return set(document.reader_keys)


def _expected(document: Document) -> set[int]:
    membership = Membership.objects.get(
        person=document.author, organisation=document.owner_office.organisation
    )
    return {key(KeyKind.OWNER, document.owner_office_id), key(KeyKind.AUTHOR, membership.pk)}


@pytest.fixture
def document() -> Document:
    cast = make_cast()
    return DocumentFactory(owner_office=cast.team, author=cast.owner)


def test_kinds_never_share_a_number() -> None:
    ids = [1, 2, 3, 7, 8, 9, MAX_KEYED_ID - 1]
    numbers = [key(kind, pk) for kind in KeyKind for pk in ids]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < 2**31


def test_draft_is_read_by_office_and_author(document: Document) -> None:
    assert keys_of(document) == _expected(document)


def test_raw_update_cannot_forge_keys(document: Document) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_document SET reader_keys = '{9}' WHERE id = %s", [document.pk])
    assert keys_of(document) == _expected(document)


def test_bulk_update_cannot_forge_keys(document: Document) -> None:
    document.reader_keys = [9]
    Document.objects.unscoped(WHY).bulk_update([document], ["reader_keys"])
    assert keys_of(document) == _expected(document)


def test_bulk_create_makes_keys(document: Document) -> None:
    copies = [Document(owner_office=document.owner_office, author=document.author) for _ in range(3)]
    Document.objects.bulk_create(copies)
    for copy in copies:
        assert keys_of(copy) == _expected(copy)


def test_upsert_cannot_forge_keys(document: Document) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_document SELECT * FROM core_document WHERE id = %s"
            " ON CONFLICT (id) DO UPDATE SET reader_keys = '{9}'",
            [document.pk],
        )
    assert keys_of(document) == _expected(document)


def test_copy_makes_keys(document: Document) -> None:
    columns = [field.column for field in Document._meta.local_fields if field.column != "id"]
    values = Document.objects.unscoped(WHY).filter(pk=document.pk).values(*columns).get()
    values |= {"reference": "ABCDEFGHJK", "reader_keys": "{9}", "parameters": "{}"}
    line = "\t".join("\\N" if value is None else str(value) for value in values.values())
    line = line.replace("[]", "{}")
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY core_document ({', '.join(columns)}) FROM STDIN", io.StringIO(line + "\n"))
    copied = Document.objects.unscoped(WHY).get(reference="ABCDEFGHJK")
    assert keys_of(copied) == _expected(copied)


def test_author_who_joins_later_keeps_the_record() -> None:
    """Someone of the mission writes on behalf of a partner, and works for the partner afterwards."""
    cast = make_cast()
    document = DocumentFactory(owner_office=cast.country_office, author=cast.outsider)
    assert not Document.objects.visible_to(cast.outsider).exists()
    HoldingFactory(
        person=cast.outsider, position=PositionFactory(office__organisation=cast.partner_organisation)
    )
    cast.outsider.refresh_from_db()
    assert Document.objects.visible_to(cast.outsider).get() == document


def test_repeated_writes_use_up_no_memberships(document: Document) -> None:
    before = Membership.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM core_membership_id_seq")
        (last,) = cursor.fetchone()
        for _ in range(5):
            document.save()
        cursor.execute("SELECT last_value FROM core_membership_id_seq")
        assert cursor.fetchone() == (last,)
    assert Membership.objects.count() == before


def test_membership_is_never_changed_nor_taken_away(document: Document) -> None:
    rows = Membership.objects.filter(person=document.author)
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        rows.update(person=document.owner_office.positions.get(is_head=True).holdings.get().person)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        rows.delete()


def test_office_stays_in_its_organisation(document: Document) -> None:
    other = Office.objects.exclude(organisation=document.owner_office.organisation).first()
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Office.objects.filter(pk=document.owner_office_id).update(organisation=other.organisation)


def test_grant_and_attendance_are_replaced_not_changed(document: Document) -> None:
    cast_head = document.owner_office.positions.get(is_head=True).holdings.get().person
    given = give(document, cast_head, by=document.author)
    attendance = AttendanceFactory(engagement=EngagementFactory(), person=cast_head)
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        DocumentPersonGrant.objects.unscoped(WHY).filter(pk=given.pk).update(user=document.author)
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Attendance.objects.unscoped(WHY).filter(pk=attendance.pk).update(person=document.author)


def test_grants_of_different_models_never_share_a_number(document: Document) -> None:
    to = document.author
    numbers = [give(DocumentFactory(), to, by=to).pk, give(EngagementFactory(), to, by=to).pk]
    assert numbers[1] > numbers[0]


@pytest.mark.parametrize("organisation", [MAX_KEYED_ID, 2**31 - 1])
def test_number_too_large_for_a_key_is_refused(document: Document, organisation: int) -> None:
    document.audience_organisations = [organisation]
    document.published_at = document.created_at
    with pytest.raises(DataError, match="out of range"), transaction.atomic():
        document.save()


@pytest.mark.parametrize("model", [Office, Position, Person])
def test_row_too_far_out_for_a_key_is_refused(document: Document, model: type[Office | Position]) -> None:
    with pytest.raises(IntegrityError, match="id_fits_key"), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(id=MAX_KEYED_ID)


@pytest.mark.parametrize("components", [[0], [6], [Component.MILITARY, 9]])
def test_unknown_component_is_refused(document: Document, components: list[int]) -> None:
    document.audience_components = components
    with pytest.raises(IntegrityError, match="audience_components_known"), transaction.atomic():
        document.save()


def test_empty_place_in_the_audience_opens_nothing(document: Document) -> None:
    document.published_at = document.created_at
    document.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_document SET audience_organisations = '{NULL}' WHERE id = %s", [document.pk]
        )
    assert keys_of(document) == _expected(document)
