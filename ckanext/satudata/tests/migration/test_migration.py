from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.command import check
from ckan import model
from ckan.cli.db import _repo_for_plugin

LEFT = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'v', 'S') AND relname LIKE 'satudata\\_%'
      AND relname NOT LIKE 'satudata\\_validation%' AND relname <> 'satudata_alembic_version'
    UNION ALL
    SELECT proname FROM pg_proc WHERE proname LIKE 'satudata\\_%'
"""


def left() -> list[str]:
    with model.ensure_engine().connect() as connection:
        return sorted(connection.scalars(sa.text(LEFT)))


@pytest.mark.usefixtures("clean_db")
class TestMigrations:
    def test_down_leaves_nothing_and_up_again_makes_the_same(self, migrate_db_for: Any) -> None:
        before = left()
        model.Session.remove()
        migrate_db_for("satudata", "base", False)
        try:
            assert left() == []
        finally:
            migrate_db_for("satudata")
        assert left() == before
        assert "satudata_codebook_state" in before

    def test_tables_are_what_the_models_say(self) -> None:
        with _repo_for_plugin("satudata") as repo:
            repo.setup_migration_version_control()
            check(repo.alembic_config)
