from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from alembic.command import check
from ckan import model
from ckan.cli.cli import ckan
from ckan.cli.db import _repo_for_plugin

from ckanext.satudata.store import blocks

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

    def test_blocks_are_widened_on_the_way_down(self, migrate_db_for: Any) -> None:
        keys = np.array([(p << 43) | (r << 26) for p in range(20) for r in range(9)])
        n = keys.size
        digits, status = np.full(n, 2, np.int8), np.ones(n, np.uint8)
        written = blocks.Arrays(keys, np.arange(-90, 90) / 100, digits, status)
        blocks.write(model.Session, -1, 1, written)
        model.Session.commit()
        query = sa.text("SELECT keys, vals, decimals, status FROM satudata_block")
        assert len(model.Session.execute(query).one()[0]) < 8 * n
        model.Session.remove()
        migrate_db_for("satudata", "003-1", False)
        try:
            with model.ensure_engine().begin() as connection:
                found = connection.execute(query).one()
                connection.execute(sa.text("DELETE FROM satudata_block"))
        finally:
            migrate_db_for("satudata")
        assert [bytes(column) for column in found] == [
            array.tobytes() for array in (keys, written.values, digits, status)
        ]

    def test_tables_are_what_the_models_say(self) -> None:
        with _repo_for_plugin("satudata") as repo:
            repo.setup_migration_version_control()
            check(repo.alembic_config)

    def test_a_cleaned_database_can_be_made_anew(self, cli: Any) -> None:
        """CKAN's commands: ``db clean`` drops tables, whatever reads them."""
        before = left()
        tables = set(sa.inspect(model.ensure_engine()).get_table_names())
        model.Session.remove()

        cleaned = cli.invoke(ckan, ["db", "clean", "--yes"])

        try:
            assert not cleaned.exit_code, cleaned.output
            assert sa.inspect(model.ensure_engine()).get_table_names() == []
        finally:
            made = cli.invoke(ckan, ["db", "upgrade"])
        assert not made.exit_code, made.output
        assert left() == before
        assert tables <= set(sa.inspect(model.ensure_engine()).get_table_names())


@pytest.mark.usefixtures("portal")
class TestView:
    def test_a_filter_reaches_the_tables(self) -> None:
        """PostgreSQL inlines the function: nobody decodes all blocks to see one indicator's."""
        query = "EXPLAIN SELECT value FROM satudata_observation WHERE indicator = 'LOK.TIDAK_ADA'"
        plan = "\n".join(model.Session.scalars(sa.text(query)))

        assert "satudata_observation_rows" not in plan
        assert "code = 'LOK.TIDAK_ADA'" in plan
