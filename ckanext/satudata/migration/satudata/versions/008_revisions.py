"""Changes that wait beside a public dataset."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "008"
down_revision = "005"
branch_labels = None
depends_on = None

_OPEN = "state IN ('prepared', 'queued', 'running')"
_STATES = "state IN ('prepared', 'queued', 'running', 'released', 'refused', 'cancelled', 'failed')"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "satudata_revision",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("base", sa.UnicodeText, nullable=False),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("error", JSONB),
        sa.Column("stage", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_STATES, name="satudata_revision_state"),
    )
    op.create_index(
        "satudata_revision_open_idx",
        "satudata_revision",
        ["dataset_id"],
        unique=True,
        postgresql_where=sa.text(_OPEN),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("satudata_revision")
