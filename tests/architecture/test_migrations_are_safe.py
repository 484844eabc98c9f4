"""A migration leaves the release before it able to work: see docs/howto/migrate.md."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection, models
from django.db.migrations import AddField, AlterField, RemoveField, RenameField, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser
from pgtrigger.migrations import AddTrigger

from cimic_portal.core.models import Organisation

# The last migration of each app in the first release. What stands before was never run beside another.
FIRST_RELEASE = {
    "core": "0003_token_for_the_calendar",
    "liaison": "0002_shipped_kinds_of_engagement",
    "operations": "0004_shipped_kinds_of_asset",
    "training": "0009_versions_of_courses",
}
# The last step of three: the release before no longer uses what goes. With the reason.
CONTRACTING: dict[tuple[str, str], str] = {}
OURS = frozenset({*FIRST_RELEASE, "overview"})
# A lock that stops writers while an index is built or dropped, and data moved while all wait.
ALSO_REFUSED = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"]


def new_migrations() -> list[tuple[str, str]]:
    found = MigrationLoader(connection).disk_migrations
    later = [(app, name) for app, name in found if app in OURS and name > FIRST_RELEASE.get(app, "")]
    return sorted(set(later) - CONTRACTING.keys())


@pytest.mark.django_db
def test_new_migrations_leave_the_previous_release_working(capsys: pytest.CaptureFixture[str]) -> None:
    """One that cannot is taken apart into expand, move and contract."""
    wanted = new_migrations()
    if wanted:
        linter = MigrationLinter(no_cache=True, warnings_as_errors_tests=ALSO_REFUSED)
        for key in wanted:
            linter.lint_migration(linter.migration_loader.disk_migrations[key])
        assert not linter.has_errors, capsys.readouterr().out


@pytest.mark.django_db
def test_what_the_first_release_holds_exists() -> None:
    found = MigrationLoader(connection).disk_migrations
    assert {*FIRST_RELEASE.items(), *CONTRACTING} <= found.keys()


def refused(*operations: Operation) -> set[str]:
    """What the linter says of a migration of these operations on a table that exists."""
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=10))]
    state = ProjectState()
    state.add_model(ModelState("core", "Planted", fields, options={"db_table": "core_planted"}))
    with connection.schema_editor(collect_sql=True) as editor:
        for operation in operations:
            before = state.clone()
            operation.state_forwards("core", state)
            operation.database_forwards("core", editor, before, state)
    statements = [line for line in editor.collected_sql if not line.startswith("--")]
    errors, _ignored, warnings = analyse_sql_statements(PostgresqlAnalyser, statements, [])
    return {one.code for one in errors} | {one.code for one in warnings if one.code in ALSO_REFUSED}


CHARS = models.CharField


@pytest.mark.parametrize(
    ("operations", "code"),
    [
        ([AddField("planted", "note", CHARS(max_length=9, default=""))], "NOT_NULL"),
        ([AddField("planted", "note", CHARS(max_length=9, null=True, db_index=True))], "CREATE_INDEX"),
        ([RemoveField("planted", "name")], "DROP_COLUMN"),
        ([RenameField("planted", "name", "title")], "RENAME_COLUMN"),
        ([AlterField("planted", "name", models.IntegerField())], "ALTER_COLUMN"),
        ([RunSQL("DROP TABLE core_planted")], "DROP_TABLE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.django_db
def test_what_would_break_it_is_refused(operations: Sequence[Operation], code: str) -> None:
    assert code in refused(*operations)


@pytest.mark.parametrize(
    "operation",
    [
        AddField("planted", "note", CHARS(max_length=9, null=True)),
        AddField("planted", "note", CHARS(max_length=9, default="", db_default="")),
        AlterField("planted", "name", CHARS(max_length=10, choices=[("a", "A")])),
        RunSQL("CREATE INDEX CONCURRENTLY planted_name ON core_planted (name)"),
    ],
    ids=["null", "default of the database", "choices", "index while all write"],
)
@pytest.mark.django_db
def test_what_it_can_live_with_passes(operation: Operation) -> None:
    assert refused(operation) == set()


@pytest.mark.django_db
def test_triggers_of_the_trail_pass() -> None:
    triggers = [trigger.compile(Organisation) for trigger in Organisation._meta.triggers]
    assert len(triggers) >= 3
    assert refused(*(AddTrigger("planted", trigger) for trigger in triggers)) == set()
