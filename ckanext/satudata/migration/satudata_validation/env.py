"""Alembic's environment for the migrations of ``satudata_validation``."""

from __future__ import annotations

import os

import ckan.plugins.toolkit as tk
from alembic import context
from sqlalchemy import engine_from_config, pool

name = os.path.basename(os.path.dirname(__file__))


def include_object(obj, object_name, type_, reflected, compare_to):
    """The one table of this plugin keeps the name that ckanext-validation gave it."""
    return type_ != "table" or object_name == "validation"


def configure(**kwargs):
    context.configure(
        target_metadata=tk.BaseModel.metadata,
        version_table=f"{name}_alembic_version",
        include_object=include_object,
        **kwargs,
    )


def run_migrations_offline():
    configure(url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    section = context.config.get_section(context.config.config_ini_section)
    connectable = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
