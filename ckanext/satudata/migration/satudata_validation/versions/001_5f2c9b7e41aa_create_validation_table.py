"""Create the table ``validation``, or take over the one that ckanext-validation made.

Upstream made it with ``ckan validation init-db`` and allowed several results per resource, which
its own readers cannot bear. The newest is kept, and an index holds it to one from here on.

Revision ID: 5f2c9b7e41aa
Revises:
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSON

revision = "5f2c9b7e41aa"
down_revision = None
branch_labels = None
depends_on = None

INDEX = "satudata_validation_resource_id"


def upgrade() -> None:
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table("validation"):
        op.create_table(
            "validation",
            sa.Column("id", sa.Unicode, primary_key=True),
            sa.Column("resource_id", sa.Unicode),
            sa.Column("status", sa.Unicode),
            sa.Column("created", sa.DateTime),
            sa.Column("finished", sa.DateTime),
            sa.Column("report", JSON),
            sa.Column("error", JSON),
        )
        inspector = sa.inspect(op.get_bind())
    if INDEX in {index["name"] for index in inspector.get_indexes("validation")}:
        return
    op.execute(
        """
        DELETE FROM validation WHERE id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (
                    PARTITION BY resource_id ORDER BY created DESC NULLS LAST, id
                ) AS place
                FROM validation
            ) AS ordered
            WHERE place > 1
        )
        """
    )
    op.create_index(INDEX, "validation", ["resource_id"], unique=True)


def downgrade() -> None:
    op.drop_table("validation")
