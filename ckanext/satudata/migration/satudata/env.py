"""Run the extension's migrations; called by ``ckan db upgrade -p satudata``."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import ckan.plugins.toolkit as tk
from alembic import context
from sqlalchemy import engine_from_config, pool

from ckanext.satudata import model
from ckanext.satudata.model.trail import METADATA

NAME = "satudata"
#: Tables of our second plugin, which has migrations of its own.
OTHERS = ("satudata_validation",)

for module in pkgutil.iter_modules(model.__path__):
    importlib.import_module(f"{model.__name__}.{module.name}")


def _include(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Whether alembic compares this table; only ours, never CKAN's."""
    if kind != "table" or name is None:
        return True
    return (
        name.startswith(f"{NAME}_")
        and not name.startswith(OTHERS)
        and (name != f"{NAME}_alembic_version")
    )


options = {
    "target_metadata": [tk.BaseModel.metadata, METADATA],
    "version_table": f"{NAME}_alembic_version",
    "include_object": _include,
}

if context.is_offline_mode():
    context.configure(
        url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True, **options
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
