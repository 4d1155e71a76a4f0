"""The database of the bench; each measurement has a schema of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

#: As our migrations make it, without the references to other tables.
BLOCK_TABLE = """
CREATE TABLE satudata_block (
    publication_id bigint, part integer, indicator_id integer NOT NULL, key_min bigint NOT NULL,
    key_max bigint NOT NULL, size integer NOT NULL, rests integer[],
    keys bytea COMPRESSION lz4 NOT NULL, vals bytea COMPRESSION lz4 NOT NULL,
    decimals bytea COMPRESSION lz4 NOT NULL, status bytea COMPRESSION lz4 NOT NULL,
    PRIMARY KEY (publication_id, part));
CREATE INDEX ON satudata_block (indicator_id, key_min, key_max)
"""


def url(schema: str) -> str:
    """Where a schema's tables are, for the driver and for SQLAlchemy."""
    return f"{os.environ['CKAN_SQLALCHEMY_URL']}?options=-csearch_path%3D{schema}"


def engine(schema: str) -> sa.Engine:
    """The database, with tables of a schema."""
    import sqlalchemy as sa

    return sa.create_engine(url(schema))
