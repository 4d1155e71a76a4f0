"""Fixtures for tests that run against CKAN with its services.

Tests that only need the pure packages do not use them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes is no matter of a test: the machine may be busy.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")

#: Set by `./portal test --long`.
LONG = bool(os.environ.get("SATUDATA_LONG"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of the long run to it."""
    left = [item for item in items if not LONG and item.get_closest_marker("long")]
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)


@pytest.fixture
def clean_db(reset_db, with_plugins, migrate_db_for):
    """An empty database with our tables: plugins must be loaded before migrations can be found."""
    reset_db()
    migrate_db_for("satudata")


@pytest.fixture
def portal(non_clean_db):
    """A portal with our tables and the shipped reference data, shared by tests.

    Tests use names of their own (factories), so that what others left does not matter.
    Plugins are loaded only where another test unloaded them: that takes over a second.
    """
    prepare()


def prepare() -> None:
    """Load plugins, tables and reference data where they are missing."""
    import ckan.plugins as p
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckan.cli.db import _run_migrations

    from ckanext.satudata.store.reference import current_version, load_shipped

    if not all(p.plugin_loaded(name) for name in tk.config["ckan.plugins"]):
        p.load_all()
    for plugin in ("satudata", "satudata_validation"):
        if _applied(plugin) != _newest(plugin):
            _run_migrations(plugin)
    if current_version(model.Session, "wilayah") is None:
        load_shipped(model.Session)
        model.Session.commit()


def _applied(plugin: str) -> str | None:
    """The migration the database is at."""
    import sqlalchemy as sa
    from ckan import model

    table = f"{plugin}_alembic_version"
    if not sa.inspect(model.ensure_engine()).has_table(table):
        return None
    with model.ensure_engine().connect() as connection:
        return connection.execute(sa.text(f"SELECT version_num FROM {table}")).scalar()


def _newest(plugin: str) -> str | None:
    """The last of the plugin's migrations."""
    from alembic.script import ScriptDirectory

    folder = Path(__file__).parents[1] / "migration" / plugin
    return ScriptDirectory(str(folder)).get_current_head()


@pytest.fixture(scope="module")
def module_portal(reset_db_once):
    """What ``portal`` is, prepared once for all tests of a module."""
    from ckan import model

    model.repo.init_db()
    prepare()


@pytest.fixture
def letterbox(monkeypatch, ckan_config):
    """A real SMTP server that the portal's letters go to."""
    from ckanext.satudata.tests.letterbox import open_letterbox

    with open_letterbox() as box:
        monkeypatch.setitem(ckan_config, "smtp.server", box.address)
        yield box
