"""Changes made to ckanext-validation's own modules, because no interface exists for them.

Each is here for one reason, and has a test that fails as soon as upstream (or CKAN) no longer
gives it that reason.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.validation import jobs as upstream_jobs
from ckanext.validation.logic import action as upstream_action
from ckanext.validation.model import Validation

UNIQUE_INDEX = "satudata_validation_resource_id"


def apply() -> None:
    """Make all changes. Doing it again changes nothing."""
    _bind_the_table()
    _one_result_per_resource()
    _run_our_job()


def _bind_the_table() -> None:
    """SQLAlchemy 2 has no bound metadata: ``Table.exists()`` is gone, ``create()`` wants an engine.

    Upstream calls both without one, and its functions are imported by name into other modules, so
    the table itself learns them again.
    """
    table: Any = Validation.__table__
    table.exists = table_exists
    table.create = partial(_create_table, sa.Table.create)


def table_exists() -> bool:
    """Whether the database has the table ``validation``."""
    # Before init_model() there is nothing to ask; upstream asks in update_config() already.
    if not model.meta.engine:
        return True
    return sa.inspect(model.ensure_engine()).has_table(Validation.__tablename__)


def _create_table(create: Any, bind: Any = None, checkfirst: bool = True) -> None:
    create(Validation.__table__, bind or model.ensure_engine(), checkfirst)


def _one_result_per_resource() -> None:
    """The table allows two results for a resource, and upstream's ``.one()`` then fails for good.

    A web process and a worker that both find none can both insert one. The index belongs to the
    table's metadata, so that ``ckan db check`` finds what the migration has made.
    """
    table = Validation.__table__
    if UNIQUE_INDEX not in {index.name for index in table.indexes}:
        sa.Index(UNIQUE_INDEX, table.c.resource_id, unique=True)


def _run_our_job() -> None:
    """Jobs in the queue are kept by name, and other extensions queue upstream's job by its name.

    Upstream's job reads any local path or private address that a user gives as link or schema, and
    stays "running" for good where something goes wrong.
    """
    from .jobs import run_validation_job

    upstream_jobs.run_validation_job = run_validation_job
    upstream_action.run_validation_job = run_validation_job
