"""Fixtures for tests that run against CKAN with its services.

Tests that only need the pure packages do not use them.
"""

from __future__ import annotations

import pytest


@pytest.fixture
def clean_db(reset_db, with_plugins, migrate_db_for):
    """An empty database with our tables: plugins must be loaded before migrations can be found."""
    reset_db()
    migrate_db_for("satudata")


@pytest.fixture
def portal(non_clean_db, with_plugins, migrate_db_for):
    """A portal with our tables and the shipped reference data, shared by tests.

    Tests use names of their own (factories), so that what others left does not matter.
    """
    from ckan import model
    import sqlalchemy as sa

    from ckanext.satudata.store.reference import load_shipped

    if not sa.inspect(model.ensure_engine()).has_table("satudata_report"):
        migrate_db_for("satudata")
    load_shipped(model.Session)
    model.Session.commit()
