"""The table's migration: from nothing, from upstream's table, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.command import check
from ckan import model
from ckan.cli.db import _get_pending_plugins, _repo_for_plugin

from ckanext.satudata.validation.compat import UNIQUE_INDEX

NAME = "satudata_validation"


@pytest.fixture
def migrate(portal: None, migrate_db_for: Any) -> Iterator[Any]:
    """Run migrations of the plugin; the table is whole again afterwards."""
    model.Session.remove()
    yield migrate_db_for
    execute("DROP TABLE IF EXISTS validation", f"DELETE FROM {NAME}_alembic_version")
    migrate_db_for(NAME)


def execute(*statements: str) -> Any:
    with model.ensure_engine().begin() as connection:
        for statement in statements:
            result = connection.execute(sa.text(statement))
        return result.fetchall() if result.returns_rows else None


def tables() -> list[str]:
    return sa.inspect(model.ensure_engine()).get_table_names()


class TestMigration:
    def test_makes_the_table_and_removes_it(self, migrate: Any) -> None:
        migrate(NAME, "base", False)
        assert "validation" not in tables()
        assert _get_pending_plugins() == {NAME: 1}
        migrate(NAME)
        assert "validation" in tables()
        assert _get_pending_plugins() == {}

    def test_agrees_with_the_model(self, migrate: Any) -> None:
        migrate(NAME, "base", False)
        migrate(NAME)
        with _repo_for_plugin(NAME) as repo:
            repo.setup_migration_version_control()
            check(repo.alembic_config)

    def test_takes_over_upstreams_table_with_its_newest_results(self, migrate: Any) -> None:
        migrate(NAME, "base", False)
        execute(
            """CREATE TABLE validation (
                id varchar PRIMARY KEY, resource_id varchar, status varchar,
                created timestamp, finished timestamp, report json, error json)""",
            """INSERT INTO validation (id, resource_id, status, created) VALUES
                ('1', 'a', 'failure', '2024-01-01'), ('2', 'a', 'success', '2024-02-01'),
                ('3', 'a', 'created', NULL), ('4', 'b', 'error', '2023-01-01')""",
        )
        migrate(NAME)
        kept = execute("SELECT resource_id, status FROM validation ORDER BY resource_id")
        assert [tuple(row) for row in kept] == [("a", "success"), ("b", "error")]
        indexes = sa.inspect(model.ensure_engine()).get_indexes("validation")
        assert [(index["name"], index["unique"]) for index in indexes] == [(UNIQUE_INDEX, True)]

    def test_finds_its_own_work_done(self, migrate: Any) -> None:
        execute(f"DELETE FROM {NAME}_alembic_version")
        migrate(NAME)
        assert "validation" in tables()
