"""Every model says what it is, and the database itself keeps the readers of those that are shared."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db import connection

from cimic_portal.core.querysets import shared_models
from cimic_portal.core.sharing.grants import Grant, GroupGrant, PersonGrant
from cimic_portal.core.sharing.links import GuardedLink
from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet
from cimic_portal.core.sharing.records import SharedRecord
from tests.support.facts import NAMES

OURS = {"core", "overview", "operations", "liaison", "training"}
KINDS = {"shared", "part", "reference", "personal", "event"}
SHARED = shared_models()


def _ours() -> list[Any]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def _names(models: Any) -> list[str]:
    return sorted(model._meta.label for model in models)


def test_every_model_declares_what_it_is() -> None:
    assert _names(model for model in _ours() if getattr(model, "sharing", None) not in KINDS) == []
    assert len(SHARED) >= 4


def test_what_is_shared_carries_the_rule() -> None:
    by_word = {model for model in _ours() if model.sharing == "shared"}
    assert _names(by_word) == _names(SHARED)
    assert (
        _names(model for model in SHARED if not isinstance(model._default_manager.all(), SharedQuerySet))
        == []
    )
    assert _names(model for model in SHARED if not hasattr(model, "roles")) == []
    # Whom each names is written down by hand for the oracle as well.
    assert set(SHARED) == set(NAMES)


def test_events_follow_what_they_tell_of() -> None:
    events = [model for model in _ours() if getattr(model, "pgh_tracked_model", None)]
    assert _names(model for model in events if model.sharing != "event") == []


def test_parts_name_a_shared_record_or_another_part() -> None:
    parts = [model for model in _ours() if model.sharing == "part"]
    wrong = []
    for model in parts:
        for name in (model.part_of, *model.also_of):
            target = model._meta.get_field(name).related_model
            if getattr(target, "sharing", None) not in {"shared", "part"}:
                wrong.append(f"{model.__name__}.{name}")
    assert wrong == []
    assert _names(m for m in parts if not isinstance(m._default_manager.all(), PartQuerySet)) == []


def test_part_that_points_at_another_record_asks_its_rule_too() -> None:
    """Or it would show and count rows of what is hidden."""
    forgotten = [
        f"{model.__name__}.{field.name}"
        for model in _ours()
        if model.sharing == "part"
        for field in model._meta.local_fields
        if getattr(field.related_model, "sharing", None) == "shared"
        and field.name not in {model.part_of, *model.also_of}
    ]
    assert forgotten == []


def test_personal_rows_name_their_person() -> None:
    personal = [model for model in _ours() if model.sharing == "personal" and model.owned_by]
    assert personal
    for model in personal:
        assert model._meta.get_field(model.owned_by).related_model._meta.label == "core.Person"


@pytest.mark.parametrize("model", SHARED, ids=lambda model: model.__name__)
def test_shared_model_keeps_the_options_of_its_base(model: type[SharedRecord]) -> None:
    """A Meta that does not inherit drops the index of the rule and the checks without a word."""
    indexes = [index for index in model._meta.indexes if isinstance(index, GinIndex)]
    assert any(index.fields == ["reader_keys"] for index in indexes)
    names = {constraint.name for constraint in model._meta.constraints}
    for check in ("classification_known", "audience_components_known"):
        assert f"{model.__name__.lower()}_{check}" in names


@pytest.mark.parametrize("model", SHARED, ids=lambda model: model.__name__)
def test_shared_model_has_both_grant_tables(model: type[SharedRecord]) -> None:
    grants = [
        other
        for other in _ours()
        if issubclass(other, Grant) and other._meta.get_field("content_object").related_model is model
    ]
    bases = {base for grant in grants for base in (PersonGrant, GroupGrant) if issubclass(grant, base)}
    assert bases == {PersonGrant, GroupGrant}
    assert len(grants) == 2


def test_every_link_to_a_shared_record_is_guarded() -> None:
    open_links = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if getattr(field.related_model, "sharing", None) == "shared"
        and not isinstance(getattr(model, field.name), GuardedLink)
    ]
    assert open_links == []


# What stands in the database, not in the models.


@pytest.fixture
def triggers(db: None) -> dict[str, dict[str, tuple[str, str]]]:
    """Per table: trigger name (without pgtrigger's digest) → (definition, source of its function)."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), p.prosrc FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
        )
        for table, name, definition, source in cursor.fetchall():
            plain = name.removeprefix("pgtrigger_").rpartition("_")[0]
            found[table][plain] = (definition, source)
    return found


@pytest.mark.parametrize("model", SHARED, ids=lambda model: model.__name__)
def test_reader_keys_are_kept_in_the_database(model: type[SharedRecord], triggers: Any) -> None:
    table = model._meta.db_table
    definition, source = triggers[table]["reader_keys"]
    assert "BEFORE INSERT OR UPDATE OF" in definition
    assert "FOR EACH ROW" in definition
    for column in (
        "owner_office_id",
        "author_id",
        "published_at",
        "audience_components",
        "audience_organisations",
        "reader_keys",
        *(named.column for named in model.roles.columns),
    ):
        assert column in definition.partition(" ON ")[0], column
    for reader in (
        f"{table}persongrant",
        f"{table}groupgrant",
        "audience_components",
        "audience_organisations",
    ):
        assert reader in source
    for child in model.roles.children:
        assert child.table in source
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        assert any("USING gin (reader_keys)" in row for (row,) in cursor.fetchall())


def test_tables_that_name_readers_touch_their_record(triggers: Any) -> None:
    children = [
        (model, child.table, child.record_column) for model in SHARED for child in model.roles.children
    ]
    children += [
        (grant._meta.get_field("content_object").related_model, grant._meta.db_table, "content_object_id")
        for grant in _ours()
        if issubclass(grant, Grant)
    ]
    assert len(children) >= 9
    for model, table, column in children:
        for name, event in (("readers_added", "AFTER INSERT"), ("readers_removed", "AFTER DELETE")):
            definition, source = triggers[table][name]
            assert event in definition, (table, name)
            assert "FOR EACH STATEMENT" in definition
            assert f"UPDATE {model._meta.db_table} SET reader_keys" in source
            assert column in source
        definition, _source = triggers[table]["readers_fixed"]
        assert "BEFORE UPDATE" in definition


def test_children_are_tracked_so_that_history_knows_them() -> None:
    tracked = {
        model.pgh_tracked_model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "pgh_tracked_model", None)
    }
    assert {child.table for model in SHARED for child in model.roles.children} <= tracked


def test_keyed_ids_are_checked_by_the_database(db: None) -> None:
    """Each kind of key has a table whose ids must fit; a grant's is checked on each grant table."""
    tables = {"core_office", "core_person", "core_position", "core_organisation", "core_membership"}
    tables |= {model._meta.db_table for model in _ours() if issubclass(model, Grant)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'c' AND pg_get_constraintdef(oid) LIKE '%id < 268435456%'"
        )
        assert tables <= {table for (table,) in cursor.fetchall()}


def test_no_array_extension_takes_the_index_away(db: None) -> None:
    """With intarray installed `&&` means another operator, and the index of the rule is not used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        assert "intarray" not in {name for (name,) in cursor.fetchall()}
